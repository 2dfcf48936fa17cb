"""The law of convergence: what is put reads back as what was desired, and then nothing is left to do."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, seen, state_of
from tests.laws.pretend_s3 import PretendS3
from tests.laws.worlds import AnyControl, contexts, every_control, informed

from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import S3Calls
from securebucket.model.control import Context


@pytest.fixture(scope="module")
def server() -> PretendS3:
    return PretendS3()


@pytest.fixture(scope="module")
def client(server: PretendS3) -> BucketClient:
    return BucketClient(S3Calls(server.client()), "acme-invoices", ACCOUNT, other=server.client)


@pytest.fixture(autouse=True)
def _fresh(server: PretendS3) -> None:
    server.clear()


def _changes(control: AnyControl, situation: Context, client: BucketClient) -> Iterator[tuple[Any, Any]]:
    """Observe, decide, and put right; yields what was desired and what then reads back."""
    observed = seen(client, control)
    placed = informed(control, situation, observed)
    desired = control.desired(placed, observed)
    if desired != observed and control.refuse(placed, observed, desired) is None:
        for call in control.calls(placed, observed, desired):
            assert client.make(call) is None
        yield desired, seen(client, control)


@every_control
def test_a_bucket_that_was_never_configured_reads_as_that(control: AnyControl, client: BucketClient) -> None:
    assert seen(client, control) == state_of(control)


@every_control
def test_what_is_put_reads_back_as_desired(control: AnyControl, client: BucketClient, server: PretendS3) -> None:
    for situation in contexts(control):
        server.clear()
        for desired, after in _changes(control, situation, client):
            assert after == desired


@every_control
def test_a_second_pass_finds_nothing_to_do(control: AnyControl, client: BucketClient, server: PretendS3) -> None:
    for situation in contexts(control):
        server.clear()
        list(_changes(control, situation, client))
        assert list(_changes(control, situation, client)) == []


@every_control
def test_one_spec_after_another_reads_back_as_desired(
    control: AnyControl, client: BucketClient, server: PretendS3
) -> None:
    """Each ordered pair of specs, so that what the first declared and the second does not is really gone or kept."""
    for first in contexts(control):
        for second in contexts(control):
            server.clear()
            list(_changes(control, first, client))
            for desired, after in _changes(control, second, client):
                assert after == desired
