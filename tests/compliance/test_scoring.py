"""Scores: a share of what passed or failed, and never better than it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.compliance.scoring import score
from securebucket.model.verdict import Result

P, F, E, U, N = Result.PASS, Result.FAIL, Result.EXCEPTED, Result.UNKNOWN, Result.NOT_APPLICABLE

SCORES: dict[str, tuple[list[Result], float | None, int | None]] = {
    "nothing": ([], None, None),
    "nothing that could be judged": ([E, U, N], None, None),
    "all passed": ([P, P], 1.0, 100),
    "all failed": ([F], 0.0, 0),
    "two of three, rounded down": ([P, P, F], 2 / 3, 66),
    "one failure in a thousand is not flawless": ([P] * 999 + [F], 0.999, 99),
    "an accepted failure counts neither way": ([P, F, E, E], 0.5, 50),
    "an unknown counts neither way": ([P, U, U], 1.0, 100),
    "what does not apply counts neither way": ([P, F, N], 0.5, 50),
    "29 of 100, which is 28.999… in floating point": ([P] * 29 + [F] * 71, 0.29, 29),
    "57 of 100, which is 56.999… in floating point": ([P] * 57 + [F] * 43, 0.57, 57),
}


@pytest.mark.parametrize(("results", "ratio", "percent"), SCORES.values(), ids=SCORES.keys())
def test_score(results: list[Result], ratio: float | None, percent: int | None) -> None:
    found = score(results)
    assert (found.ratio, found.percent) == (ratio, percent)


def test_every_result_is_counted() -> None:
    assert score([P, F, F, E, U, N]).counts == {P: 1, F: 2, E: 1, U: 1, N: 1}


@given(st.lists(st.sampled_from(Result), max_size=400))
def test_only_a_flawless_bucket_has_100(results: list[Result]) -> None:
    percent = score(results).percent
    assert (percent == 100) == (P in results and F not in results)
    assert percent is None or 0 <= percent <= 100
