"""Verdicts: what tenants and servers have written is fit to be read in them."""

import pytest

from securebucket.model.verdict import LONGEST_REASON, failed, not_applicable, passed, unknown

each_kind = pytest.mark.parametrize("give", [failed, not_applicable, passed, unknown])


@each_kind
def test_a_reason_is_obeyed_by_no_terminal(give):
    assert give("the policy lets \x1b[31mX\u202e in").because == "the policy lets \\u001b[31mX\\u202e in"


@each_kind
def test_a_reason_of_any_length_is_cut(give):
    told = give("x" * 200_000).because
    assert len(told) < LONGEST_REASON + 30
    assert told.endswith("… (200000 characters)")
