"""Who and where: the object that declares a bucket, and the bucket itself."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Whether the operator made the bucket or took over one that was there; kept in a tag of the bucket."""

    CREATED = "Created"
    ADOPTED = "Adopted"


@dataclass(frozen=True, slots=True, order=True)
class ObjectKey:
    """Names one SecureBucket object in its cluster."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket as AWS knows it, and who acts on it; without more, one that is only looked at.

    Args:
        name: the bucket's name.
        region: the region it lies in, from HeadBucket.
        account_id: twelve digits; the account whose bucket it must be (`ExpectedBucketOwner`).
        partition: `aws`, `aws-cn`, `aws-us-gov`, …; never assume `aws` in an ARN.
        origin: whether the operator created it.
        owner: the value of the ownership tag, `<cluster>/<namespace>/<name>`.
        caller_arn: the identity that the operator acts as, from GetCallerIdentity (an assumed role's *session* ARN).
        compatible: it lies in a store that speaks S3, and not in AWS: its profile names the store's endpoint.
    """

    name: str
    region: str
    account_id: str
    partition: str
    origin: Origin = Origin.ADOPTED
    owner: str = ""
    caller_arn: str = ""
    compatible: bool = False

    @property
    def arn(self) -> str:
        """The bucket's ARN in its own partition."""
        return f"arn:{self.partition}:s3:::{self.name}"

    @property
    def caller_role_arn(self) -> str:
        """The operator's identity as a policy names it: the role of an assumed-role session, else the ARN itself.

        `aws:PrincipalArn` holds the role's ARN and never the session's
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
        A role's path is not part of a session's ARN, so a pathful role is matched by `*` in front of its name.
        """
        head, _, rest = self.caller_arn.partition(":assumed-role/")
        if not rest:
            return self.caller_arn
        account = head.rsplit(":", 1)[-1]
        role = rest.split("/", 1)[0]
        return f"arn:{self.partition}:iam::{account}:role/{role}"
