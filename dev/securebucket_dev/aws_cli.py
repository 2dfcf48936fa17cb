"""The AWS command line, for commands that a page of the documentation tells its reader to type."""

from pathlib import Path

from securebucket_dev.locked_environment import REQUIREMENTS, LockedEnvironment, Progress, say

ENVIRONMENT = LockedEnvironment("AWS CLI", REQUIREMENTS / "awscli.txt")
PROGRAM = Path(__file__).with_name("aws_cli_program.py")


def aws_command(progress: Progress = say) -> tuple[str, ...]:
    """Give the command that is `aws`; its environment is built now if it is missing.

    Raises:
        ServerError: it could not be built.
    """
    return (str(ENVIRONMENT.ensure(progress)), "-I", str(PROGRAM))
