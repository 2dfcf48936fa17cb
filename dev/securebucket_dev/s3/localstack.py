"""LocalStack's core on the loopback: the S3 of the demo and of the laws over all controls."""

import os
from pathlib import Path

from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment, Progress, say
from securebucket_dev.s3.loopback import LoopbackServer

SERVICES = "s3,s3control,sts,kms,iam,sqs,sns,events,cloudformation"

ENVIRONMENT = LockedEnvironment(
    "LocalStack",
    REQUIREMENTS / "localstack.txt",
    # Done once, by the build: servers that start at the same time would write this index at the same time.
    last_step="from plux.runtime.cache import EntryPointsCache as C; C.instance().get_entry_points()",
)


class LocalStack(LoopbackServer):
    """LocalStack's S3, S3 Control, STS, KMS, IAM, SQS, SNS, EventBridge and CloudFormation on one port of 127.0.0.1.

    The first one ever installs LocalStack (about half a minute). A client whose access key id is 12 digits acts in
    the account of that number, any other in 000000000000. Nothing checks signatures or rights.

    Args:
        progress: told what takes long; the default writes to stderr.
    """

    name = "LocalStack"
    gateway = Path(__file__).with_name("localstack_gateway.py")
    health_path = "/_localstack/health"
    reset_path = "/_localstack/state/reset"

    def __init__(self, progress: Progress = say) -> None:
        super().__init__()
        self._progress = progress

    def python(self) -> Path:
        """The interpreter of LocalStack's own environment, which is built now if it is missing."""
        return ENVIRONMENT.ensure(self._progress)

    def settings(self, port: int, folder: Path) -> dict[str, str]:
        """No event, download or name server, and no file outside `folder` and the environment's cache."""
        address = f"127.0.0.1:{port}"
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "TEMP": str(folder),
            "FILESYSTEM_ROOT": str(folder),
            "XDG_CACHE_HOME": str(ENVIRONMENT.folder / "cache"),
            "GATEWAY_LISTEN": address,
            # What it puts into the URLs that it hands out, e.g. of queues: no name that has to be resolved.
            "LOCALSTACK_HOST": address,
            "SQS_ENDPOINT_STRATEGY": "path",
            "SERVICES": SERVICES,
            "DISABLE_EVENTS": "1",
            "DNS_ADDRESS": "0",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
            "LS_LOG": "warning",
        }
