"""`python -m securebucket.crd` writes the definitions into the repository; with `--check` it only compares."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from securebucket.crd.files import FOLDERS, files


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or say which are not up to date; the exit code is 1 if any is."""
    parser = argparse.ArgumentParser(prog="python -m securebucket.crd", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is not up to date")
    parser.add_argument("root", nargs="?", type=Path, default=Path(), help="root of the repository (default: here)")
    given = parser.parse_args(arguments)
    stale = find_stale(given.root)
    if given.check:
        for path in stale:
            sys.stderr.write(f"{path} is not what the API models say; run make generate\n")
        return 1 if stale else 0
    write(given.root)
    for path in stale:
        sys.stdout.write(f"{path}\n")
    return 0


def find_stale(root: Path) -> list[str]:
    """Name the files that are missing, differ, or are left over from a kind that is gone."""
    wanted = files()
    differing = [path for path, text in wanted.items() if _read(root / path) != text]
    found = (path for folder in FOLDERS for path in (root / folder).glob("*.yaml"))
    left_over = [path for each in found if (path := each.relative_to(root).as_posix()) not in wanted]
    return sorted([*differing, *left_over])


def write(root: Path) -> None:
    """Write every file, and remove what is left over."""
    wanted = files()
    for path in find_stale(root):
        if path not in wanted:
            (root / path).unlink()
    for path, text in wanted.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
