import io
import json
import logging

import pytest

from securebucket.process.logs import bind, configure_logs, redact


@pytest.fixture
def stream():
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield io.StringIO()
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object(stream):
    configure_logs("json", "INFO", stream)
    logging.getLogger("securebucket.test").info("found %d\nthings", 3)
    (line,) = lines(stream)
    assert line["message"] == "found 3\nthings"
    assert (line["level"], line["logger"]) == ("info", "securebucket.test")
    assert line["ts"].endswith("+00:00")


def test_the_object_at_work_is_on_every_line(stream):
    configure_logs("json", "INFO", stream)
    log = logging.getLogger("anything")
    with bind(namespace="payments", name="invoices"):
        with bind(bucket="acme"):
            log.info("inner", extra={"control": "encryption"})
        log.info("outer")
    log.info("after")
    inner, outer, after = lines(stream)
    assert inner.items() >= {"namespace": "payments", "bucket": "acme", "control": "encryption"}.items()
    assert outer["name"] == "invoices"
    assert "bucket" not in outer
    assert "namespace" not in after


def test_an_exception_comes_with_its_trace(stream):
    configure_logs("json", "INFO", stream)
    try:
        raise ValueError("secret_access_key=abcd1234")  # noqa: TRY301 - it is raised to be logged
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines(stream)
    assert "ValueError" in line["exception"]
    assert "abcd1234" not in line["exception"]


def test_text_is_for_people(stream):
    configure_logs("text", "INFO", stream)
    with bind(namespace="payments"):
        logging.getLogger("x").warning("look")
    assert "WARNING look  [namespace=payments]" in stream.getvalue()


def test_a_text_from_outside_cannot_write_a_line_of_its_own_for_people(stream):
    configure_logs("text", "INFO", stream)
    logging.getLogger("x").info("Sid %s", "a\n12:00:00 INFO    all is well\x1b[2K\u2028\ud800", extra={"actor": "b\rc"})
    (line,) = stream.getvalue().splitlines()
    assert line.endswith(r"INFO    Sid a\n12:00:00 INFO    all is well\u001b[2K\u2028\ud800  [actor=b\rc]")


def test_nor_can_the_message_of_an_exception(stream):
    configure_logs("text", "INFO", stream)
    try:
        raise ValueError("a\n12:00:00 INFO    all is well\x1b")  # noqa: TRY301 - it is raised to be logged
    except ValueError:
        logging.getLogger("x").exception("failed")
    first, *trace = stream.getvalue().split("\n")
    assert first.endswith("ERROR   failed")
    assert all(line.startswith("  ") for line in trace[:-1])
    assert "\x1b" not in stream.getvalue()


def test_half_a_character_is_written_by_programs_too(stream):
    configure_logs("json", "INFO", stream)
    logging.getLogger("x").info("Sid \ud800", extra={"sid": "\ud800"})
    (line,) = lines(stream)
    assert (line["message"], line["sid"]) == ("Sid \ufffd", "\ufffd")


def test_levels_below_the_wanted_are_left_out(stream):
    configure_logs("json", "WARNING", stream)
    logging.getLogger("x").info("no")
    logging.getLogger("kopf.objects").info("no")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer eyJhbGciOi.x.y", "eyJhbGciOi"),
        ("key AKIAIOSFODNN7EXAMPLE is unknown", "AKIAIOSFODNN7EXAMPLE"),
        ("?X-Amz-Security-Token=IQoJb3JpZ2lu&x=1", "IQoJb3JpZ2lu"),
        ("{'SecretAccessKey': 'wJalrXUtnFEMI', 'x': 1}", "wJalrXUtnFEMI"),
        ('externalId: "s3cr3t-id"', "s3cr3t-id"),
        ("aws_session_token=FwoGZXIvYXdzE", "FwoGZXIvYXdzE"),
    ],
)
def test_what_looks_like_a_credential_is_hidden(text, secret):
    assert secret not in redact(text)
    assert "***" in redact(text)


def test_other_text_is_left_as_it_is():
    text = "put back: versioning.status (PutBucketVersioning) of arn:aws:s3:::acme by token bucket"
    assert redact(text) == text
