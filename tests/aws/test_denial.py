"""Why AWS denied a call: each kind of policy that its message can name, and what to do then."""

import pytest

from securebucket.aws.denial import CAUSES, UNKNOWN, explain_denial

USER = (
    "User: arn:aws:sts::111122223333:assumed-role/securebucket/s is not authorized to perform: s3:PutBucketPolicy on"
    ' resource: "arn:aws:s3:::acme-invoices"'
)


@pytest.mark.parametrize(
    ("told", "what", "remedy"),
    [
        ("with an explicit deny in a service control policy", "(SCP)", "ask whoever administers the organization"),
        (
            "because no service control policy allows the s3:PutBucketPolicy action",
            "not allowed by a service control policy",
            "allow the action",
        ),
        ("with an explicit deny in a resource control policy", "(RCP)", "ask whoever administers the organization"),
        (
            "because no permissions boundary allows the s3:PutBucketPolicy action",
            "not allowed by the permissions boundary",
            "Add the right to the boundary",
        ),
        ("with an explicit deny in a permissions boundary", "denied by the permissions boundary", "Take the deny out"),
        (
            "because no session policy allows the s3:PutBucketPolicy action",
            "not allowed by the session policy",
            "where the role is assumed",
        ),
        ("with an explicit deny in a session policy", "denied by the session policy", "where the role is assumed"),
        ("with an explicit deny in a VPC endpoint policy", "VPC endpoint", "Except the operator's role"),
        ("with an explicit deny in a resource-based policy", "the bucket's", "Except the operator's role"),
        (
            "because no resource-based policy allows the s3:PutBucketPolicy action",
            "the bucket's",
            "Let that policy allow",
        ),
        (
            "because no identity-based policy allows the s3:PutBucketPolicy action",
            "a policy of the operator's role",
            "securebucket iam-policy",
        ),
    ],
)
def test_the_policy_that_denies_is_named_with_what_to_do(told: str, what: str, remedy: str) -> None:
    said = explain_denial(f"{USER} {told}")
    assert what in said
    assert remedy in said


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("because public policies are blocked by the BlockPublicPolicy block public access setting", "on the bucket"),
        ("blocked by the BlockPublicPolicy block public access setting of the organization", "no account can change"),
        ("blocked by the account-level BlockPublicAcls Block Public Access setting", "for the whole account"),
    ],
)
def test_the_block_is_named_where_it_refuses(told: str, place: str) -> None:
    said = explain_denial(f"{USER} {told}")
    assert "Block Public Access refuses" in said
    assert place in said


@pytest.mark.parametrize("detail", ["Access Denied", "AccessDenied", "", "Forbidden"])
def test_a_message_that_tells_nothing_leaves_all_ways_open(detail: str) -> None:
    assert explain_denial(detail) == UNKNOWN


def test_no_kind_of_policy_hides_another() -> None:
    """Each is named by words that no other one has in its own."""
    words = [cause.words for cause in CAUSES]
    assert [one for one in words for other in words if one != other and one in other] == []
