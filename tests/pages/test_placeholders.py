"""Capital words: which the reader replaces, and that somebody does it here."""

import pytest

from securebucket_dev.pages.placeholders import check_placeholders, fill_in, placeholders
from securebucket_dev.pages.reader import read_page
from securebucket_dev.pages.step import Block, PageError


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("bash", "kubectl -n NAMESPACE get sb NAME", ["NAMESPACE", "NAME"]),
        ("bash", "cosign verify ghcr.io/OWNER/REPOSITORY@DIGEST", ["OWNER", "REPOSITORY", "DIGEST"]),
        ("bash", "aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/a", ["ACCOUNT"]),
        ("bash", 'echo "$HASH" "${HASH}" $AWS_REGION', []),
        ("bash", "KEEP=1 make demo", []),
        ("bash", "kubectl get bprof -o custom-columns=NAME:.metadata.name", []),
        ("bash", "kubectl apply -f - <<YAML\na: 1\nYAML", []),
        ("bash", "curl -X POST localhost", []),
        ("promql", 'up{namespace="NAMESPACE"} and ALERTS', ["NAMESPACE"]),
        ("yaml", "mode: COMPLIANCE\nname: BUCKET", ["BUCKET"]),
        ("console", "$ kubectl get sb NAMES\nNAMESPACE READY", ["NAMES"]),
        ("text", "NAMESPACE NAME", []),
    ],
)
def test_placeholders_of_a_block(language: str, text: str, words: list[str]) -> None:
    assert placeholders(Block("a.md", 1, language, text)) == words


def test_only_whole_words_are_filled_in() -> None:
    assert fill_in("NAME NAMESPACE $NAME NAME:.a x/NAME", {"NAME": "a"}) == "a NAMESPACE $NAME NAME:.a x/a"


def test_a_word_that_is_filled_in_too_late_is_an_error() -> None:
    page = read_page("a.md", "```bash\necho HASH\n```\n\n<!-- test: let HASH=1 -->\n")
    with pytest.raises(PageError, match=r"^a\.md:1: nobody fills in HASH\. Remedy: .*let HASH=TEXT"):
        check_placeholders(page)


def test_a_word_stays_filled_in() -> None:
    let = "<!-- test: let HASH=1 -->\n"
    check_placeholders(read_page("a.md", f"{let}```bash\necho HASH\n```\n\n```bash\nid HASH\n```\n"))
