"""Programs that the end-to-end tests run, from Debian's packages; their services are never started.

Programs:
    python -m securebucket_dev.debian SUITE…
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from securebucket_dev.process import ServerError


@dataclass(frozen=True, slots=True)
class Suite:
    """Programs that belong together.

    Args:
        title: what people call them, with the oldest version that will do.
        programs: that must be on the PATH.
        packages: of Debian that bring them.
    """

    title: str
    programs: tuple[str, ...]
    packages: tuple[str, ...]


SUITES = {
    "alertmanager": Suite("Alertmanager 0.25", ("amtool",), ("prometheus-alertmanager",)),
    "ceph": Suite(
        "Ceph 16",
        ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"),
        ("ceph-mon", "ceph-osd", "radosgw"),
    ),
    "chromium": Suite("Chromium 120", ("chromium",), ("chromium",)),
    "jq": Suite("jq 1.6", ("jq",), ("jq",)),
    "lua": Suite("Lua 5.3", ("lua5.3",), ("lua5.3",)),
    "prometheus": Suite("Prometheus 2.42", ("prometheus", "promtool"), ("prometheus",)),
}

# Debian starts a service as soon as its package is installed, unless this script says no (exit code 101).
SCRIPT = """set -e
policy=/usr/sbin/policy-rc.d
[ ! -e $policy ] || mv $policy $policy.kept
restore() { rm -f $policy; [ ! -e $policy.kept ] || mv $policy.kept $policy; }
trap restore EXIT
trap 'exit 130' INT TERM
printf '#!/bin/sh\\nexit 101\\n' > $policy
chmod 755 $policy
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "$@"
"""


def command_for(*names: str) -> str:
    """Say how a person installs suites."""
    return f"python -m securebucket_dev.debian {' '.join(names)}"


def missing_programs(*names: str) -> list[str]:
    """Which of the suites' programs are not on the PATH."""
    return [each for name in names for each in SUITES[name].programs if shutil.which(each) is None]


def install(*names: str) -> None:
    """Install what is missing of the suites with apt-get, as root or through sudo.

    Raises:
        ServerError: this is no Debian, nobody may install, or apt-get failed.
    """
    wanted = [name for name in names if missing_programs(name)]
    if not wanted:
        return
    remedy, titles = command_for(*wanted), " and ".join(SUITES[name].title for name in wanted)
    if shutil.which("apt-get") is None:
        raise ServerError(
            f"{titles} or newer would be installed with apt-get, which is missing here. Remedy: on Debian or Ubuntu "
            f"run `{remedy}`; elsewhere put {', '.join(missing_programs(*wanted))} on the PATH."
        )
    command = ["sh", "-c", SCRIPT, "install", *(package for name in wanted for package in SUITES[name].packages)]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise ServerError(f"Packages are installed by root, and sudo is missing. Remedy: run `{remedy}` as root.")
        command = ["sudo", *command]
    if subprocess.run(command, check=False).returncode or missing_programs(*wanted):
        raise ServerError(
            f"apt-get could not install {titles}, its output above says why. "
            f"Remedy: let `apt-get update` reach a Debian mirror, then run `{remedy}` again."
        )


def main(names: Sequence[str]) -> None:
    """Install the suites that the arguments name."""
    if not names or not set(names) <= SUITES.keys():
        sys.exit(f"usage: {command_for('SUITE…')}; there are {', '.join(SUITES)}")
    try:
        install(*names)
    except ServerError as fault:
        sys.exit(f"error: {fault}")
    print(f"{', '.join(SUITES[name].title for name in names)} or newer: installed, and no service of it was started.")


if __name__ == "__main__":
    main(sys.argv[1:])
