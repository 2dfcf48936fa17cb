"""What every test of a control needs: a bucket, a context, a subject."""

from collections.abc import Mapping
from typing import Any

from securebucket.api.spec import SecureBucketSpec
from securebucket.aws.bucket_client import BucketClient
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.control import Context, Control, rights_on_bucket
from securebucket.model.document import Response
from securebucket.model.flow import Answer, NeverConfigured, Read, Reading, drive
from securebucket.model.observation import Observation
from securebucket.model.surroundings import Facts
from securebucket.model.verdict import Subject

ACCOUNT = "111122223333"
REGION = "eu-central-1"


def bucket(
    origin: Origin = Origin.CREATED,
    *,
    name: str = "acme-invoices",
    region: str = REGION,
    account_id: str = ACCOUNT,
    partition: str = "aws",
    owner: str = "cluster-1/payments/invoices",
    caller_arn: str = f"arn:aws:sts::{ACCOUNT}:assumed-role/securebucket/operator",
    compatible: bool = False,
) -> Bucket:
    """Give a bucket that differs from the usual one only in what is named."""
    return Bucket(
        name=name,
        region=region,
        account_id=account_id,
        partition=partition,
        origin=origin,
        owner=owner,
        caller_arn=caller_arn,
        compatible=compatible,
    )


def context(
    spec: Mapping[str, Any] | None = None,
    observed: Mapping[str, Observation] | None = None,
    facts: Facts | None = None,
    **options: Any,
) -> Context:
    """Give a context from a spec as people write it (camelCase); further options are the bucket's."""
    return Context(
        bucket=bucket(**options),
        spec=SecureBucketSpec.model_validate(dict(spec or {})),
        observed=dict(observed or {}),
        facts=dict(facts or {}),
        rights=rights_on_bucket(CONTROLS),
    )


def subject(role: str = "Data", observed: Mapping[str, Observation] | None = None) -> Subject:
    """Give what a check may look at besides its own state."""
    return Subject(bucket=bucket(), role=role, observed=dict(observed or {}))


def reading_of(control: Control[Any], *answers: Answer) -> Reading[Any]:
    """Give what these answers to a control's reads mean, in their order; what comes after them was never configured."""
    left = iter(answers)

    def ask(_: Read) -> Answer:
        return next(left, NeverConfigured())

    return drive(control.observe(bucket()), ask)


def state_of(control: Control[Any], *responses: Response | None) -> Any:
    """Give the state that documents mean, in the order in which they are read; None was never configured."""
    return reading_of(control, *(NeverConfigured() if each is None else each for each in responses)).observation


def first_read(control: Control[Any]) -> Read:
    """Give the read that a control begins with."""
    return next(control.observe(bucket()))


def seen(client: BucketClient, *controls: Control[Any]) -> Any:
    """Give what a client reads of a control, or of several by their names."""
    found = {name: each.observation for name, each in client.read_all(controls, bucket()).items()}
    return found if len(controls) > 1 else found[controls[0].name]
