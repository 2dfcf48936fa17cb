"""The shell of a page's reader: one folder, one environment, from the first block to the last."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).with_name("block.bash")
SECONDS = 90.0
"""How long a block may take, also on a machine that has other work."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How some commands ended.

    Args:
        code: their exit code; None when they took too long.
        output: what they wrote, errors too.
        failed: line in the page and text of the command that failed; "" if bash does not say.
    """

    code: int | None
    output: str
    failed: str


class Shell:
    """Runs the commands of one page; what they leave running ends with it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], scratch: Path) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._scratch = scratch
        self._count = 0
        self._sessions: list[subprocess.Popen[bytes]] = []

    def run(self, text: str, line: int) -> Ended:
        """Run commands to their end; `line` is that of the first in its page."""
        process, output, failed = self._start(text, line)
        try:
            code: int | None = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = None
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said = failed.read_text().strip() if failed.exists() else ""
        return Ended(code, output.read_text(errors="replace"), said)

    def begin(self, text: str, line: int) -> Ended:
        """Let commands run on until the page ends, from their first line of output; code 0 says that they do."""
        process, output, failed = self._start(text, line)
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and not output.read_bytes().endswith(b"\n") and time.monotonic() < deadline:
            time.sleep(0.02)
        written = output.read_text(errors="replace")
        if process.poll() is None and written.endswith("\n"):
            return Ended(0, written, "")
        said = failed.read_text().strip() if failed.exists() else "it ended, or wrote nothing, and was to run on"
        return Ended(process.poll() or None, written, said)

    def close(self) -> None:
        """End everything that still runs."""
        for each in self._sessions:
            with suppress(ProcessLookupError):  # all of the group have ended
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()

    def _start(self, text: str, line: int) -> tuple["subprocess.Popen[bytes]", Path, Path]:
        self._count += 1
        block, output, failed = (self._scratch / f"{self._count}.{kind}" for kind in ("bash", "out", "failed"))
        block.write_text("\n" * (line - 1) + text + "\n")
        command = ["bash", str(PROGRAM), str(self._scratch / "state"), str(block), str(failed)]
        with output.open("wb") as file:
            # A file and no pipe: a program that runs on would keep a pipe open.
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._sessions.append(process)
        return process, output, failed
