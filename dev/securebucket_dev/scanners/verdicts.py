"""Our own verdicts on the same buckets, read from the same server as the operator reads them."""

from dataclasses import replace

from securebucket.api.spec import Role
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.compliance.judgement import judge, questions
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.failure import Failure
from securebucket.model.verdict import Result, Subject
from securebucket_dev.process import ServerError
from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.fleet import Fleet

READERS = 8  # as the operator reads


def judge_fleet(fleet: Fleet) -> dict[str, dict[str, Result]]:
    """Judge every bucket of a fleet by our catalogue; gives the results by bucket and check id.

    The credentials are those of the environment; each account's role is assumed with them.

    Raises:
        ServerError: an account's role cannot be assumed.
    """
    aws = Aws(lambda *_: None, readers=READERS)
    try:
        return {each.bucket: _verdicts(aws, fleet.endpoint, each) for each in fleet.configurations}
    finally:
        aws.close()


def _verdicts(aws: Aws, endpoint: str, configuration: Configuration) -> dict[str, Result]:
    binding = Binding(
        region=configuration.region,
        role_arn=f"arn:aws:iam::{configuration.account}:role/securebucket",
        endpoint=endpoint,
    )
    identity = aws.identify(binding)
    if isinstance(identity, Failure):
        raise ServerError(f"{configuration.account}: {identity.message}")
    client = aws.bucket(binding, identity, configuration.bucket, configuration.region)
    if isinstance(client, Failure):
        raise ServerError(f"{configuration.bucket}: {client.message}")
    bucket = Bucket(
        name=configuration.bucket,
        region=configuration.region,
        account_id=configuration.account,
        partition=identity.partition,
        origin=Origin.ADOPTED,
        owner="",
        caller_arn=identity.arn,
    )
    readings = client.read_all(CONTROLS, bucket)
    subject = Subject(bucket, Role.DATA, {name: each.observation for name, each in readings.items()})
    subject = replace(subject, facts={each: aws.look(binding, each).observation for each in questions(subject)})
    return {each.check.id: each.verdict.result for each in judge(subject)}
