"""The statements that let copies of other accounts in."""

from tests.controls.builders import ACCOUNT, bucket

from securebucket.model.demand import CopyDemand
from securebucket.policy.copy_delivery import copy_deliveries

ROLE = "arn:aws:iam::444455556666:role/copier"
FROM = CopyDemand("theirs", "444455556666", ROLE, gives_away=False)


def test_a_role_of_another_account_may_write_copies_and_nothing_else() -> None:
    objects, whole = copy_deliveries(bucket(), [FROM])
    assert objects["Principal"] == whole["Principal"] == {"AWS": ROLE}
    assert objects["Action"] == ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    assert objects["Resource"] == "arn:aws:s3:::acme-invoices/*"
    assert (whole["Action"], whole["Resource"]) == ("s3:GetBucketVersioning", "arn:aws:s3:::acme-invoices")


def test_who_gives_the_copies_away_may_do_so() -> None:
    given = CopyDemand("theirs-too", "444455556666", ROLE, gives_away=True)
    objects, _ = copy_deliveries(bucket(), [FROM, given])
    assert "s3:ObjectOwnerOverrideToBucketOwner" in objects["Action"]


def test_a_role_of_the_same_account_needs_its_own_rights_only() -> None:
    own = CopyDemand("ours", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/copier", gives_away=False)
    assert copy_deliveries(bucket(), [own]) == ()


def test_two_sources_of_one_role_share_its_statements() -> None:
    other = CopyDemand("theirs-too", "444455556666", ROLE, gives_away=False)
    assert len(copy_deliveries(bucket(), [FROM, other])) == 2
