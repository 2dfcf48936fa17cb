"""Which namespaces a page takes for granted."""

import re

from securebucket_dev.pages.step import Block, Page, Run

NAMED = re.compile(r"(?:(?<=\s)-n[ =]?|(?<=\s)--namespace[ =]|\bnamespace: )([a-z0-9][a-z0-9-]*)(?![\w-])")
MADE = re.compile(r"\bcreate (?:namespace|ns) ([a-z0-9-]+)")
HELM = re.compile(
    r"(?:-n|--namespace)[ =]([a-z0-9-]+)(?=.*--create-namespace)|--create-namespace.*?(?:-n|--namespace)[ =]([a-z0-9-]+)"
)
DOCUMENT = re.compile(r"^kind: Namespace$.*?\bname: ([a-z0-9-]+)", re.MULTILINE | re.DOTALL)


def assumed_namespaces(page: Page) -> set[str]:
    """Give the namespaces that a page names and does not make; files of the repository are not looked into."""
    texts = [each.text for each in page.steps if isinstance(each, Block) and each.language != "text"]
    texts += [each.command for each in page.steps if isinstance(each, Run)]
    whole = "\n".join(texts).replace("\\\n", " ")
    made = {*MADE.findall(whole), *DOCUMENT.findall(whole)}
    for first, second in HELM.findall(whole):
        made.add(first or second)
    return set(NAMED.findall(whole)) - made
