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
from securebucket.engine.effective import Effective, resolve
from securebucket.engine.memory import Moment
from securebucket.engine.outcome import Change, Decision, Fate
from securebucket.engine.plan import differences
from securebucket.engine.request import PassRequest, Profile
from securebucket.engine.standing import Progress
from securebucket.model.bucket import Bucket, ObjectKey
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
KEY = ObjectKey("payments", "invoices")


def at(seconds: float = 0.0) -> Moment:
    """Give the moment so many seconds from now."""
    return Moment(1000.0 + seconds, NOW + dt.timedelta(seconds=seconds))


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


def change(
    control: str,
    risk: Risk = Risk.NONE,
    observed: Any = Shelf("bad"),
    desired: Any = Shelf("good"),
    refusal: Failure | None = None,
) -> Change:
    """Give the change of one control, from one state to another."""
    return Change(control, differences(observed, desired), (Call("put_shelf"),), risk, observed, desired, refusal)


def decided(change: Change, fate: str = "made", **options: bool) -> Decision:
    """Give what becomes of a change."""
    return Decision(change, Fate(fate), **options)


def progress(observed: Mapping[str, Any], *decisions: Decision, **options: Any) -> Progress:
    """Give a pass in which nothing was decided and done but what is named.

    Args:
        observed: by control.
        decisions: what becomes of the changes.
        options: `spec`, and the fields of `Progress`.
    """
    spec = options.pop("spec", None)
    return Progress(context(spec, observed), effective(spec).declared, decisions, **options)
