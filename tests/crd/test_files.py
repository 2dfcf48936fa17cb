"""The committed copies, and the command that writes them."""

from pathlib import Path

import pytest

from securebucket.crd.__main__ import find_stale, main
from securebucket.crd.files import files

ROOT = Path(__file__).parents[2]


def test_the_committed_files_are_up_to_date() -> None:
    assert find_stale(ROOT) == [], "run make generate"


def test_writes_then_finds_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == sorted(files())
    assert main(["--check", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "")


def test_tells_what_differs_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tmp_path)])
    changed, missing, left_over = (
        tmp_path / "crds" / name for name in ("securebucket.io_securebuckets.yaml", "kustomization.yaml", "old.yaml")
    )
    changed.write_text("kind: Other\n")
    missing.unlink()
    left_over.write_text("")
    capsys.readouterr()
    assert main(["--check", str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    names = ("crds/kustomization.yaml", "crds/old.yaml", "crds/securebucket.io_securebuckets.yaml")
    assert said == [f"{name} is not what the API models say; run make generate" for name in names]
    assert changed.read_text() == "kind: Other\n"
    assert left_over.exists()


def test_removes_what_is_left_over(tmp_path: Path) -> None:
    (tmp_path / "crds").mkdir()
    (tmp_path / "crds" / "old.yaml").write_text("")
    main([str(tmp_path)])
    assert not (tmp_path / "crds" / "old.yaml").exists()
    assert find_stale(tmp_path) == []
