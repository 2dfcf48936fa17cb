"""A scrape over the wire: the library's formats to the byte, in whatever way it is asked for."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import generate_latest
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text
from prometheus_client.registry import Collector
from tests.metrics.sightings import FLEET, KEY, NASTY, instruments_of, sighting

from securebucket.metrics.exposition import MetricsServer, write
from securebucket.metrics.fleet import Sighting
from securebucket.metrics.instruments import Instruments
from securebucket.metrics.object_gauge import CHUNK, SHARED
from securebucket.model.bucket import ObjectKey

PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)
ACCEPTED = {
    "nothing": "",
    "a browser": "text/html,*/*;q=0.8",
    "text": "text/plain;version=0.0.4",
    "text 1.0": "text/plain;version=1.0.0",
    "OpenMetrics": "application/openmetrics-text",
    "OpenMetrics 2.0": "application/openmetrics-text;version=2.0.0",
    "Prometheus 2": PROMETHEUS_2,
    "Prometheus 3": PROMETHEUS_3,
    "values": "text/plain;version=1.0.0;escaping=values",
    "dots": "text/plain;version=1.0.0;escaping=dots",
}
every_accept = pytest.mark.parametrize("accept", ACCEPTED.values(), ids=ACCEPTED)


@contextmanager
def serving(instruments: Instruments) -> Iterator[MetricsServer]:
    server = MetricsServer(instruments, "127.0.0.1", 0)
    try:
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def instruments() -> Instruments:
    """Metrics that no test changes: a server takes half a second to stop."""
    return instruments_of(FLEET)


@pytest.fixture(scope="module")
def server(instruments: Instruments) -> Iterator[MetricsServer]:
    with serving(instruments) as server:
        yield server


@dataclass(frozen=True)
class Answer:
    headers: Message
    body: bytes


def ask(server: MetricsServer, query: str = "", method: str = "GET", **headers: str) -> Answer:
    """Ask for the metrics; a header is written with `_`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(f"http://127.0.0.1:{server.port}/metrics{query}", headers=named, method=method)
    with urlopen(request, timeout=5) as answer:  # noqa: S310 - our own loopback address
        return Answer(answer.headers, answer.read())


# The law: what is written fast is what the library writes


@every_accept
def test_every_format_is_the_library_s_to_the_byte(
    server: MetricsServer, instruments: Instruments, accept: str
) -> None:
    encode, content_type = choose_encoder(accept)
    answer = ask(server, Accept=accept)
    assert answer.headers["Content-Type"] == content_type
    assert answer.body == encode(instruments.registry)


TEXTS = st.text(max_size=8) | st.sampled_from(["", "\\", '"', "\n", "\\n", '\\"', NASTY])
SIGHTINGS = st.builds(
    Sighting,
    bucket=TEXTS,
    account=TEXTS,
    region=TEXTS,
    profile=TEXTS,
    mode=TEXTS,
    conditions=st.dictionaries(
        st.sampled_from(["Ready", "InSync", "Compliant", "Stalled"]), st.sampled_from([0.0, 1.0])
    ),
    drifted=st.lists(TEXTS, max_size=3).map(tuple),
    verdicts=st.lists(
        st.tuples(TEXTS, TEXTS, st.sampled_from(["pass", "fail", "excepted", "notApplicable", "unknown"])), max_size=4
    ).map(tuple),
    verified_at=st.floats(min_value=0.0),
    oldest_reading=st.floats(min_value=0.0),
)
FLEETS = st.dictionaries(st.builds(ObjectKey, TEXTS, TEXTS), SIGHTINGS, max_size=4)


@settings(deadline=None)  # a busy machine proves nothing about the text
@given(FLEETS)
def test_any_fleet_is_written_as_the_library_writes_it(fleet: dict[ObjectKey, Sighting]) -> None:
    registry = instruments_of(fleet).registry
    for accept in ("", PROMETHEUS_2, PROMETHEUS_3):
        encode, _ = choose_encoder(accept)
        assert b"".join(write(registry, encode)) == encode(registry)


def test_a_fleet_of_many_pieces_is_written_whole() -> None:
    """More text than is written at once, and more different rows than are remembered."""
    fleet = {
        ObjectKey("n", f"o-{each}"): sighting(bucket=f"b-{each}", verified_at=1.5 + each) for each in range(SHARED + 9)
    }
    registry = instruments_of(fleet).registry
    parts = list(write(registry, generate_latest))
    assert b"".join(parts) == generate_latest(registry)
    assert max(map(len, parts)) < 2 * CHUNK


# Reading it back


@pytest.mark.parametrize(("accept", "parse"), [("", parse_text), (PROMETHEUS_2, parse_openmetrics)])
def test_what_is_written_can_be_read_back(
    server: MetricsServer, instruments: Instruments, accept: str, parse: Any
) -> None:
    def read(families: Any) -> dict[str, tuple[str, str, list[Any]]]:
        """Leave out the order of the families and how a format names a counter's."""
        return {
            family.name.removesuffix("_total"): (
                family.documentation,
                family.type,
                sorted((each.name, sorted(each.labels.items()), each.value) for each in family.samples),
            )
            for family in families
        }

    assert read(parse(ask(server, Accept=accept).body.decode())) == read(instruments.registry.collect())


def test_every_label_comes_back_as_it_was(server: MetricsServer) -> None:
    read = {family.name: family for family in parse_text(ask(server).body.decode())}
    failing = [each.labels for each in read["securebucket_check_failing"].samples if each.labels["name"] == NASTY]
    assert failing == [{"namespace": NASTY, "name": NASTY, "check": NASTY, "severity": NASTY}]


# Compression


def test_prometheus_gets_gzip(server: MetricsServer) -> None:
    plain = ask(server, Accept=PROMETHEUS_2)
    answer = ask(server, Accept=PROMETHEUS_2, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == plain.body
    assert len(answer.body) < len(plain.body)


@pytest.mark.parametrize("encoding", ["", "identity", "deflate, br", "gzip;q=0"])
def test_who_cannot_read_gzip_gets_none(server: MetricsServer, encoding: str) -> None:
    answer = ask(server, Accept_Encoding=encoding)
    assert answer.headers["Content-Encoding"] is None
    assert answer.body.startswith(b"# HELP securebucket_info ")


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_length_is_told(server: MetricsServer, encoding: str) -> None:
    """A connection that breaks half-way must not look like a smaller fleet."""
    answer = ask(server, Accept_Encoding=encoding)
    assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_a_stream_of_gzip_ends_with_its_sum(server: MetricsServer) -> None:
    stream = zlib.decompressobj(wbits=31)
    stream.decompress(ask(server, Accept_Encoding="gzip").body)
    assert stream.eof
    assert stream.unused_data == b""


# Other requests


def test_a_scrape_may_ask_for_some_metrics(server: MetricsServer) -> None:
    found = {
        each.name
        for each in parse_text(ask(server, "?name[]=securebucket_ready&name%5B%5D=securebucket_leader").body.decode())
    }
    assert found == {"securebucket_ready", "securebucket_leader"}


def test_a_parameter_that_means_nothing_changes_nothing(server: MetricsServer) -> None:
    assert ask(server, "?module=x").body == ask(server).body


def test_nothing_can_be_sent(server: MetricsServer) -> None:
    with pytest.raises(HTTPError, match="405") as error:
        ask(server, method="POST")
    error.value.close()


class Broken(Collector):
    """Fails in the middle of a scrape."""

    def collect(self) -> Iterator[Any]:
        raise RuntimeError("no")

    def describe(self) -> list[Any]:
        return []


def test_a_fault_is_an_error_and_not_half_a_fleet(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = instruments_of(FLEET)
    broken.registry.register(Broken())
    with serving(broken) as server, pytest.raises(HTTPError, match="500") as error:
        ask(server)
    error.value.close()
    assert "RuntimeError: no" in caplog.text
    assert capfd.readouterr().err == ""  # past the log, nobody would find it


# Who exports what, and how long


def test_a_replica_that_does_not_lead_tells_that_and_its_own_work() -> None:
    with serving(instruments_of(FLEET, leading=False)) as server:
        text = ask(server).body
    assert b"\nsecurebucket_leader 0.0\n" in text
    assert b"securebucket_aws_requests_total{" in text
    assert b"namespace=" not in text


def test_an_object_that_is_gone_is_gone_from_the_next_scrape() -> None:
    fleet = instruments_of(FLEET)
    with serving(fleet) as server:
        before = ask(server).body
        fleet.gone(KEY)
        after = ask(server).body
    for series in (b'name="invoices"', b'securebucket_checks{check="a"'):
        assert series in before
        assert series not in after


def test_a_port_that_is_taken_is_an_error(server: MetricsServer, instruments: Instruments) -> None:
    with pytest.raises(OSError, match="in use"):
        MetricsServer(instruments, "127.0.0.1", server.port)
