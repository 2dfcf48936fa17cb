"""All commands in one application.

Exit codes: 0 all is well; 1 something failed; 2 `plan` would change something, or `apply` waits for approval.
"""

import typer

from securebucket import __version__
from securebucket.cli.crd import crd
from securebucket.cli.doctor import doctor
from securebucket.cli.iam_policy import iam_policy
from securebucket.cli.passes import apply, plan
from securebucket.cli.run import run

app = typer.Typer(
    name="securebucket",
    help="One small YAML makes one S3 bucket safe, and keeps it safe.",
    epilog="Exit codes: 0 all is well, 1 something failed, 2 something would change or waits for approval.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(*, wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        typer.echo(f"securebucket {__version__}")
        raise typer.Exit


@app.callback()
def securebucket(
    *,
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=lambda value: show_version(wanted=value)
    ),
) -> None:
    """One small YAML makes one S3 bucket safe, and keeps it safe."""
    del version


for command in (run, plan, apply, crd, iam_policy, doctor):
    app.command(name=command.__name__.replace("_", "-"))(command)


def main() -> None:
    """Run the command line."""
    app()
