"""What can be said of the lock files without network: everything is pinned, hashed, and made from what was asked for.

Known vulnerabilities and ages need an index: `make audit`, and uv's `--exclude-newer` when a lock is made.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from securebucket_dev.locked_environment import REQUIREMENTS

PINNED = re.compile(r"([a-z0-9][a-z0-9.-]*)(?:\[[\w,-]+\])?==([^\s;]+)(?: ; [^\\]+)? \\", re.IGNORECASE)
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def faults(folder: Path = REQUIREMENTS) -> Iterator[str]:
    """Say what is wrong with the lock files of a folder, one line each."""
    for wanted in sorted(folder.glob("*.in")):
        lock = wanted.with_suffix(".txt")
        if lock.exists():
            yield from _faults_of(lock, wanted)
        elif not wanted.stem.endswith("-without"):  # names what is left out of another
            yield f"{wanted.name} has no {lock.name}; requirements/README.md says how it is made"
    for lock in sorted(folder.glob("*.txt")):
        if not lock.with_suffix(".in").exists():
            yield f"{lock.name} has no {lock.stem}.in: nobody can make it again"


def _faults_of(lock: Path, wanted: Path) -> Iterator[str]:
    hashes: dict[str, int] = {}
    name = ""
    for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
        pinned = PINNED.fullmatch(line.rstrip())
        if pinned:
            name = _plain(pinned[1])
            hashes[name] = 0
        elif HASH.fullmatch(line):
            hashes[name] = hashes.get(name, 0) + 1
        elif line.strip() and not line.lstrip().startswith("#"):
            yield f"{lock.name}:{number}: `{line.strip()}` is no version with hashes; make the lock again with uv"
    yield from (f"{lock.name}: {each} has no hash" for each, count in hashes.items() if not count)
    for asked in _names(wanted):
        if asked not in hashes:
            yield f"{wanted.name} asks for {asked}, {lock.name} does not have it; make the lock again"


def _names(wanted: Path) -> Iterator[str]:
    for line in wanted.read_text(encoding="utf-8").splitlines():
        named = re.match(r"[A-Za-z0-9][\w.-]*", line)
        if named:
            yield _plain(named[0])


def _plain(name: str) -> str:
    """Give the normal form of a name (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Print every fault; 1 when there is one."""
    found = list(faults())
    sys.stderr.writelines(f"requirements/{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
