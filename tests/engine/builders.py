"""What the tests of the engine's pure parts need: a request, what is in force, a plan, and a control made for tests."""

# ruff: noqa: ARG002 - a control takes what the engine gives it and uses what it needs

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.controls.builders import context

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.application import Applied
from securebucket.engine.effective import Effective, resolve
from securebucket.engine.outcome import Change
from securebucket.engine.plan import Permitted, Planned, Refused, differences
from securebucket.engine.request import PassRequest, Profile
from securebucket.engine.settlement import NONE, Settlement
from securebucket.engine.standing import Progress
from securebucket.model.bucket import Bucket, ObjectKey
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
KEY = ObjectKey("payments", "invoices")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A state with one text and entries of others."""

    text: str = ""
    entries: Mapping[str, Any] = field(default_factory=dict)


class ShelfControl(Control[Shelf]):
    """A control that wants one text, and whose risk and refusal are given.

    Args:
        name: of the control.
        wanted: the text that it wants.
        danger: the risk of every change.
        refusal: why no change may be sent.
    """

    permissions = Permissions(read=(), write=())

    def __init__(
        self, name: str, wanted: str = "good", danger: Risk = Risk.NONE, refusal: Failure | None = None
    ) -> None:
        self.name = name  # type: ignore[misc]  # a class variable of the port; here every instance has its own
        self._wanted, self._danger, self._refusal = wanted, danger, refusal

    def observe(self, bucket: Bucket) -> Flow[Shelf]:
        answer = yield Read("get_shelf")
        return Shelf((answer or {}).get("Text", ""))

    def desired(self, context: Context, observed: Shelf) -> Shelf:
        return Shelf(self._wanted, observed.entries)

    def refuse(self, context: Context, observed: Shelf, desired: Shelf) -> Failure | None:
        return self._refusal

    def calls(self, context: Context, observed: Shelf, desired: Shelf) -> tuple[Call, ...]:
        return (Call("put_shelf", {"Text": desired.text}),)

    def risk(self, context: Context, observed: Shelf, desired: Shelf) -> Risk:
        return self._danger

    def kept(self, context: Context, state: Shelf) -> tuple[str, ...]:
        return tuple(state.entries)


def request(
    spec: Mapping[str, Any] | None = None, profile: Mapping[str, Any] | None = None, **options: Any
) -> PassRequest:
    """Give a request from a spec and a profile as people write them; the profile admits everybody unless it says."""
    chosen = None
    if profile is not None:
        chosen = Profile("standard", BucketProfileSpec.model_validate({"namespaces": ["*"], **profile}))
    return PassRequest(
        **{
            "key": KEY,
            "spec": SecureBucketSpec.model_validate(dict(spec or {})),
            "status": SecureBucketStatus(),
            "generation": 1,
            "now": NOW,
            "cluster": "cluster-1",
            "profile": chosen,
            **options,
        }
    )


def effective(
    spec: Mapping[str, Any] | None = None, profile: Mapping[str, Any] | None = None, *, observe_only: bool = False
) -> Effective:
    """Give what is in force of a spec and a profile that go together."""
    found = resolve(request(spec, profile), observe_only=observe_only)
    assert isinstance(found, Effective), found
    return found


def change(control: str, risk: Risk = Risk.NONE, observed: Any = Shelf("bad"), desired: Any = Shelf("good")) -> Change:
    """Give the change of one control, from one state to another."""
    return Change(control, differences(observed, desired), (Call("put_shelf"),), risk, observed, desired)


def planned(*changes: Change, refused: Mapping[str, Refused] | None = None) -> Planned:
    """Give a plan of these changes."""
    return Planned({each.control: each for each in changes}, dict(refused or {}))


def settlement(**found: frozenset[str]) -> Settlement:
    """Give a settlement that has found nothing but what is named."""
    nothing = dict.fromkeys(("drifted", "restoring", "stale", "dropped", "contended", "rolled_out"), NONE)
    return Settlement(**{**nothing, **found})


def progress(
    observed: Mapping[str, Any],
    *,
    spec: Mapping[str, Any] | None = None,
    plan: Planned | None = None,
    settled: Settlement | None = None,
    permitted: Permitted | None = None,
    applied: Mapping[str, Applied] | None = None,
) -> Progress:
    """Give a pass in which nothing was found and done but what is named."""
    return Progress(
        context=context(spec, observed),
        effective=effective(spec),
        planned=plan or planned(),
        settlement=settled or settlement(),
        permitted=permitted or Permitted((), (), (), None),
        applied=dict(applied or {}),
    )
