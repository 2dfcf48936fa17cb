"""The README of the chart, made from the comments of its `values.yaml`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from securebucket_dev.generate.markdown import NOTICE, code, table

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
- The role's policy is [`deploy/iam/enforce.json`](../../deploy/iam/enforce.json), or `observe.json` for looking only.

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


def chart_page(chart: Path) -> str:
    """Write the page of a chart in a folder: one row a value."""
    about = yaml.safe_load((chart / "Chart.yaml").read_text(encoding="utf-8"))
    text = (chart / "values.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(text)
    rows = [(code(path), code(_default(values, path)), meaning) for path, meaning in explained_values(text)]
    introduction = INTRODUCTION.format(
        description=about["description"],
        kubernetes=about["kubeVersion"].removeprefix(">=").removesuffix("-0") + " or newer",
    )
    return f"# Helm chart securebucket\n\n{NOTICE}{introduction}{table(('Value', 'Default', 'Meaning'), rows)}"


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
