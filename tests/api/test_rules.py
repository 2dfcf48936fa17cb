"""Rules: each is tried by a sample, and inheritance neither loses nor doubles one."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError
from tests.api.samples import CHANGES, REFUSED

from securebucket.api.base import ApiModel
from securebucket.api.rule import VALIDATIONS, Rule, exactly_one, matches
from securebucket.api.spec import Controls, SecureBucketSpec
from securebucket.crd.definitions import definitions


def rules_in(schema: Any) -> Iterator[dict[str, str]]:
    if isinstance(schema, dict):
        yield from schema.get(VALIDATIONS, ())
        for value in schema.values():
            yield from rules_in(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from rules_in(item)


EVERY_MESSAGE = sorted({rule["message"] for rule in rules_in(definitions())})


@pytest.mark.parametrize("message", EVERY_MESSAGE)
def test_a_sample_breaks_the_rule(message: str) -> None:
    said = [refusal.says for refusal in REFUSED if not refusal.server] + [
        change.says for change in CHANGES if change.says
    ]
    assert any(words in message for words in said), "no sample breaks this rule: add one to tests/api"


class Parent(ApiModel):
    invariants = (Rule("has(self.a)", lambda model: model.a is not None, "give a", "a"),)

    a: int | None = None


class Child(Parent):
    invariants = (Rule("has(self.b)", lambda model: model.b is not None, "give b"),)

    b: int | None = None


class Grandchild(Child):
    """Adds nothing."""


@pytest.mark.parametrize("model", [Child, Grandchild])
def test_a_subclass_keeps_each_inherited_rule_once(model: type[ApiModel]) -> None:
    assert model.model_json_schema()[VALIDATIONS] == [
        {"rule": "has(self.a)", "message": "give a", "fieldPath": ".a"},
        {"rule": "has(self.b)", "message": "give b"},
    ]
    with pytest.raises(ValidationError) as caught:
        model.model_validate({})
    assert [(error["loc"], error["msg"]) for error in caught.value.errors()] == [(("a",), "give a"), ((), "give b")]


def test_the_spec_keeps_the_rules_of_its_controls() -> None:
    own = SecureBucketSpec.model_json_schema()[VALIDATIONS]
    inherited = Controls.model_json_schema()[VALIDATIONS]
    assert own[: len(inherited)] == inherited
    assert len(own) == len(SecureBucketSpec.all_invariants()) == len({rule["rule"] for rule in own})


def test_a_pattern_is_written_for_the_whole_text() -> None:
    rule = matches("it's [.]", "no")
    assert rule.cel == r"self.matches('^it\'s [.]$')"
    assert rule.holds("it's .")
    assert not rule.holds("it's .\n")


def test_exactly_one_counts_what_is_given() -> None:
    rule = exactly_one(a="a", b="b")
    assert rule.message == "give exactly one of a and b"
    assert [rule.holds(Child.model_construct(a=a, b=b)) for a, b in ((1, None), (None, 0), (None, None), (1, 1))] == [
        True,
        True,
        False,
        False,
    ]
