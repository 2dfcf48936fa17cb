"""The command line as its users run it: in this process for what it prints, as the console script for the rest."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SCRIPT = Path(sys.executable).with_name("securebucket")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the program that has ended."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines of standard error."""
        return self.err.splitlines()

    def json(self) -> Any:
        """Read standard output as JSON."""
        return json.loads(self.out)

    def yaml(self) -> Any:
        """Read standard output as YAML."""
        return yaml.safe_load(self.out)


Run = Callable[..., Ran]
"""Runs the program with these arguments; `stdin` is what it reads there."""


def spawn(*arguments: str, environment: dict[str, str] | None = None, stdin: str = "") -> Ran:
    """Run the console script as a process of its own, through pipes."""
    ended = subprocess.run(
        [str(SCRIPT), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | (environment or {}),
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def spawn_on_terminal(*arguments: str, columns: int) -> Ran:
    """Run the console script on a terminal of that width; what it shows is in `out`, without colours."""
    master, slave = os.openpty()
    child = subprocess.Popen(
        [str(SCRIPT), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color"},
    )
    os.close(slave)
    shown = io.BytesIO()
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # that is how a terminal says that the other side is gone
            break
        if not piece:
            break
        shown.write(piece)
    os.close(master)
    text = shown.getvalue().decode().replace("\r\n", "\n")
    return Ran(child.wait(30), re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text), "")
