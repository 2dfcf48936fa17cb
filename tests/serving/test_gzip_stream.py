"""gzip is given to who wants it, and is what was given to it."""

import gzip

import pytest

from securebucket.serving.gzip_stream import accepts_gzip, compressed


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br, xgzip", False),
        ("", False),
    ],
)
def test_gzip_is_used_where_it_is_welcome(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_what_is_compressed_is_the_same() -> None:
    made = list(compressed(iter((b"<!DOCTYPE html>", b"", b"bucket " * 1000)), 1))
    assert gzip.decompress(b"".join(made)) == b"<!DOCTYPE html>" + b"bucket " * 1000
    assert len(made[0]) > 15  # the first lines do not wait for the rest
