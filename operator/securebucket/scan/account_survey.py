"""Surveys the accounts in use: who they are, what they are asked, what that means, and what has changed since."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from securebucket.aws.account import Identity
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure
from securebucket.model.verdict import Result
from securebucket.report.assembly import account_audit
from securebucket.report.audit_report import AccountAudit
from securebucket.scan.account_register import AccountKey, AccountRegister, AccountSighting

log = logging.getLogger(__name__)

WORRYING = frozenset({Result.FAIL, Result.UNKNOWN})


@dataclass(frozen=True, slots=True)
class AccountUse:
    """One way in which the fleet uses an account.

    Args:
        binding: where and as whom.
        covered: names of the buckets that SecureBuckets cover on that server; None where not all are known.
    """

    binding: Binding
    covered: frozenset[str] | None


@dataclass(slots=True)
class AccountSurvey:
    """Looks at every account once a round, however many profiles lead to it. For one thread.

    Args:
        aws: the door to AWS.
        register: gets what was seen.
        wall: the time for people, in UTC.
    """

    aws: Aws
    register: AccountRegister
    wall: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    _known: dict[Binding, AccountKey] = field(default_factory=dict)
    _told: dict[tuple[str, str], str] = field(default_factory=dict)

    def run(self, uses: Iterable[AccountUse], going: Callable[[], bool] = lambda: True) -> None:
        """Look at all accounts in use, and forget the others.

        Args:
            uses: of the whole fleet.
            going: asked before each call to AWS; once it is false, the round ends and nothing more is kept.
        """
        found: dict[AccountKey, list[tuple[AccountUse, Identity]]] = {}
        kept: set[AccountKey] = set()
        for use in uses:
            identity = self.aws.identify(use.binding)
            if not going():
                return
            if isinstance(identity, Failure):
                about = ("identity", repr(use.binding))
                self._tell(about, identity.message, logging.WARNING, {"reason": identity.reason})
                kept.update({self._known[use.binding]} if use.binding in self._known else ())
            elif identity.account_id:
                key = AccountKey(identity.account_id, use.binding.endpoint.rstrip("/"))
                self._known[use.binding] = key
                self._tell(("identity", repr(use.binding)), "", logging.INFO, {})
                found.setdefault(key, []).append((use, identity))
        self.register.keep(kept | set(found))
        for key, ways in found.items():
            sighting = self._look(ways, going)
            if not going():
                return
            self.register.see(key, sighting)
            self._tell_changes(sighting.audit)

    def _look(self, ways: list[tuple[AccountUse, Identity]], going: Callable[[], bool]) -> AccountSighting:
        """Read as the first of the ways, in the regions of all of them."""
        use, identity = ways[0]
        regions = tuple(dict.fromkeys(self.aws.region(each.binding) for each, _ in ways))
        answers = self.aws.survey(use.binding, identity, regions, going)
        audit = account_audit(identity.account_id, self.wall(), answers, use.covered)
        return AccountSighting(audit, coverage_known=use.covered is not None and audit.buckets is not None)

    def _tell_changes(self, audit: AccountAudit) -> None:
        for each in audit.verdicts:
            level = logging.WARNING if each.result in WORRYING else logging.INFO
            more = {"account": audit.account_id, "check": each.check, "result": each.result.value}
            self._tell((audit.account_id, each.check), each.because, level, more)

    def _tell(self, about: tuple[str, str], text: str, level: int, more: dict[str, str]) -> None:
        """Log something when it is new, not in every round; an empty text takes back what was told.

        That all is well is worth a line only after it was not.
        """
        before = self._told.get(about)
        if before != text:
            self._told[about] = text
            if text and (before or level > logging.INFO):
                log.log(level, "account: %s", text, extra=more)
