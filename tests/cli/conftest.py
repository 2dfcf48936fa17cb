"""An environment without a user's settings, and the program in it."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.manifests import Folder
from tests.cli.program import Ran, Run

from securebucket.cli import main
from securebucket_dev.s3.recorder import Recorder


@pytest.fixture(autouse=True)
def _bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No AWS or Kubernetes settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "SECUREBUCKET_", "KUBE", "POD_")) or name in {"COLUMNS", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and a region."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def s3(credentials: None, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """An empty S3 that records what is asked, and the environment that leads to it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", recorder.endpoint)
    return recorder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Where manifests are written."""
    return Folder(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs the program in this process."""

    def run_main(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["securebucket", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return run_main
