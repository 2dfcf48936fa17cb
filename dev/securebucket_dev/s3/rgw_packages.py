"""Installs Ceph's daemons from Debian's packages, for `CephRgw`; their services are never started."""

import os
import shutil
import subprocess

from securebucket_dev.process import ServerError

PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
PACKAGES = ("ceph-mon", "ceph-osd", "radosgw")
INSTALL = "python -m securebucket_dev.s3.rgw install"

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


def missing_programs() -> list[str]:
    """Which of Ceph's programs are not on the PATH."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def install() -> None:
    """Install what is missing with apt-get, as root or through sudo.

    Raises:
        ServerError: this is no Debian, nobody may install, or apt-get failed.
    """
    if not missing_programs():
        return
    if shutil.which("apt-get") is None:
        raise ServerError(
            f"Ceph is installed with apt-get, which is missing here. Remedy: on Debian or Ubuntu run `{INSTALL}`; "
            f"elsewhere put {', '.join(missing_programs())} (Ceph 16 or later) on the PATH."
        )
    command = ["sh", "-c", SCRIPT, "install", *PACKAGES]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise ServerError(f"Packages are installed by root, and sudo is missing. Remedy: run `{INSTALL}` as root.")
        command = ["sudo", *command]
    if subprocess.run(command, check=False).returncode or missing_programs():
        raise ServerError(
            "apt-get could not install Ceph, its output above says why. "
            f"Remedy: let `apt-get update` reach a Debian mirror, then run `{INSTALL}` again."
        )
