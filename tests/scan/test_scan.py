"""A scan over a real server: one defect, or one bucket, never takes the others along."""

from collections.abc import Iterator

import pytest
from tests.cli.accounts import make_buckets

from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure
from securebucket.scan.scan import Scan, Scanned, Scope, Terms
from securebucket_dev.s3.localstack import LocalStack


class DefectiveAws(Aws):
    """Has a defect that one bucket brings out."""

    def bucket(self, binding: Binding, identity: Identity, name: str, region: str) -> BucketClient | Failure:
        """Give the client of a bucket."""
        if name == "acme-two":
            raise KeyError("an answer that nobody thought of")
        return super().bucket(binding, identity, name, region)


@pytest.fixture
def binding(localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Binding]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", localstack.endpoint)
    make_buckets("acme-one", "acme-two", "acme-three")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    return Binding(region="us-east-1", endpoint=localstack.endpoint)


def scan(aws: Aws, binding: Binding, scope: Scope = Scope(), told: list[tuple[int, int]] | None = None) -> Scanned:  # noqa: B008 - it is frozen
    """Scan, and note how far it said that it was."""
    seen = [] if told is None else told
    found = Scan(aws, binding, lambda done, total, _: seen.append((done, total)), Terms(workers=2)).run(scope)
    assert isinstance(found, Scanned)
    return found


def test_a_defect_costs_one_bucket(binding: Binding) -> None:
    found = scan(DefectiveAws(lambda *_: None), binding)
    failures = {each.observation.bucket.name: each.failure for each in found.buckets}
    assert failures["acme-one"] is failures["acme-three"] is None
    failure = failures["acme-two"]
    assert failure is not None
    assert failure.reason == "InternalError"
    assert "KeyError" in failure.message
    assert "Please report it" in failure.message


def test_how_far_it_is_is_told_from_nothing_to_all(binding: Binding) -> None:
    told: list[tuple[int, int]] = []
    scan(Aws(lambda *_: None), binding, told=told)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("scope", "buckets", "whole"),
    [(Scope(), 3, True), (Scope(patterns=("acme-t*",)), 3, False), (Scope(names=("acme-one",)), None, False)],
)
def test_how_many_buckets_the_account_has_is_told_where_they_were_listed(
    scope: Scope, buckets: int | None, whole: bool, binding: Binding
) -> None:
    found = scan(Aws(lambda *_: None), binding, scope)
    assert found.account is not None
    assert (found.account.account_id, found.account.buckets) == ("000000000000", buckets)
    assert scope.whole is whole
