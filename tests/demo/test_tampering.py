"""Every act of tampering is a difference of exactly the control that it names."""

from pathlib import Path

import boto3
import pytest

from securebucket.api.spec import ControlName
from securebucket.aws.edge import Aws
from securebucket.cli.manifests import load
from securebucket.cli.passes import Session, uncounted
from securebucket.engine.engine import Engine
from securebucket_dev.demo.tampering import ACTS
from securebucket_dev.s3.localstack import LocalStack

EXAMPLE = Path(__file__).parents[2] / "examples" / "access-logs.yaml"
BUCKET = "acme-demo-invoices"


def test_each_control_is_tampered_with_once() -> None:
    named = [each.control for each in ACTS]
    assert len(set(named)) == len(named) >= 5
    assert set(named) < set(ControlName.__args__)
    assert all(each.text for each in ACTS)


def test_each_act_is_found_by_its_control(localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", localstack.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    session = Session(Aws(uncounted), frozenset(), 1, lambda *_: None)
    for each in session.run_all(load([EXAMPLE], cluster="test", read_only=False)):
        assert each.outcome.failure is None
    (_, look) = load([EXAMPLE], cluster="test", read_only=True)
    s3 = boto3.client("s3", region_name="us-east-1")
    expected: set[str] = set()
    for each in ACTS:
        each.act(s3, BUCKET)
        expected.add(each.control)
        # A new engine: one that has just written takes the old state for a slow S3, and not for tampering.
        proposal = Engine(Aws(uncounted)).run(look).proposal
        assert proposal is not None
        assert {step.control for step in proposal.steps} == expected
