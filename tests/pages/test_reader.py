"""A page of Markdown as steps: what is known is read as it stands, and everything else is an error with its place."""

from pathlib import Path

import pytest

from securebucket_dev.pages.reader import list_pages, read_page, unused_files
from securebucket_dev.pages.step import Block, Let, PageError, Run

ROOT = Path(__file__).parents[2]

PAGE = """\
# Title

<!-- test: let HASH=$(jq -r .hash plan.json) -->
<!-- test: exit 0 or 2 -->
```bash
securebucket plan \\
  --approve HASH
```

1. In a list:

   <!-- test: run
   aws s3 mb s3://acme
   echo done
   -->
   ```yaml title="overlay/bucket.yaml"
   kind: SecureBucket
   spec:
     mode: Plan
   ```

   <!-- test: background -->
   ```bash
   kubectl proxy
   ```
"""


def test_steps_come_in_their_order_with_their_lines() -> None:
    let, plan, run, file, proxy = read_page("docs/page.md", PAGE).steps
    assert let == Let("docs/page.md", 3, "HASH", "$(jq -r .hash plan.json)")
    assert plan == Block("docs/page.md", 5, "bash", "securebucket plan \\\n  --approve HASH\n", exit_codes=(0, 2))
    assert run == Run("docs/page.md", 12, "aws s3 mb s3://acme\necho done")
    assert isinstance(file, Block)
    assert (file.title, file.text) == ("overlay/bucket.yaml", "kind: SecureBucket\nspec:\n  mode: Plan\n")
    assert isinstance(proxy, Block)
    assert (proxy.background, proxy.place) == (True, "docs/page.md:23")


def test_a_page_may_begin_without_the_operator() -> None:
    assert read_page("a.md", "<!-- test: bare -->\n```bash\nkubectl apply -k deploy/base\n```\n").bare
    assert read_page("a.md", "```bash\nhelm install securebucket charts/securebucket\n```\n").bare
    assert not read_page("a.md", "```bash\nhelm upgrade securebucket charts/securebucket\n```\n").bare


def test_a_page_that_installs_a_second_release_does_not_begin_bare() -> None:
    upgrade, install = (
        f"```bash\nhelm {verb} securebucket charts/securebucket\n```\n" for verb in ("upgrade", "install")
    )
    assert not read_page("a.md", upgrade + install).bare
    assert read_page("a.md", install + upgrade).bare


def test_comments_of_other_kinds_are_none_of_ours() -> None:
    assert read_page("a.md", "<!-- made by make generate -->\n\ntext\n").steps == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```sh\nls\n```\n", r"^a\.md:1: nobody runs a block of 'sh'"),
        ("```\nls\n```\n", r"^a\.md:1: nobody runs a block of no language"),
        ('```yaml file="a.yaml"\na: 1\n```\n', r"^a\.md:1: nobody runs a block of 'yaml file"),
        ("text\n\n    kubectl get sb\n", r"^a\.md:3: an indented block has no language"),
        ("```text\n$ ls\n```\n", r"^a\.md:1: this text is to be typed"),
        ("```text\nkubectl get sb\n```\n", r"^a\.md:1: this text is to be typed"),
        ("<!-- test: sleep 3 -->\n```bash\nls\n```\n", r"^a\.md:1: `test: sleep 3` is not known"),
        ("<!-- test: let hash=1 -->\n", r"^a\.md:1: `test: let hash=1` is not known"),
        ("<!-- test: exit 2 -->\n\ntext\n", r"^a\.md:3: the comment above speaks of no block"),
        ("text\n\n<!-- test: exit 2 -->\n", r"^a\.md: its last comment speaks of no block"),
        ("text <!-- test: bare --> text\n", r"^a\.md:1: a comment for the test is within text"),
        ("<details>\n```bash\nls\n```\n</details>\n", r"^a\.md:1: a block within HTML is not run"),
        ("<!-- test: exit 2 -->\n```yaml\na: 1\n```\n", r"^a\.md:2: only commands end with a code"),
    ],
)
def test_what_would_be_left_out_is_an_error(text: str, message: str) -> None:
    with pytest.raises(PageError, match=message):
        read_page("a.md", text)


@pytest.mark.parametrize(
    ("after", "unused"),
    [
        ("", ["a.md:1"]),
        ("```bash\nkubectl apply -f bucket.yaml\n```\n", []),
        ("```text\nbucket.yaml\n```\n", ["a.md:1"]),
        ("<!-- test: run kubectl apply -f bucket.yaml -->\n", []),
    ],
)
def test_a_file_is_used_by_a_later_command(after: str, unused: list[str]) -> None:
    page = read_page("a.md", f'```yaml title="bucket.yaml"\na: 1\n```\n\n{after}')
    assert [each.place for each in unused_files(page)] == unused


def test_every_page_is_found_but_decisions() -> None:
    pages = list_pages(ROOT)
    assert {"README.md", "charts/securebucket/README.md", "docs/runbooks/README.md"} <= set(pages)
    assert not [each for each in pages if each.startswith("docs/design/")]


@pytest.mark.parametrize("path", list_pages(ROOT))
def test_each_page_can_be_read(path: str) -> None:
    read_page(path, (ROOT / path).read_text(encoding="utf-8"))
