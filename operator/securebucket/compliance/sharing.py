"""Whether the bucket policy lets other accounts in that nobody said to trust."""

from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed
from securebucket.policy.document import PolicyState
from securebucket.policy.exposure import foreign_statements


def judge_cross_account(subject: Subject, state: PolicyState) -> Verdict:
    """Pass when no Allow lets another account in that is not trusted, unless a condition pins who may come."""
    found = foreign_statements(state.statements, {subject.bucket.account_id} | subject.trusted_accounts)
    if found:
        return failed(f"let other accounts in: {', '.join(found)}")
    trusted = (
        f" but {', '.join(sorted(subject.trusted_accounts))}, which are trusted" if subject.trusted_accounts else ""
    )
    return passed(f"no statement lets another account in{trusted}")


CROSS_ACCOUNT = Check(
    id="cross-account-access-restricted",
    title="No account is let in that is not trusted",
    severity=Severity.MEDIUM,
    rationale="Whoever controls the other account, now or later, gets the data.",
    remediation="Take the account out of spec.policy, or have it put into the profile's trustedAccounts.",
    remedy=Remedy.BUCKET,
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
        "https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy-grantee-check.html",
    ),
    judge=judge_cross_account,
)
