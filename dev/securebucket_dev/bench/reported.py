"""A fleet to report on, in a process of its own: the register is told of passes as the operator tells it, then served.

Prints one line of JSON, and serves until its standard input ends.
"""

import json
import sys
from dataclasses import replace

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.effective import Effective
from securebucket.engine.outcome import Evidence, Outcome
from securebucket.model.bucket import Bucket, ObjectKey
from securebucket.model.flow import Answer, NeverConfigured
from securebucket.model.verdict import Judged, Subject
from securebucket.reporting.audit_register import AuditRegister
from securebucket.reporting.report_server import Leadership, ReportServer
from securebucket.status.status import build
from securebucket_dev.bench.scraped import bucket_of, effective, key_of, outcome_of, resident

BECAUSE = "the bucket's document as it was read says so, in about as many words as a verdict has"


def answers_of(bucket: Bucket) -> dict[str, Answer]:
    """Give what S3 answers of a bucket that the operator made, and of no other one."""
    name = bucket.name
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    tls = {
        "Sid": "SecureBucketRequireTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    tags = {"securebucket.io/owner": bucket.owner, "securebucket.io/origin": "Created", "team": name[-14:-10]}
    return {
        "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": dict.fromkeys(flags, True)},
        "GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        "GetBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [encryption]}},
        "GetBucketVersioning": {"Status": "Enabled"},
        "GetObjectLockConfiguration": NeverConfigured(),
        "GetBucketPolicy": {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [tls]})},
        "GetBucketLogging": {},
        "GetBucketLifecycleConfiguration": NeverConfigured(),
        "GetBucketReplication": NeverConfigured(),
        "GetBucketNotificationConfiguration": {},
        "GetBucketTagging": {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]},
    }


def pass_over(index: int, bucket: Bucket, in_force: Effective) -> Outcome:
    """Give the end of a pass over one of the buckets, with what was read."""
    made = outcome_of(index, bucket, in_force)
    verdicts = tuple(Judged(each.check, each.control, replace(each.verdict, because=BECAUSE)) for each in made.verdicts)
    return replace(made, verdicts=verdicts, evidence=Evidence(Subject(bucket, "Data"), answers_of(bucket)))


def main(size: int) -> None:
    """Take in a pass over every bucket and serve the report."""
    register = AuditRegister(lambda count: f"{count} objects")
    in_force = effective()

    def see(key: ObjectKey, index: int) -> None:
        bucket = bucket_of(index)
        made = pass_over(index, bucket, in_force)
        status = build(SecureBucketStatus(), made, generation=1, reconcile_at="")
        register.observed(key, bucket.name, made, status, 0.02)

    see(ObjectKey("warm", "up"), 0)
    register.gone(ObjectKey("warm", "up"))
    before = resident()
    for index in range(size):
        see(key_of(index), index)
    server = ReportServer(register.report, Leadership(lambda: True, lambda: "bench"), "127.0.0.1", 0)
    sys.stdout.write(json.dumps({"port": server.port, "before": before, "after": resident()}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
