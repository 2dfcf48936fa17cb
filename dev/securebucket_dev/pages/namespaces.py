"""Which namespaces a page takes for granted."""

import re

from securebucket_dev.pages.step import Block, Page, Run

NAMED = re.compile(r"(?:(?<=\s)-n[ =]?|(?<=\s)--namespace[ =]|\bnamespace: )([a-z][a-z0-9-]*)(?![\w-])")
MADE = re.compile(r"\bcreate (?:namespace|ns) ([a-z0-9-]+)")
CREATED = re.compile(r"(?:-n|--namespace)[ =]([a-z0-9-]+)")
DOCUMENT = re.compile(r"^kind: Namespace$.*?\bname: ([a-z0-9-]+)", re.MULTILINE | re.DOTALL)


def assumed_namespaces(page: Page) -> set[str]:
    """Give the namespaces that a page names and does not make; files of the repository are not looked into."""
    texts = [each.text for each in page.steps if isinstance(each, Block) and each.language != "text"]
    texts += [each.command for each in page.steps if isinstance(each, Run)]
    whole = "\n".join(texts).replace("\\\n", " ")
    made = {*MADE.findall(whole), *DOCUMENT.findall(whole)}
    for line in whole.splitlines():
        if "--create-namespace" in line:
            made.update(CREATED.findall(line.replace("--create-namespace", "")))
    return set(NAMED.findall(whole)) - made
