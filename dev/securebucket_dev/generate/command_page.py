"""The reference page of the command line, made from the commands themselves."""

import inspect
from typing import Any

from typer.main import get_command

from securebucket.cli.app import app
from securebucket_dev.generate.markdown import NOTICE, code, table

INTRODUCTION = """\
`securebucket` and `python -m securebucket` are the same. Standard AWS settings apply everywhere (`AWS_ENDPOINT_URL`,
`AWS_PROFILE`, `AWS_REGION`, web identity, pod identity); `KUBECONFIG` and in-cluster credentials likewise.

| Exit code | Means |
| --- | --- |
| 0 | all is well |
| 1 | something failed, or the command was called wrongly |
| 2 | `plan` would change something, `apply` waits for approval, or `scan` found a failing check that is bad enough |
| 130 | it was interrupted |

"""


def command_page() -> str:
    """Write the page: one chapter a command, one row an option."""
    group: Any = get_command(app)
    chapters = "\n".join(_chapter(name, command) for name, command in group.commands.items())
    return f"# Command line\n\n{NOTICE}{INTRODUCTION}{chapters}"


def _chapter(name: str, command: Any) -> str:
    rows = [_row(option) for option in command.params if option.name != "help"]
    options = table(("Option", "Variable", "Default", "Meaning"), rows) if rows else "It has no options.\n"
    return f"## securebucket {name}\n\n{inspect.cleandoc(command.help)}\n\n{options}"


def _row(option: Any) -> tuple[str, str, str, str]:
    argument = option.param_type_name == "argument"
    spellings = [f"{option.name.upper()}…"] if argument else [*option.opts, *option.secondary_opts]
    variables = [option.envvar] if isinstance(option.envvar, str) else list(option.envvar or ())
    default = "" if option.default is None or option.multiple else str(option.default)
    if isinstance(option.default, bool):
        default = "on" if option.default else "off"
    return (
        ", ".join(map(code, sorted(spellings, key=len))),
        ", ".join(map(code, variables)),
        "required" if option.required else code(default),
        option.help,
    )
