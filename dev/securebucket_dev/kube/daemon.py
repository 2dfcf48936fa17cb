"""One server process: started, paused and ended by its pid, with its output in a log, and never left behind."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

STOP_SECONDS = 10.0  # a request that hangs may hold up kube-apiserver's end; etcd has what matters


class DaemonExitedError(Exception):
    """The process ended although nobody stopped it: the message holds the end of its log."""


class Daemon:
    """A process that lives between `start` and `stop`, and never longer than this one.

    A watcher process reads a pipe that only this process holds open; when this process dies, even by SIGKILL, the
    pipe closes and the watcher kills the daemon. Both have sessions of their own, so that Ctrl-C in a terminal
    reaches only this process, which then stops them in its order.
    """

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._running: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]] | None = None

    @property
    def pid(self) -> int:
        """The process id while it runs.

        Raises:
            RuntimeError: it is not started.
        """
        return self._process().pid

    def start(self) -> None:
        """Start the process; its output is appended to the log.

        Raises:
            RuntimeError: it is started already.
            OSError: the program cannot be run.
        """
        if self._running is not None:
            raise RuntimeError(f"{self.name} is running already. Stop it first.")
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            watcher = subprocess.Popen(
                ["sh", "-c", 'read -r _; kill -KILL "$1"', "sh", str(process.pid)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            process.kill()
            process.wait()
            raise
        self._running = (process, watcher)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End the process, by force after so many seconds; nothing happens when it is not started."""
        if self._running is None:
            return
        process, watcher = self._running
        self._running = None
        # The watcher first: once the process is reaped, its pid may belong to somebody else.
        watcher.kill()
        watcher.communicate()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)  # a paused process takes no SIGTERM
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._process().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self._process().send_signal(signal.SIGCONT)

    def check(self) -> None:
        """Say so if it has ended.

        Raises:
            DaemonExitedError: with the exit code and the end of the log.
        """
        code = self._process().poll()
        if code is not None:
            raise DaemonExitedError(f"{self.name} ended with code {code}. Its log ends:\n{self.tail()}")

    def tail(self, lines: int = 20) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _process(self) -> subprocess.Popen[bytes]:
        if self._running is None:
            raise RuntimeError(f"{self.name} is not running. Start it first.")
        return self._running[0]
