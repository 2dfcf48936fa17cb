from typing import Any

import pytest

from securebucket.api.lifecycle import LifecycleFilter
from securebucket.controls.object_filter import covers, declared_filter, read_filter, write_filter


@pytest.mark.parametrize(
    ("written", "flat"),
    [
        pytest.param({}, {}, id="neither filter nor prefix"),
        pytest.param({"Filter": {}}, {}, id="empty filter"),
        pytest.param({"Filter": {"Prefix": ""}}, {}, id="empty prefix in the filter"),
        pytest.param({"Prefix": ""}, {}, id="empty legacy prefix"),
        pytest.param({"Prefix": "", "Filter": {}}, {}, id="both, empty"),
        pytest.param({"Filter": {"And": {"Prefix": ""}}}, {}, id="And of nothing"),
        pytest.param({"Prefix": "x/"}, {"Prefix": "x/"}, id="legacy prefix"),
        pytest.param({"Filter": {"Prefix": "x/"}}, {"Prefix": "x/"}, id="prefix in the filter"),
        pytest.param({"Filter": {"And": {"Prefix": "x/"}}}, {"Prefix": "x/"}, id="And of one"),
        pytest.param({"Prefix": "x/", "Filter": {"Prefix": ""}}, {"Prefix": "x/"}, id="legacy prefix beside a filter"),
        pytest.param({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, {"Tags": {"a": "b"}}, id="bare tag"),
        pytest.param(
            {"Filter": {"And": {"Tags": [{"Key": "a", "Value": "b"}]}}}, {"Tags": {"a": "b"}}, id="And of one tag"
        ),
        pytest.param(
            {"Filter": {"And": {"Prefix": "x/", "Tags": [{"Key": "c", "Value": ""}, {"Key": "a", "Value": "b"}]}}},
            {"Prefix": "x/", "Tags": {"a": "b", "c": ""}},
            id="tags in any order",
        ),
        pytest.param(
            {"Filter": {"ObjectSizeGreaterThan": 0}},
            {"ObjectSizeGreaterThan": 0},
            id="larger than nothing says something",
        ),
        pytest.param(
            {"Filter": {"And": {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 9}}},
            {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 9},
            id="sizes",
        ),
    ],
)
def test_one_meaning_of_a_filter_has_one_form(written: dict[str, Any], flat: dict[str, Any]) -> None:
    assert read_filter(written) == flat


@pytest.mark.parametrize(
    ("flat", "written"),
    [
        ({}, {"Prefix": ""}),
        ({"Prefix": "x/"}, {"Prefix": "x/"}),
        ({"Tags": {"a": "b"}}, {"Tag": {"Key": "a", "Value": "b"}}),
        ({"ObjectSizeLessThan": 9}, {"ObjectSizeLessThan": 9}),
        (
            {"Tags": {"c": "d", "a": "b"}},
            {"And": {"Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]}},
        ),
        ({"Prefix": "x/", "ObjectSizeGreaterThan": 1}, {"And": {"Prefix": "x/", "ObjectSizeGreaterThan": 1}}),
        (
            {"Prefix": "x/", "Tags": {"a": "b"}},
            {"And": {"Prefix": "x/", "Tags": [{"Key": "a", "Value": "b"}]}},
        ),
    ],
)
def test_a_filter_has_an_and_only_around_two_predicates_or_more(flat: dict[str, Any], written: dict[str, Any]) -> None:
    """S3 answers MalformedXML to an `And` of one, and to two predicates without it."""
    assert write_filter(flat) == written
    assert read_filter({"Filter": written}) == flat


def test_a_declared_filter_says_only_what_is_given() -> None:
    assert declared_filter(LifecycleFilter()) == {}
    assert declared_filter(LifecycleFilter(prefix="", tags={"a": "b"}, object_size_greater_than=0)) == {
        "Tags": {"a": "b"},
        "ObjectSizeGreaterThan": 0,
    }


SIZES = {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 50}


@pytest.mark.parametrize(
    ("outer", "inner", "covered"),
    [
        pytest.param({}, {"Prefix": "x/"}, True, id="all objects cover some"),
        pytest.param({"Prefix": "x/"}, {}, False, id="some do not cover all"),
        pytest.param({"Prefix": "x/"}, {"Prefix": "x/y"}, True, id="longer prefix"),
        pytest.param({"Prefix": "x/y"}, {"Prefix": "x/"}, False, id="shorter prefix"),
        pytest.param({"Tags": {"a": "b"}}, {"Tags": {"a": "b", "c": "d"}}, True, id="one tag more"),
        pytest.param({"Tags": {"a": "b", "c": "d"}}, {"Tags": {"a": "b"}}, False, id="one tag less"),
        pytest.param({"Tags": {"a": "b"}}, {"Tags": {"a": "c"}}, False, id="another value"),
        pytest.param(SIZES, SIZES, True, id="the same sizes"),
        pytest.param(SIZES, {"ObjectSizeGreaterThan": 6, "ObjectSizeLessThan": 49}, True, id="fewer sizes"),
        pytest.param(SIZES, {"ObjectSizeGreaterThan": 4, "ObjectSizeLessThan": 50}, False, id="smaller ones too"),
        pytest.param(SIZES, {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 51}, False, id="larger ones too"),
        pytest.param({"Future": 1}, {"Future": 1}, True, id="an equal predicate that is not known here"),
        pytest.param({"Future": 1}, {"Future": 2}, False, id="another predicate that is not known here"),
    ],
)
def test_covers_tells_whether_no_object_is_added(outer: dict[str, Any], inner: dict[str, Any], covered: bool) -> None:
    assert covers(outer, inner) is covered
