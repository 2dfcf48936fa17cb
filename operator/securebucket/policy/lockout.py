"""Would a policy shut the operator out of the calls that it needs?

Only Denies are judged: within one account the operator's rights come from its own IAM policy. The judgement is
conservative: what is not known about the operator's requests (network, MFA, organization) may be anything, so a Deny
that might catch it counts. The way out of a lock-out that happened is the account's root user, which keeps the right
to delete a bucket policy (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from securebucket.model.bucket import Bucket
from securebucket.policy.canonical import Statement
from securebucket.policy.conditions import Condition, Known, may_hold
from securebucket.policy.coverage import covers

NEEDED_FIRST = (
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:ListBucket",
    "s3:GetBucketLocation",
)
"""What it takes to find the bucket and to take a statement away again; the controls say what they need besides."""
NEEDED_LATER = (
    "s3:GetBucketWebsite",
    "s3:PutBucketWebsite",
    "s3:DeleteBucketWebsite",
    "s3:GetBucketRequestPayment",
    "s3:PutBucketRequestPayment",
    "s3:GetAccelerateConfiguration",
    "s3:PutAccelerateConfiguration",
)
"""Of documents without a control: a policy written today must not shut out the release that will manage them."""

SOME_PATH = "~some/path~"
"""Stands for the path that an assumed role may have; no pattern names it by chance."""

CONSTANTS: Known = {
    "aws:securetransport": ("true",),
    "s3:tlsversion": ("1.2", "1.3"),
    "aws:principalisawsservice": ("false",),
    "aws:viaawsservice": ("false",),
    **dict.fromkeys(
        (
            "aws:calledvia",
            "aws:calledviafirst",
            "aws:calledvialast",
            "aws:principalservicename",
            "aws:principalservicenameslist",
            "aws:sourceaccount",
            "aws:sourcearn",
            "aws:sourceowner",
            "aws:sourceorgid",
            "aws:sourceorgpaths",
            "s3:delimiter",
            "s3:prefix",
            "s3:versionid",
            "s3:x-amz-copy-source",
            "s3:x-amz-server-side-encryption",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:x-amz-server-side-encryption-customer-algorithm",
            "s3:x-amz-storage-class",
        ),
        (),
    ),
}
"""What is known of every request of the operator: HTTPS, TLS 1.2 or later, no service in between, no object."""


@dataclass(frozen=True, slots=True)
class LockOut:
    """A statement that may refuse the operator something.

    Args:
        key: the statement's key.
        actions: what it may refuse, the most important first.
    """

    key: str
    actions: tuple[str, ...]


def find_lockouts(statements: Mapping[str, Statement], bucket: Bucket, rights: Iterable[str]) -> Iterator[LockOut]:
    """Name the statements that may refuse the operator a call that it needs.

    Args:
        statements: by their keys.
        bucket: whose policy has them.
        rights: IAM actions on the bucket that the controls need. Deleting the bucket is not needed to keep it safe.
    """
    operator, needed = Operator.of(bucket), dict.fromkeys((*NEEDED_FIRST, *rights, *NEEDED_LATER))
    for key, statement in statements.items():
        if statement.get("Effect") != "Deny":
            continue
        actions = tuple(action for action in needed if covers(statement, "Action", action.lower()))
        on_bucket = covers(statement, "Resource", bucket.arn)
        condition: Condition = statement.get("Condition", {})
        if actions and on_bucket and operator.is_meant(statement) and may_hold(condition, operator.known(condition)):
            yield LockOut(key, actions)


@dataclass(frozen=True, slots=True)
class Operator:
    """Who the operator is in a policy's eyes.

    Args:
        session: the ARN from GetCallerIdentity, a session's when a role is assumed.
        arn: the role's ARN without its path, which is not known; else the user's or root's.
        account: twelve digits.
    """

    session: str
    arn: str
    account: str

    @classmethod
    def of(cls, bucket: Bucket) -> "Operator":
        """Tell from a bucket who acts on it."""
        arn = bucket.caller_role_arn
        return cls(bucket.caller_arn, arn, arn.split(":")[4] if arn.count(":") >= 5 else "")

    def is_named(self, arn: str) -> bool:
        """Tell whether an ARN names the operator. A role's name is unique in its account, whatever its path."""
        if arn in {self.arn, self.session}:
            return True
        mine, _, name = self.arn.partition(":role/")
        other, is_role, path = arn.partition(":role/")
        return bool(name and is_role) and other == mine and path.rsplit("/", 1)[-1] == name

    def is_meant(self, statement: Statement) -> bool:
        """Tell whether `Principal` may mean the operator, or `NotPrincipal` does not spare it for certain."""
        if "NotPrincipal" in statement:
            return not self._is_spared(statement["NotPrincipal"].get("AWS", []))
        principal = statement.get("Principal", {})
        if "CanonicalUser" in principal:
            return True  # whose id it is cannot be told
        return any(name in {"*", self.account} or self.is_named(name) for name in principal.get("AWS", ()))

    def _is_spared(self, names: list[str]) -> bool:
        """Tell whether a `NotPrincipal` spares the operator: it must name the account, the role and the session.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if self.account not in names or self.arn.endswith(":root"):
            return self.account in names or "*" in names
        others = [name for name in names if name != self.session]
        return self.session in names and (self.arn == self.session or any(map(self.is_named, others)))

    def known(self, condition: Condition) -> Known:
        """Return what is known of the operator's requests, to one condition.

        The role's path is unknown. A condition that names a role of its account and name under a path tells it, since
        nobody makes a path up; otherwise the role may be without a path or under any.
        """
        return {
            **CONSTANTS,
            "aws:principalarn": self._possible_arns(condition),
            "aws:principalaccount": (self.account,),
        }

    def _possible_arns(self, condition: Condition) -> tuple[str, ...]:
        head, is_role, name = self.arn.partition(":role/")
        if not is_role or "/" in name:
            return (self.arn,)
        told = {
            value
            for tests in condition.values()
            for value in tests.get("aws:principalarn", ())
            if value != self.arn and self.is_named(value) and ":role/" in value and not set("*?$") & set(value)
        }
        return tuple(sorted(told)) or (self.arn, f"{head}:role/{SOME_PATH}/{name}")
