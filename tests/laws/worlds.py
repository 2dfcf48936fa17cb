"""The situations in which every control is tried: each sample spec, on a created and on an adopted bucket."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, REGION, context, state_of
from tests.laws.register import SUBJECTS, TRIED
from tests.laws.things import COPY_KEY

from securebucket.controls import CONTROLS
from securebucket.controls.replication_role import TRUST
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.control import Context, Control
from securebucket.model.copying_role import CopyingRole, CopyingRoleQuery
from securebucket.model.kms_keys import KeyInUse, KeyInUseQuery
from securebucket.model.log_target import LogTarget, LogTargetQuery
from securebucket.model.surroundings import (
    BucketOwner,
    BucketOwnerQuery,
    BucketQuery,
    KmsKey,
    KmsKeyQuery,
    OtherBucket,
    Query,
    S3Key,
    S3KeyQuery,
)

AnyControl = Control[Any]


def names(control: AnyControl) -> str:
    """Name a control in a test's id."""
    return control.name


every_control = pytest.mark.parametrize("control", TRIED, ids=names)


def specs_for(control: AnyControl) -> tuple[Mapping[str, Any], ...]:
    """Give the sample specs of a control, the empty one first."""
    return ({}, *SUBJECTS[control.name].specs)


def contexts(control: AnyControl) -> Iterator[Context]:
    """Give each sample spec on a created and on an adopted bucket, all else never configured, or as it may be."""
    beside = SUBJECTS[control.name].beside
    others = {each.name: state_of(each, beside[each.name]) for each in CONTROLS if each.name in beside}
    for spec in specs_for(control):
        for origin in Origin:
            usual = in_place(spec, origin)
            yield usual
            if others:
                yield replace(usual, observed={**usual.observed, **others})


def in_place(spec: Mapping[str, Any], origin: Origin) -> Context:
    """Give the context of a spec, all documents never configured."""
    return context(spec, {each.name: state_of(each) for each in CONTROLS}, origin=origin)


def informed(control: AnyControl, situation: Context, observed: Any) -> Context:
    """Put a state into its context, and answer what the control asks about it."""
    placed = replace(situation, observed={**situation.observed, control.name: observed})
    return replace(placed, facts={query: _answer(query) for query in control.facts(placed, observed)})


def readings(control: AnyControl) -> Iterator[Any]:
    """Give the states that the sample answers mean, never configured first."""
    yield state_of(control)
    for response, more in SUBJECTS[control.name].readings:
        yield state_of(control, response, more)


def states(control: AnyControl) -> Iterator[Any]:
    """Give every state that the laws know: the sample answers, and what each sample spec makes of them."""
    known: list[Any] = []
    for start in readings(control):
        known.append(start)
        for situation in contexts(control):
            placed = informed(control, situation, start)
            known.append(control.desired(placed, start))
    seen: list[Any] = []
    for state in known:
        if state not in seen:
            seen.append(state)
            yield state


def transitions(control: AnyControl) -> Iterator[tuple[Context, Any, Any]]:
    """Give every step from a known state to what a sample spec wants, as (context, observed, desired)."""
    known = list(states(control))
    for situation in contexts(control):
        for observed in known:
            placed = informed(control, situation, observed)
            yield placed, observed, control.desired(placed, observed)


@cache
def calls_of(control: AnyControl) -> tuple[Call, ...]:
    """Give every call that the control makes on any known way."""
    found: list[Call] = []
    for situation, observed, desired in transitions(control):
        if observed != desired and control.refuse(situation, observed, desired) is None:
            found += [call for call in control.calls(situation, observed, desired) if call not in found]
    return tuple(found)


def _answer(query: Query[Any]) -> Any:
    if isinstance(query, BucketQuery):
        return OtherBucket(query.name, REGION, object_lock=False, versioning="Enabled")
    if isinstance(query, CopyingRoleQuery):
        return CopyingRole(exists=True, trust=TRUST, lacks=())
    if isinstance(query, LogTargetQuery):
        return LogTarget(
            query.name,
            REGION,
            "AES256",
            object_lock=False,
            requester_pays=False,
            acls_off=False,
            group_writes=True,
            policy="",
        )
    if isinstance(query, BucketOwnerQuery):
        return BucketOwner("me")
    if isinstance(query, S3KeyQuery):
        return S3Key(managed=False)
    if isinstance(query, KeyInUseQuery):
        return KeyInUse(_key(query.name, query.region))
    assert isinstance(query, KmsKeyQuery)
    return _key(query.key, query.region)


def _key(name: str, region: str) -> KmsKey:
    region = "eu-west-1" if name == COPY_KEY else region
    arn = name if name.startswith("arn:") else f"arn:aws:kms:{region}:{ACCOUNT}:key/{name}"
    return KmsKey(arn, "Enabled", symmetric=True)
