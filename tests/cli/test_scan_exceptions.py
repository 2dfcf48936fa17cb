"""Failures that are accepted: `securebucket scan --exceptions`."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.accounts import (
    make_buckets,
    open_to_public,
)
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder


def exception(**spec: Any) -> str:
    """Write a BucketException."""
    given = {
        "check": "public-read-prevented",
        "bucketName": "acme-one",
        "reason": "the web site's pictures",
        "approver": "ciso@example.com",
        "expiresAt": "2999-01-01T00:00:00Z",
        **spec,
    }
    metadata = {"name": "pictures", "namespace": "web", "creationTimestamp": "2998-12-01T00:00:00Z"}
    return yaml.safe_dump(
        {"apiVersion": "securebucket.io/v1alpha1", "kind": "BucketException", "metadata": metadata, "spec": given}
    )


def test_an_exception_accepts_a_failure(s3: Recorder, run: Run, tmp_path: Path) -> None:
    make_buckets("acme-one")
    open_to_public("acme-one")
    file = tmp_path / "exceptions.yaml"
    file.write_text(exception())
    only = ("--check", "public-read-prevented", "--exceptions", str(file))
    ran = run("scan", *only)
    assert ran.code == 0
    assert "excepted" in ran.out
    assert "accepted by ciso@example.com until 2999-01-01: the web site's pictures" in ran.out
    ran = run("scan", *only, "-o", "json")
    (known,) = ran.json()["exceptions"]
    assert (known["name"], known["bucketName"], known["standing"]) == ("web/pictures", "acme-one", "InForce")
    file.write_text(exception(expiresAt="2001-01-01T00:00:00Z"))
    ran = run("scan", *only)
    assert ran.code == 2
    assert "the exception web/pictures ended on 2001-01-01" in ran.out


def test_an_exception_for_a_bucket_that_is_not_there_is_told(s3: Recorder, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(exception())
    ran = run("scan", "--exceptions", str(file))
    assert ran.code == 0
    assert ran.errors == ["warning: exception web/pictures is for bucket acme-one, which the account does not have."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (exception(check="tls"), "spec.check: 'tls' is not valid; choose one of: "),
        (exception(approver=None), "spec.approver: "),
        (
            exception(bucketName=None, selector={"matchLabels": {"a": "b"}}),
            "spec.selector: selects SecureBucket objects",
        ),
        ("kind: SecureBucket\n", "is not a BucketException; write apiVersion: securebucket.io/v1alpha1"),
        ("[", "is not YAML"),
    ],
)
def test_an_exception_that_is_wrong_ends_the_scan_before_it_begins(
    text: str, message: str, s3: Recorder, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(text)
    ran = run("scan", "--exceptions", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.errors[0]
    assert s3.calls == ()
