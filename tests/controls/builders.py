"""What every test of a control needs: a bucket, a context, a subject."""

from collections.abc import Mapping
from typing import Any

from securebucket.api.spec import SecureBucketSpec
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.control import Context
from securebucket.model.fact import Fact, FactQuery
from securebucket.model.observation import Observation
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
    )


def context(
    spec: Mapping[str, Any] | None = None,
    observed: Mapping[str, Observation] | None = None,
    facts: Mapping[FactQuery, Fact] | None = None,
    **options: Any,
) -> Context:
    """Give a context from a spec as people write it (camelCase); further options are the bucket's."""
    return Context(
        bucket=bucket(**options),
        spec=SecureBucketSpec.model_validate(dict(spec or {})),
        observed=dict(observed or {}),
        facts=dict(facts or {}),
    )


def subject(role: str = "Data", observed: Mapping[str, Observation] | None = None) -> Subject:
    """Give what a check may look at besides its own state."""
    return Subject(bucket=bucket(), role=role, observed=dict(observed or {}))
