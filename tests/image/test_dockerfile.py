"""The Dockerfile: pinned, locked, not root, without a shell; and read as an engine would read it."""

import re
from pathlib import Path

import pytest
import yaml

from securebucket_dev.image.dockerfile import commands_of, read_stages

ROOT = Path(__file__).parents[2]
FILE = ROOT / "Dockerfile"
BUILD, FINAL = read_stages(FILE)
COMMANDS = [command for run in BUILD.all("RUN") for command in commands_of(run)]
INSTALLS = [command for command in COMMANDS if {"pip", "install"} <= set(command)]


def test_both_stages_begin_with_the_same_pinned_base() -> None:
    assert BUILD.base == FINAL.base
    assert re.fullmatch(r"docker\.io/library/python:[\w.-]+@sha256:[0-9a-f]{64}", FINAL.base)


def test_everything_from_outside_is_a_wheel_with_a_known_hash() -> None:
    assert len(INSTALLS) == 3
    for command in INSTALLS:
        assert {"--require-hashes", "--only-binary=:all:"} <= set(command) or "--no-index" in command, command


def test_the_wheel_is_built_with_nothing_that_is_not_locked() -> None:
    (wheel,) = (command for command in COMMANDS if "wheel" in command)
    assert {"--no-index", "--no-build-isolation", "--no-deps"} <= set(wheel)


def test_no_installer_is_left_in_the_image() -> None:
    assert COMMANDS[-1][1:] == ["-m", "pip", "uninstall", "--yes", "pip"]


def test_the_last_stage_runs_nothing_and_takes_only_what_was_installed() -> None:
    assert FINAL.all("RUN") == []
    assert FINAL.one("COPY").text == "--from=build /opt/securebucket /opt/securebucket"


def test_it_is_not_root_and_the_number_says_so() -> None:
    """`runAsNonRoot` cannot judge a name."""
    user, group = FINAL.one("USER").text.split(":")
    assert int(user) > 0
    assert int(group) > 0


def test_the_user_is_the_deployments() -> None:
    (deployment,) = yaml.safe_load_all((ROOT / "deploy" / "base" / "deployment.yaml").read_text())
    security = deployment["spec"]["template"]["spec"]["securityContext"]
    assert FINAL.one("USER").text.split(":")[0] == str(security["runAsUser"])


def test_it_starts_without_a_shell() -> None:
    assert FINAL.one("ENTRYPOINT").exec_form() == ["securebucket"]
    assert FINAL.one("CMD").exec_form() == ["run"]


def test_nothing_in_the_working_directory_is_imported() -> None:
    assert FINAL.pairs("ENV")["PYTHONSAFEPATH"] == "1"


def test_its_labels_say_what_it_is_and_where_it_comes_from() -> None:
    """https://github.com/opencontainers/image-spec/blob/main/annotations.md."""
    names = ("title", "description", "licenses", "version", "revision", "source", "base.name")
    labels = FINAL.pairs("LABEL")
    assert set(labels) == {f"org.opencontainers.image.{name}" for name in names}
    assert labels["org.opencontainers.image.base.name"] == FINAL.base.split("@")[0]
    declared = {argument.text.split("=")[0] for argument in FINAL.all("ARG")}
    assert {value[1:] for value in labels.values() if value.startswith("$")} == declared


def test_the_engine_gets_what_is_copied_and_nothing_else() -> None:
    copied = {source for copy in BUILD.all("COPY") for source in copy.words()[:-1]}
    given = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == given


@pytest.mark.parametrize(
    ("text", "word"),
    [("FROM a\nADD b c\n", "ADD"), ("FROM a\nHEALTHCHECK NONE\n", "HEALTHCHECK")],
)
def test_an_instruction_that_is_not_carried_out_here_is_refused(text: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    with pytest.raises(ValueError, match=word):
        read_stages(tmp_path / "Dockerfile")


def test_a_step_that_needs_more_of_a_shell_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\nRUN cat b | sh\n")
    (stage,) = read_stages(tmp_path / "Dockerfile")
    with pytest.raises(ValueError, match="more of a shell"):
        commands_of(stage.one("RUN"))


def test_a_program_in_shell_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\nENTRYPOINT securebucket\n")
    (stage,) = read_stages(tmp_path / "Dockerfile")
    with pytest.raises(ValueError, match="exec form"):
        stage.one("ENTRYPOINT").exec_form()
