"""A region's name becomes a part of a host name: what can be none is not taken."""

import pytest

from securebucket.model.region import region_of


@pytest.mark.parametrize("name", ["eu-west-1", "us-gov-east-1", "default", "Garage", "zg1"])
def test_a_name_is_taken(name: str) -> None:
    assert region_of(name) == name


@pytest.mark.parametrize(
    "told", [None, "", "evil.example/#", "a b", "eu-west-1\n", "-", "-a", "a-", "a" * 64, "ä", "x@y", "\x1b[31m", 7.5]
)
def test_what_can_be_none_is_not(told: object) -> None:
    assert region_of(told) == ""
