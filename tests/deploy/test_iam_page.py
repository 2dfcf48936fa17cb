"""The reference of IAM policies says of every action why it is asked for."""

import re

import pytest

from securebucket.cli.iam_policy import Purpose, policy_document
from securebucket_dev.generate import iam_page as module
from securebucket_dev.generate.iam_page import iam_page

CHAPTERS = dict(chapter.split("\n", 1) for chapter in iam_page().split("\n## ")[1:])


@pytest.mark.parametrize("purpose", Purpose)
def test_every_action_of_every_statement_has_a_row_with_its_reason(purpose: Purpose) -> None:
    for statement in policy_document(purpose=purpose, bucket=module.BUCKETS, delete=True)["Statement"]:
        chapter = CHAPTERS[statement["Sid"]]
        rows = dict(re.findall(r"^\| `([\w:-]+)` \| (\S.*) \|$", chapter, re.MULTILINE))
        assert set(statement["Action"]) <= rows.keys()
        assert f"Resource: `{statement['Resource']}`." in chapter


def test_the_table_says_which_purpose_has_which_statement() -> None:
    rows = CHAPTERS["Which statement is in which policy"]
    assert "| [`SecureBucketCorrect`](#securebucketcorrect) | yes |  |  |" in rows
    assert "| [`SecureBucketList`](#securebucketlist) |  |  | yes |" in rows


def test_an_action_that_nothing_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing needs s3:GetObject in SecureBucketObserve"):
        module._reason("Observe", "s3:GetObject")
