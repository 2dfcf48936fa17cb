"""The words for what pydantic finds, where no sample of the API can show them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from securebucket.api.errors import Location, explain, write_path
from securebucket.api.spec import SecureBucketSpec


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ((), ""),
        (("spec",), "spec"),
        (("spec", "policy", "allow", 0, "actions", 1), "spec.policy.allow[0].actions[1]"),
        (("spec", "tags", "tagSet", "acme.example/team"), "spec.tags.tagSet[acme.example/team]"),
        (("tagSet", "", "[key]"), "tagSet[]"),
        ((0, "id"), "[0].id"),
    ],
)
def test_writes_a_path_as_people_do(location: Location, path: str) -> None:
    assert write_path(location) == path


def test_makes_no_suggestion_without_the_model() -> None:
    with pytest.raises(ValidationError) as caught:
        SecureBucketSpec.model_validate({"encyption": {}})
    (error,) = explain(caught.value)
    assert str(error) == "encyption: there is no such field; check its spelling and its indentation, or remove it"


def test_leaves_words_that_it_does_not_know_as_pydantic_has_them() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(bytes).validate_python(object())
    (error,) = explain(caught.value)
    assert error.message == "Input should be a valid bytes"


def test_keeps_a_list_that_is_too_short_by_itself() -> None:
    with pytest.raises(ValidationError) as caught:
        SecureBucketSpec.model_validate({"policy": {"allow": [{"principals": [], "actions": ["ec2:Run"]}]}})
    assert [error.path for error in explain(caught.value)] == [
        "policy.allow[0].principals",
        "policy.allow[0].actions[0]",
    ]


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    with pytest.raises(ValidationError) as raised:
        SecureBucketSpec.model_validate({f"field{number}": 1 for number in range(5000)})
    told = explain(raised.value, SecureBucketSpec)
    assert [each.path for each in told[:2]] == ["field0", "field1"]
    assert str(told[-1]) == "and 4900 more faults"
    assert len(told) == 101
