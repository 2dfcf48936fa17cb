import pytest

from securebucket.api.duration import is_interval, parse_interval


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1m", 60),
        ("60s", 60),
        ("90s", 90),
        ("30m", 1800),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h0m1s", 3601),
        ("24h", 86400),
    ],
)
def test_reads(text: str, seconds: int) -> None:
    assert parse_interval(text) == seconds
    assert is_interval(text)


@pytest.mark.parametrize("text", ["0s", "1s", "59s", "0h0m59s"])
def test_refuses_less_than_a_minute(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is too short; write 1m or more"):
        parse_interval(text)
    assert not is_interval(text)


@pytest.mark.parametrize(
    "text", ["", "1", "1d", "1.5h", "30m1h", "1h 30m", " 1h", "1h\n", "-1h", "+1h", "1H", "99999h", "\u0661h", "hms"]
)
def test_refuses_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"write e[.]g[.] 30m or 1h30m"):
        parse_interval(text)
    assert not is_interval(text)
