"""Ceph's object gateway on the loopback: an S3 that is not AWS, checks signatures, and lacks some sub-resources."""

import os
import secrets
import socket
import subprocess
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from securebucket_dev.debian import command_for, missing_programs
from securebucket_dev.process import ChildProcess, ServerError
from securebucket_dev.s3.loopback_http import answers_http
from securebucket_dev.s3.rgw_configuration import ceph_configuration

SUITE = "ceph"

START_SECONDS = 60
STARTS = 2
"""Its ports are only free when they are chosen, not yet when they are bound: one more try."""


class CephRgw:
    """A Ceph cluster of one (monitor, store in memory, gateway) that serves S3 on a free port of 127.0.0.1.

    A context manager; empty at first, one user. It verifies every signature.

    Raises:
        ServerError: on entering, when Ceph is not installed or does not start.
    """

    def __init__(self) -> None:
        self.access_key = secrets.token_hex(10).upper()
        self.secret_key = secrets.token_hex(20)
        self._stack = ExitStack()
        self._port = 0
        self._pids: tuple[int, ...] = ()

    def __enter__(self) -> Self:
        if missing := missing_programs(SUITE):
            raise ServerError(f"Ceph's {', '.join(missing)} not found. Remedy: {command_for(SUITE)}")
        for left in reversed(range(STARTS)):
            try:
                self._start()
            except ServerError:
                if not left:
                    raise
            else:
                break
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def endpoint(self) -> str:
        """The URL of S3 (path style)."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of monitor, store and gateway, for figures of memory and CPU."""
        return self._pids

    def _start(self) -> None:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="securebucket-rgw-")))
            self._port, mon_port = free_ports(2)
            cluster = Cluster(folder, mon_port, self._port, stack)
            monitor = cluster.start_monitor()
            store = cluster.start_store()
            cluster.create_user(self.access_key, self.secret_key)
            gateway = cluster.start_gateway()
            gateway.await_answer(lambda: answers_http(self._port), START_SECONDS)
            self._pids = (monitor.pid, store.pid, gateway.pid)
            self._stack = stack.pop_all()


class Cluster:
    """The steps by which Ceph comes up; each daemon is ended by the stack, the last one first."""

    def __init__(self, folder: Path, mon_port: int, port: int, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._fsid = str(uuid.uuid4())
        self._mon_address = f"[v2:127.0.0.1:{mon_port}]"
        configuration = folder / "ceph.conf"
        configuration.write_text(ceph_configuration(folder, self._fsid, mon_port, port, plugin_folder()))
        self._environment = {"PATH": os.environ.get("PATH", ""), "CEPH_CONF": str(configuration)}
        for data in ("mon", "osd", "rgw", "crash"):
            (folder / data).mkdir()

    def start_monitor(self) -> ChildProcess:
        """Start the monitor, which knows the cluster's map."""
        self._run("monmaptool", "--create", "--fsid", self._fsid, "--addv", "a", self._mon_address, "monmap")
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap")
        return self._serve("ceph-mon", "-i", "a", "-f")

    def start_store(self) -> ChildProcess:
        """Make the store known to the monitor, and start it."""
        store = str(uuid.uuid4())
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", store)
        self._run("ceph", "osd", "new", store, "0")
        return self._serve("ceph-osd", "-i", "0", "-f")

    def create_user(self, access_key: str, secret_key: str) -> None:
        """Create the one user; waits until the store is up."""
        keys = ("--access-key", access_key, "--secret-key", secret_key)
        user = ("--uid", "tests", "--display-name", "tests")
        self._run("radosgw-admin", "-n", "client.rgw", "user", "create", *user, *keys)

    def start_gateway(self) -> ChildProcess:
        """Start S3."""
        return self._serve("radosgw", "-n", "client.rgw", "-f")

    def _serve(self, *command: str) -> ChildProcess:
        process = ChildProcess(
            command[0], command, self._folder / f"{command[0]}.log", folder=self._folder, environment=self._environment
        )
        process.start()
        self._stack.callback(process.stop)
        return process

    def _run(self, *command: str) -> None:
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=self._environment,
                capture_output=True,
                text=True,
                timeout=START_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as fault:
            raise ServerError(f"`{' '.join(command)}` did not end within {START_SECONDS} s") from fault
        if done.returncode:
            raise ServerError(f"`{' '.join(command)}` failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback that are free now; different ones, since all are bound before any is given back."""
    with ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)]


def plugin_folder() -> Path:
    """Where Ceph's plug-ins are: in a folder by architecture on Debian, in /usr/lib64 or /usr/lib elsewhere.

    Raises:
        ServerError: nowhere known.
    """
    for folder in (*Path("/usr/lib").glob("*-linux-gnu*"), Path("/usr/lib64"), Path("/usr/lib")):
        if (folder / "rados-classes").is_dir():
            return folder
    raise ServerError(f"Ceph's plug-ins (rados-classes) not found under /usr/lib. Remedy: {command_for(SUITE)}")
