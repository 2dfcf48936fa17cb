"""Sending a body piece by piece, over a real pair of sockets."""

import socket
from collections.abc import Iterator

import pytest

from securebucket.reporting.report_seats import AT_ONCE, Seats
from securebucket.reporting.report_sending import Sending

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Our end and the client's."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_chunks_are_as_http_has_them(pair: Pair) -> None:
    sending = Sending(pair[0], chunked=True)
    for piece in (b"bucket", b"", b"x" * 16):
        sending.send(piece)
    sending.end()
    assert pair[1].recv(100) == b"6\r\nbucket\r\n10\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n"


def test_without_chunks_the_body_goes_as_it_is(pair: Pair) -> None:
    sending = Sending(pair[0], chunked=False)
    sending.send(b"bucket")
    sending.end()
    assert pair[1].recv(100) == b"bucket"


def test_a_client_that_takes_too_long_in_all_is_given_up(pair: Pair) -> None:
    sending = Sending(pair[0], chunked=True, left=0.2)
    with pytest.raises(TimeoutError):
        sending.send(b"x" * 10_000_000)


def test_a_client_whose_time_is_used_up_gets_nothing_more(pair: Pair) -> None:
    with pytest.raises(TimeoutError, match="longer than allowed"):
        Sending(pair[0], chunked=True, left=0.0).send(b"bucket")


def test_seats_are_given_back() -> None:
    seats = Seats(longest_wait=0.0)
    for _ in range(AT_ONCE + 1):
        with seats.take() as free:
            assert free
