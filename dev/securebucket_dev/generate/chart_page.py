"""The README of the chart, made from the comments of its `values.yaml`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from securebucket_dev.generate.markdown import NOTICE, code, table

HEAD = ("Value", "Default", "Meaning")

INTRODUCTION = """\
{description}

```bash
helm install securebucket charts/securebucket --namespace securebucket-system --create-namespace \\
  --set image.repository=registry.example.com/securebucket
```

It prints the next command. Kubernetes {kubernetes}; the namespace may enforce the `restricted` Pod Security Standard.

## AWS identity

- EKS Pod Identity: associate the service account with a role; the chart needs no value for it.
- IAM Roles for Service Accounts: `serviceAccount.annotations` with `eks.amazonaws.com/role-arn`.
- The role's policy is [`deploy/iam/enforce.json`](../../deploy/iam/enforce.json), or `observe.json` to
  observe only (`operator.observeOnly`). [Install the operator](../../docs/how-to/install.md) explains it step by step.

## Upgrade and uninstall

`helm upgrade` brings the CustomResourceDefinitions along (`crds.install`). `helm uninstall` leaves every bucket, and
with `crds.keep` every SecureBucket and BucketProfile too. Objects with `deletionPolicy: Delete` carry a finalizer that
nobody but the operator removes: set them to `Retain` before you uninstall. The release's notes give the command.

Where the CustomResourceDefinitions are new, install `profiles` with `helm install --wait`: Helm then waits until the
API server knows the kind. Without it, it may fail with `no matches for kind "BucketProfile"`; run
`helm upgrade --install` again.

## Values

A value that is not here is refused.

"""


VALUES_INTRODUCTION = """\
Every value of the [chart](../../charts/securebucket/README.md), by what it is about. A value that is not here is
refused.

"""
GENERAL = "Single values"
"""Where the values are told of that stand alone."""


def chart_page(chart: Path) -> str:
    """Write the page of a chart in a folder: one row a value."""
    about = yaml.safe_load((chart / "Chart.yaml").read_text(encoding="utf-8"))
    introduction = INTRODUCTION.format(
        description=about["description"],
        kubernetes=about["kubeVersion"].removeprefix(">=").removesuffix("-0") + " or newer",
    )
    return f"# Helm chart securebucket\n\n{NOTICE}{introduction}{table(HEAD, _rows(chart))}"


def values_page(chart: Path) -> str:
    """Write the reference of a chart's values: one chapter a block, and one for the values that are in none."""
    chapters: dict[str, list[tuple[str, str, str]]] = {GENERAL: []}
    for row in _rows(chart):
        block, dot, _ = row[0].strip("`").partition(".")
        chapters.setdefault(block if dot else GENERAL, []).append(row)
    text = "\n".join(f"## {block}\n\n{table(HEAD, rows)}" for block, rows in chapters.items())
    return f"# Values of the chart\n\n{NOTICE}{VALUES_INTRODUCTION}{text}"


def _rows(chart: Path) -> list[tuple[str, str, str]]:
    text = (chart / "values.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(text)
    return [(code(path), code(_default(values, path)), meaning) for path, meaning in explained_values(text)]


def explained_values(text: str) -> Iterator[tuple[str, str]]:
    """Give the path of each value that a comment with `# --` explains, and what it says."""
    above: list[tuple[int, str]] = []
    meaning: list[str] = []
    for line in text.splitlines():
        comment = re.fullmatch(r" *# (-- )?(.*)", line)
        if comment and (comment[1] or meaning):
            meaning = [comment[2]] if comment[1] else [*meaning, comment[2]]
            continue
        if key := re.match(r"( *)(\w+):", line):
            above = [each for each in above if each[0] < len(key[1])] + [(len(key[1]), key[2])]
            if meaning:
                yield ".".join(name for _, name in above), " ".join(meaning)
        meaning = []


def _default(values: Any, path: str) -> str:
    for key in path.split("."):
        values = values[key]
    return json.dumps(values)
