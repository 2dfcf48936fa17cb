"""A server as a child process: its log in a file, its start bounded in time, its end by its own pid."""

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

POLL_SECONDS = 0.02


GUARD = 'exec 3<&0; (read -r _ <&3 || kill "$$") & exec "$@" 3<&- </dev/null'
"""Shell: become the program, and leave a watcher which ends it when the parent's end of stdin closes without a word."""


class ServerError(RuntimeError):
    """A development server could not be installed, started or reached; the text says why and what to do."""


class ServerProcess:
    """One running server. It also ends when this process dies: `guarded` and the Python gateways watch their stdin.

    Args:
        name: what people call it, e.g. "LocalStack".
        command: the program and its arguments.
        folder: where it runs, and where its log `<name>.log` is written.
        environment: its whole environment; nothing is inherited, so that no AWS_* setting of the user's reaches it.
        descriptors: file descriptors that it shall keep open.

    Raises:
        ServerError: the program could not be started at all.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        descriptors: Sequence[int] = (),
    ) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        try:
            with self._log.open("wb") as log:
                self._child = subprocess.Popen(
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.PIPE,
                    bufsize=0,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=descriptors,
                    process_group=0,  # Ctrl-C is for the parent, which ends its servers itself
                )
        except OSError as fault:
            raise ServerError(f"{name} could not be started: {fault}. Is {command[0]} installed?") from fault

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    def wait_until(self, answers: Callable[[], bool], seconds: float) -> None:
        """Wait until the server answers.

        Raises:
            ServerError: it ended, or did not answer in time; the text carries the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not answers():
            if self._child.poll() is not None:
                raise ServerError(f"{self.name} ended with code {self._child.returncode}:\n{self.log_tail()}")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not answer within {seconds:g} s:\n{self.log_tail()}")
            time.sleep(POLL_SECONDS)

    def stop(self, grace_seconds: float = 5) -> None:
        """End it: SIGTERM, after the grace SIGKILL. Safe to call more than once."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self._child.stdin is not None and not self._child.stdin.closed:
            with suppress(BrokenPipeError):
                self._child.stdin.write(b"stopped\n")  # the watcher of `guarded` ends without killing anything
            self._child.stdin.close()

    def log_tail(self, lines: int = 30) -> str:
        """The end of its log, for an error message."""
        written = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join(written[-lines:]) or "(nothing was logged)"


def guarded(command: Sequence[str]) -> list[str]:
    """Wrap a program that does not watch its stdin by itself: it then also ends when this process dies."""
    return ["sh", "-c", GUARD, command[0], *command]


def answers_http(port: int, path: str = "/", seconds: float = 5) -> bool:
    """Tell whether anything speaks HTTP on that port of the loopback, whatever its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def post(port: int, path: str) -> None:
    """POST nothing to a path of a server on the loopback.

    Raises:
        ServerError: the server is gone, or answers anything but 200.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body=b"")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        raise ServerError(f"POST {path} on port {port}: {fault}. Has the server ended?") from fault
    finally:
        connection.close()
    if status != 200:
        raise ServerError(f"POST {path} on port {port} answered {status}, 200 was expected")
