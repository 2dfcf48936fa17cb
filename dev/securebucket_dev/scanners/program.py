"""Runs a scanner as a process that ends by itself, bounded in time, with no setting of the user's."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from securebucket_dev.process import ServerError

SECONDS = 150
"""More than ten times what a scan needs on two processors that have other work."""


def settings(endpoint: str, account: str, region: str, folder: Path) -> dict[str, str]:
    """Give the whole environment of a scanner that acts in an account of LocalStack's and writes into a folder only."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run_program(name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """Run a scanner until it ends.

    Raises:
        ServerError: it failed, or took too long; the text carries the end of its log.
    """
    with log.open("ab") as output:
        try:
            ended = subprocess.run(
                command,
                env=dict(environment),
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise ServerError(f"{name} did not end within {SECONDS} s. Its log ends:\n{_tail(log)}") from None
    if ended:
        raise ServerError(f"{name} failed with code {ended}. Its log ends:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-30:])
