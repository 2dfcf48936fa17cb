"""Reports for tests: real verdicts on documents as AWS writes them, and texts that would like to be more than texts."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from securebucket.compliance.exceptions import lay_over
from securebucket.compliance.judgement import judge
from securebucket.compliance.stored_observation import StoredAnswer, StoredBucket, StoredObservation, StoredReason
from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Result
from securebucket.report.assembly import assemble, reported_exception, reported_verdicts
from securebucket.report.audit_report import (
    AccountAudit,
    AuditReport,
    BucketAudit,
    CheckVerdict,
    Declaration,
    DriftEvent,
    DriftHistory,
    ReportedException,
)
from securebucket.report.writing import ReportFormat, written

NOW = dt.datetime(2026, 11, 25, 8, 30, tzinfo=dt.UTC)
ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
LONGEST = dt.timedelta(days=365)
HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">&amp;{{7*7}}"

FLAGS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ENCRYPTED = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}]
    }
}


def policy_of(name: str, *more: dict[str, Any]) -> str:
    """Give a policy that asks for TLS, and says more."""
    tls = {
        "Sid": "SecureBucketRequireTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [tls, *more]})


def sharing(name: str, account: str = OTHER_ACCOUNT, sid: str = "Partner") -> dict[str, Any]:
    """Give a statement that lets another account read."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }


def answers_of(
    name: str, *, loose: bool = False, policy: str = "", tags: dict[str, str] | None = None
) -> dict[str, Any]:
    """Give what S3 answers of a bucket; a loose one has little that is set."""
    return {
        "GetPublicAccessBlock": None if loose else {"PublicAccessBlockConfiguration": FLAGS},
        "GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
        "GetBucketEncryption": ENCRYPTED,
        "GetBucketVersioning": {} if loose else {"Status": "Enabled"},
        "GetObjectLockConfiguration": None,
        "GetBucketPolicy": None if loose and not policy else {"Policy": policy or policy_of(name)},
        "GetBucketLogging": {},
        "GetBucketLifecycleConfiguration": None,
        "GetBucketReplication": None,
        "GetBucketNotificationConfiguration": {},
        "GetBucketTagging": {"TagSet": [{"Key": key, "Value": value} for key, value in (tags or {}).items()]},
    }


def observation(
    name: str, answers: dict[str, Any], *, account: str = ACCOUNT, region: str = "eu-central-1"
) -> StoredObservation:
    """Write down what S3 answered; None is what was never configured, and a text why it could not be read."""
    stored = {}
    for api, answer in answers.items():
        if answer is None:
            stored[api] = StoredAnswer(absent=True)
        elif isinstance(answer, str):
            stored[api] = StoredAnswer(unknown=StoredReason(reason="AccessDenied", message=answer))
        else:
            stored[api] = StoredAnswer(response=answer)
    return StoredObservation(
        bucket=StoredBucket(name=name, region=region, account_id=account),
        read_at=NOW - dt.timedelta(minutes=12),
        answers=stored,
    )


def audited(
    seen: StoredObservation, exceptions: Iterable[GrantedException] = (), *, namespace: str = "", **more: Any
) -> BucketAudit:
    """Judge a bucket as the operator does."""
    judged = lay_over(judge(seen.subject()), exceptions, NOW, LONGEST)
    declaration = (
        Declaration(namespace=namespace, name=seen.bucket.name, profile="production", mode="Enforce")
        if namespace
        else None
    )
    return BucketAudit(observation=seen, declaration=declaration, verdicts=reported_verdicts(judged), **more)


def granted(name: str, check: str, *, days: int = 30, reason: str = "Terms with the partner") -> GrantedException:
    """Give an exception that ends in that many days."""
    return GrantedException(
        name, check, reason, "security@example.com", NOW - dt.timedelta(days=10), NOW + dt.timedelta(days=days)
    )


def small_report() -> AuditReport:
    """One bucket of each kind: good, shared by exception, half read, loose, not reached; and an account."""
    accepted = granted("payments/partner-feed", "cross-account-access-restricted")
    ended = granted("payments/old", "versioning-enabled", days=-1)
    drift = DriftHistory(
        count=3,
        last_detected_at=NOW - dt.timedelta(hours=3),
        last_corrected_at=NOW - dt.timedelta(hours=3),
        events=(
            DriftEvent(at=NOW - dt.timedelta(hours=3), control="policy", fields=("statements[x]",), corrected=True),
            DriftEvent(at=NOW - dt.timedelta(days=2), control="versioning", fields=("status",), actor="alice"),
        ),
    )
    partner = answers_of("acme-partner", policy=policy_of("acme-partner", sharing("acme-partner")))
    half = answers_of("acme-half-read") | {"GetBucketPolicy": "not authorized to perform s3:GetBucketPolicy"}
    buckets = (
        audited(
            observation("acme-invoices", answers_of("acme-invoices", tags={"team": "payments"})),
            namespace="payments",
            drift=drift,
        ),
        audited(observation("acme-partner", partner), [accepted], namespace="payments"),
        audited(observation("acme-half-read", half), namespace="analytics"),
        audited(observation("acme-loose", answers_of("acme-loose", loose=True), account=OTHER_ACCOUNT)),
        BucketAudit(
            observation=observation("acme-gone", {}),
            failure=StoredReason(reason="AccessDenied", message="HeadBucket was denied; give the role s3:ListBucket."),
        ),
    )
    return assemble(
        generated_at=NOW,
        scope="every SecureBucket of cluster test",
        buckets=buckets,
        accounts=(
            AccountAudit(
                account_id=ACCOUNT,
                read_at=NOW,
                answers={"s3control:GetPublicAccessBlock": StoredAnswer(absent=True)},
                verdicts=(
                    CheckVerdict(check="account-public-access-blocked", result=Result.FAIL, because="none is set"),
                ),
                buckets=9,
                uncovered=("acme-forgotten",),
            ),
        ),
        exceptions=(
            reported_exception(accepted, NOW, LONGEST, bucket_name="acme-partner"),
            reported_exception(ended, NOW, LONGEST, bucket_name="acme-loose"),
        ),
    )


def hostile_report() -> AuditReport:
    """Every text that comes from outside tries to be markup, script, formula or template."""
    name = f"b{HOSTILE}"
    policy = policy_of("b", sharing("b", sid=HOSTILE))
    seen = observation(name, answers_of("b", policy=policy, tags={HOSTILE: HOSTILE}), region=HOSTILE)
    exception = GrantedException(HOSTILE, "cross-account-access-restricted", HOSTILE, HOSTILE, NOW, NOW + LONGEST)
    told = ReportedException(
        name=HOSTILE, check="tagged", bucket_name=name, reason=HOSTILE, approver=HOSTILE, granted_at=NOW, expires_at=NOW
    )
    drift = DriftHistory(count=1, events=(DriftEvent(at=NOW, control=HOSTILE, fields=(HOSTILE,), actor=HOSTILE),))
    bucket = audited(seen, [exception], namespace=HOSTILE, drift=drift).model_copy(
        update={"failure": StoredReason(reason=HOSTILE, message=HOSTILE)}
    )
    account = AccountAudit(
        account_id=HOSTILE,
        read_at=NOW,
        answers={HOSTILE: StoredAnswer(response={HOSTILE: HOSTILE})},
        verdicts=(CheckVerdict(check=HOSTILE, result=Result.FAIL, because=HOSTILE),),
        uncovered=(HOSTILE,),
    )
    return assemble(generated_at=NOW, scope=HOSTILE, buckets=[bucket], accounts=[account], exceptions=[told])


def fleet_report(count: int) -> AuditReport:
    """Give a fleet of so many buckets in 40 namespaces and 12 accounts; each seventh is loose, each ninth shared."""
    buckets, exceptions = [], []
    for number in range(count):
        name = f"acme-{('orders', 'media', 'exports', 'ledger', 'models')[number % 5]}-{number:05d}"
        more = [sharing(name, f"{number:012d}")] if number % 9 == 0 else []
        answers = answers_of(
            name,
            loose=number % 7 == 0,
            policy=policy_of(name, *more) if number % 7 else "",
            tags={"team": f"team-{number % 40}", "cost-centre": f"{number:06d}"},
        )
        if number % 31 == 0:
            answers["GetBucketPolicy"] = "not authorized to perform s3:GetBucketPolicy"
        accepted = (
            [granted(f"team-{number % 40}/feed-{number}", "cross-account-access-restricted")]
            if number % 18 == 0
            else []
        )
        exceptions += [reported_exception(each, NOW, LONGEST, bucket_name=name) for each in accepted]
        seen = observation(name, answers, account=f"{111122220000 + number % 12}")
        buckets.append(audited(seen, accepted, namespace=f"team-{number % 40:02d}"))
    return assemble(generated_at=NOW, scope=f"{count:,} buckets", buckets=buckets, exceptions=exceptions)


def page_of(report: AuditReport) -> str:
    """Write the page as a whole."""
    return written(report, ReportFormat.HTML).decode()
