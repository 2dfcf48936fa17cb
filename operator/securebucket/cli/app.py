"""All commands in one application.

Exit codes: 0 all is well; 1 something failed; 2 `plan` would change something, `apply` waits for approval, or `scan`
found a failing check that is bad enough; 130 it was interrupted (`scan`, `adopt`, `plan`, `apply`).
"""

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from securebucket import __version__
from securebucket.cli.commands import CommandGroup
from securebucket.cli.output import FAILED, CommandError, complain

VALIDATOR = "Value error, "
"""What the validator behind Typer puts before its words about an option, and that says nothing."""

app = typer.Typer(
    name="securebucket",
    cls=CommandGroup,
    help="One small YAML makes one S3 bucket safe, and keeps it safe.",
    epilog="Exit codes: 0 all is well, 1 something failed, 2 something would change, waits, or fails a check,"
    " 130 interrupted.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes cut off what does not fit, such as the names of variables
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def securebucket(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """One small YAML makes one S3 bucket safe, and keeps it safe."""
    if version:
        typer.echo(f"securebucket {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line. A wrong option exits 1: exit 2 is what CI reads as "something would change"."""
    try:
        code = app(prog_name="securebucket", standalone_mode=False)
    except CommandError as error:
        for fault in error.args:
            complain(fault)
        sys.exit(FAILED)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        advice = f" See {context.command_path} --help." if context else ""
        message = error.format_message().replace(VALIDATOR, "")
        complain(f"{message}{'' if message.endswith(('.', '?')) else '.'}{advice}")
        sys.exit(FAILED)
    except typer.Abort:
        sys.exit(FAILED)
    sys.exit(code)
