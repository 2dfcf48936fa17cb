"""Objects that the API refuses for what the bucket's ACL is to grant."""

from tests.api.bodies import Body, Refusal, wrong

PARTNER: Body = {"grantee": {"type": "CanonicalUser", "id": "abc"}, "permission": "READ"}


def wrong_grant(name: str, grant: Body, path: str, says: str, server: str = "") -> Refusal:
    spec = {"ownership": {"objectOwnership": "ObjectWriter", "grants": [grant]}}
    return wrong(name, spec, f"ownership.grants[0]{path}", says, server)


GRANTS = (
    wrong("a grant without ACLs", {"ownership": {"grants": [PARTNER]}}, "ownership.grants", "there are no ACLs"),
    wrong_grant(
        "a grant to an address",
        {"grantee": {"type": "AmazonCustomerByEmail"}, "permission": "READ"},
        ".grantee.type",
        "CanonicalUser",
        "supported",
    ),
)
