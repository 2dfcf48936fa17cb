"""YAML means the same to the command line as to a cluster: the table that our reader is held by, through kubectl."""

import json

from tests.cli.yaml_rows import MAPPINGS, ROWS
from tests.e2e.team import Team


def test_kubectl_and_the_api_server_read_as_the_command_line_does(team: Team) -> None:
    rows = ROWS | MAPPINGS
    document = team.document()
    # What is in a statement's Principal reaches the operator as it is, so all rows are one list there.
    values = "".join(f"\n          - {written}" for written in rows)
    text = (
        f"apiVersion: {document['apiVersion']}\nkind: SecureBucket\nmetadata: {json.dumps(document['metadata'])}\n"
        "spec:\n  mode: Observe\n  policy:\n    statements:\n"
        f"      - Sid: All\n        Effect: Deny\n        Action: s3:GetObject\n        Resource: '*'\n"
        f"        Principal:{values}\n"
    )
    team.kubectl("apply", "-f", "-", stdin=text)
    (stored,) = team.read()["spec"]["policy"]["statements"]
    assert dict(zip(rows, (json.dumps(each, sort_keys=True) for each in stored["Principal"]), strict=True)) == {
        written: json.dumps(meant, sort_keys=True) for written, meant in rows.items()
    }
