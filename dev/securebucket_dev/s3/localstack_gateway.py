"""The process that is LocalStack: its gateway on a socket that the parent has already bound to the loopback.

Runs inside LocalStack's own environment (`python -I localstack_gateway.py DESCRIPTOR`), never inside ours. LocalStack's
own entry point listens on every interface whatever `GATEWAY_LISTEN` says, makes a certificate, and offers no way to
forget its state; this one listens on 127.0.0.1, without TLS, and answers `POST /_localstack/state/reset`. It has a
server of our own, too: Twisted took more CPU than LocalStack does with a request.
"""

# Its imports exist in LocalStack's environment only, where nothing is type-checked:
# mypy: disable-error-code="import-not-found, misc, no-any-return"

import sys
import types
import uuid
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from localstack import config
from localstack.aws.components import AwsComponents
from localstack.http import Request, Resource, Response
from localstack.runtime import current
from localstack.runtime.runtime import LocalstackRuntime
from localstack.services.iam.resources import policy_simulator
from localstack.services.internal import get_internal_apis
from localstack.services.kms import provider as kms_provider
from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.s3 import provider as s3_provider
from localstack.services.stores import AccountRegionBundle
from localstack.state import StateVisitor
from localstack.utils.aws import aws_stack
from moto.core.base_backend import BackendDict
from rolo.gateway.wsgi import WsgiGateway

sys.path.append(str(Path(__file__).parents[2]))

from securebucket_dev.s3.newer_documents_gateway import with_newer_documents
from securebucket_dev.s3.wsgi_server import serve


class Emptying(StateVisitor):
    """Empties the stores of one service."""

    def visit(self, state_container: object) -> None:
        """Empty one of LocalStack's own stores; moto's are emptied all at once, files by the provider that has them."""
        if isinstance(state_container, AccountRegionBundle):
            state_container.reset()


class StateReset:
    """`POST /_localstack/state/reset`: every service is as it was at the start."""

    def on_post(self, _request: Request) -> Response:
        """Empty every service that has been used."""
        for name in SERVICE_PLUGINS.list_loaded_services():
            service = SERVICE_PLUGINS.get_service_container(name).service
            service.lifecycle_hook.on_before_state_reset()
            service.accept_state_visitor(Emptying())
            if name == "s3":
                service._provider._storage_backend.reset()  # the only way to drop the objects
            service.lifecycle_hook.on_after_state_reset()
        BackendDict.reset()
        return Response("", 200)


class LoopbackComponents(AwsComponents):
    """LocalStack's gateway behind a listening socket that is there already; it is its own server."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    @cached_property
    def runtime_server(self) -> "LoopbackComponents":
        """What the runtime runs when everything is ready."""
        return self

    def run(self) -> None:
        """Serve until the process ends."""
        serve(self._descriptor, with_newer_documents(WsgiGateway(self.gateway)))


class LoopbackRuntime(LocalstackRuntime):
    """LocalStack without a certificate."""

    def _init_gateway_server(self) -> None:
        get_internal_apis().add(Resource("/_localstack/state/reset", StateReset()))


def cron_stand_in() -> types.ModuleType:
    """Stands in for the module `crontab` of EventBridge's scheduled rules, which is published without a wheel only."""

    class CronTab:
        def __init__(self, expression: str) -> None:
            raise NotImplementedError(f"rules with a schedule ({expression}) are not served here")

    module = types.ModuleType("crontab")
    module.CronTab = CronTab  # type: ignore[attr-defined]  # a module made by hand has no declared names
    return module


def take_bytes_as_names() -> None:
    """Let `uuid.uuid5` take bytes, as it does since Python 3.12: without it KMS fails to create a key."""
    made = uuid.uuid5
    uuid.uuid5 = lambda namespace, name: made(namespace, name if isinstance(name, str) else name.hex())


def manage_the_keys_of_aws() -> None:
    """Let AWS be the manager of the keys behind its own aliases, such as `alias/aws/s3`: LocalStack forgets to say so.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
    """
    made = kms_provider.KmsProvider._create_alias_if_reserved_and_not_exists

    def managed(account_id: str, region_name: str, alias_name: str) -> None:
        made(account_id, region_name, alias_name)
        if alias_name in kms_provider.RESERVED_ALIASES:
            alias = kms_provider.kms_stores[account_id][region_name].aliases[alias_name]
            kms_provider.set_key_managed(alias.metadata["TargetKeyId"], account_id, region_name)

    kms_provider.KmsProvider._create_alias_if_reserved_and_not_exists = staticmethod(managed)


def evaluate_patterns() -> None:
    """Let the simulator of policies know wildcards and Denies: LocalStack compares actions and resources as texts.

    Conditions count as met. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
    """

    def listed(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value or ())

    def evaluate(action: str, resource: str, statements: list[dict[str, Any]]) -> dict[str, str]:
        effects = {
            each["Effect"]
            for each in statements
            if any(fnmatchcase(action.lower(), pattern.lower()) for pattern in listed(each.get("Action")))
            and any(fnmatchcase(resource, pattern) for pattern in listed(each.get("Resource")))
        }
        decision = "explicitDeny" if "Deny" in effects else "allowed" if "Allow" in effects else "implicitDeny"
        return {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision}

    policy_simulator.BasicIAMPolicySimulator.build_evaluation_result = staticmethod(evaluate)


def main() -> None:
    """Serve until SIGTERM, which ends it at once: nothing is worth saving."""
    sys.modules["crontab"] = cron_stand_in()
    if sys.version_info < (3, 12):
        take_bytes_as_names()
    manage_the_keys_of_aws()
    evaluate_patterns()
    # Else it asks the name server for "s3.127.0.0.1", which may take seconds to fail on a machine without network.
    aws_stack.CACHE_S3_HOSTNAME_DNS_STATUS = False
    # Else the objects of every LocalStack of this machine share one folder.
    s3_provider.DEFAULT_S3_TMP_DIR = config.dirs.tmp
    runtime = LoopbackRuntime(LoopbackComponents(int(sys.argv[1])))
    current.set_current_runtime(runtime)
    runtime.run()


if __name__ == "__main__":
    main()
