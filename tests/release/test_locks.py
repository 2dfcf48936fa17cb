"""The lock files hold what `requirements/README.md` says of them."""

from pathlib import Path

import pytest

from securebucket_dev.locked_environment import REQUIREMENTS
from securebucket_dev.locks import faults
from securebucket_dev.weaknesses import LOCKS, commands

HASH = "    --hash=sha256:" + "0" * 64


def test_ours_have_no_fault() -> None:
    assert list(faults()) == []


def test_every_lock_is_explained() -> None:
    page = (REQUIREMENTS / "README.md").read_text()
    assert [lock.name for lock in REQUIREMENTS.glob("*.txt") if f"| `{lock.stem}` |" not in page] == []


@pytest.mark.parametrize(
    ("wanted", "lock", "fault"),
    [
        ("a\n", "a==1 \\\n", "a has no hash"),
        ("a\n", f"a>=1 \\\n{HASH}\n", "is no version with hashes"),
        ("a\n", f"a @ https://example.com/a.whl \\\n{HASH}\n", "is no version with hashes"),
        ("a\n", f"--index-url https://example.com\na==1 \\\n{HASH}\n", "is no version with hashes"),
        ("a\nb>=2\n", f"a==1 \\\n{HASH}\n", "asks for b"),
        ("a\n", f"a==1 \\\n{HASH[:-1]}\n", "is no version with hashes"),
    ],
)
def test_a_fault_is_told(wanted: str, lock: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "x.in").write_text(wanted)
    (tmp_path / "x.txt").write_text(lock)
    assert fault in "\n".join(faults(tmp_path))


@pytest.mark.parametrize("name", ["x.in", "x.txt"])
def test_one_without_the_other_is_a_fault(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    assert len(list(faults(tmp_path))) == 1


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        (
            "# a word\nA_b[c]>=1 ; python_version > '3'\n",
            f"a-b[c]==1!2.0 ; python_version > '3' \\\n{HASH}\n    # via\n",
        ),
        ("a\n", f"a==1 \\\n{HASH} \\\n{HASH}\n"),
    ],
)
def test_what_uv_writes_is_no_fault(wanted: str, lock: str, tmp_path: Path) -> None:
    (tmp_path / "x.in").write_text(wanted)
    (tmp_path / "x.txt").write_text(lock)
    assert list(faults(tmp_path)) == []


def test_what_is_shipped_and_what_builds_it_is_looked_up() -> None:
    assert set(LOCKS) >= {"runtime", "build", "dev"}
    named = {Path(command[-1]).name for command in commands("packages")}
    assert named == {f"{each}.txt" for each in LOCKS}
    assert all((REQUIREMENTS / each).exists() for each in named)


def test_another_word_is_refused() -> None:
    with pytest.raises(SystemExit, match="workflows or packages"):
        commands("all")
