"""The page of what S3 refuses as a whole document, and where we say it before."""

from securebucket.controls import CONTROLS
from securebucket_dev.generate.markdown import NOTICE, code, table
from securebucket_dev.refusals.refused import Refused
from securebucket_dev.refusals.table import TABLE


def refusals_page() -> str:
    """Write the page: a table a document, in the order in which changes are made."""
    at_apply = sum(not each.reason for each in TABLE)
    documents = ("bucketName", *(control.name for control in CONTROLS))
    return (
        "# What S3 refuses\n\nS3 takes a document as a whole or not at all: one bad entry, and nothing of it is"
        f" written. These {len(TABLE)} rules are known before anything is sent. {at_apply} are said at apply, by the"
        " API server as by `securebucket plan`; the others in the plan, since what is in the bucket decides, or since"
        " the API server cannot look there. The control is then `Failed` with the reason, nothing of its document is"
        " written, and all other documents are. An object that was stored before a rule came is still read, and fails"
        " in the same way, with the reason `InvalidSpec` ([why](../design/2026-12-01-refusals.md)).\n\n"
        + NOTICE
        + "\n".join(f"## {name}\n\n{_table(rows)}" for name in documents if (rows := _rows(name)))
    )


def _rows(document: str) -> list[Refused]:
    return [each for each in TABLE if each.field.split(".")[0] == document]


def _table(rows: list[Refused]) -> str:
    columns = ("What S3 refuses", "Field", "Said", "AWS's page")
    return table(
        columns,
        [
            (
                each.rule,
                code(each.field.replace("[0]", "[]")),
                f"in the plan: {code(each.reason)}" if each.reason else "at apply",
                f"[{each.url.rpartition('/')[2].partition('.html')[0]}]({each.url})",
            )
            for each in rows
        ],
    )
