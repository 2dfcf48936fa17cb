"""The floor: the GETs of a pass in a bare boto3 loop, in a process of its own. Nothing can be cheaper with boto3."""

import json
import sys
import time

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from securebucket.controls import CONTROLS

OPERATIONS = tuple(xform_name(control.documents()[0]) for control in CONTROLS if not control.read_in_turn)
WARM_UP = 20


def main(endpoint: str, owner: str, buckets: list[str]) -> None:
    """Read every bucket once, and print CPU and wall seconds a bucket as JSON."""
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 3}),
    )

    def read(bucket: str) -> None:
        for operation in OPERATIONS:
            try:
                getattr(s3, operation)(Bucket=bucket, ExpectedBucketOwner=owner)
            except ClientError:
                continue  # never configured

    for bucket in buckets[:WARM_UP]:
        read(bucket)
    cpu, wall = time.process_time(), time.perf_counter()
    for bucket in buckets:
        read(bucket)
    used = time.process_time() - cpu
    passed = time.perf_counter() - wall
    sys.stdout.write(json.dumps({"cpu": used / len(buckets), "wall": passed / len(buckets)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
