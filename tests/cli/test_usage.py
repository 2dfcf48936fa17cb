"""Help, options and exit codes, through the console script as it is installed."""

import re
import subprocess
import sys
from typing import Any

import pytest
from tests.cli.program import CONTROL_CHARACTERS, Run, spawn
from typer.main import get_command

from securebucket import __version__
from securebucket.cli.app import app
from securebucket.cli.commands import ENTRIES

COMMANDS = sorted(ENTRIES)


def test_the_commands_are_these() -> None:
    assert COMMANDS == ["adopt", "apply", "crd", "doctor", "iam-policy", "plan", "report", "run", "scan"]


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_names_every_command_and_the_exit_codes(arguments: tuple[str, ...]) -> None:
    ran = spawn(*arguments)
    assert (ran.code, ran.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^  {command}  +[A-Z].*\.$", ran.out, re.MULTILINE)
    assert "0 all is well, 1 something failed, 2 something would change" in ran.out


def test_help_loads_no_command() -> None:
    """Whoever looks for a command need not wait for the libraries of all of them."""
    code = "import sys; from securebucket.cli import main\ntry: main()\nexcept SystemExit: print(sorted(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = ended.stdout.splitlines()[-1]
    assert "'securebucket.cli.commands'" in loaded
    assert not [each for each in ("boto3", "kopf", "kubernetes", "pydantic") if f"'{each}'" in loaded]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_whole_on_a_narrow_terminal(command: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "…" not in ran.out
    assert not CONTROL_CHARACTERS.search(ran.out)


@pytest.mark.parametrize("command", ["plan", "apply", "doctor", "scan", "adopt"])
def test_help_tells_the_exit_codes_of_commands_for_ci(command: str, run: Run) -> None:
    assert "Exit codes: 0 " in run(command, "--help").out


def test_every_option_is_described() -> None:
    commands: Any = get_command(app)
    for command in commands.commands.values():
        for option in command.params:
            assert option.help.endswith("."), f"{command.name} {option.name}"


def test_the_version_is_told(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"securebucket {__version__}\n")


def test_python_runs_the_package_as_well() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "securebucket", "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == f"securebucket {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nosuch",), "No such command 'nosuch'. See securebucket --help."),
        (("plan",), "Missing option '--filename' / '-f'. See securebucket plan --help."),
        (("plan", "-x"), "No such option: -x. See securebucket plan --help."),
        (
            ("plan", "bucket.yaml", "-f", "x"),
            "Got unexpected extra argument(s) (bucket.yaml). See securebucket plan --help.",
        ),
        (("crd", "--all"), "No such option: --all. See securebucket crd --help."),
    ],
)
def test_a_wrong_call_is_one_line_and_no_difference(arguments: tuple[str, ...], message: str) -> None:
    """Exit 2 would tell CI that something would change."""
    ran = spawn(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.errors == [f"error: {message}"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("scan", "--severity", "hgh"), "'hgh' is not one of 'critical', 'high', 'medium', 'low'"),
        (("report", "--format", "xml"), "'xml' is not one of 'html', 'json', 'csv', 'ocsf', 'asff'"),
        (("iam-policy", "--purpose", "all"), "'all' is not one of 'enforce', 'observe', 'scan'"),
    ],
)
def test_a_choice_that_there_is_not_is_told_without_the_validators_words(
    arguments: tuple[str, ...], message: str, run: Run
) -> None:
    (line,) = run(*arguments).errors
    assert line == f"error: Invalid value for '{arguments[1]}': {message}. See securebucket {arguments[0]} --help."


def test_a_wrong_format_is_told_which_there_are(run: Run) -> None:
    ran = run("plan", "-f", "x", "-o", "xml")
    assert ran.code == 1
    (line,) = ran.errors
    assert all(each in line for each in ("'xml'", "'table'", "'json'", "'yaml'"))
