"""One child process: started, watched, paused and ended by its pid, with its output in a log, and never left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_SECONDS = 10.0  # a request that hangs may hold up kube-apiserver's end; etcd has what matters
POLL_SECONDS = 0.02

WATCH = 'read -r _; kill -KILL "$1"'
"""Shell: wait until the pipe from our process closes, then end the other one."""


class ServerError(RuntimeError):
    """A development server could not be installed, started or reached, or ended; the text says why and what to do."""


class ChildProcess:
    """A process that lives between `start` and `stop`, and never longer than this one.

    A watcher process reads a pipe that only this process holds open; when this process dies, even by SIGKILL, the
    pipe closes and the watcher kills the child. Both have sessions of their own, so that Ctrl-C in a terminal reaches
    only this process, which then stops them in its order.

    Args:
        name: what people call it, e.g. "LocalStack".
        command: the program and its arguments.
        log: its output is appended here.
        folder: where it runs; None is where we are.
        environment: its whole environment; None hands ours on.
        descriptors: file descriptors that it shall keep open.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        log: Path,
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._folder = folder
        self._environment = environment
        self._descriptors = descriptors
        self._running: tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]] | None = None

    @property
    def pid(self) -> int:
        """The process id between `start` and `stop`.

        Raises:
            RuntimeError: it is not started.
        """
        return self._process().pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, negative for a signal; None while it runs.

        Raises:
            RuntimeError: it is not started.
        """
        return self._process().poll()

    def start(self) -> None:
        """Start the process.

        Raises:
            RuntimeError: it is started already.
            ServerError: the program cannot be run.
        """
        if self._running is not None:
            raise RuntimeError(f"{self.name} is running already. Stop it first.")
        try:
            with self.log.open("ab") as output:
                process = subprocess.Popen(
                    self._command,
                    cwd=self._folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=self._descriptors,
                )
        except OSError as fault:
            message = f"{self.name} could not be started: {fault}. Is {self._command[0]} installed?"
            raise ServerError(message) from fault
        try:
            watcher = subprocess.Popen(
                ["sh", "-c", WATCH, "sh", str(process.pid)],
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
        """End the process by SIGTERM, by force after so many seconds; nothing happens when it is not started."""
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

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it has ended."""
        self._process().send_signal(number)

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self.signal(signal.SIGSTOP)
        # The signal only asks: threads on other processors go on for a moment, and may still answer a request.
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self.signal(signal.SIGCONT)

    def await_end(self, seconds: float) -> int:
        """Wait until it has ended by itself or by a signal, and give its exit code.

        Raises:
            ServerError: it still runs after so many seconds.
        """
        try:
            return self._process().wait(seconds)
        except subprocess.TimeoutExpired:
            raise ServerError(f"{self.name} has not ended within {seconds:g} s. Its log ends:\n{self.tail()}") from None

    def await_answer(self, answers: Callable[[], bool], seconds: float) -> None:
        """Wait until it answers.

        Raises:
            ServerError: it ended, or did not answer in time; the text carries the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not answers():
            self.check()
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not answer within {seconds:g} s. Its log ends:\n{self.tail()}")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Say so if it has ended.

        Raises:
            ServerError: with the exit code and the end of the log.
        """
        code = self.exit_code
        if code is not None:
            raise ServerError(f"{self.name} ended with code {code}. Its log ends:\n{self.tail()}")

    def tail(self, lines: int = 30) -> str:
        """The last lines of the log."""
        written = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(written[-lines:]) or "(nothing was logged)"

    def _process(self) -> "subprocess.Popen[bytes]":
        if self._running is None:
            raise RuntimeError(f"{self.name} is not running. Start it first.")
        return self._running[0]
