"""The committed copies, and the command that writes them."""

from pathlib import Path

import pytest

from securebucket_dev.generate.__main__ import write
from securebucket_dev.generate.definition_files import definition_files, left_over

ROOT = Path(__file__).parents[2]
FILES = definition_files()


def test_the_committed_files_are_up_to_date() -> None:
    assert write(ROOT, FILES, left_over(ROOT), check=True) == 0, "run make generate"


def test_writes_then_finds_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write(tmp_path, FILES, [], check=False) == 0
    assert sorted(capsys.readouterr().out.split()) == sorted(FILES)
    assert write(tmp_path, FILES, left_over(tmp_path), check=True) == 0
    assert capsys.readouterr() == ("", "")


def test_tells_what_differs_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, FILES, [], check=False)
    changed, missing, gone = (
        tmp_path / "crds" / name for name in ("securebucket.io_securebuckets.yaml", "kustomization.yaml", "old.yaml")
    )
    changed.write_text("kind: Other\n")
    missing.unlink()
    gone.write_text("")
    capsys.readouterr()
    assert write(tmp_path, FILES, left_over(tmp_path), check=True) == 1
    said = sorted(capsys.readouterr().err.splitlines())
    names = ("crds/kustomization.yaml", "crds/old.yaml", "crds/securebucket.io_securebuckets.yaml")
    assert said == [f"{name} is not what the code says; run make generate" for name in names]
    assert changed.read_text() == "kind: Other\n"
    assert gone.exists()


def test_removes_what_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds" / "old.yaml").write_text("")
    write(tmp_path, FILES, left_over(tmp_path), check=False)
    assert not (tmp_path / "crds" / "old.yaml").exists()
    assert left_over(tmp_path) == []
