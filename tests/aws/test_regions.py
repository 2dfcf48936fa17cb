"""Regions come from anywhere: those that AWS does not have are refused, and none fills the memory."""

from typing import Any

import pytest

from securebucket.aws.account import Identity
from securebucket.aws.edge import Aws
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.regions import UnknownRegionError
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure

ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)


def sessions(**options: Any) -> Sessions:
    return Sessions(lambda _: None, **options)


@pytest.mark.parametrize("region", ["us-east-17", "evil.example/#", "EU", "eu-central-1 "])
def test_a_region_that_aws_does_not_have_is_refused(region: str) -> None:
    """It comes from specs, from ARNs and from servers; a client for each would fill the memory."""
    known = sessions()
    with pytest.raises(UnknownRegionError, match="has no region"):
        known.client(Binding(), "s3", region)
    found = Aws(lambda *_: None).bucket(Binding(), Identity(ACCOUNT, "", "aws"), "acme", region)
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, "spec.region" in found.message) == ("InvalidRegion", False, True)


@pytest.mark.parametrize(
    ("binding", "variable"),
    [
        (Binding(endpoint="http://127.0.0.1:9000"), ""),
        (Binding(), "AWS_ENDPOINT_URL"),
        (Binding(), "AWS_ENDPOINT_URL_S3"),
    ],
)
def test_another_server_names_its_regions_as_it_likes(
    monkeypatch: pytest.MonkeyPatch, binding: Binding, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, "http://127.0.0.1:9000")
    assert sessions().client(binding, "s3", "garage").meta.region_name == "garage"


def test_an_endpoint_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Manifests and compose files have `AWS_ENDPOINT_URL: ""` where nothing was filled in; the SDK asks AWS then."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")
    with pytest.raises(UnknownRegionError):
        sessions().client(Binding(), "s3", "us-east-17")


def test_made_up_regions_do_not_fill_the_memory() -> None:
    known = sessions(_clients=LatelyUsed(3))
    binding = Binding(endpoint="http://127.0.0.1:9000")
    for number in range(8):
        known.client(binding, "s3", f"region-{number}")
    assert len(known._clients) == 3
