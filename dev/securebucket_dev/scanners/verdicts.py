"""Our own verdicts on the same buckets, read from the same server."""

from securebucket.api.spec import Role
from securebucket.aws.bucket_client import BucketClient
from securebucket.controls import CONTROLS
from securebucket.engine.judgement import judge
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.verdict import Result
from securebucket_dev.s3.bare import client
from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.fleet import Fleet

CHECKS = frozenset(check.id for control in CONTROLS for check in control.checks)
"""The ids of our catalogue."""


def verdicts_of(endpoint: str, configuration: Configuration) -> dict[str, Result]:
    """Judge one bucket by our catalogue; gives the results by check id."""
    s3 = client(endpoint, region=configuration.region, account=configuration.account)
    bucket = Bucket(
        name=configuration.bucket,
        region=configuration.region,
        account_id=configuration.account,
        partition="aws",
        origin=Origin.ADOPTED,
        owner="",
        caller_arn=f"arn:aws:iam::{configuration.account}:root",
    )
    observed = BucketClient(s3, bucket.name, bucket.account_id).observe(CONTROLS)
    return {each.check.id: each.verdict.result for each in judge(bucket, Role.DATA, CONTROLS, observed)}


def judge_fleet(fleet: Fleet) -> dict[str, dict[str, Result]]:
    """Judge every bucket of a fleet; gives the results by bucket."""
    return {each.bucket: verdicts_of(fleet.endpoint, each) for each in fleet.configurations}
