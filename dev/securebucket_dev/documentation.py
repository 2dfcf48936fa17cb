"""`make docs`: builds `docs/` into `site/` with Material for MkDocs, in an environment of its own."""

import subprocess
import sys
from pathlib import Path

from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment

ENVIRONMENT = LockedEnvironment("MkDocs", REQUIREMENTS / "docs.txt")
ROOT = REQUIREMENTS.parent
SECONDS = 300


def build(target: Path, root: Path = ROOT) -> str:
    """Build the site of a repository; what is wrong, and nothing when all is well.

    A link or an anchor that leads nowhere is a fault, and so is a page without a place in the navigation.
    """
    python = ENVIRONMENT.ensure()
    # Not --quiet: it hides the warnings from --strict, too.
    command = [str(python), "-m", "mkdocs", "build", "--strict", "--clean", "--site-dir", str(target)]
    # The last one silences Material's advertisement of its successor.
    environment = {"PATH": str(python.parent), "PYTHONDONTWRITEBYTECODE": "1", "NO_MKDOCS_2_WARNING": "1"}
    ended = subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return ended.stdout if ended.returncode else ""


if __name__ == "__main__":
    sys.exit(build(ROOT / "site") or 0)
