"""`deploy/install.yaml`: all that is for the whole cluster, in an order that one `kubectl apply` takes."""

from pathlib import Path

import pytest
from tests.deploy.manifests import DEPLOY, NAMESPACE, documents

from securebucket_dev.generate.install_file import NotUnderstoodError, build, install_file

INSTALLED = documents(DEPLOY / "install.yaml")


def test_what_others_refer_to_comes_first() -> None:
    kinds = [each["kind"] for each in INSTALLED]
    assert kinds[:4] == ["Namespace", *["CustomResourceDefinition"] * 3]
    assert kinds.index("ServiceAccount") < kinds.index("RoleBinding") < kinds.index("Deployment")


def test_every_object_has_its_place_and_our_labels() -> None:
    for each in INSTALLED:
        wide = each["kind"] in {"Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"}
        assert each["metadata"].get("namespace", "") == ("" if wide else NAMESPACE)
        assert each["metadata"]["labels"].items() >= {"app.kubernetes.io/part-of": "securebucket"}.items()


def test_no_object_is_there_twice() -> None:
    names = [(each["kind"], each["metadata"]["name"]) for each in INSTALLED]
    assert len(names) == len(set(names))


def test_the_selectors_are_left_alone() -> None:
    (ours,) = (each for each in INSTALLED if each["kind"] == "Deployment")
    (theirs,) = (each for each in documents(DEPLOY / "base" / "deployment.yaml"))
    assert ours["spec"] == theirs["spec"]


def test_labels_of_its_own_stay(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("kind: Role\nmetadata: {name: a, labels: {mine: a, both: a}}\n")
    (tmp_path / "kustomization.yaml").write_text("resources: [one.yaml]\nlabels: [{pairs: {both: b}}]\nnamespace: o\n")
    (document,) = build(tmp_path)
    assert document["metadata"] == {"name": "a", "namespace": "o", "labels": {"mine": "a", "both": "b"}}


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("patches: [{path: a.yaml}]", "patches is only for kustomize"),
        ("labels: [{pairs: {a: b}, includeSelectors: true}]", "includeSelectors"),
    ],
    ids=["patches", "selectors"],
)
def test_what_only_kustomize_can_do_is_refused(tmp_path: Path, field: str, told: str) -> None:
    (tmp_path / "one.yaml").write_text("kind: Role\nmetadata: {name: a}\n")
    (tmp_path / "kustomization.yaml").write_text(f"resources: [one.yaml]\n{field}\n")
    with pytest.raises(NotUnderstoodError, match=told):
        install_file(tmp_path)
