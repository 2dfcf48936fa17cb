"""Helm, which installs and packages the chart; see `securebucket_dev.kube.go_program`."""

import os
from collections.abc import Mapping
from pathlib import Path

from securebucket_dev.kube.go_program import PROGRAMS, build_go_program, find_go_program


def find_helm(environ: Mapping[str, str] = os.environ) -> Path:
    """The program that is already there.

    Raises:
        AssetsError: `HELM` names no program, or nothing was built yet.
    """
    return find_go_program(PROGRAMS["helm"], environ)


def build_helm(environ: Mapping[str, str] = os.environ) -> Path:
    """The program, built first if it is not there.

    Raises:
        AssetsError: Go is missing, too old or fails, or `HELM` names no program.
    """
    return build_go_program(PROGRAMS["helm"], environ)
