"""Laws of the first sight, on real servers: what an older release could not see is kept until somebody declares it.

What changes after that is drift; and a right that the older release did not need changes nothing else.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Tenant

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.controls import CONTROLS
from securebucket.engine.first_sight import LEFT
from securebucket.engine.request import Profile
from securebucket_dev.s3.fault import ALWAYS

Rule = Mapping[str, Any]

APP: Rule = {"ID": "app", "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://app.example.com"]}
THEIRS: Rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
AS_FOUND = {
    "cors": {"rules": [{"id": "app", "allowedMethods": ["GET", "PUT"], "allowedOrigins": ["https://app.example.com"]}]}
}
DECLARED = {"rules": [{"allowedOrigins": ["https://new.example.com"], "allowedMethods": ["HEAD"]}]}
NEW = frozenset(control.name for control in CONTROLS if control.keeps_found)
"""Controls that an older release did not know."""
CONDITIONS = ("Ready", "InSync", "Compliant", "Reconciling", "Stalled")


@pytest.fixture
def stage(localstack_stage: Stage) -> Stage:
    """The server that keeps all that is written: else other documents would be tried again in every pass."""
    return localstack_stage


def put(tenant: Tenant, *rules: Rule) -> None:
    """Put CORS rules, as somebody else does."""
    tenant.stage.plain().put_bucket_cors(Bucket=tenant.bucket, CORSConfiguration={"CORSRules": list(rules)})


def rules_of(tenant: Tenant) -> list[Any]:
    """Give the bucket's CORS rules."""
    try:
        found: list[Any] = tenant.stage.plain().get_bucket_cors(Bucket=tenant.bucket)["CORSRules"]
    except ClientError:
        return []
    return found


def forget_sight(tenant: Tenant) -> None:
    """Leave the status of a release that did not know the controls."""
    effective = {name: each for name, each in (tenant.status.effective or {}).items() if name not in NEW}
    controls = tuple(each for each in tenant.status.controls if each.name not in NEW)
    tenant.status = tenant.status.model_copy(update={"found": None, "controls": controls, "effective": effective})
    tenant.restart()


def verified_by_an_older_release(stage: Stage, *rules: Rule, **spec: Any) -> Tenant:
    """Give an object that an older release has verified, and a bucket on which somebody put CORS rules."""
    tenant = Tenant(stage, spec)
    tenant.settle()
    forget_sight(tenant)
    if rules:
        put(tenant, *rules)
    return tenant


def conditions(tenant: Tenant) -> dict[str, str]:
    return {name: tenant.condition(name) for name in CONDITIONS}


def message(tenant: Tenant) -> str:
    return next(each.message for each in tenant.status.controls if each.name == "cors") or ""


def found(tenant: Tenant) -> dict[str, Any]:
    """Give what was found of CORS, and what only a newer release knows."""
    return {name: block for name, block in (tenant.status.found or {}).items() if name in {"cors", "later"}}


def effective(tenant: Tenant) -> Any:
    return (tenant.status.effective or {}).get("cors")


def test_what_is_seen_first_is_kept_as_found_and_named(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    before = conditions(tenant)
    made = tenant.run()
    assert made.writes == ()
    assert rules_of(tenant) == [APP]
    assert made.control("cors").state == "InSync"
    assert message(tenant) == "kept entries of others: 1 app"
    assert found(tenant) == AS_FOUND
    assert [rule["id"] for rule in effective(tenant)["rules"]] == ["app"]
    assert conditions(tenant) == before


def test_where_nothing_is_found_the_sight_is_noted_and_nothing_else(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage)
    assert tenant.run().writes == ()
    assert found(tenant) == {"cors": {}}
    assert effective(tenant) is None
    put(tenant, THEIRS)
    made = tenant.run()
    assert (made.control("cors").state, made.control("cors").drifted) == ("Corrected", True)
    assert rules_of(tenant) == []


def test_a_configuration_of_a_list_is_kept_as_found_and_one_that_comes_later_goes(stage: Stage) -> None:
    """So on a bucket that the operator created; on an adopted one both stay, as entries of others."""
    tenant = verified_by_an_older_release(stage)
    s3 = stage.plain()
    s3.put_bucket_metrics_configuration(Bucket=tenant.bucket, Id="old", MetricsConfiguration={"Id": "old"})
    assert tenant.run().writes == ()
    s3.put_bucket_metrics_configuration(Bucket=tenant.bucket, Id="new", MetricsConfiguration={"Id": "new"})
    made = tenant.run()
    assert (made.writes, made.control("metrics").drifted) == (("DeleteBucketMetricsConfiguration",), True)
    left = s3.list_bucket_metrics_configurations(Bucket=tenant.bucket)["MetricsConfigurationList"]
    assert left == [{"Id": "old"}]


def test_the_second_pass_writes_nothing(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    assert tenant.run().changed
    made = tenant.run()
    assert (made.writes, made.changed) == ((), False)


@pytest.mark.parametrize("change", ["changed", "added to", "taken away"])
def test_what_changes_after_the_first_sight_is_drift(stage: Stage, change: str) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    if change == "taken away":
        stage.plain().delete_bucket_cors(Bucket=tenant.bucket)
    else:
        put(tenant, *([APP] if change == "added to" else []), THEIRS)
    made = tenant.run()
    assert (made.control("cors").state, made.control("cors").drifted) == ("Corrected", True)
    assert rules_of(tenant) == [APP]
    assert found(tenant) == AS_FOUND
    assert "kept entries of others: " in message(tenant)
    assert (tenant.run().writes, message(tenant)) == ((), "kept entries of others: 1 app")


def test_a_restart_keeps_it(stage: Stage) -> None:
    """It is in the status: nothing of it is only in memory."""
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    put(tenant, THEIRS)
    tenant.restart()
    made = tenant.run()
    assert (made.control("cors").state, made.control("cors").drifted) == ("Corrected", True)
    assert rules_of(tenant) == [APP]


@pytest.mark.parametrize("block", [DECLARED, {}])
def test_a_declaration_wins_and_ends_it(stage: Stage, block: Mapping[str, Any]) -> None:
    """Also the declaration of none, which takes away on purpose what was found."""
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    tenant.declare({"cors": block})
    made = tenant.run()
    assert not made.control("cors").drifted
    assert rules_of(tenant) == [
        {"AllowedMethods": rule["allowedMethods"], "AllowedOrigins": rule["allowedOrigins"]}
        for rule in block.get("rules", [])
    ]
    assert found(tenant) == {"cors": {}}
    assert message(tenant) == ""


def test_it_does_not_come_back_when_the_declaration_goes(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    for spec in ({"cors": DECLARED}, {}):
        tenant.declare(spec)
        tenant.run()
    assert (rules_of(tenant), found(tenant)) == ([], {"cors": {}})


def test_what_is_declared_at_the_first_sight_is_never_kept_as_found(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.declare({"cors": {}})
    tenant.run()
    assert (rules_of(tenant), found(tenant)) == ([], {"cors": {}})


def test_a_profile_can_declare_it_too(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    server = {"namespaces": ["*"], "region": "us-east-1", "endpoint": {"url": stage.recorder.endpoint}}
    profile = BucketProfileSpec.model_validate({**server, "defaults": {"cors": {}}})
    tenant.run(profile=Profile("laws", profile))
    assert (rules_of(tenant), found(tenant)) == ([], {"cors": {}})


# a document that cannot be read, or kept


@pytest.mark.parametrize(("status", "code"), [(403, "AccessDenied"), (503, "SlowDown")])
def test_a_read_that_fails_changes_nothing_else(stage: Stage, status: int, code: str) -> None:
    """A right that the older release did not need is a right that nobody may have given yet."""
    tenant = verified_by_an_older_release(stage, APP)
    before = conditions(tenant)
    stage.recorder.fail("GetBucketCors", status, code, times=ALWAYS)
    stage.plain().delete_public_access_block(Bucket=tenant.bucket)
    made = tenant.run()
    assert (made.control("cors").state, made.control("publicAccessBlock").state) == ("Unknown", "Corrected")
    assert conditions(tenant) == before
    assert (found(tenant), rules_of(tenant)) == ({}, [APP])
    assert "An older release did not ask for it" in message(tenant)

    stage.recorder.heal()
    assert tenant.run().writes == ()
    assert found(tenant) == AS_FOUND


def test_a_read_that_fails_later_is_as_unknown_as_any(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    stage.recorder.fail("GetBucketCors", 403, "AccessDenied", times=ALWAYS)
    tenant.run()
    assert tenant.condition("Ready") == "Unknown AccessDenied"
    assert found(tenant) == AS_FOUND


def test_a_read_that_fails_counts_where_the_document_is_declared(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    stage.recorder.fail("GetBucketCors", 403, "AccessDenied", times=ALWAYS)
    tenant.declare({"cors": DECLARED})
    tenant.run()
    assert tenant.condition("Ready") == "Unknown AccessDenied"
    assert rules_of(tenant) == [APP]


def test_what_is_too_large_to_keep_is_left_alone(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage)
    before = conditions(tenant)
    large = [{"AllowedMethods": ["GET"], "AllowedOrigins": [f"https://{'a' * 90}{each}"]} for each in range(99)]
    put(tenant, *large)
    for _ in range(2):
        made = tenant.run()
        assert (made.writes, made.control("cors").state) == ((), "Unmanaged")
    assert rules_of(tenant) == large
    assert found(tenant) == {"cors": LEFT}
    assert message(tenant).startswith("found by this release, and not by the one before")
    assert "; kept entries of others: 1 GET https://" in message(tenant)
    assert conditions(tenant) == before
    tenant.declare({"cors": {}})
    tenant.run()
    assert rules_of(tenant) == []


def test_what_takes_the_place_of_something_too_large_is_not_kept_as_found(stage: Stage) -> None:
    tenant = verified_by_an_older_release(stage)
    put(tenant, *({"AllowedMethods": ["GET"], "AllowedOrigins": [f"https://{'a' * 90}{each}"]} for each in range(99)))
    tenant.run()
    put(tenant, {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://*.evil.example"]})
    made = tenant.run()
    assert (made.writes, made.control("cors").state, found(tenant)) == ((), "Unmanaged", {"cors": LEFT})


@pytest.mark.parametrize("mode", ["Observe", "Plan"])
def test_it_is_seen_in_every_mode(stage: Stage, mode: str) -> None:
    tenant = verified_by_an_older_release(stage, APP, mode="Enforce")
    tenant.declare({"mode": mode})
    tenant.run()
    assert (found(tenant), tenant.status.plan) == (AS_FOUND, None)


# an object that no older release has verified


def test_a_new_bucket_is_to_have_none(stage: Stage) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    assert found(tenant) == {"cors": {}}
    put(tenant, THEIRS)
    made = tenant.run()
    assert (made.control("cors").state, made.control("cors").drifted) == ("Corrected", True)
    assert rules_of(tenant) == []


def test_a_new_object_whose_right_is_missing_is_not_ready(stage: Stage) -> None:
    """Nobody has said of it that it is safe."""
    tenant = Tenant(stage)
    stage.recorder.fail("GetBucketCors", 403, "AccessDenied", times=ALWAYS)
    tenant.run()
    assert tenant.condition("Ready") == "Unknown AccessDenied"


def test_an_adopted_bucket_is_to_have_what_is_declared_once_somebody_said_yes(stage: Stage) -> None:
    """`securebucket adopt --as-is` declares what it finds; whoever writes the object by hand is asked."""
    tenant = Tenant(stage, {"bucketName": make_bucket(stage), "adoption": "Adopt"})
    put(tenant, APP)
    made = tenant.run()
    assert (made.control("cors").reason, rules_of(tenant)) == ("ApprovalRequired", [APP])
    assert found(tenant) == {"cors": {}}
    tenant.approve()
    tenant.run()
    assert rules_of(tenant) == []


def test_what_only_a_newer_release_knows_is_carried_along(stage: Stage) -> None:
    """So that going back a release, and on again, keeps what was found in between."""
    tenant = verified_by_an_older_release(stage, APP)
    tenant.run()
    tenant.status = tenant.status.model_copy(update={"found": {**AS_FOUND, "later": {"on": True}}})
    tenant.run()
    assert found(tenant) == {**AS_FOUND, "later": {"on": True}}


@pytest.mark.parametrize("odd", [{"rules": [{"id": "app", "invented": True}]}, "odd"])
def test_a_block_that_this_release_does_not_take_leaves_the_document_alone(stage: Stage, odd: Any) -> None:
    tenant = verified_by_an_older_release(stage, APP)
    tenant.status = tenant.status.model_copy(update={"found": {"cors": odd}})
    made = tenant.run()
    assert (made.writes, made.control("cors").state) == ((), "Unmanaged")
    assert found(tenant) == {"cors": odd}
