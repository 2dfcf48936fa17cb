"""Verdicts of all checks over what was observed. Pure."""

from typing import Any

from securebucket.compliance.catalogue import CATALOGUE, Entry
from securebucket.model.failure import Failure
from securebucket.model.surroundings import Query
from securebucket.model.understanding import doubt
from securebucket.model.verdict import Judged, Result, Subject, Verdict, unknown


def judge(subject: Subject) -> tuple[Judged, ...]:
    """Judge every check whose documents were looked at; what could not be read neither passes nor fails."""
    return tuple(Judged(entry.check, entry.reads[0], _verdict(entry, subject)) for entry in _askable(subject))


def questions(subject: Subject) -> tuple[Query[Any], ...]:
    """Return what the checks want to know about the bucket's surroundings; the answers belong into `Subject.facts`."""
    asked = (query for entry in _askable(subject) for query in entry.check.asks(subject))
    return tuple(dict.fromkeys(asked))


def _askable(subject: Subject) -> tuple[Entry, ...]:
    return tuple(entry for entry in CATALOGUE if all(name in subject.observed for name in entry.reads))


def _verdict(entry: Entry, subject: Subject) -> Verdict:
    """Judge; where a document has more than this release knows, it may show that a check fails, and never passes it."""
    verdict = _known_verdict(entry, subject)
    reason = next(filter(None, (doubt(subject.observed[name]) for name in entry.reads)), "")
    return unknown(reason) if reason and verdict.result is Result.PASS else verdict


def _known_verdict(entry: Entry, subject: Subject) -> Verdict:
    if entry.check.whole:
        return entry.check.judge(subject, subject.observed)
    observation = subject.observed[entry.reads[0]]
    if isinstance(observation, Failure):
        return unknown(observation.message)
    return entry.check.judge(subject, observation)
