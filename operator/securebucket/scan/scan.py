"""A scan: every bucket of an account, or the named ones, against the catalogue. Nothing is ever written.

list → read side by side → tell the roles → answer what the checks ask → judge. A bucket that cannot be read never stops
the others.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, TypeVar

from securebucket.aws.account import Identity
from securebucket.aws.bucket_list import ListedBucket
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.compliance.judgement import questions
from securebucket.compliance.stored_observation import StoredBucket, StoredObservation, StoredReason, store
from securebucket.engine.parallel import Crash, Crew, attempt
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, NeverConfigured, Read, Reading, answers_of, drive
from securebucket.model.granted_exception import GrantedException
from securebucket.model.log_target import LogTargetQuery
from securebucket.model.surroundings import BucketRegionQuery, Query
from securebucket.report.assembly import account_audit
from securebucket.report.audit_report import AccountAudit, BucketAudit
from securebucket.report.bucket_judgement import judge_bucket
from securebucket.scan.bucket_reading import BucketReading, read_bucket
from securebucket.scan.found_roles import FoundRole, find_roles

T = TypeVar("T")
R = TypeVar("R")

NOT_LOOKED_AT = Failure("Interrupted", "it was not looked at: the scan was interrupted.", retry=True)

Told = Callable[[int, int, str], None]
"""Gets how many buckets are read, how many there are, and the name of the last one."""


def utc_now() -> dt.datetime:
    """Give the time in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which buckets.

    Args:
        names: these; none means all of the account.
        patterns: shell patterns; of all buckets only those that one of them matches. None means all.
        regions: only buckets that lie in one of them, as far as the list says where they lie. None means all.
    """

    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """All buckets of the account."""
        return not self.names and not self.patterns and not self.regions

    def admits(self, name: str) -> bool:
        """Tell whether a bucket is meant."""
        if self.names:
            return name in self.names
        return not self.patterns or any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def reaches(self, region: str) -> bool:
        """Tell whether buckets of a region are meant; an empty one is not known yet."""
        return not self.regions or not region or region in self.regions


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scan is told besides which buckets.

    Args:
        exceptions: each with the bucket that it names.
        trusted_accounts: other accounts that policies may let in.
        workers: buckets that are read at once.
    """

    exceptions: tuple[tuple[str, GrantedException], ...] = ()
    trusted_accounts: frozenset[str] = frozenset()
    workers: int = 16


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan gave.

    Args:
        account_id: empty on a server that has no accounts.
        buckets: one for each bucket that was meant, also for those that could not be read.
        account: absent on a server that has no accounts.
        interrupted: somebody ended it early; the buckets that were not looked at say so.
    """

    account_id: str
    buckets: tuple[BucketAudit, ...]
    account: AccountAudit | None
    interrupted: bool = False


@dataclass(slots=True)
class Scan:
    """One scan.

    Args:
        aws: the door to AWS.
        binding: where and as whom.
        told: is told how far it is.
        terms: what else it is told.
        now: the time in UTC.
    """

    aws: Aws
    binding: Binding
    told: Told
    terms: Terms = field(default_factory=Terms)
    now: Callable[[], dt.datetime] = utc_now
    _interrupted: bool = field(default=False, init=False)

    def run(self, scope: Scope) -> Scanned | Failure:
        """Scan; a failure means that nothing could be looked at.

        `KeyboardInterrupt` ends the reading, and what was read until then is judged.
        """
        began = self.now()
        identity = self.aws.identify(self.binding)
        if isinstance(identity, Failure):
            return identity
        listed = self._list(scope)
        if isinstance(listed, Failure):
            return listed
        wanted = [each for each in listed if scope.admits(each.name) and scope.reaches(each.region)]
        read = self._read(wanted, identity)
        readings = {name: each for name, each in read.items() if isinstance(each, BucketReading)}
        roles = find_roles({name: each.subject.observed for name, each in readings.items()})
        readings = {name: self._placed(each, roles[name]) for name, each in readings.items()}
        looks = self._look_around(readings)

        def judge(reading: BucketReading) -> BucketAudit:
            return self._judge(reading, looks, roles[reading.subject.bucket.name])

        judged = {name: attempt(judge, each) for name, each in readings.items()}
        audits = tuple(
            audit if isinstance(audit, BucketAudit) else _unread(each, identity, audit or read.get(each.name), began)
            for each in wanted
            for audit in [judged.get(each.name)]
        )
        buckets = None if scope.names else len(listed)
        account = self._account(identity, began, buckets, whole=scope.whole)
        return Scanned(identity.account_id, audits, account, self._interrupted)

    def _account(
        self, identity: Identity, read_at: dt.datetime, buckets: int | None, *, whole: bool
    ) -> AccountAudit | None:
        """Look at the account itself where all of it is scanned; None on a server that has no accounts."""
        if not identity.account_id:
            return None
        if self._interrupted or not whole:
            return AccountAudit(account_id=identity.account_id, read_at=read_at, buckets=buckets)
        return account_audit(identity.account_id, read_at, self.aws.survey(self.binding, identity))

    def _list(self, scope: Scope) -> tuple[ListedBucket, ...] | Failure:
        if scope.names:
            return tuple(map(ListedBucket, scope.names))
        listed = self.aws.list_buckets(self.binding)
        if isinstance(listed, Failure) and listed.reason == "AccessDenied":
            advice = "Grant s3:ListAllMyBuckets, or name the buckets on the command line."
            return replace(listed, message=f"ListBuckets was denied. {advice}")
        return listed

    def _read(self, wanted: Sequence[ListedBucket], identity: Identity) -> dict[str, BucketReading | Failure | Crash]:
        def read_one(listed: ListedBucket) -> BucketReading | Failure:
            return read_bucket(self.aws, self.binding, identity, listed, self.now)

        read: dict[str, BucketReading | Failure | Crash] = {}

        def take(bucket: ListedBucket, result: BucketReading | Failure | Crash) -> None:
            read[bucket.name] = result
            self.told(len(read), len(wanted), bucket.name)

        self.told(0, len(wanted), "")
        self._side_by_side(read_one, wanted, take)
        return read

    def _look_around(self, readings: Mapping[str, BucketReading]) -> Mapping[Query[Any], Reading[Any]]:
        """Answer what the checks ask about the buckets' surroundings, each question once.

        What is asked of a bucket that was read itself needs no call.
        """
        asked = dict.fromkeys(query for each in readings.values() for query in questions(each.subject))
        known: dict[Query[Any], Reading[Any]] = {}
        for query in asked:
            other = readings.get(query.name) if isinstance(query, BucketRegionQuery | LogTargetQuery) else None
            if other is not None:
                known[query] = drive(query.observe(), partial(_read_already, other))
        left = [query for query in asked if query not in known]

        def take(query: Query[Any], found: Reading[Any] | Crash) -> None:
            known[query] = _answered(query, _defect(found)) if isinstance(found, Crash) else found

        self._side_by_side(lambda query: self.aws.look(self.binding, query), left, take)
        return {query: known.get(query) or _answered(query, NOT_LOOKED_AT) for query in asked}

    def _side_by_side(self, work: Callable[[T], R], things: Iterable[T], take: Callable[[T, R | Crash], None]) -> None:
        """Work on things until all is done or somebody interrupts; after that nothing is begun any more."""
        if self._interrupted:
            return
        crew: Crew[T, R] = Crew(self.terms.workers)
        try:
            for thing, result in crew.run(work, things):
                take(thing, result)
        except KeyboardInterrupt:
            crew.stop()
            self._interrupted = True

    def _placed(self, reading: BucketReading, found: FoundRole) -> BucketReading:
        subject = replace(reading.subject, role=found.role, trusted_accounts=self.terms.trusted_accounts)
        return replace(reading, subject=subject)

    def _judge(self, reading: BucketReading, looks: Mapping[Query[Any], Reading[Any]], role: FoundRole) -> BucketAudit:
        name = reading.subject.bucket.name
        outside = answers_of(looks[query] for query in questions(reading.subject))
        exceptions = [exception for bucket, exception in self.terms.exceptions if bucket == name]
        observation = store(reading.subject, {**reading.answers, **outside}, reading.read_at)
        return judge_bucket(observation, exceptions, self.now(), role_because=role.because)


def _answered(query: Query[Any], answer: Answer) -> Reading[Any]:
    return drive(query.observe(), lambda _: answer)


def _read_already(other: BucketReading, read: Read) -> Answer:
    """Give what was read of another bucket."""
    if read.operation == "head_bucket":
        return {"BucketRegion": other.subject.bucket.region}
    return other.answers.get(read.api, NeverConfigured())


def _unread(
    listed: ListedBucket, identity: Identity, why: BucketReading | Failure | Crash | None, at: dt.datetime
) -> BucketAudit:
    if isinstance(why, Crash):
        why = _defect(why)
    failure = why if isinstance(why, Failure) else NOT_LOOKED_AT
    bucket = StoredBucket(
        name=listed.name, region=listed.region, account_id=identity.account_id, partition=identity.partition
    )
    return BucketAudit(
        observation=StoredObservation(bucket=bucket, read_at=at),
        failure=StoredReason(reason=failure.reason, message=failure.message),
    )


def _defect(crash: Crash) -> Failure:
    return Failure(
        "InternalError", f"the scan itself failed at it ({crash}); other buckets are not affected. Please report it."
    )
