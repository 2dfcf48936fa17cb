"""Verdicts of all checks over what was observed. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from securebucket.api.spec import Role
from securebucket.engine.outcome import Judged
from securebucket.model.bucket import Bucket
from securebucket.model.control import Control
from securebucket.model.observation import Observation, Unknown, Unsupported
from securebucket.model.verdict import Result, Subject, Verdict


def judge(
    bucket: Bucket, role: Role, controls: Iterable[Control[Any]], observed: Mapping[str, Observation]
) -> tuple[Judged, ...]:
    """Judge every check of the controls that were looked at; what could not be read neither passes nor fails."""
    subject = Subject(bucket, role, observed)
    return tuple(
        Judged(check, control.name, _verdict(check.judge, subject, observed[control.name]))
        for control in controls
        if control.name in observed
        for check in control.checks
    )


def _verdict(ask: Any, subject: Subject, observation: Observation) -> Verdict:
    if isinstance(observation, Unknown | Unsupported):
        return Verdict(Result.UNKNOWN, observation.message)
    verdict: Verdict = ask(subject, observation)
    return verdict
