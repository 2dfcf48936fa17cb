"""An S3 emulator on a free port of the loopback: what LocalStack and moto have in common."""

import socket
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from securebucket_dev.process import ChildProcess
from securebucket_dev.s3.loopback_http import answers_http, post

START_SECONDS = 60


class LoopbackServer(ABC):
    """A context manager that runs one emulator in its own process on 127.0.0.1, empty at first.

    Raises:
        ServerError: on entering, when it does not start.
    """

    name: ClassVar[str]
    gateway: ClassVar[Path]
    """The program; it serves on the listening socket whose descriptor is its only argument."""
    health_path: ClassVar[str]
    reset_path: ClassVar[str]

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._port = 0
        self._pid = 0

    @abstractmethod
    def python(self) -> Path:
        """The interpreter to run the gateway with."""

    @abstractmethod
    def settings(self, port: int, folder: Path) -> Mapping[str, str]:
        """The whole environment of the process; it may write into `folder` only."""

    def __enter__(self) -> Self:
        python = self.python()
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="securebucket-s3-")))
            # Bound here and inherited: the port is known, free and on the loopback before the server runs at all.
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
            self._port = listener.getsockname()[1]
            process = ChildProcess(
                self.name,
                # -I: the folder of the gateway holds a moto.py and a localstack.py, which would be found first.
                [str(python), "-I", str(self.gateway), str(listener.fileno())],
                folder / f"{self.name}.log",
                folder=folder,
                environment=self.settings(self._port, folder),  # all of it, so that no AWS_* of the user's reaches it
                descriptors=[listener.fileno()],
            )
            process.start()
            stack.callback(process.stop)
            # From here on a dead server refuses connections, instead of leaving them in our backlog.
            listener.close()
            process.await_answer(lambda: answers_http(self._port, self.health_path), START_SECONDS)
            self._pid = process.pid
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """Its URL, for every service."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Its process id, for figures of memory and CPU."""
        return self._pid

    def reset(self) -> None:
        """Forget everything, as if it had just started (10 ms, where a start takes a second)."""
        post(self._port, self.reset_path)
