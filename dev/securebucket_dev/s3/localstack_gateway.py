"""The process that is LocalStack: its gateway on a socket that the parent has already bound to the loopback.

Runs inside LocalStack's own environment (`python -I localstack_gateway.py FD`), never inside ours. LocalStack's own
entry point listens on every interface whatever `GATEWAY_LISTEN` says, makes a certificate and offers no way to forget
its state; this one listens on 127.0.0.1 only, without TLS, and answers `POST /_localstack/state/reset`.
"""

# mypy: disable-error-code="import-not-found, misc, untyped-decorator"

import signal
import socket
import sys

from localstack.aws.components import AwsComponents
from localstack.http import Request, Resource, Response
from localstack.runtime import current
from localstack.runtime.runtime import LocalstackRuntime
from localstack.services.internal import get_internal_apis
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.stores import AccountRegionBundle
from localstack.state import StateVisitor
from moto.core.base_backend import BackendDict
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor


class Forget(StateVisitor):
    """Empties LocalStack's own stores; moto's are emptied all at once by `StateReset`."""

    def visit(self, state_container: object) -> None:
        """Empty one store; folders are left to the provider, which holds the open files."""
        if isinstance(state_container, AccountRegionBundle):
            state_container.reset()


class StateReset:
    """`POST /_localstack/state/reset`: every service is as it was at the start."""

    def on_post(self, _request: Request) -> Response:
        """Empty every service that has been used."""
        for name in SERVICE_PLUGINS.list_loaded_services():
            service = SERVICE_PLUGINS.get_service_container(name).service
            service.lifecycle_hook.on_before_state_reset()
            service.accept_state_visitor(Forget())
            if name == "s3":
                service._provider._storage_backend.reset()  # noqa: SLF001 - no public way to drop the objects' files
            service.lifecycle_hook.on_after_state_reset()
        BackendDict.reset()
        return Response("", 200)


class LoopbackRuntime(LocalstackRuntime):
    """LocalStack with the listening socket it is given."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(AwsComponents())
        self._descriptor = descriptor

    def _init_gateway_server(self) -> None:
        get_internal_apis().add(Resource("/_localstack/state/reset", StateReset()))
        reactor.adoptStreamPort(self._descriptor, socket.AF_INET, TwistedGateway(self.components.gateway))


def main() -> None:
    """Serve until SIGTERM."""
    runtime = LoopbackRuntime(int(sys.argv[1]))
    current.set_current_runtime(runtime)
    signal.signal(signal.SIGTERM, lambda *_: runtime.exit(0))
    # Ctrl-C reaches the whole process group; the parent decides when its server ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    runtime.run()


if __name__ == "__main__":
    main()
