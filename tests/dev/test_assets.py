"""Where the real control plane's programs are looked for, and which versions are wanted."""

import re
from pathlib import Path

import pytest

from securebucket_dev.kube.assets import PACKAGES, TOOLS, AssetsError, find_assets, read_recipe

MODULE = "module tests\n\ngo 1.25.0\n\nrequire (\n\tk8s.io/kubernetes v1.35.4 // indirect\n)\n"


def write_module(folder: Path, module: str = MODULE, sums: str = "sums") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "go.mod").write_text(module)
    (folder / "go.sum").write_text(sums)
    return folder


def write_programs(folder: Path, *programs: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for program in programs:
        (folder / program).touch(mode=0o755)
    return folder


def test_kubebuilder_assets_are_used_as_they_are(tmp_path):
    folder = write_programs(tmp_path / "given", *PACKAGES)
    assets = find_assets({"KUBEBUILDER_ASSETS": str(folder)})
    assert (assets.kube_apiserver, assets.etcd, assets.kubectl) == tuple(folder / program for program in PACKAGES)


def test_incomplete_kubebuilder_assets_are_refused_with_what_is_missing(tmp_path):
    folder = write_programs(tmp_path / "given", "kube-apiserver")
    with pytest.raises(AssetsError, match=r"etcd and kubectl cannot be run\. Put .* or unset it"):
        find_assets({"KUBEBUILDER_ASSETS": str(folder)})


def test_what_was_not_built_is_refused_with_the_command_that_builds_it(tmp_path):
    with pytest.raises(AssetsError, match="make envtest"):
        find_assets({"XDG_CACHE_HOME": str(tmp_path)}, write_module(tmp_path / "tools"))


def test_what_was_built_is_found_in_the_cache(tmp_path):
    tools = write_module(tmp_path / "tools")
    folder = write_programs(tmp_path / "securebucket" / "envtest" / read_recipe(tools).name, *PACKAGES)
    assert find_assets({"XDG_CACHE_HOME": str(tmp_path)}, tools).folder == folder


def test_the_recipe_stamps_the_pinned_version(tmp_path):
    recipe = read_recipe(write_module(tmp_path))
    assert (recipe.kubernetes, recipe.go) == ("v1.35.4", "1.25.0")
    stamps = dict(re.findall(r"-X k8s\.io/component-base/version\.(\w+)=(\S*)", recipe.flags[-1]))
    assert (stamps["gitVersion"], stamps["gitMajor"], stamps["gitMinor"]) == ("v1.35.4", "1", "35")


@pytest.mark.parametrize(
    "changed", [{"module": MODULE + "\n"}, {"sums": "others"}, {"module": MODULE.replace("1.35.4", "1.35.5")}]
)
def test_another_module_has_another_folder(tmp_path, changed):
    before = read_recipe(write_module(tmp_path)).name
    assert read_recipe(write_module(tmp_path, **changed)).name != before


def test_a_module_without_kubernetes_is_refused(tmp_path):
    with pytest.raises(AssetsError, match="Restore the file"):
        read_recipe(write_module(tmp_path, "module tests\n\ngo 1.25.0\n"))


def test_every_staging_module_is_replaced_by_the_release_of_the_same_minor():
    """The published k8s.io/kubernetes asks for v0.0.0 of each, which does not exist."""
    release = read_recipe().kubernetes.replace("v1.", "v0.")
    module = (TOOLS / "go.mod").read_text()
    replaced = dict(re.findall(r"^\t(k8s\.io/\S+) => \1 (\S+)$", module, re.MULTILINE))
    unpublished = re.findall(r"^\t(k8s\.io/\S+) v0\.0\.0 ", module, re.MULTILINE)
    assert unpublished
    assert set(unpublished) <= set(replaced)
    assert set(replaced.values()) == {release}
