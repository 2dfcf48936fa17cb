"""What S3 refuses as a whole document is refused before it is sent, and what is next to it is not."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.api.bodies import secure_bucket
from tests.controls.builders import context, state_of
from tests.laws.aws_model import problems_of

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import parse_secure_bucket
from securebucket.controls import CONTROLS
from securebucket.controls.acl_document import owner_query
from securebucket.engine.outcome import Change
from securebucket.engine.plan import make_plan
from securebucket.model.bucket import Origin
from securebucket.model.surroundings import BucketOwner
from securebucket_dev.generate.refusals_page import refusals_page
from securebucket_dev.refusals.refused import Refused
from securebucket_dev.refusals.table import TABLE

OWNED = {owner_query(context()): BucketOwner("owner")}

every_rule = pytest.mark.parametrize("each", TABLE, ids=lambda each: each.rule)
in_plan = pytest.mark.parametrize("each", [each for each in TABLE if each.reason], ids=lambda each: each.rule)


def is_late(each: Refused) -> bool:
    """Tell whether an object that was stored before the rule is still read."""
    try:
        parse_secure_bucket(secure_bucket(each.refused), stored=True)
    except InvalidObject:
        return False
    return not each.reason


late = pytest.mark.parametrize("each", [each for each in TABLE if is_late(each)], ids=lambda each: each.rule)


def planned(each: Refused, spec: Mapping[str, Any]) -> dict[str, Change]:
    """Plan a spec for the bucket as the row has it: without anything, or with what is found there."""
    observed = {control.name: state_of(control, *each.found.get(control.name, ())) for control in CONTROLS}
    origin = Origin.ADOPTED if each.found else Origin.CREATED
    wanted = context(spec, observed, OWNED, origin=origin)
    return {change.control: change for change in make_plan(wanted, CONTROLS)}


def test_there_are_sixty_rules_with_a_page_of_aws_each() -> None:
    assert len({each.rule for each in TABLE}) == len(TABLE) >= 60
    assert all(each.url.startswith("https://docs.aws.amazon.com/") for each in TABLE)
    assert all(bool(each.says) is not bool(each.reason) for each in TABLE)


def test_every_rule_is_on_the_page() -> None:
    page = refusals_page()
    assert all(f"| {each.rule} |" in page for each in TABLE)


@in_plan
def test_the_plan_refuses_it_by_name(each: Refused) -> None:
    assert parse_secure_bucket(secure_bucket(each.refused))
    change = planned(each, each.refused)[each.field.partition(".")[0]]
    assert change.refusal
    assert change.refusal.reason == each.reason
    assert change.calls == ()


@every_rule
def test_its_nearest_neighbour_is_planned_and_valid_by_the_service_model(each: Refused) -> None:
    assert parse_secure_bucket(secure_bucket(each.taken))
    changes = planned(each, each.taken)
    for name in {each.field.partition(".")[0].partition("[")[0], *each.taken} & {control.name for control in CONTROLS}:
        change = changes.get(name)
        if change is not None:
            assert change.refusal is None
            assert [problem for call in change.calls for problem in problems_of(call)] == []


@late
def test_a_stored_object_that_breaks_a_later_rule_loses_the_one_control_only(each: Refused) -> None:
    spec = parse_secure_bucket(secure_bucket(each.refused), stored=True).spec
    refused = {
        name: change.refusal
        for name, change in planned(each, spec.model_dump(by_alias=True, exclude_unset=True)).items()
        if change.refusal
    }
    (control,) = refused
    assert control == each.field.partition(".")[0]
    assert refused[control].reason == "InvalidSpec"
    assert f"spec.{each.field}: " in refused[control].message
    assert each.says in refused[control].message
