"""What is drafted for a bucket that is there: the smallest object, and what the plan says that it would change."""

import pytest
from tests.compliance.golden import Case, cases
from tests.report.builders import DENIED, NOW, PUBLIC, judged, logging, policy, unread

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.objects import parse_secure_bucket
from securebucket.api.spec import Role
from securebucket.compliance.stored_observation import StoredAnswer
from securebucket.engine.request import Profile
from securebucket.model.bucket import ObjectKey
from securebucket.report.audit_report import BucketAudit
from securebucket.report.bucket_judgement import judge_bucket
from securebucket.scan.adoption import Draft, PassedOver, Wishes, draft, namespace_of

NONE: dict[str, ObjectKey] = {}
WITH_ACLS = {
    "GetBucketOwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
    "GetBucketAcl": {"Owner": {"ID": "owner"}, "Grants": []},
}


def tags(**given: str) -> dict[str, list[dict[str, str]]]:
    """Give the answer to GetBucketTagging; `_` in a key stands for `/`."""
    return {"TagSet": [{"Key": key.replace("_", "/"), "Value": value} for key, value in given.items()]}


def drafted(audit: BucketAudit, **wishes: object) -> Draft:
    """Draft one bucket, which must succeed."""
    (made,) = draft([audit], Wishes(**wishes), NONE)  # type: ignore[arg-type]
    assert isinstance(made, Draft), made
    return made


def profile(**spec: object) -> Profile:
    """Give a profile that every namespace may use."""
    return Profile("standard", BucketProfileSpec.model_validate({"namespaces": ["*"], **spec}))


def test_the_smallest_object_names_its_bucket_and_observes() -> None:
    made = drafted(judged("acme-invoices"))
    assert made.key == ObjectKey("default", "acme-invoices")
    assert made.spec == {"bucketName": "acme-invoices", "mode": "Observe"}


def test_what_enforce_would_change_is_told_without_the_ownership_tags() -> None:
    made = drafted(judged(**WITH_ACLS))
    assert [each.control for each in made.changes] == [
        "publicAccessBlock",
        "policy",
        "encryption",
        "versioning",
        "ownership",
        "lifecycle",
    ]


def test_on_a_server_without_bucket_tags_a_bucket_is_drafted_too() -> None:
    unknown = StoredAnswer(unsupported="no tags here.")
    assert drafted(judged("acme-invoices", GetBucketTagging=unknown)).bucket == "acme-invoices"


def test_what_others_wrote_is_no_change() -> None:
    made = drafted(judged(GetBucketPolicy=policy({**PUBLIC, "Principal": {"AWS": "111122223333"}})))
    (change,) = (each for each in made.changes if each.control == "policy")
    assert [each.field for each in change.differences] == ["statements[SecureBucketRequireTls]"]


def test_checks_that_fail_are_counted_among_those_that_were_told() -> None:
    made = drafted(judged(GetBucketVersioning=DENIED))
    assert "public-access-blocked" in made.failing
    assert "versioning-enabled" not in made.failing
    assert len(made.failing) < made.checked
    assert made.unread["versioning"] == "it was denied."


def test_a_role_that_another_bucket_tells_is_declared() -> None:
    audit = judge_bucket(
        judged().observation.model_copy(update={"role": Role.LOG_TARGET}), (), NOW, role_because="x logs to it"
    )
    made = drafted(audit)
    assert (made.spec["role"], made.role_because) == ("LogTarget", "x logs to it")


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.topic}/{case.id}")
def test_as_is_leaves_enforce_nothing_to_change_whatever_is_set(case: Case) -> None:
    """Law: over every bucket of the corpus, and the API takes what is written."""
    (made,) = draft([judge_bucket(case.observation, (), NOW)], Wishes(as_is=True), NONE)
    if isinstance(made, PassedOver):
        assert made.unreadable or made.covered
        return
    assert (made.changes, dict(made.refused), made.misfit) == ((), {}, None)
    metadata = {"name": made.key.name, "namespace": made.key.namespace}
    body = {"apiVersion": "securebucket.io/v1alpha1", "kind": "SecureBucket", "metadata": metadata}
    parse_secure_bucket({**body, "spec": made.spec})


def test_as_is_declares_what_can_be_said_and_leaves_the_rest_unmanaged() -> None:
    made = drafted(judged(**WITH_ACLS), as_is=True)
    assert made.spec["ownership"] == {"objectOwnership": "ObjectWriter"}
    assert made.spec["versioning"] == {"status": "Suspended"}
    assert made.spec["unmanaged"] == ["encryption"]  # the server has none, and a spec cannot say so


def test_as_is_says_nothing_where_the_default_is_what_is_set() -> None:
    made = drafted(judged(GetBucketVersioning={"Status": "Enabled"}), as_is=True)
    assert "versioning" not in made.spec


def test_as_is_keeps_off_what_could_not_be_read() -> None:
    """Once it can be read, Enforce would change it."""
    made = drafted(judged(GetBucketVersioning=DENIED), as_is=True)
    assert "versioning" in made.spec["unmanaged"]


def test_as_is_takes_a_default_of_the_profile_back() -> None:
    wishes = {"profile": "standard", "known_profile": profile(defaults={"encryption": {"sseAlgorithm": "aws:kms"}})}
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    audit = judged(GetBucketEncryption={"ServerSideEncryptionConfiguration": {"Rules": [rule]}})
    assert "encryption" in [each.control for each in drafted(audit, **wishes).changes]
    made = drafted(audit, as_is=True, **wishes)
    assert made.spec["encryption"] == {"sseAlgorithm": "AES256", "blockedEncryptionTypes": ["NONE"]}
    assert made.changes == ()


def test_as_is_under_a_floor_that_forbids_it_leaves_the_control_unmanaged_or_says_so() -> None:
    made = drafted(judged(), as_is=True, profile="standard", known_profile=profile(floor={"versioning": True}))
    assert made.changes == ()
    assert "versioning" in made.spec["unmanaged"]


def test_a_profile_that_does_not_admit_the_namespace_is_told() -> None:
    made = drafted(judged(), profile="standard", known_profile=profile(namespaces=["payments"]))
    assert made.misfit is not None
    assert made.misfit.reason == "ProfileForbidden"


@pytest.mark.parametrize(
    ("value", "namespace"),
    [
        ("payments", "payments"),
        ("Team Payments", "team-payments"),
        ("-Zahlungen/EU-", "zahlungen-eu"),
        ("x" * 70, "x" * 63),
        ("…", "platform"),
        ("", "platform"),
    ],
)
def test_a_tag_becomes_a_namespace(value: str, namespace: str) -> None:
    assert namespace_of({"team": value}, Wishes(namespace="platform", namespace_tag="team")) == namespace


def test_the_namespace_comes_from_the_buckets_tag() -> None:
    assert drafted(judged(GetBucketTagging=tags(team="payments")), namespace_tag="team").key.namespace == "payments"


def test_names_are_names_of_objects_and_no_two_are_alike() -> None:
    made = draft(
        [judged("acme.one"), judged("acme-.one"), judged("acme-two")],
        Wishes(),
        {"another": ObjectKey("default", "acme-two")},
    )
    names = [each.key.name for each in made if isinstance(each, Draft)]
    assert names[0] == "acme.one"
    assert len(set(names)) == 3
    assert all(name.startswith(("acme.one-", "acme-two-")) for name in names[1:])


def test_a_name_is_the_same_each_time() -> None:
    assert drafted(judged("acme-.one")).key == drafted(judged("acme-.one")).key


@pytest.mark.parametrize(
    ("audit", "because", "covered", "unreadable"),
    [
        (judged("acme-known"), "payments/known declares it", True, False),
        (
            judged("acme-owned", GetBucketTagging=tags(**{"securebucket.io_owner": "c/payments/old"})),
            "its tag securebucket.io/owner says that c/payments/old declares it",
            True,
            False,
        ),
        (unread("acme-shut"), "AccessDenied: it was denied.", False, True),
        (
            judged("acme-secret", GetBucketTagging=DENIED),
            "whose it is cannot be told without its tags: it was denied.",
            False,
            True,
        ),
        (
            judged("Acme_Old"),
            "a SecureBucket cannot have this name: it is older than S3's rules of today",
            False,
            False,
        ),
    ],
    ids=["declared", "owned", "unreadable", "tags", "name"],
)
def test_a_bucket_is_passed_over_for_a_reason(
    audit: BucketAudit, because: str, covered: bool, unreadable: bool
) -> None:
    taken = {"acme-known": ObjectKey("payments", "known")}
    (made,) = draft([audit], Wishes(), taken)
    assert made == PassedOver(audit.observation.bucket.name, because, covered, unreadable)


def test_a_log_target_has_no_change_that_a_target_must_not_have() -> None:
    made = drafted(judged(GetBucketLogging=logging("acme-logs")))
    assert "logging" not in [each.control for each in made.changes]
