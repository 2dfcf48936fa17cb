"""Every mechanism that AWS's chapter on the security of S3 names, and what becomes of it here: a file, and its page."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from securebucket.controls import CONTROLS
from securebucket_dev.generate.markdown import NOTICE, code, table

FILE = Path(__file__).with_name("mechanisms.toml")
_BY_NAME = {control.name: control for control in CONTROLS}
_NONE = "none"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mechanism(_Model):
    """One mechanism.

    Args:
        name: as people know it.
        topic: of the chapter.
        control: what enforces it; empty where nothing does.
        fields: of the control's block.
        spec: fields of the spec outside any block.
        default: what is so where nobody says anything.
        undo: whether it can be undone.
        drift: what the status names when somebody else has changed it.
        unseen: why nobody else can change it, where `drift` is empty.
        checks: of buckets that tell of it, where no control enforces it.
        account_checks: the same of accounts.
        reason: why the operator cannot set it.
    """

    name: str
    topic: str
    control: str = ""
    fields: tuple[str, ...] = ()
    spec: tuple[str, ...] = ()
    default: str = Field(min_length=1)
    undo: str = Field(min_length=1)
    drift: tuple[str, ...] = ()
    unseen: str = ""
    checks: tuple[str, ...] = ()
    account_checks: tuple[str, ...] = ()
    reason: str = ""


class LeftOut(_Model):
    """What S3 has and no control uses, with the reason: operations on a bucket, and members of writes."""

    operations: Mapping[str, str]
    members: Mapping[str, Mapping[str, str]]


class Chapter(_Model):
    """The whole file.

    Args:
        chapter: where AWS's is.
        writes: of each control, by the API's names.
    """

    chapter: str
    writes: Mapping[str, tuple[str, ...]]
    mechanisms: tuple[Mechanism, ...]
    left_out: LeftOut


CHAPTER = Chapter.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def mechanisms_page() -> str:
    """Write the page: a table a topic, and what is left out."""
    topics = dict.fromkeys(each.topic for each in CHAPTER.mechanisms)
    enforced = sum(bool(each.control) for each in CHAPTER.mechanisms)
    return (
        "# Every mechanism of AWS's chapter on S3's security\n\n"
        f"What [AWS's chapter on the security of S3]({CHAPTER.chapter}) names, and what becomes of it:"
        f" {len(CHAPTER.mechanisms)} mechanisms, of which {enforced} are enforced. What is enforced is read, compared"
        " with what is declared or with the default, and corrected; what a check tells of is reported; of the rest"
        " the table says why it is not the operator's. Rights are those on top of"
        " [the engine's own](iam.md).\n\n"
        + NOTICE
        + "".join(f"## {topic}\n\n{_table(topic)}\n" for topic in topics)
        + "## Left out on purpose\n\nOperations on a bucket that no control makes, and members that no write sends."
        " A newer botocore that knows more fails a test until somebody says what becomes of it.\n\n"
        + table(("Operation", "Why"), [(code(name), why) for name, why in CHAPTER.left_out.operations.items()])
        + "\n"
        + table(("Operation", "Member", "Why"), _members())
    )


def _table(topic: str) -> str:
    columns = (
        *("Mechanism", "Field", "Becomes", "Default", "Can be undone"),
        *("Reads", "Writes", "Rights", "When others change it"),
    )
    return table(columns, [_row(each) for each in CHAPTER.mechanisms if each.topic == topic])


def _row(each: Mechanism) -> tuple[str, ...]:
    if each.control:
        control = _BY_NAME[each.control]
        named = [f"{each.control}.{field}" for field in each.drift]
        return (
            each.name,
            _codes(f"{each.control}.{field}" for field in each.fields),
            "enforced",
            each.default,
            each.undo,
            _codes(dict.fromkeys(read.partition("/")[0] for read in control.documents())),
            _codes(CHAPTER.writes[each.control]),
            _codes((*control.permissions.read, *control.permissions.write)),
            f"drift of {_codes(named)}, corrected" if named else each.unseen,
        )
    checks = (*each.checks, *each.account_checks)
    becomes = "reported" if checks else "not the operator's"
    told = f"{_codes(checks)} {'fail' if len(checks) > 1 else 'fails'}" if checks else _NONE
    return (
        *(each.name, _codes(each.spec) or _NONE, f"{becomes}: {each.reason}", each.default, each.undo),
        *(_NONE, _NONE, _NONE, told),
    )


def _members() -> Iterator[tuple[str, str, str]]:
    for operation, members in CHAPTER.left_out.members.items():
        for member, why in members.items():
            yield code(operation), code(member), why


def _codes(names: Iterable[Any]) -> str:
    return ", ".join(code(str(name)) for name in names)
