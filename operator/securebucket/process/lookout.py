"""How the process comes to know the fleet and goes on knowing it: watches of all kinds, and full lists beside them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from securebucket.dispatch.periodic import Periodic
from securebucket.fleet.profiles import LIFETIME
from securebucket.kube.client import BUCKETS, EXCEPTIONS, PROFILES, Client
from securebucket.kube.connection import load_connection
from securebucket.kube.exception_watch import ExceptionWatch
from securebucket.kube.informer import Informer, See
from securebucket.kube.transport import Requested
from securebucket.model.api_error import ApiError
from securebucket.process.comparison import Comparison
from securebucket.process.feed import FleetFeed
from securebucket.process.settings import RunSettings

Insist = Callable[[str, Callable[[], object]], object]
"""Tries an action, of which it is told what it brings, until it succeeds."""


@dataclass(slots=True)
class Lookout:
    """The informers and the lists that feed the index.

    Args:
        client: the Kubernetes API.
        feed: gets what is seen.
        settings: which namespaces, and how often.
        requested: told of each request.
    """

    client: Client
    feed: FleetFeed
    settings: RunSettings
    requested: Requested
    informer: Informer = field(init=False)
    exceptions: ExceptionWatch = field(init=False)
    _comparison: Comparison = field(init=False)

    def __post_init__(self) -> None:
        namespaces = self.settings.namespaces
        self.informer = self._make_informer({BUCKETS: self.feed.see_bucket, PROFILES: self.feed.see_profile})
        watched = self._make_informer({EXCEPTIONS: self.feed.see_exception})
        self.exceptions = ExceptionWatch(self.client, watched, namespaces)
        self._comparison = Comparison(self.client, self.feed, namespaces, self.exceptions.begun)

    def tasks(self) -> list[Periodic]:
        """Give what is to be done again and again."""
        tasks = [
            Periodic("comparison", self.settings.comparison_interval, self._comparison.run),
            Periodic("kind of exceptions", self.settings.exception_interval, self.exceptions.begin),
        ]
        if self.settings.namespaces:
            tasks.append(Periodic("profiles", LIFETIME, self._comparison.compare_profiles))
        return tasks

    def begin(self, insist: Insist) -> None:
        """Begin to watch, and list the fleet once."""
        insist("the kind of exceptions", self.exceptions.begin)
        self.informer.start()
        insist("the list of the fleet", self._comparison.run)

    def await_kinds(self) -> None:
        """Make sure that the kinds are there without which nothing goes. Raises `ApiError` when they are not."""
        missing = self.client.missing_kinds((BUCKETS, PROFILES))
        if missing:
            raise ApiError(404, "NotFound", missing, "discovery")

    def alive(self) -> bool:
        """Tell whether every informer that began still runs."""
        return self.informer.alive() and self.exceptions.alive()

    def quiet_for(self) -> float:
        """Give the seconds since the quietest watch received something."""
        return max(self.informer.activity.quiet_for(), self.exceptions.quiet_for())

    def stop(self) -> None:
        """End the watches, and wait for that a moment."""
        self.informer.stop(timeout=2.0)
        self.exceptions.stop(timeout=2.0)

    def _make_informer(self, see: Mapping[str, See]) -> Informer:
        return Informer(
            see,
            lambda: load_connection(self.settings.kubeconfig),
            self.settings.namespaces,
            lambda: self.client.missing_kinds(see),
            requested=self.requested,
            terms=self.settings.watch,
        )
