"""HTTP/1.1 as the proxy reads and writes it."""

from io import BytesIO

import pytest

from securebucket_dev.s3.wire import Message, WireError, read_body, read_head


def parsed(text: bytes, *, until_close: bool = False) -> Message:
    stream = BytesIO(text)
    head = read_head(stream)
    assert head is not None
    return Message(head.start, head.headers, read_body(stream, head, until_close=until_close))


def test_headers_go_on_in_their_order_and_spelling() -> None:
    """A signature covers them."""
    sent = b"GET /b?policy HTTP/1.1\r\nHost: a:1\r\nX-Amz-Date: now\r\nx-AMZ-content: \xe9\r\n\r\n"
    assert parsed(sent).encode(bodiless=True) == sent


def test_headers_of_one_connection_do_not_go_on() -> None:
    sent = b"PUT /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"
    assert parsed(sent).encode() == b"PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"


def test_chunks_become_one_body_with_a_length() -> None:
    sent = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nx-sum: 1\r\n\r\n"
    assert parsed(sent).encode() == b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde"


def test_an_answer_without_length_goes_on_until_the_end() -> None:
    assert parsed(b"HTTP/1.1 200 OK\r\n\r\nall of it", until_close=True).body == b"all of it"


def test_a_request_without_length_has_no_body() -> None:
    assert parsed(b"GET / HTTP/1.1\r\n\r\nGET /next").body == b""


def test_the_length_of_an_answer_to_head_is_kept() -> None:
    """There it is the length that GET would have."""
    sent = b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n"
    stream = BytesIO(sent)
    head = read_head(stream)
    assert head is not None
    assert head.encode(bodiless=True) == sent


def test_a_closed_connection_is_no_message() -> None:
    assert read_head(BytesIO(b"")) is None


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nnot a header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nHost: cut",
    ],
)
def test_half_a_message_is_an_error(text: bytes) -> None:
    with pytest.raises(WireError):
        parsed(text)
