"""All statements of ours that a spec asks for, in the form in which they are put.

Typed grants among them: plain names, actions and a prefix become principals, resources and conditions.
"""

from collections.abc import Iterator, Mapping

from securebucket.api.base import aws_document
from securebucket.api.policy import Grant
from securebucket.api.policy import Statement as RawStatement
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.demand import CopyDemand, Demand, LogDemand
from securebucket.policy.actions import LISTINGS, Level, is_wildcard, level_of, listings_in
from securebucket.policy.canonical import canonical_statement, texts
from securebucket.policy.copy_delivery import copy_deliveries
from securebucket.policy.denials import (
    SSE_S3,
    Written,
    deletion_denials,
    mfa_denials,
    transport_denials,
    upload_denials,
)
from securebucket.policy.document import OWN_PREFIX, digest
from securebucket.policy.log_delivery import OF_ACCOUNT, account_delivery, source_deliveries
from securebucket.policy.perimeter import perimeter_denials
from securebucket.policy.principals import principal_element
from securebucket.policy.service_grants import service_statements
from securebucket.policy.wildcards import escaped

PREFIX_KEY = "s3:prefix"


def own_statements(bucket: Bucket, spec: SecureBucketSpec, demands: tuple[Demand, ...] = ()) -> tuple[Written, ...]:
    """Write every statement that the spec and other buckets ask for.

    Args:
        bucket: whose policy it is.
        spec: what is in force.
        demands: of other buckets, as far as they are admitted.
    """
    policy = spec.policy
    return (
        *transport_denials(bucket, policy),
        *upload_denials(bucket, policy, spec.encryption.sse_algorithm or SSE_S3),
        *perimeter_denials(bucket, policy),
        *mfa_denials(bucket, policy, _acting_roles(bucket, spec)),
        *deletion_denials(bucket, policy),
        *_deliveries(bucket, spec, demands),
        *(statement for grant in policy.allow_services for statement in service_statements(bucket, grant)),
        *(statement for grant in policy.allow for statement in grant_statements(bucket, grant)),
        *(_raw(statement) for statement in policy.statements),
    )


def _deliveries(bucket: Bucket, spec: SecureBucketSpec, demands: tuple[Demand, ...]) -> tuple[Written, ...]:
    """Let logs and copies of other buckets in; a log target lets in the logs of its whole account by default."""
    logs = [each for each in demands if isinstance(each, LogDemand)]
    copies = [each for each in demands if isinstance(each, CopyDemand)]
    if spec.role is Role.LOG_TARGET and spec.policy.log_delivery != "Sources":
        return (account_delivery(bucket, OF_ACCOUNT), *copy_deliveries(bucket, copies))
    return (*source_deliveries(bucket, logs), *copy_deliveries(bucket, copies))


def _acting_roles(bucket: Bucket, spec: SecureBucketSpec) -> Iterator[str]:
    """Name the roles as which AWS acts on the bucket: those of services themselves, and those that the spec gives it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """
    yield f"arn:{bucket.partition}:iam::{bucket.account_id}:role/aws-service-role/*"
    annotations = spec.metadata.annotation_table
    for role in (spec.replication.role, annotations.role if annotations else None):
        if role:
            yield role


def _raw(statement: RawStatement) -> Written:
    """Write a raw statement under our prefix; scalars in conditions become texts, as scanners look for `"false"`."""
    written: Written = aws_document(statement)
    written["Sid"] = OWN_PREFIX + statement.sid
    condition = written.get("Condition")
    if isinstance(condition, dict) and all(isinstance(tests, dict) for tests in condition.values()):
        written["Condition"] = {
            operator: {key: _plain(values) for key, values in tests.items()} for operator, tests in condition.items()
        }
    return written


def _plain(values: object) -> str | list[str]:
    return texts(values) if isinstance(values, list | tuple) else texts(values)[0]


def grant_statements(bucket: Bucket, grant: Grant) -> Iterator[Written]:
    """Write one grant.

    With a prefix, object actions get the objects under it, and listing is allowed with that prefix only. A wildcard
    then gives nothing else on the bucket: who may read `logs/` must not get to read the policy by `s3:Get*`. An action
    on the bucket that is named in full is given, for it was asked for.
    """
    sid = OWN_PREFIX + (grant.sid or f"Allow{_content(bucket, grant)}")
    conditions: Written = {operator: _given(tests) for operator, tests in grant.conditions.items()}
    if not grant.prefix:
        levels = {level_of(action) for action in grant.actions}
        resources = [bucket.arn] if levels != {Level.OBJECT} else []
        resources += [f"{bucket.arn}/*"] if levels != {Level.BUCKET} else []
        yield _allow(sid, bucket, grant, list(grant.actions), resources, conditions)
        return
    prefix = escaped(grant.prefix) + "*"
    on_objects = [action for action in grant.actions if level_of(action) is not Level.BUCKET]
    if on_objects:
        yield _allow(sid, bucket, grant, on_objects, [f"{bucket.arn}/{prefix}"], conditions)
    listings = listings_in(grant.actions)
    if listings:
        yield _allow(f"{sid}List", bucket, grant, listings, [bucket.arn], _under(prefix, conditions))
    known = {each.lower() for each in LISTINGS}
    on_bucket = [
        action
        for action in grant.actions
        if level_of(action) is Level.BUCKET and not is_wildcard(action) and action.lower() not in known
    ]
    if on_bucket:
        yield _allow(f"{sid}Bucket", bucket, grant, on_bucket, [bucket.arn], conditions)


def _allow(
    sid: str, bucket: Bucket, grant: Grant, actions: list[str], resources: list[str], conditions: Written
) -> Written:
    statement: Written = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal_element(grant.principals, bucket.partition),
        "Action": actions[0] if len(actions) == 1 else actions,
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
    return statement | ({"Condition": conditions} if conditions else {})


def _given(tests: Mapping[str, tuple[str, ...]]) -> dict[str, str | list[str]]:
    return {key: values[0] if len(values) == 1 else list(values) for key, values in tests.items()}


def _under(prefix: str, conditions: Written) -> Written:
    """Add the prefix to the conditions of a listing.

    Where the grant's own conditions already have `s3:prefix` under `StringLike`, ours goes under `StringLikeIfExists`:
    one operator cannot hold a key twice, and both must be true. Theirs already asks for the key to be there.
    """
    taken = any(key.lower() == PREFIX_KEY for key in conditions.get("StringLike", {}))
    operator = "StringLikeIfExists" if taken else "StringLike"
    return {**conditions, operator: {**conditions.get(operator, {}), PREFIX_KEY: prefix}}


def _content(bucket: Bucket, grant: Grant) -> str:
    """Name a grant by its meaning, so that its statement keeps its Sid when only the order of things changes."""
    meant = {
        "Principal": principal_element(grant.principals, bucket.partition),
        "Action": list(grant.actions),
        "Resource": f"{bucket.arn}/{grant.prefix}",
        "Condition": grant.conditions,
    }
    return digest(canonical_statement(meant))
