"""What is on or off in each region: the one shape that GuardDuty, Macie and Access Analyzer share. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.account.account_document import AccountSubject, unread
from securebucket.compliance.account.bucket_list import unseen_regions
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer
from securebucket.model.observation import Unsupported


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


def gather(
    subject: AccountSubject, api: str, found: Mapping[str, bool | Failure | Unsupported]
) -> RegionsState | Failure | Unsupported:
    """Put the regions together.

    Args:
        subject: what was answered.
        api: the operation that was asked in each region.
        found: by region, whether the service works there, as far as its answer could be read.
    """
    nothing = unread(subject.items(api))
    if nothing:
        return nothing
    missing = [f"{region}: {each.message}" for region, each in found.items() if not isinstance(each, bool)]
    return RegionsState(
        on=tuple(region for region, each in found.items() if each is True),
        off=tuple(region for region, each in found.items() if each is False),
        unread=tuple(each for each in (*missing, unseen_regions(subject)) if each),
    )


def refusal(answer: Answer) -> Failure | Unsupported | None:
    """Give the reason for which an answer tells nothing; None where it does."""
    return answer if isinstance(answer, Failure | Unsupported) else None
