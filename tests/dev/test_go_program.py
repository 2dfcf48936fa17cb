"""How one Go program is built, with a stand-in for the go command."""

import re
from pathlib import Path

import pytest
from tests.dev.test_envtest import Workshop

from securebucket_dev.kube.assets import AssetsError
from securebucket_dev.kube.go_program import (
    PROGRAMS,
    build_go_program,
    find_go_program,
    main,
    read_go_recipe,
)

HELM = PROGRAMS["helm"]
KSTATUS = PROGRAMS["kstatus"]
MODULE = "module tests\n\ngo 1.25.0\n\nrequire helm.sh/helm/v4 v4.3.1 // indirect\n"
MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.fixture
def workshop(tmp_path):
    made = Workshop(tmp_path)
    (made.tools / "go.mod").write_text(MODULE)
    return made


def test_it_is_built_once_from_the_pinned_module(workshop):
    program = build_go_program(HELM, workshop.environment, workshop.tools)
    assert build_go_program(HELM, {**workshop.environment, "PATH": ""}, workshop.tools) == program
    (line,) = workshop.builds
    assert line.startswith(f"0 -mod=readonly {workshop.tools} build -trimpath")
    assert line.endswith(" helm.sh/helm/v4/cmd/helm")
    assert find_go_program(HELM, workshop.environment, workshop.tools) == program


def test_a_program_of_ours_is_built_from_its_folder(workshop):
    (workshop.tools / "go.mod").write_text("module tests\n\ngo 1.25.0\n\nrequire github.com/fluxcd/cli-utils v1.2.2\n")
    (workshop.tools / "main.go").write_text("package main\n")
    before = build_go_program(KSTATUS, workshop.environment, workshop.tools)
    assert workshop.builds[0].endswith(f" -o {before.parent.with_name('.' + before.parent.name)}/kstatus .")
    (workshop.tools / "main.go").write_text("package main // changed\n")
    assert build_go_program(KSTATUS, workshop.environment, workshop.tools) != before


def test_looking_for_it_builds_nothing(workshop):
    with pytest.raises(AssetsError, match=r"No Helm was built at .*securebucket_dev\.kube\.go_program helm"):
        find_go_program(HELM, workshop.environment, workshop.tools)
    assert workshop.builds == []


def test_a_program_that_is_given_is_used(tmp_path):
    program = tmp_path / "ksm"
    program.write_text("")
    given = {"KUBE_STATE_METRICS": str(program)}
    with pytest.raises(AssetsError, match=r"KUBE_STATE_METRICS is .* which cannot be run"):
        find_go_program(PROGRAMS["kube-state-metrics"], given)
    program.chmod(0o755)
    assert find_go_program(PROGRAMS["kube-state-metrics"], given) == program
    assert build_go_program(PROGRAMS["kube-state-metrics"], given) == program


def test_another_release_is_another_folder(workshop):
    before = read_go_recipe(HELM, workshop.tools).name
    (workshop.tools / "go.mod").write_text(MODULE.replace("v4.3.1", "v4.3.2"))
    assert read_go_recipe(HELM, workshop.tools).name != before


def test_a_module_without_it_is_refused(workshop):
    (workshop.tools / "go.mod").write_text("module tests\n\ngo 1.25.0\n")
    with pytest.raises(AssetsError, match=r"pins no helm\.sh/helm"):
        read_go_recipe(HELM, workshop.tools)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_is_pinned(name):
    assert read_go_recipe(PROGRAMS[name]).name.startswith(f"{name}-v")


def test_make_builds_every_program():
    (line,) = re.findall(r"^GO_PROGRAMS := (.+)$", MAKEFILE.read_text(), re.MULTILINE)
    assert line.split() == sorted(PROGRAMS)


def test_a_program_that_nobody_knows_is_refused_with_those_that_there_are(capsys):
    assert main(["kubectl"]) == 2
    assert "there are gopher-lua, helm, kstatus, kube-state-metrics" in capsys.readouterr().err
