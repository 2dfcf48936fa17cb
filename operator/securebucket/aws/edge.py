"""The one door to AWS that the engine uses."""

import datetime as dt
import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import BotoCoreError

from securebucket.aws.account import Accounts, Identity
from securebucket.aws.account_documents import AccountDocuments
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.bucket_list import ListedBucket, list_buckets
from securebucket.aws.call_limits import Limits
from securebucket.aws.cloud_watch import Values, metric_values
from securebucket.aws.counted_writes import Gate, count_writes
from securebucket.aws.event_queue import EventQueue
from securebucket.aws.failures import failure_of
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.metering import Sink, instrument
from securebucket.aws.owner_condition import require_owners
from securebucket.aws.reading_threads import ReadingThreads
from securebucket.aws.s3_calls import S3Calls
from securebucket.aws.sessions import MOST_CLIENTS, Binding, Sessions
from securebucket.aws.surroundings import Surroundings
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.model.event_message import QueuePlace
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Reading
from securebucket.model.replication_progress import MetricQuery
from securebucket.model.reported_change import ReportedChange
from securebucket.model.surroundings import Query


class Aws:
    """Identities, buckets and what lies around them, over shared sessions.

    Args:
        sink: gets every request that leaves, for metrics.
        threads: how many passes may run at once; sizes the connection pools.
        readers: threads that read the documents of one bucket side by side, over all passes; 0 reads one by one.
        going: asked before each call and before each further try of it; once it is false none begins, and whoever
            asks gets the failure `Stopping`.
        gate: passed by every write to S3; where there is none, they are not counted.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        threads: int = 16,
        readers: int = 0,
        going: Callable[[], bool] = lambda: True,
        gate: Gate | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        registers = (instrument(sink), *([count_writes(gate)] if gate else []))

        def watch(emitter: Any) -> None:
            for register in registers:
                register(emitter)

        self._sink, self._limits = sink, Limits(going)
        self.sessions = Sessions(watch, threads=threads + readers, limits=self._limits)
        self._calls: LatelyUsed[tuple[Binding, str], S3Calls] = LatelyUsed(MOST_CLIENTS)
        self._calls_lock = threading.Lock()
        self._accounts = Accounts(self.sessions)
        self._surroundings = Surroundings(self.sessions, clock)
        self._account_documents = AccountDocuments(self.sessions)
        self._pool = ReadingThreads(readers) if readers else None

    def identify(self, binding: Binding) -> Identity | Failure:
        """Say who the binding's credentials belong to."""
        return self._accounts.identify(binding)

    def made(self, change: ReportedChange) -> bool:
        """Tell whether a change was a call of ours: of one of our identities, under our name.

        Anybody can call himself by our name, and a person may share our identity; nobody else does both.
        """
        return change.own_agent and change.actor in self._accounts.arns()

    def event_queue(self, place: QueuePlace) -> EventQueue:
        """Give a queue of events, read as the operator itself."""
        return EventQueue(self.sessions, place)

    def region(self, binding: Binding) -> str:
        """Give the region for new buckets; empty when none is known."""
        return binding.region or self.sessions.ambient_region()

    def bucket(self, binding: Binding, identity: Identity, name: str, region: str) -> BucketClient | Failure:
        """Give the client of one bucket in a region."""
        if not region:
            return Failure("RegionMissing", "no region is known; set spec.region, the profile's region, or AWS_REGION.")
        try:
            s3: Any = self.sessions.client(binding, "s3", region)
        except BotoCoreError as error:  # the profile is missing, the endpoint is no URL, or there is no such region
            return failure_of(error, "HeadBucket")
        if identity.account_id:
            require_owners(s3.meta.events)
        return BucketClient(
            self._calls_over(s3, binding, region),
            name,
            identity.account_id,
            self._pool,
            other=lambda service: self.sessions.client(binding, service, region),
        )

    def _calls_over(self, client: Any, binding: Binding, region: str) -> S3Calls:
        with self._calls_lock:  # two that put themselves before one client would not know of each other
            calls = self._calls.get((binding, region))
            if calls is None or calls.client is not client:  # it was not used for long, and made anew
                calls = S3Calls(client, self._sink, self._limits)
                self._calls.put((binding, region), calls)
            return calls

    def list_buckets(self, binding: Binding) -> tuple[ListedBucket, ...] | Failure:
        """Give all buckets of the binding's account."""
        return list_buckets(lambda: self.sessions.client(binding, "s3"))

    def look(self, binding: Binding, query: Query[Any], at_most: float = math.inf) -> Reading[Any]:
        """Answer a question about something outside the bucket, from an answer at most so many seconds old."""
        return self._surroundings.look(binding, query, at_most)

    def survey(
        self,
        binding: Binding,
        identity: Identity,
        regions: tuple[str, ...] = (),
        going: Callable[[], bool] = lambda: True,
    ) -> Mapping[str, Answer]:
        """Read what is kept for the whole account.

        Args:
            binding: as whom.
            identity: whose account it is; nothing is read on a server without accounts.
            regions: where to look besides the regions that have buckets; empty for the binding's.
            going: asked before each call; nothing more is read once it is false.

        Returns:
            The answers, by names such as `s3control:GetPublicAccessBlock`.
        """
        places = tuple(each for each in regions or (self.region(binding),) if each)
        if not identity.account_id or not places:
            return {}
        return self._account_documents.read(
            binding, AccountPlace(identity.account_id, identity.partition, places), going
        )

    def metric_values(
        self,
        binding: Binding,
        region: str,
        queries: Sequence[MetricQuery],
        since: dt.datetime,
        until: dt.datetime,
    ) -> Values | Failure:
        """Ask CloudWatch for metrics of a region; see `cloud_watch`."""
        return metric_values(lambda: self.sessions.client(binding, "cloudwatch", region), queries, since, until)

    def close(self) -> None:
        """End the reading threads."""
        if self._pool:
            self._pool.shutdown()
