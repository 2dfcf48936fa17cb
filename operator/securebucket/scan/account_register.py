"""What is known of the accounts in use: written by the survey, read by metrics and report. Safe for many threads."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from securebucket.report.audit_report import AccountAudit


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """Names an account. Two S3 servers that are not AWS may have accounts of the same number."""

    account_id: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class AccountSighting:
    """An account as it was last seen.

    Args:
        audit: its verdicts and what they were made from.
        coverage_known: every SecureBucket of the cluster is known, so that `audit.uncovered` is complete.
    """

    audit: AccountAudit
    coverage_known: bool


@dataclass(slots=True)
class AccountRegister:
    """The accounts in use."""

    _sightings: dict[AccountKey, AccountSighting] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, key: AccountKey, sighting: AccountSighting) -> None:
        """Replace what is known of an account."""
        with self._lock:
            self._sightings[key] = sighting

    def keep(self, keys: Iterable[AccountKey]) -> None:
        """Forget every account that is not among these."""
        with self._lock:
            wanted = set(keys)
            self._sightings = {key: each for key, each in self._sightings.items() if key in wanted}

    def snapshot(self) -> dict[AccountKey, AccountSighting]:
        """Give everything as it is now, in order; the records themselves never change."""
        with self._lock:
            return dict(sorted(self._sightings.items()))

    def audits(self) -> tuple[AccountAudit, ...]:
        """Give the accounts as a report has them."""
        return tuple(each.audit for each in self.snapshot().values())
