"""The commands by name; what a command needs is loaded when it is used.

All of them together load boto3, kopf and the Kubernetes client: more than a second before the first word is printed.
"""

from collections import UserDict
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from typer import Typer
from typer.core import TyperGroup
from typer.main import get_command


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command is.

    Args:
        module: of this package.
        summary: one line for the list of commands.
    """

    module: str
    summary: str


ENTRIES = {
    "run": Entry("run", "Run the operator."),
    "plan": Entry("passes", "Show what would change; exit 2 if anything would."),
    "apply": Entry("passes", "Bring the buckets in line with the files, once."),
    "scan": Entry("scan", "Judge the buckets of an account; exit 2 if too much fails."),
    "adopt": Entry("adopt", "Write SecureBucket YAML for existing buckets."),
    "report": Entry("report", "Write the auditor's report."),
    "crd": Entry("crd", "Print the CustomResourceDefinitions."),
    "iam-policy": Entry("iam_policy", "Print the IAM policy that the operator needs."),
    "doctor": Entry("doctor", "Check that the operator has everything it needs."),
}
"""In the order of the help. Each is a function of its module, called as the command with `_` for `-`."""


class Commands(UserDict[str, Any]):
    """The commands, each loaded at its first use."""

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        if isinstance(found, Entry):
            found = self.data[name] = _load(name, found)
        return found


class CommandGroup(TyperGroup):
    """The program, whose list of commands is printed without loading them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands(ENTRIES)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - the library's signature
        """Write the list from the summaries."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in ENTRIES.items()])


def _load(name: str, entry: Entry) -> Any:
    function = getattr(import_module(f"securebucket.cli.{entry.module}"), name.replace("-", "_"))
    alone = Typer(rich_markup_mode=None, add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})
    alone.command(name=name, short_help=entry.summary)(function)
    return get_command(alone)  # a program of one command is that command
