"""kopf as the informer and nothing else: it lists and watches, and hands over what it sees.

No timers, daemons or state handlers: those cost four to five times the memory, and a finalizer and an annotation on
every object. kopf runs in a thread with an event loop of its own, so that nothing we do can block it.
"""

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import kopf
from kubernetes.client.configuration import Configuration

from securebucket.api.base import GROUP, VERSION
from securebucket.kube.client import PAGE, PROFILES
from securebucket.kube.loop_tasks import CLEARING, end_all
from securebucket.kube.transport import Requested, ignore_request
from securebucket.kube.watch_session import WatchActivity, open_session
from securebucket.kube.watch_stream import LONGEST_PAUSE, SHORTEST_PAUSE, Interruptions
from securebucket.model.api_error import ApiError

log = logging.getLogger(__name__)

SHORTEST_LOGIN_PAUSE = 5.0
"""Seconds between two logins: kopf logs in anew at once after a 401, and would do so in a hot loop."""

ATTEMPTS, LONGEST_RETRY = 8, 20.0
"""Of kopf at a request, and seconds between two of them."""

INFORMER = "informer"

NOT_OURS = "securebucket.io/kopf-uses-none"
"""kopf removes its finalizer from every object that has no handlers for it: it must never be told the name of ours."""


See = Callable[[str, Mapping[str, Any]], None]
"""Takes in what happened to an object (ADDED, MODIFIED, DELETED, or LISTED), and the object as it is now.

Called within kopf's event loop, so it must be quick and must not fail.
"""


@dataclass(frozen=True, slots=True)
class WatchTerms:
    """The times of the watches, in seconds.

    Args:
        inactivity: a watch that is silent for so long is made anew. Idle watches get a bookmark about every 60 s.
        server: the server ends a watch after so long; a whole number, since it goes into the URL.
        reconnect: pause before a watch is made anew after an error.
        pause: the first before what was interrupted begins anew; the next ones are ever longer.
        clearing: kopf's tasks have so long to end, each time that they are told.
        retry: the first pause before kopf makes a request anew that failed; the next ones are ever longer.
    """

    inactivity: float = 70.0
    server: int = 600
    reconnect: float = 1.0
    pause: float = SHORTEST_PAUSE
    clearing: float = CLEARING
    retry: float = 0.5


UNUSED: Any = "securebucket"
"""Our name among kopf's peers, of which there are none.

Left out, kopf asks for the user's name. The image's user has only a number, and the informer would end with `KeyError:
getpwuid(): uid not found`.
"""


class JitteredBackoffs:
    """Pauses between kopf's own attempts at a request; new ones each time that they are asked for."""

    def __init__(self, base: float = 0.5) -> None:
        self._base = base

    def __len__(self) -> int:
        return ATTEMPTS

    def __iter__(self) -> Iterator[float]:
        for attempt in range(ATTEMPTS):
            yield min(LONGEST_RETRY, self._base * 2**attempt) * (0.5 + random.random() / 2)  # noqa: S311 - chance


def informer_settings(terms: WatchTerms) -> kopf.OperatorSettings:
    """Set kopf so that it only watches (https://docs.kopf.dev/en/stable/configuration/)."""
    settings = kopf.OperatorSettings()
    settings.peering.standalone = True  # the Lease decides who leads
    settings.scanning.disabled = True  # no watches of CRDs and namespaces, and no rights for them
    settings.posting.enabled = False  # the recorder posts, without repetitions
    settings.watching.chunk_size = PAGE  # with the next line: 90 instead of 400 MiB for 10,000 objects
    settings.queueing.idle_timeout = 0.2  # each object's worker, and the body that it holds, goes at once
    settings.watching.inactivity_timeout = terms.inactivity
    settings.watching.server_timeout = terms.server
    settings.watching.client_timeout = terms.server + 60
    settings.watching.connect_timeout = 5
    settings.watching.reconnect_backoff = terms.reconnect
    settings.networking.connect_timeout = 5
    settings.networking.request_timeout = 30
    settings.networking.error_backoffs = JitteredBackoffs(terms.retry)
    settings.process.ultimate_exiting_timeout = None  # else kopf kills the process with SIGKILL
    settings.persistence.finalizer = NOT_OURS
    return settings


@dataclass(slots=True)
class Informer:
    """Lists and watches until it is stopped, in a thread of its own.

    Whatever ends kopf, it begins anew, with a pause that grows: no answer of the API server ends the process. A watch
    that stays dead is told by `/healthz`, so that the kubelet restarts what cannot recover.

    Args:
        see: plurals of what is watched, each with who takes in what is seen. kopf looks once, at the start, which of
            them the server knows.
        load: finds out where the API server is and who we are; asked again when the server does not know us any more.
        namespaces: to watch; empty for the whole cluster. Profiles are in none, so they are watched only then.
        obstacle: says why nothing can be watched now, such as a missing CRD; empty when something can. Asked before
            each beginning, since kopf looks but once for the kinds that the server knows. May raise `ApiError`.
        activity: told of everything that a watch receives.
        requested: told of each request that was sent.
    """

    see: Mapping[str, See]
    load: Callable[[], Configuration]
    namespaces: Sequence[str] = ()
    obstacle: Callable[[], str] = str
    activity: WatchActivity = field(default_factory=WatchActivity)
    requested: Requested = ignore_request
    terms: WatchTerms = field(default_factory=WatchTerms)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _flag: asyncio.Event | None = None
    _thread: threading.Thread | None = None
    _interruptions: Interruptions = field(init=False)
    _waiting_for: str = ""

    def __post_init__(self) -> None:
        self._interruptions = Interruptions(min(LONGEST_PAUSE, self.terms.inactivity / 2), self.terms.pause)

    def start(self) -> None:
        """Begin to list and watch; once stopped, it does not begin any more, whichever thread comes first."""
        with self._turn:
            if self._stopping.is_set():
                return
            self.activity.expect(len(self.namespaces or ("",)) * len(self._watched()))
            self._thread = threading.Thread(target=self._run, name="informer", daemon=True)
            self._thread.start()

    def waiting_for(self) -> str:
        """Say why nothing is watched now; empty when something is, or kopf is just trying."""
        return self._waiting_for

    def alive(self) -> bool:
        """Tell whether the informer runs."""
        return self._thread is not None and self._thread.is_alive()

    def stop(self, timeout: float = 5.0) -> None:
        """End the watches, and wait for that up to `timeout` seconds."""
        with self._turn:
            self._stopping.set()
        if self._thread is None:
            return
        if self._loop is not None and self._flag is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself meanwhile, and closed its loop
                self._loop.call_soon_threadsafe(self._flag.set)
        self._thread.join(timeout)

    def _watched(self) -> Mapping[str, See]:
        return {kind: see for kind, see in self.see.items() if kind != PROFILES or not self.namespaces}

    def _run(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            obstacle = self._ask_for_obstacle()
            if obstacle and obstacle != self._waiting_for:
                log.warning("nothing can be watched: %s", obstacle)
            self._waiting_for = obstacle
            if not obstacle:
                self._watch()
            pause = self._interruptions.pause(INFORMER, time.monotonic() - began)
            if not obstacle and not self._stopping.is_set():
                log.warning("the informer was interrupted; starting again in %.1f s", pause)
            self._stopping.wait(pause)

    def _ask_for_obstacle(self) -> str:
        try:
            return self.obstacle()
        except ApiError as error:
            return str(error)
        except Exception as error:  # the thread's outermost edge, like that of `_watch`
            log.exception("the kinds that can be watched could not be read")
            return str(error) or type(error).__name__

    def _watch(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:  # the thread's outermost edge: whatever ended kopf, it begins anew
            log.exception("the informer failed")

    async def _serve(self) -> None:
        self._flag = asyncio.Event()  # of this loop: kopf would block a thread for good with a threading.Event
        self._loop = asyncio.get_running_loop()
        if self._stopping.is_set():
            return
        where: dict[str, Any] = {"namespaces": list(self.namespaces)} if self.namespaces else {"clusterwide": True}
        sessions: list[aiohttp.ClientSession] = []
        tasks = await kopf.spawn_tasks(
            registry=self._registry(sessions),
            settings=informer_settings(self.terms),
            stop_flag=self._flag,
            identity=UNUSED,
            **where,
        )
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_all(set(tasks), self.terms.clearing)
            for each in sessions:
                await each.close()

    def _registry(self, sessions: list[aiohttp.ClientSession]) -> kopf.OperatorRegistry:
        registry = kopf.OperatorRegistry()
        logged_in = [float("-inf")]

        @kopf.on.login(registry=registry)
        async def login(**_: Any) -> kopf.AiohttpSession:
            wait = logged_in[0] + SHORTEST_LOGIN_PAUSE - time.monotonic()
            if wait > 0:
                raise kopf.TemporaryError("the API server refused the login; trying again", delay=wait)
            logged_in[0] = time.monotonic()
            opened = open_session(self.load(), self.activity, self.requested, self._interruptions)
            sessions.append(opened.aiohttp_session)
            return opened

        for kind, see in self._watched().items():
            kopf.on.event(GROUP, VERSION, kind, registry=registry)(_handler(see))
        return registry


def _handler(see: See) -> Callable[..., Any]:
    async def tell(event: Any, **_: Any) -> None:
        see(event["type"] or "LISTED", event["object"])

    return tell
