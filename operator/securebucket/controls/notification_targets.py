"""Notification targets in one canonical form: JSON in AWS's names, keyed by kind and Id (`queues/orders`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.api.notifications import Notifications, Target
from securebucket.controls.entries import keyed
from securebucket.controls.key_filter import encoded
from securebucket.model.document import jsonable
from securebucket.model.understanding import aside


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of target.

    Args:
        field: its list in the spec, and the head of its keys in the state.
        member: its list in AWS's document.
        arn: the member that holds a target's ARN.
    """

    field: str
    member: str
    arn: str


TOPICS = Kind("topics", "TopicConfigurations", "TopicArn")
QUEUES = Kind("queues", "QueueConfigurations", "QueueArn")
LAMBDA_FUNCTIONS = Kind("lambdaFunctions", "LambdaFunctionConfigurations", "LambdaFunctionArn")
KINDS = (TOPICS, QUEUES, LAMBDA_FUNCTIONS)

Targets = dict[str, Mapping[str, Any]]


def read_targets(document: Mapping[str, Any]) -> Targets:
    """Give the targets of a notification configuration as S3 answers it."""
    return {
        f"{kind.field}/{name}": target
        for kind in KINDS
        for name, target in keyed(
            (given.get("Id") or "", aside(canonical_target, given)) for given in document.get(kind.member) or ()
        ).items()
    }


def targets_of(block: Notifications) -> dict[str, tuple[Kind, Target]]:
    """Name the targets of the spec."""
    lists = ((TOPICS, block.topics), (QUEUES, block.queues), (LAMBDA_FUNCTIONS, block.lambda_functions))
    return {f"{kind.field}/{target.id}": (kind, target) for kind, targets in lists for target in targets}


def declared_targets(block: Notifications, spell: Callable[[str], str] = encoded) -> Targets:
    """Give the targets of the spec.

    Args:
        block: the spec.
        spell: writes the beginning or end of a key; 0.1.0 put it as it was declared.
    """
    return {name: _declared_target(kind, target, spell) for name, (kind, target) in targets_of(block).items()}


def write_targets(targets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Write targets for PutBucketNotificationConfiguration, each in the list of its kind."""
    document: dict[str, Any] = {}
    for kind in KINDS:
        head = f"{kind.field}/"
        own = [
            _write(key.removeprefix(head), target) for key, target in sorted(targets.items()) if key.startswith(head)
        ]
        if own:
            document[kind.member] = own
    return document


def canonical_target(target: Mapping[str, Any]) -> dict[str, Any]:
    """Give the canonical form of a target: events sorted, the filter flat; members not known here are carried along.

    S3 answers the filter's names as `Prefix` and `Suffix` whatever case was put, and takes `prefix` and `suffix`.
    """
    canonical: dict[str, Any] = {
        name: jsonable(value) for name, value in target.items() if name not in {"Id", "Events", "Filter"}
    }
    canonical["Events"] = sorted(set(target.get("Events") or ()))
    rules = ((target.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    conditions = {_condition(rule["Name"]): rule["Value"] for rule in rules if rule.get("Value")}
    return canonical | ({"Filter": conditions} if conditions else {})


def _declared_target(kind: Kind, target: Target, spell: Callable[[str], str]) -> dict[str, Any]:
    conditions = {"prefix": spell(target.filter.prefix), "suffix": spell(target.filter.suffix)}
    rules = [{"Name": name, "Value": value} for name, value in conditions.items()]
    return canonical_target({kind.arn: target.arn, "Events": target.events, "Filter": {"Key": {"FilterRules": rules}}})


def _condition(name: str) -> str:
    """Give a filter's name in the case that is written; one that is not known here stays as it is."""
    return name.lower() if name.lower() in {"prefix", "suffix"} else name


def _write(target_id: str, target: Mapping[str, Any]) -> dict[str, Any]:
    document = {"Id": target_id, **target}
    if "Filter" in target:
        rules = [{"Name": name, "Value": value} for name, value in sorted(target["Filter"].items())]
        document["Filter"] = {"Key": {"FilterRules": rules}}
    return document
