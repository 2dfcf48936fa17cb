"""Laws of the first sight of each document that an older release did not read, and of the ACL, which it left alone."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Tenant
from tests.laws.things import LOG_DELIVERY

from securebucket.controls import CONTROLS

USED: Mapping[str, Mapping[str, Any]] = {
    "cors": {
        "CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.example.com"]}]}
    },
    "website": {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}},
    "requestPayment": {"RequestPaymentConfiguration": {"Payer": "Requester"}},
    "acceleration": {"AccelerateConfiguration": {"Status": "Enabled"}},
    "metadata": {
        "MetadataConfiguration": {
            "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "ENABLED", "Days": 30}},
            "InventoryTableConfiguration": {"ConfigurationState": "ENABLED"},
            "AnnotationTableConfiguration": {"ConfigurationState": "DISABLED"},
        }
    },
    "abac": {"AbacStatus": {"Status": "Enabled"}},
}
"""What people have put there, by control."""
LISTS = frozenset(name for name, subject in SUBJECTS.items() if subject.document.listed)
"""Lists by id, whose entries have an owner each: `test_first_sight` and `test_foreign` look at them."""

each_use = pytest.mark.parametrize("control", USED)
ACLS_ON = {"ownership": {"objectOwnership": "ObjectWriter"}}


@pytest.fixture
def stage(localstack_stage: Stage) -> Stage:
    """The server that knows all of these documents."""
    return localstack_stage


def use(tenant: Tenant, control: str) -> None:
    documents.put(tenant.stage.plain(), tenant.bucket, control, USED[control])


def is_used(tenant: Tenant, control: str) -> bool:
    return documents.read(tenant.stage.plain(), tenant.bucket, control) == USED[control]


def verified_by_an_older_release(stage: Stage, **spec: Any) -> Tenant:
    """Give an object with the status of a release that noted no first sight of anything."""
    tenant = Tenant(stage, spec)
    tenant.settle()
    controls = tuple(each for each in tenant.status.controls if each.name not in USED)
    effective = {name: each for name, each in (tenant.status.effective or {}).items() if name not in USED}
    tenant.status = tenant.status.model_copy(update={"found": None, "controls": controls, "effective": effective})
    tenant.restart()
    return tenant


def message(tenant: Tenant, control: str) -> str:
    return next(each.message for each in tenant.status.controls if each.name == control) or ""


def test_every_control_that_keeps_what_it_finds_is_tried() -> None:
    assert {control.name for control in CONTROLS if control.keeps_found} - LISTS == USED.keys()


@each_use
def test_what_people_use_is_kept_and_what_changes_later_is_drift(stage: Stage, control: str) -> None:
    tenant = verified_by_an_older_release(stage)
    unused = documents.read(stage.plain(), tenant.bucket, control)
    use(tenant, control)
    made = tenant.run()
    assert (made.writes, made.control(control).state) == ((), "InSync")
    assert message(tenant, control).startswith("kept entries of others: ")

    if documents.DOCUMENTS[control].delete:
        getattr(stage.plain(), documents.DOCUMENTS[control].delete)(Bucket=tenant.bucket)
    else:
        off = {"acceleration": {"AccelerateConfiguration": {"Status": "Suspended"}}}
        documents.put(stage.plain(), tenant.bucket, control, off.get(control, unused))
    made = tenant.run()
    assert (made.control(control).state, made.control(control).drifted) == ("Corrected", True)
    assert is_used(tenant, control)


@each_use
def test_on_a_bucket_of_ours_it_is_drift_and_goes(stage: Stage, control: str) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    use(tenant, control)
    made = tenant.run()
    assert (made.control(control).state, made.control(control).drifted) == ("Corrected", True)
    assert not is_used(tenant, control)


@each_use
def test_from_an_adopted_bucket_it_goes_once_somebody_said_yes(stage: Stage, control: str) -> None:
    tenant = Tenant(stage, {"bucketName": make_bucket(stage), "adoption": "Adopt"})
    use(tenant, control)
    made = tenant.run()
    assert (made.control(control).reason, is_used(tenant, control)) == ("ApprovalRequired", True)
    tenant.approve()
    tenant.run()
    assert not is_used(tenant, control)


def grant(tenant: Tenant) -> None:
    """Let the log service write, besides the owner."""
    s3 = tenant.stage.plain()
    owner = s3.get_bucket_acl(Bucket=tenant.bucket)["Owner"]["ID"]
    s3.put_bucket_acl(Bucket=tenant.bucket, GrantFullControl=f'id="{owner}"', GrantWrite=f'uri="{LOG_DELIVERY}"')


def is_granted(tenant: Tenant) -> bool:
    grants = tenant.stage.plain().get_bucket_acl(Bucket=tenant.bucket)["Grants"]
    return LOG_DELIVERY in {each["Grantee"].get("URI") for each in grants}


def test_a_grant_that_an_older_release_left_alone_is_kept_and_named(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, **ACLS_ON)
    grant(tenant)
    made = tenant.run()
    assert (made.writes, made.control("ownership").state) == ((), "InSync")
    assert message(tenant, "ownership") == "kept entries of others: WRITE to LogDelivery"

    stage.plain().put_bucket_acl(Bucket=tenant.bucket, ACL="private")
    made = tenant.run()
    assert (made.control("ownership").state, made.control("ownership").drifted) == ("Corrected", True)
    assert is_granted(tenant)

    tenant.declare({"ownership": {"objectOwnership": "ObjectWriter", "foreign": "Remove"}})
    tenant.run()
    assert not is_granted(tenant)
    assert (tenant.status.found or {})["ownership"] == {}


def test_an_acl_is_put_when_acls_are_turned_on(stage: Stage) -> None:
    """Who owns the bucket is asked once: while ACLs are off, nobody reads the ACL."""
    tenant = Tenant(stage)
    tenant.settle()
    to_logs = {"grantee": {"type": "Group", "uri": LOG_DELIVERY}, "permission": "WRITE"}
    tenant.declare({"ownership": {"objectOwnership": "ObjectWriter", "grants": [to_logs]}})
    assert tenant.run().writes == ("PutBucketOwnershipControls", "PutBucketAcl")
    assert is_granted(tenant)
    assert tenant.run().writes == ()
