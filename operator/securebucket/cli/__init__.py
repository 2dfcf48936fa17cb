"""The command line: the same engine as the operator, without a cluster."""

from securebucket.cli.app import main

__all__ = ["main"]
