"""Frameworks: the words in which auditors ask, as versioned data beside this file, each item with our checks.

A framework's item is answered by one or more checks, or by none, and then says why. Scanners and AWS Config are written
down the same way, so that one finding can be found again in another tool.
"""

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from securebucket.model.verdict import Result

DATA = files("securebucket.compliance") / "data"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(StrEnum):
    """What a catalogue of requirements is."""

    STANDARD = "standard"
    """Something that one complies with; scored."""
    SCANNER = "scanner"
    """A tool with checks of its own; a cross-reference only."""


class Item(_Model):
    """One requirement of a framework.

    Args:
        id: as the framework writes it, e.g. `S3.5`, `2.1.1`, `SC-13`.
        title: short.
        checks: ids of our checks of a bucket that answer it; all of them must pass.
        account_checks: ids of our checks of the account that answer it.
        note: where our answer differs from theirs, or why there is none.
    """

    id: str
    title: str
    checks: tuple[str, ...] = ()
    account_checks: tuple[str, ...] = ()
    note: str = ""


class Framework(_Model):
    """A standard or a scanner, in one version.

    Args:
        id: metric label and option value, e.g. `cis-aws-5.0.0`.
        name: as its publisher writes it.
        version: of the text that the items were taken from.
    """

    id: Annotated[str, Field(pattern="[a-z0-9.-]+")]
    name: str
    version: str
    publisher: str
    kind: Literal[Kind.STANDARD, Kind.SCANNER]
    url: str
    items: tuple[Item, ...]

    @property
    def checks(self) -> frozenset[str]:
        """Every check of a bucket that stands in it."""
        return frozenset(check for item in self.items for check in item.checks)

    @property
    def account_checks(self) -> frozenset[str]:
        """Every check of the account that stands in it."""
        return frozenset(check for item in self.items for check in item.account_checks)


@cache
def frameworks() -> Mapping[str, Framework]:
    """Return all frameworks by id, in the order of their files."""
    found = sorted((each for each in DATA.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    read = (Framework.model_validate(tomllib.loads(each.read_text(encoding="utf-8"))) for each in found)
    return {framework.id: framework for framework in read}


@cache
def standards() -> tuple[Framework, ...]:
    """Return the frameworks that one complies with."""
    return tuple(each for each in frameworks().values() if each.kind is Kind.STANDARD)


WORST_FIRST = (Result.FAIL, Result.UNKNOWN, Result.EXCEPTED, Result.PASS, Result.NOT_APPLICABLE)
"""One failing check fails an item, and one that cannot be told keeps it from passing."""


def worst(results: Iterable[Result]) -> Result:
    """Return the result of an item from those of its checks; unknown without any."""
    given = set(results)
    return next((each for each in WORST_FIRST if each in given), Result.UNKNOWN)
