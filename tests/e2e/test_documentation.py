"""Every page of the documentation does what it says: each block is run, in order, as a reader would copy it.

How pages are written for it: docs/design/2026-11-25-docs-that-run.md.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.e2e.documentation.performance import Performance
from tests.e2e.documentation.world import ACCOUNT_ID, World, new_world

from securebucket_dev.pages.placeholders import check_placeholders
from securebucket_dev.pages.reader import list_pages, read_page, unused_files
from securebucket_dev.pages.step import Let, Page, Run

REPOSITORY = Path(__file__).parents[2]
PAGES = list_pages(REPOSITORY)

RUNBOOKS = "docs/runbooks/"
LABELS = {
    "NAMESPACE": "payments",
    "NAME": "invoices",
    "BUCKET": "acme-payments-invoices",
    "ACCOUNT": ACCOUNT_ID,
    "CONTROL": "versioning",
}
"""An alert's labels, which the reader of a runbook fills in."""
SUBJECT = """
kubectl apply -f - <<YAML
apiVersion: securebucket.io/v1alpha1
kind: SecureBucket
metadata: {name: invoices, namespace: payments}
spec: {bucketName: acme-payments-invoices}
YAML
kubectl -n payments wait sb/invoices --for=condition=Ready --timeout=60s
"""
"""What an alert is about; what is wrong with it, a runbook's own comments say."""

NOT_HERE = {
    "SECURITY.md": {
        "cosign verify": "asks Sigstore and GitHub about a release, of which there is none; bash reads it",
    },
}
"""Blocks that need what no machine of a test has, by a text that they hold, with what is done instead."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with new_world(tmp_path_factory.mktemp("documentation")) as running:
        yield running


def read(path: str) -> Page:
    page = read_page(path, (REPOSITORY / path).read_text(encoding="utf-8"))
    if not path.startswith(RUNBOOKS):
        return page
    labels = [Let(path, 1, word, value) for word, value in LABELS.items()]
    return replace(page, steps=(*labels, Run(path, 1, SUBJECT), *page.steps))


@pytest.mark.parametrize("path", [each for each in PAGES if "```" in (REPOSITORY / each).read_text()])
def test_a_page_does_what_it_says(world: World, path: str) -> None:
    page = read(path)
    check_placeholders(page)
    assert [each.place for each in unused_files(page)] == []
    not_here = NOT_HERE.get(path, {})
    assert [text for text in not_here if not any(text in each.text for each in page.blocks)] == []
    with world.reader(page) as shell:
        Performance(world, shell, not_here).run(page)


def test_every_block_was_executed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The law: no block of any page is left out."""
    blocks = [each for path in PAGES for each in read(path).blocks]
    missing = [each.place for each in blocks if each.place not in world.executed]
    held = [f"{path}: {reason}" for path, texts in NOT_HERE.items() for reason in texts.values()]
    done = len(blocks) - len(missing)
    share = f"{100 * done / len(blocks):.0f} %"
    with capsys.disabled():
        sys.stdout.write(f"\n{done} of {len(blocks)} blocks of {len(PAGES)} pages executed ({share})\n")
        sys.stdout.write(f"{len(held)} of them only as far as it can be here: {'; '.join(held)}\n")
    assert missing == []
