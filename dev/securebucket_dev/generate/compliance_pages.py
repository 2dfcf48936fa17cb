"""The reference pages of checks and frameworks, made from the catalogue and the frameworks' data."""

from collections.abc import Iterable, Iterator

from securebucket.compliance.catalogue import CATALOGUE, VERSION, Entry
from securebucket.compliance.framework import Framework, Kind, frameworks
from securebucket.model.verdict import Remedy
from securebucket_dev.generate.items import items_of
from securebucket_dev.generate.markdown import NOTICE, code, table

CHECKS = f"""\
Every pass asks these of a bucket, and so does every report. This is version `{VERSION}` of the catalogue: it changes
with every change of what passes. The page about [verdicts](../explanation/verdicts.md) explains how one is
made, the one about [frameworks](frameworks.md) which standard asks for what.

"""

FRAMEWORKS = """\
What the standards ask about S3, item by item, and the checks that answer: all of an item's checks must pass. A check
of the account is judged once per account, all others for each bucket. An item without checks says why it has none.

## Standards

"""

SCANNERS = """\
## Scanners

Tools with checks of their own, so that a finding of theirs can be found again here. They are not scored.

"""

MENDED = {
    Remedy.BUCKET: 'the operator, by the field that is named under "What to do"',
    Remedy.INPUTS: "the operator, once it is given what it does not make: a key, a log target, a replica",
    Remedy.OUTSIDE: "a person, outside the bucket's configuration",
}


def checks_page() -> str:
    """Write the page of checks: a table of all, then one chapter each."""
    rows = (
        (
            f"[`{entry.check.id}`](#{entry.check.id})",
            entry.check.title,
            entry.check.severity.value,
            entry.check.remedy.value,
            _codes(entry.reads),
        )
        for entry in CATALOGUE
    )
    overview = table(("Check", "Title", "Severity", "Remedy", "Reads"), rows)
    remedies = table(("Remedy", "Who can fix a failure"), ((each.value, who) for each, who in MENDED.items()))
    chapters = "\n".join(_chapter(entry) for entry in CATALOGUE)
    return f"# Checks\n\n{NOTICE}{CHECKS}{overview}\n{remedies}\n{chapters}"


def frameworks_page() -> str:
    """Write the page of frameworks: the standards, then the scanners."""
    parts = [f"# Frameworks\n\n{NOTICE}{FRAMEWORKS}"]
    parts += [_framework(each) for each in frameworks().values() if each.kind is Kind.STANDARD]
    parts.append(SCANNERS)
    parts += [_framework(each) for each in frameworks().values() if each.kind is Kind.SCANNER]
    return "".join(parts).rstrip("\n") + "\n"


def _chapter(entry: Entry) -> str:
    check = entry.check
    lines = [
        f"## {check.id}\n",
        f"{check.title}. Severity {check.severity.value}.\n",
        f"- Why: {check.rationale}",
        f"- What to do: {check.remediation}",
        f"- Who can fix it: {MENDED[check.remedy]}",
        f"- Reads: {_codes(entry.reads)}",
        *(f"- {line}" for line in _places(check.id)),
        *(f"- See <{reference}>" for reference in check.references),
    ]
    return "\n".join(lines) + "\n"


def _places(check: str) -> Iterator[str]:
    """Say where a check stands, one line a framework."""
    by_framework: dict[str, list[str]] = {}
    for framework, item in items_of(check):
        by_framework.setdefault(f"{framework.name} {framework.version}", []).append(item.id)
    for name, items in by_framework.items():
        yield f"{name}: {_codes(items)}"
    if not by_framework:
        yield "In no framework: our own"


def _framework(framework: Framework) -> str:
    head = (
        f"### {framework.name} {framework.version}\n\n`{framework.id}`, by {framework.publisher}: <{framework.url}>\n\n"
    )
    rows = (
        (code(item.id), item.title, _codes(item.checks), _codes(item.account_checks), item.note)
        for item in framework.items
    )
    return head + table(("Item", "Title", "Checks of a bucket", "Checks of the account", "Note"), rows) + "\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)
