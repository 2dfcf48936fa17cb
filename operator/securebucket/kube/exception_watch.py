"""Begins to watch BucketExceptions as soon as that is possible: an upgrade may bring their CRD or the rights later.

Without them the operator works as before them: every failing check counts. That is said once, and looked at again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from securebucket.api.base import GROUP
from securebucket.kube.client import EXCEPTIONS, Client, Right
from securebucket.kube.informer import Informer
from securebucket.model.api_error import MissingError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class ExceptionWatch:
    """The informer of exceptions, which begins when it can. To begin is for one thread at a time, to stop for any.

    It is one of its own, since kopf looks once, at its start, for the kinds that there are.

    Args:
        client: the Kubernetes API.
        informer: of exceptions alone, not started.
        namespaces: that are watched; empty for the whole cluster.
    """

    client: Client
    informer: Informer
    namespaces: Sequence[str] = ()
    _begun: bool = False
    _told: str = ""

    def begin(self) -> None:
        """Begin, if it has not begun and is possible by now.

        Raises:
            ApiError: the API server does not say whether it is.
        """
        if self._begun:
            return
        obstacle = self._obstacle()
        if obstacle:
            if obstacle != self._told:
                log.warning("exceptions are not in force: %s", obstacle)
                self._told = obstacle
            return
        self._begun = True
        self.informer.start()
        if self._told:
            log.info("exceptions are in force from now on")

    def begun(self) -> bool:
        """Tell whether exceptions are watched; not while their kind is taken away."""
        return self._begun and not self.informer.waiting_for()

    def alive(self) -> bool:
        """Tell whether the informer runs, or has not begun, and then nothing is wrong either."""
        return not self._begun or self.informer.alive()

    def quiet_for(self) -> float:
        """Return the seconds since the quietest watch received something; 0 while there is nothing to watch."""
        return self.informer.activity.quiet_for() if self.begun() else 0.0

    def stop(self, timeout: float) -> None:
        """End the watches, and wait for that up to `timeout` seconds; none begins any more."""
        self.informer.stop(timeout)

    def _obstacle(self) -> str:
        """Say why exceptions cannot be watched now, and what to do; empty when they can."""
        missing = f"{EXCEPTIONS} is not installed; apply the CRDs (securebucket crd | kubectl apply -f -)"
        if EXCEPTIONS not in self.client.served_kinds():
            return missing
        for namespace in self.namespaces or ("",):
            for verb in ("list", "watch"):
                right = Right(verb, GROUP, EXCEPTIONS, namespace)
                if not self.client.allows(right):
                    return f"the operator may not {right}; apply the RBAC of the chart or of deploy/"
            try:
                next(self.client.list_exceptions(namespace), None)
            except MissingError:  # it is told of a moment before it is served
                return missing
        return ""
