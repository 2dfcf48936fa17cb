"""One passage from a release to another, and what could be seen of it: in S3, in the objects, in the audit log."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.e2e.api import GROUP, Api, Body
from tests.e2e.audit import Audit, Request
from tests.e2e.release_cluster import ACCOUNT

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.exchange import Exchange

KINDS = ("securebuckets", "bucketprofiles", "bucketexceptions")
MOVING = {"resourceVersion", "managedFields"}
"""What a write changes besides that which is written."""

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

STATE = re.compile(
    r"securebucket_(info|ready|in_sync|compliant|control_drifted|check_failing|checks|compliance_score_ratio"
    r"|exception_expiry_timestamp_seconds)\b"
)
"""Gauges that tell of the fleet. The others tell of a process, of time, or of an account."""

Objects = Mapping[str, Body]
"""By kind, namespace and name."""


def read_objects(api: Api) -> dict[str, Body]:
    """Read everything of ours, as it is stored and shown by the definitions in force."""
    found: dict[str, Body] = {}
    for kind in KINDS:
        for each in api.do("GET", f"{GROUP}/{kind}")["items"]:
            about = each["metadata"]
            folder = f"{GROUP}/namespaces/{about['namespace']}/{kind}" if "namespace" in about else f"{GROUP}/{kind}"
            found[f"{folder}/{about['name']}"] = each
    return found


def fleet_gauges(operator: OperatorProcess) -> dict[str, float]:
    """Give what an operator exports about the fleet's state."""
    return {name: value for name, value in operator.read_metrics().items() if STATE.match(name)}


def sightings(operator: OperatorProcess) -> set[tuple[str, str]]:
    """Name the objects that this very process has made a pass for."""
    return _objects_with(operator, "securebucket_info")


def verified(operator: OperatorProcess) -> set[tuple[str, str]]:
    """Name the objects whose bucket this very process has verified."""
    return _objects_with(operator, "securebucket_last_verified_timestamp_seconds")


def _objects_with(operator: OperatorProcess, metric: str) -> set[tuple[str, str]]:
    """Give namespace and name of every series."""
    series = (name for name in operator.read_metrics() if name.startswith(f"{metric}{{"))
    labels = (dict(re.findall(r'(\w+)="([^"]*)"', name)) for name in series)
    return {(each["namespace"], each["name"]) for each in labels}


def read_definitions(api: Api) -> set[tuple[str, ...]]:
    """Give the chart that each definition says it is from, and the versions in which objects are stored."""
    found = [api.do("GET", f"{DEFINITIONS}/{kind}.securebucket.io") for kind in KINDS]
    return {(each["metadata"]["labels"]["helm.sh/chart"], *each["status"]["storedVersions"]) for each in found}


def refusals(api: Api, objects: Objects) -> list[str]:
    """Say which objects the API server would not take as they were, by the definitions in force.

    Of the status, what a newer release added is dropped by the older definitions; the spec has to fit as a whole.
    """
    said: list[str] = []
    for path, body in objects.items():
        version = api.do("GET", path)["metadata"]["resourceVersion"]
        whole = {**body, "metadata": {**body["metadata"], "resourceVersion": version}}
        declared = {name: value for name, value in whole.items() if name != "status"}
        asked = [(f"{path}?dryRun=All&fieldValidation=Strict", declared)]
        asked += [(f"{path}/status?dryRun=All&fieldValidation=Ignore", whole)] if "status" in body else []
        answers = [(url, api.ask("PUT", url, sent)) for url, sent in asked]
        said += [f"{url}: {answer.body['message']}" for url, answer in answers if answer.status != 200]
    return said


@dataclass(frozen=True, slots=True)
class Passage:
    """What was there before and after, and what was done in between.

    Args:
        before: all objects before.
        after: all objects after every one was verified again.
        calls: everything that was asked of S3.
        asked: what the operator's account asked of Kubernetes.
        gauges_before: of the fleet, by the process that led before.
        gauges_after: of the fleet, by the process that leads now.
        table_before: `kubectl get` of each kind.
        table_after: the same.
        version: that the new leader says it has.
        definitions: the chart that the definitions say they are from, and the versions that are stored.
        refused: what the API server says against the objects from before, by the definitions of after.
    """

    before: Objects
    after: Objects
    calls: tuple[Exchange, ...]
    asked: list[Request]
    gauges_before: Mapping[str, float]
    gauges_after: Mapping[str, float]
    table_before: Mapping[str, list[dict[str, str]]]
    table_after: Mapping[str, list[dict[str, str]]]
    version: str
    definitions: set[tuple[str, ...]]
    refused: list[str]

    @property
    def s3_writes(self) -> list[str]:
        """The calls that ask S3 for a change."""
        return [f"{call.operation} {call.bucket}" for call in self.calls if call.is_s3 and call.is_write]

    @property
    def s3_reads(self) -> list[str]:
        """The buckets that were looked at."""
        return [call.bucket for call in self.calls if call.is_s3 and not call.is_write]

    def written(self) -> list[str]:
        """The paths of our objects that the operator asked to change, each as often as it did."""
        ours = (each for each in self.asked if each.is_write and each.group == GROUP.split("/")[2])
        return [f"{GROUP}/namespaces/{each.namespace}/{each.resource.split('/')[0]}/{each.name}" for each in ours]

    def rewritten(self) -> list[str]:
        """The paths of the objects that anybody has written, by their resourceVersion."""
        before, after = (
            {path: body["metadata"]["resourceVersion"] for path, body in objects.items()}
            for objects in (self.before, self.after)
        )
        return sorted(path for path, version in after.items() if before.get(path) != version)

    def changes(self) -> dict[str, set[str]]:
        """Name the fields that changed, by the object's path; `""` where an object was written to no effect."""
        changed = {path: changed_fields(self.before.get(path, {}), self.after[path]) for path in self.after}
        for path in self.rewritten():
            changed[path] = changed[path] or {""}
        return {path: fields for path, fields in changed.items() if fields}


def changed_fields(before: Any, after: Any, path: str = "") -> set[str]:
    """Name what differs, e.g. `status.plan.hash`; the parts of a list that has a name or a type go by it."""
    if before == after:
        return set()
    if isinstance(before, dict) and isinstance(after, dict):
        names = (before.keys() | after.keys()) - (MOVING if path == "metadata" else set())
        parts = [changed_fields(before.get(name), after.get(name), f"{path}.{name}".lstrip(".")) for name in names]
        return set().union(*parts)
    first, second = _by_name(before), _by_name(after)
    return changed_fields(first, second, path) if first and second else {path}


def _by_name(entries: Any) -> dict[str, Any]:
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return {}
    return {str(each.get("name") or each.get("type") or each.get("check")): each for each in entries}


def asked_by_operator(audit: Audit, mark: int) -> list[Request]:
    """Give what the operator's account asked since a mark, elections and Events left out."""
    return audit.since(mark, lambda each: each.user == ACCOUNT and not each.is_election and each.resource != "events")


def hashes(objects: Objects) -> dict[str, str]:
    """Give the hash of each plan that waits, by the object's path."""
    plans = {path: body.get("status", {}).get("plan") for path, body in objects.items()}
    return {path: plan["hash"] for path, plan in plans.items() if plan}


def table(text: str) -> list[dict[str, str]]:
    """Read what kubectl prints for people, by the columns' names; ages left out."""
    head, *rows = text.splitlines()
    columns = [(found[0].strip(), found.start(), found.end()) for found in re.finditer(r"\S+(?: \S+)*\s*", head)]
    cells = [{name: row[start:end].strip() for name, start, end in columns if name != "AGE"} for row in rows]
    return sorted(cells, key=lambda each: (each.get("NAMESPACE", ""), each["NAME"]))
