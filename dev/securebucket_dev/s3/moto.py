"""moto's server on the loopback: the second opinion on S3, in a second less."""

import os
import sys
from pathlib import Path

from securebucket_dev.s3.loopback import LoopbackServer


class MotoServer(LoopbackServer):
    """moto's server for every service that it knows, in a process of its own: warnings are errors in ours.

    Every client acts in account 123456789012, unless it uses credentials that moto's STS has given out. Nothing checks
    signatures or rights.
    """

    name = "moto"
    gateway = Path(__file__).with_name("moto_gateway.py")
    health_path = "/moto-api/data.json"
    reset_path = "/moto-api/reset"

    def python(self) -> Path:
        """The interpreter that runs this: moto is among the development requirements."""
        return Path(sys.executable)

    def settings(self, port: int, folder: Path) -> dict[str, str]:
        """None of the user's settings, temporary files in `folder`."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "MOTO_PORT": str(port),
        }
