"""What S3 asks of the moves of one lifecycle rule: their classes, their order, and when versions are gone.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""

from collections.abc import Iterable
from typing import Any

from securebucket.api.rule import Rule

RELEASE = "0.2.0"
INFREQUENT_ACCESS = frozenset({"STANDARD_IA", "ONEZONE_IA"})
DOWNWARD = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
"""Storage classes in the order in which objects may pass through them."""
IA_DAYS = 30
"""Days that objects stay in a class of infrequent access, before one rule moves them on."""

_PLACE = str({name: place for place, name in enumerate(DOWNWARD)})
_INFREQUENT = "['STANDARD_IA', 'ONEZONE_IA']"


def rules_of_moves(field: str, python_name: str, days: str, python_days: str) -> tuple[Rule, ...]:
    """Write the rules that hold for the moves of current versions and of noncurrent ones alike.

    Args:
        field: the list, in API names.
        python_name: the list, in Python.
        days: what a move calls its days, in API names.
        python_days: the same in Python.
    """

    def of(rule: Any) -> list[tuple[int | None, str]]:
        return [(getattr(move, python_days), move.storage_class) for move in getattr(rule, python_name)]

    none = f"!has(self.{field}) || "
    each, two = f"self.{field}.all(", f"self.{field}.all(one, self.{field}.all(other, "
    later = f"has(one.{days}) && has(other.{days}) && other.{days} > one.{days}"
    return (
        Rule(
            f"{none}{each}one, self.{field}.exists_one(other, other.storageClass == one.storageClass))",
            lambda rule: len({to for _, to in of(rule)}) == len(of(rule)),
            f"S3 takes no two moves to one storage class in a rule; keep one of them in {field}",
            field,
            since=RELEASE,
        ),
        Rule(
            f"{none}{two}!({later}) || {_PLACE}[other.storageClass] >= {_PLACE}[one.storageClass]))",
            lambda rule: all(DOWNWARD.index(then) >= DOWNWARD.index(to) for _, to, _, then in _pairs(of(rule))),
            f"S3 moves objects downward only, in the order {', '.join(DOWNWARD)}; give {field} days in that order",
            field,
            since=RELEASE,
        ),
        Rule(
            f"{none}{two}!({later}) || !(one.storageClass in {_INFREQUENT}) || other.{days} >= one.{days} + {IA_DAYS}))",
            lambda rule: all(
                to not in INFREQUENT_ACCESS or after >= before + IA_DAYS for before, to, after, _ in _pairs(of(rule))
            ),
            f"S3 keeps objects in STANDARD_IA and ONEZONE_IA for {IA_DAYS} days before the same rule moves them on; set"
            f" the {days} of the next move in {field} {IA_DAYS} higher at least",
            field,
            since=RELEASE,
        ),
    )


def _pairs(moves: Iterable[tuple[int | None, str]]) -> list[tuple[int, str, int, str]]:
    """Give every two moves of which one is later, by their days."""
    dated = sorted((days, to) for days, to in moves if days is not None)
    return [(*one, *other) for one in dated for other in dated if other[0] > one[0]]


DATES = Rule(
    "!((has(self.expiration) && has(self.expiration.date)) || (has(self.transitions) && self.transitions.exists(move,"
    " has(move.date)))) || !((has(self.expiration) && has(self.expiration.days)) || (has(self.transitions) &&"
    " self.transitions.exists(move, has(move.days))))",
    lambda rule: not (_any(rule, "date") and _any(rule, "days")),
    "S3 takes no days beside a date in one rule; give all of its expiration and transitions in one of the two",
    since=RELEASE,
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html"""

EXPIRES_AFTER = Rule(
    "!has(self.expiration) || !has(self.expiration.date) || !has(self.transitions)"
    " || self.transitions.all(move, !has(move.date) || move.date < self.expiration.date)",
    lambda rule: (
        rule.expiration is None
        or rule.expiration.date is None
        or all(move.date is None or move.date < rule.expiration.date for move in rule.transitions)
    ),
    "objects must move before they expire; set expiration.date later than the date of every transition",
    "expiration.date",
    since=RELEASE,
)

VERSIONS_GO_AFTER = Rule(
    "!has(self.noncurrentVersionExpiration) || !has(self.noncurrentVersionTransitions)"
    " || self.noncurrentVersionTransitions.all(move,"
    " move.noncurrentDays < self.noncurrentVersionExpiration.noncurrentDays)",
    lambda rule: (
        rule.noncurrent_version_expiration is None
        or all(
            move.noncurrent_days < rule.noncurrent_version_expiration.noncurrent_days
            for move in rule.noncurrent_version_transitions
        )
    ),
    "versions must move before they are deleted; set noncurrentVersionExpiration.noncurrentDays higher than those of"
    " every noncurrent transition",
    "noncurrentVersionExpiration.noncurrentDays",
    since=RELEASE,
)


def _any(rule: Any, kind: str) -> bool:
    actions = (*((rule.expiration,) if rule.expiration else ()), *rule.transitions)
    return any(getattr(action, kind) is not None for action in actions)
