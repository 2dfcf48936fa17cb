"""What is on or off in each region: the one shape that GuardDuty, Macie and Access Analyzer share. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.account.account_document import unread
from securebucket.compliance.account.bucket_list import Regional
from securebucket.model.failure import Failure


@dataclass(frozen=True, slots=True)
class RegionsState:
    """Where a service does its work.

    Args:
        on: regions where it does.
        off: regions where it does not.
        unread: why some regions could not be looked at.
    """

    on: tuple[str, ...]
    off: tuple[str, ...]
    unread: tuple[str, ...] = ()


def gather(asked: Regional, found: Mapping[str, bool | Failure]) -> RegionsState | Failure:
    """Put the regions together.

    Args:
        asked: what was answered first in each region.
        found: by region, whether the service works there, as far as its answers could be read.
    """
    nothing = unread(asked.answers.values())
    if nothing:
        return nothing
    missing = [f"{region}: {each.message}" for region, each in found.items() if not isinstance(each, bool)]
    return RegionsState(
        on=tuple(region for region, each in found.items() if each is True),
        off=tuple(region for region, each in found.items() if each is False),
        unread=tuple(each for each in (*missing, asked.unseen) if each),
    )
