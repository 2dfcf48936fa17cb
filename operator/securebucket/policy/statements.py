"""All statements of ours that a spec asks for, in the form in which they are put."""

from securebucket.api.base import aws_document
from securebucket.api.policy import Statement as RawStatement
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.policy.acl_grants import log_delivery
from securebucket.policy.canonical import texts
from securebucket.policy.denials import Written, deletion_denials, perimeter_denials, transport_denials
from securebucket.policy.document import OWN_PREFIX
from securebucket.policy.grants import grant_statements
from securebucket.policy.upload_denials import SSE_S3, upload_denials

LOG_DELIVERY = "SecureBucketLogDelivery"


def own_statements(bucket: Bucket, spec: SecureBucketSpec) -> tuple[Written, ...]:
    """Write every statement that the spec asks for: switches, log delivery, grants, raw statements, in this order."""
    policy = spec.policy
    return (
        *transport_denials(bucket, policy),
        *upload_denials(bucket, policy, spec.encryption.sse_algorithm or SSE_S3),
        *perimeter_denials(bucket, policy),
        *deletion_denials(bucket, policy),
        *((log_delivery(bucket, LOG_DELIVERY),) if spec.role is Role.LOG_TARGET else ()),
        *(statement for grant in policy.allow for statement in grant_statements(bucket, grant)),
        *(_raw(statement) for statement in policy.statements),
    )


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
