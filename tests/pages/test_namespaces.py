"""Which namespaces a page takes for granted, and how its queries are told apart."""

import pytest

from securebucket_dev.pages.namespaces import assumed_namespaces
from securebucket_dev.pages.queries import split_queries
from securebucket_dev.pages.step import Block, Page


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("bash", "kubectl -n payments get sb", {"payments"}),
        ("bash", "helm upgrade a b --namespace=platform", {"platform"}),
        ("yaml", "metadata: {name: a, namespace: payments}", {"payments"}),
        ("bash", "kubectl create namespace payments\nkubectl -n payments get sb", set()),
        ("bash", "helm install a b --namespace platform \\\n  --create-namespace", set()),
        ("bash", "helm install a b --create-namespace -n platform", set()),
        ("yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: payments}", set()),
        ("bash", "head -n 5; sort -n", set()),
        ("text", "-n payments", set()),
    ],
)
def test_namespaces_that_a_page_does_not_make(language: str, text: str, names: set[str]) -> None:
    assert assumed_namespaces(Page("a.md", (Block("a.md", 1, language, text),))) == names


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("up\nsum(up)\n", ["up", "sum(up)"]),
        ("sort(\n  up\n)\nup\n", ["sort(\n  up\n)", "up"]),
        ("# how many\nup\n\n", ["up"]),
        ('up{\n  job="a"\n}', ['up{\n  job="a"\n}']),
        ("sum(up", ["sum(up"]),
    ],
)
def test_queries_of_a_block(text: str, queries: list[str]) -> None:
    assert split_queries(text) == queries
