"""Weaknesses of what we ship and ship with.

Programs:
    python -m securebucket_dev.weaknesses workflows: reads the workflows with zizmor, without network.
    python -m securebucket_dev.weaknesses packages: asks for known vulnerabilities of every locked version with
        pip-audit, and fails when nobody answers.
"""

import subprocess
import sys

from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment

ENVIRONMENT = LockedEnvironment("Audit", REQUIREMENTS / "audit.txt")
LOCKS = ("runtime", "build", "dev", "docs", "audit")
"""Those of the scanners and of LocalStack are left out: their pins are theirs, and they see made-up data alone."""
SECONDS = 600


def commands(what: str) -> list[list[str]]:
    """Give what is run, by the word of the command line.

    Raises:
        SystemExit: it is another word.
    """
    if what == "workflows":
        return [["zizmor", "--offline", "--persona=pedantic", "--quiet", "--no-progress", str(REQUIREMENTS.parent)]]
    if what == "packages":
        # --disable-pip: the locks are complete, and nothing is installed to look at it. Each lock by itself: the same
        # package may be there in two versions.
        options = ["--disable-pip", "--require-hashes", "--strict", "--progress-spinner=off", "--desc=on"]
        return [["pip-audit", *options, "-r", str(REQUIREMENTS / f"{each}.txt")] for each in LOCKS]
    raise SystemExit(f"{what}: write workflows or packages")


def main() -> int:
    """Run them all; the code of the first that fails, or 0."""
    what = sys.argv[1] if len(sys.argv) == 2 else ""
    todo = commands(what)
    folder = ENVIRONMENT.ensure().parent
    codes = [subprocess.run([folder / first, *rest], timeout=SECONDS, check=False).returncode for first, *rest in todo]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
