"""How Helm is built, with a stand-in for the go command."""

import pytest
from tests.dev.test_envtest import Workshop

from securebucket_dev.kube.assets import AssetsError
from securebucket_dev.kube.helm import build_helm, find_helm, read_helm_recipe

MODULE = "module tests\n\ngo 1.25.0\n\nrequire helm.sh/helm/v4 v4.3.1 // indirect\n"


@pytest.fixture
def workshop(tmp_path):
    made = Workshop(tmp_path)
    (made.tools / "go.mod").write_text(MODULE)
    return made


def test_it_is_built_once_from_the_pinned_module(workshop):
    program = build_helm(workshop.environment, workshop.tools)
    assert build_helm({**workshop.environment, "PATH": ""}, workshop.tools) == program
    (line,) = workshop.builds
    assert line.startswith(f"0 -mod=readonly {workshop.tools} build -trimpath")
    assert line.endswith(" helm.sh/helm/v4/cmd/helm")
    assert find_helm(workshop.environment, workshop.tools) == program


def test_looking_for_it_builds_nothing(workshop):
    with pytest.raises(AssetsError, match=r"No Helm was built at .*securebucket_dev\.kube\.helm"):
        find_helm(workshop.environment, workshop.tools)
    assert workshop.builds == []


def test_a_program_that_is_given_is_used(tmp_path):
    program = tmp_path / "helm"
    program.write_text("")
    with pytest.raises(AssetsError, match=r"HELM is .* which cannot be run"):
        find_helm({"HELM": str(program)})
    program.chmod(0o755)
    assert find_helm({"HELM": str(program)}) == build_helm({"HELM": str(program)}) == program


def test_another_release_is_another_folder(workshop):
    before = read_helm_recipe(workshop.tools).name
    (workshop.tools / "go.mod").write_text(MODULE.replace("v4.3.1", "v4.3.2"))
    assert read_helm_recipe(workshop.tools).name != before


def test_a_module_without_helm_is_refused(workshop):
    (workshop.tools / "go.mod").write_text("module tests\n\ngo 1.25.0\n")
    with pytest.raises(AssetsError, match="pins no helm"):
        read_helm_recipe(workshop.tools)
