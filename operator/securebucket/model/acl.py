"""Access control list entries, read only where ACLs still count."""

from dataclasses import dataclass

PUBLIC_GROUPS = frozenset(
    {
        "http://acs.amazonaws.com/groups/global/AllUsers",
        "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class AclGrant:
    """One grant of an ACL (https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html).

    Args:
        grantee: a canonical user id or a group's URI.
        permission: `FULL_CONTROL`, `READ`, `WRITE`, `READ_ACP` or `WRITE_ACP`.
    """

    grantee: str
    permission: str
