"""etcd and kube-apiserver on the loopback for as long as a `with` block lasts.

```python
with ControlPlane(find_assets(), users=[User("jane")]) as cp:
    subprocess.run([cp.kubectl, "--kubeconfig", cp.admin_kubeconfig, "get", "namespaces"], check=True)
```

There is no kube-controller-manager: a namespace that is deleted stays Terminating, owner references are not collected,
and namespaces have no default service account. Give every test a namespace of its own and leave it there.
"""

import http.client
import json
import random
import socket
import ssl
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from securebucket_dev.kube.assets import Assets
from securebucket_dev.kube.certificates import write_certificates
from securebucket_dev.kube.identity import User, write_kubeconfig, write_tokens
from securebucket_dev.process import ChildProcess

READY_SECONDS = 120.0  # ready in some seconds; a shared CI machine may take many times that
# Below the ports that systems give to outgoing connections (Linux 32768+, macOS and Windows 49152+): while the API
# server is stopped, a client that keeps dialling would sooner or later be given its port as its own and connect to
# itself, and the server could not come back.
PORTS = range(20000, 30000)
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata"}],
}


class ControlPlaneError(Exception):
    """The control plane cannot be used as asked: the message says why, and what to do."""


class ControlPlane:
    """A Kubernetes API as real as can be without nodes, for tests: RBAC, admission, CEL, OpenAPI, audit.

    The admin is in `system:masters`; every further user may do nothing until a test binds roles to it.
    """

    def __init__(
        self,
        assets: Assets,
        *,
        users: Sequence[User] = (),
        audit_log: Path | None = None,
        logs: Path | None = None,
    ) -> None:
        """Prepare; nothing runs before `with` is entered.

        Args:
            assets: the programs to run.
            users: who else may come, besides the admin.
            audit_log: where each answered request is written as a line of JSON (level Metadata); nowhere if None.
            logs: a folder for the programs' output that is kept; if None, one that is removed at the end.
        """
        self._assets = assets
        self._users = {user.name: user for user in (User("admin", ("system:masters",)), *users)}
        if len(self._users) != len(users) + 1:
            raise ControlPlaneError("Two users have one name, or one is called admin. Give each a name of its own.")
        # Readable by the owner only; its path is short enough for the 104 bytes of a socket's address.
        self._temporary = tempfile.TemporaryDirectory(prefix="securebucket-")
        self._folder = Path(self._temporary.name)
        self._logs = logs or self._folder / "logs"
        self._port = _free_port()
        self._etcd = ChildProcess("etcd", self._etcd_command(), self._logs / "etcd.log")
        self._apiserver = ChildProcess(
            "kube-apiserver", self._apiserver_command(audit_log), self._logs / "apiserver.log"
        )

    def __enter__(self) -> Self:
        """Start and wait until everything answers.

        Raises:
            ControlPlaneError: it was not ready in `READY_SECONDS`; the message holds the end of the log.
            ServerError: one of the two ended during start-up; likewise.
        """
        try:
            self._logs.mkdir(parents=True, exist_ok=True)
            self._etcd.start()
            self.start_apiserver()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop both and remove the temporary folder."""
        self._close()

    @property
    def url(self) -> str:
        """Where the API answers: https, on 127.0.0.1."""
        return f"https://127.0.0.1:{self._port}"

    @property
    def authority(self) -> Path:
        """The PEM certificate that the server's is signed with."""
        return self._folder / "ca.crt"

    @property
    def admin_kubeconfig(self) -> Path:
        """A kubeconfig that may do everything."""
        return self.kubeconfig("admin")

    @property
    def kubectl(self) -> Path:
        """The client of the same version. Set KUBECACHEDIR for it: its cache of discovery goes by address."""
        return self._assets.kubectl

    @property
    def logs(self) -> Path:
        """The folder with `etcd.log` and `apiserver.log`."""
        return self._logs

    @property
    def apiserver_pid(self) -> int:
        """The API server's process, for figures."""
        return self._apiserver.pid

    def user(self, name: str) -> User:
        """A user by name, `admin` included; its `token` goes into `Authorization: Bearer`.

        Raises:
            ControlPlaneError: nobody has this name.
        """
        try:
            return self._users[name]
        except KeyError:
            message = f"There is no user {name!r}. Pass ControlPlane(users=[User({name!r})]) before it starts."
            raise ControlPlaneError(message) from None

    def kubeconfig(self, user: str) -> Path:
        """Write a kubeconfig for a user, by name; it lives as long as the control plane.

        Raises:
            ControlPlaneError: nobody has this name.
        """
        known = self.user(user)
        path = self._folder / f"kubeconfig-{list(self._users).index(user)}.yaml"
        write_kubeconfig(path, self.url, self.authority, known)
        return path

    def stop_apiserver(self) -> None:
        """Make the API go away; etcd keeps what it holds."""
        self._apiserver.stop()

    def start_apiserver(self) -> None:
        """Bring the API back at the same address, and wait until it is ready.

        Raises:
            ControlPlaneError: it was not ready in `READY_SECONDS`.
            ServerError: etcd or the API server ended meanwhile.
        """
        self._apiserver.start()
        deadline = time.monotonic() + READY_SECONDS
        while (unready := self._unready_reason()) is not None:
            for process in (self._etcd, self._apiserver):
                process.check()
            if time.monotonic() > deadline:
                message = (
                    f"kube-apiserver is not ready after {READY_SECONDS:.0f} s ({unready}). Is the machine overloaded?"
                )
                raise ControlPlaneError(f"{message} Its log ends:\n{self._apiserver.tail()}")
            time.sleep(0.1)

    def pause_apiserver(self) -> None:
        """Freeze the API server: connections stay open and nothing answers."""
        self._apiserver.pause()

    def resume_apiserver(self) -> None:
        """Let a paused API server go on."""
        self._apiserver.resume()

    def _close(self) -> None:
        self._apiserver.stop()
        self._etcd.stop()
        self._temporary.cleanup()

    def _unready_reason(self) -> str | None:
        """Why it cannot be used yet; None when it can."""
        # The namespace is made some moments after /readyz says yes.
        for path in ("/readyz", "/api/v1/namespaces/default"):
            try:
                status = self._status_of(path)
            except (OSError, http.client.HTTPException) as error:
                return f"{path}: {error}"
            if status != 200:
                return f"{path}: HTTP {status}"
        return None

    def _status_of(self, path: str) -> int:
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=context, timeout=5)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.user('admin').token}"})
            return connection.getresponse().status
        finally:
            connection.close()

    def _etcd_command(self) -> list[str]:
        # Sockets in our folder: no port to race for, and no unauthenticated store that others on the machine can read.
        nobody = "http://127.0.0.1:1"  # etcd insists on addresses to tell its peers, of which there are none
        return [
            str(self._assets.etcd),
            f"--data-dir={self._folder / 'etcd'}",
            f"--listen-client-urls=unix://{self._folder}/etcd.sock",
            f"--listen-peer-urls=unix://{self._folder}/peer.sock",
            f"--advertise-client-urls={nobody}",
            f"--initial-advertise-peer-urls={nobody}",
            f"--initial-cluster=default={nobody}",
            "--unsafe-no-fsync",  # the data need not survive the machine
            "--log-level=warn",
        ]

    def _apiserver_command(self, audit_log: Path | None) -> list[str]:
        """Write the files that kube-apiserver reads at its start, and say how it is started."""
        certificates = write_certificates(self._folder)
        tokens = self._folder / "tokens.csv"
        write_tokens(tokens, self._users.values())
        audit = []
        if audit_log is not None:
            audit_log.parent.mkdir(parents=True, exist_ok=True)
            policy = self._folder / "audit-policy.json"
            policy.write_text(json.dumps(AUDIT_POLICY))
            # A rotated log would hide requests; the size is in MB.
            audit = [f"--audit-log-path={audit_log}", f"--audit-policy-file={policy}", "--audit-log-maxsize=2000"]
        return [
            str(self._assets.kube_apiserver),
            f"--etcd-servers=unix://{self._folder}/etcd.sock",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",  # else it looks for a default route, which a test machine may lack
            "--endpoint-reconciler-type=none",  # a loopback address may not be an endpoint; it would log that for ever
            f"--secure-port={self._port}",
            f"--cert-dir={self._folder}",
            f"--tls-cert-file={certificates.serving}",
            f"--tls-private-key-file={certificates.serving_key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={certificates.service_account_key}",
            f"--service-account-signing-key-file={certificates.service_account_key}",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--shutdown-watch-termination-grace-period=1s",  # else one open watch holds its end up for a minute
            "--disable-admission-plugins=ServiceAccount",  # nobody here makes the account that it demands
            *audit,
        ]


def _free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ControlPlaneError(f"100 ports between {PORTS.start} and {PORTS.stop} were all in use. End some servers.")
