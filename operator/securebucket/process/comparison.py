"""The second belt: a full list, compared with what the watch has told. It catches whatever a watch has lost."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from securebucket.fleet.exception_record import exception_record
from securebucket.fleet.record import News, record_of
from securebucket.kube.client import Client
from securebucket.model.api_error import ExpiredError
from securebucket.model.bucket import ObjectKey
from securebucket.process.feed import FleetFeed, profile_record

log = logging.getLogger(__name__)

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """Lists everything, page by page, and takes in what differs from the index.

    Args:
        client: the Kubernetes API.
        feed: knows what the watch has told, and takes in the differences.
        namespaces: that are watched; empty for the whole cluster.
        with_exceptions: tells whether BucketExceptions can be read: their kind is newer than the others.
    """

    client: Client
    feed: FleetFeed
    namespaces: Sequence[str] = ()
    with_exceptions: Callable[[], bool] = lambda: True

    def run(self) -> int:
        """Compare once, and count the changes that the watch had not told: in its first run, the whole fleet.

        Raises:
            ApiError: the lists could not be read.
        """
        self.compare_profiles()
        namespaces = self.namespaces or ("",)
        missed = 0
        if self.with_exceptions():  # before the buckets: a first pass must not find an accepted failure unaccepted
            missed += sum(self._retried(self._compare_exceptions, each) for each in namespaces)
        missed += sum(self._retried(self._compare_buckets, each) for each in namespaces)
        if self.feed.index.complete and missed:
            log.warning("the watch had missed %d changes; they are taken in now", missed)
        self.feed.index.mark_complete()
        return missed

    def compare_profiles(self) -> None:
        """Compare the profiles: all of them, or, in some namespaces only, those that the objects there name.

        An operator of some namespaces may not list profiles: they name every account and role of the company.
        """
        if self.namespaces:
            for name in self.feed.index.profiles_in_use():
                body = self.client.get_profile(name)
                if body is not None:
                    self.feed.see_profile("LISTED", body)
                elif self.feed.index.forget_profile(name):
                    self.feed.change_profile(name)
            return
        names = []
        for body in self.client.list_profiles():
            self.feed.see_profile("LISTED", body)
            names.append(profile_record(body).name)
        for name in self.feed.index.keep_profiles(names):
            self.feed.change_profile(name)

    def _compare_exceptions(self, namespace: str) -> int:
        before = {each.key: each.uid for each in self.feed.exceptions.records(namespace)}
        missed = 0
        for body in self.client.list_exceptions(namespace):
            record = exception_record(body)
            if not record.deleting:
                before.pop(record.key, None)
                missed += self.feed.take_in_exception(record)
        return missed + sum(self.feed.lose_exception(key, uid) for key, uid in before.items())

    def _compare_buckets(self, namespace: str) -> int:
        before = {
            record.key: record.uid for record in self.feed.index.records() if namespace in {"", record.key.namespace}
        }  # fmt: skip
        missed = 0
        for body in self.client.list_buckets(namespace):
            record = record_of(body, self.feed.default_interval)
            before.pop(record.key, None)
            missed += self.feed.take_in(record) is not News.NONE
        return missed + sum(self._lose_if_gone(key, uid) for key, uid in before.items())

    def _lose_if_gone(self, key: ObjectKey, uid: str) -> bool:
        """Drop an object that no list names any more, if a read of it says the same.

        A list that leaves one out must not hand its bucket to the next that claims it.
        """
        body = self.client.get_bucket(key)
        if body is None:
            self.feed.lose_bucket(key, uid)
            return True
        return self.feed.take_in(record_of(body, self.feed.default_interval)) is not News.NONE

    @staticmethod
    def _retried(compare: Callable[[str], int], namespace: str) -> int:
        for _ in range(ATTEMPTS - 1):
            try:
                return compare(namespace)
            except ExpiredError:
                log.info("the list took so long that its end expired; reading it again")
        return compare(namespace)
