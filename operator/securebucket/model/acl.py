"""Access control list entries, of buckets where ACLs still count and of log targets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LOG_DELIVERY_GROUP = "http://acs.amazonaws.com/groups/s3/LogDelivery"
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

    @property
    def to_group(self) -> bool:
        """Whether the grantee is a predefined group and not an account."""
        return self.grantee.startswith(("http://", "https://"))

    def __str__(self) -> str:
        """Give what a person knows it by, e.g. `READ to AllUsers`."""
        return f"{self.permission} to {self.grantee.rsplit('/', 1)[-1]}"


def read_grants(entries: Iterable[Mapping[str, Any]]) -> frozenset[AclGrant]:
    """Read the grants of an S3 answer; order and display names mean nothing."""
    return frozenset(_read(entry.get("Grantee", {}), entry.get("Permission", "")) for entry in entries)


def write_grants(grants: Iterable[AclGrant]) -> list[dict[str, Any]]:
    """Write grants for an S3 request, in a stable order."""
    return [
        {
            "Grantee": {"Type": "Group", "URI": grant.grantee}
            if grant.to_group
            else {"Type": "CanonicalUser", "ID": grant.grantee},
            "Permission": grant.permission,
        }
        for grant in sorted(grants)
    ]


def _read(grantee: Mapping[str, Any], permission: str) -> AclGrant:
    # S3 has resolved email addresses to ids since 2025; other servers may still echo them.
    return AclGrant(grantee.get("ID") or grantee.get("URI") or grantee.get("EmailAddress") or "", permission)
