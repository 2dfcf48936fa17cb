"""Get and list: selectors, pages, and lists of an earlier revision.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket_dev.kubeapi.cluster import Cluster
from securebucket_dev.kubeapi.failure import ApiError, Cause, refuse_request, report_invalid
from securebucket_dev.kubeapi.field_selector import FieldTest, parse_field_selector
from securebucket_dev.kubeapi.intake import present
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.label_selector import LabelTest, parse_label_selector
from securebucket_dev.kubeapi.store import Entry, Key


@dataclass(frozen=True, slots=True)
class Selection:
    """Which objects of a kind a request is about."""

    kind: Kind
    namespace: str
    labels: LabelTest
    fields: FieldTest
    is_total: bool

    def test(self, body: Body) -> bool:
        """True for an object that both selectors choose."""
        if self.is_total:
            return True
        return self.labels(body["metadata"].get("labels") or {}) and self.fields(present(body, self.kind))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and what the list's metadata says of it."""

    entries: list[Entry]
    metadata: dict[str, Any]


def select(kind: Kind, namespace: str, query: Mapping[str, str], name: str = "") -> Selection:
    """What a list, a watch or a deletion of several is about.

    Raises:
        ApiError: 400, one of its selectors is none.
    """
    labels, fields = query.get("labelSelector", ""), query.get("fieldSelector", "")
    if name:
        fields = f"{fields},metadata.name={name}" if fields else f"metadata.name={name}"
    tests = parse_label_selector(labels), parse_field_selector(fields, kind)
    return Selection(kind, namespace, *tests, is_total=not (labels or fields))


def list_page(cluster: Cluster, selection: Selection, query: Mapping[str, str]) -> Page:
    """The objects of a selection, a page of them with `limit`.

    Raises:
        ApiError: 400 or 422, the query cannot be; 410, the list it goes on with is forgotten; 504, a revision to come.
    """
    limit = read_number(query, "limit")
    table = cluster.store.table(selection.kind.storage)
    revision, after = cluster.store.revision, Key("", "")
    if token := query.get("continue"):
        revision, after = _read_token(token)
    elif exact := _read_revision(query, cluster.store.revision):
        revision = exact
    newest = revision == cluster.store.revision
    found = table.scan(selection.namespace) if newest else table.at(revision, selection.namespace)
    chosen: list[tuple[Key, Entry]] = []
    remaining = 0
    for key, entry in found:
        if key <= after or not selection.test(entry.body):
            continue
        if limit and len(chosen) == limit:
            remaining += 1
        else:
            chosen.append((key, entry))
    metadata: dict[str, Any] = {"resourceVersion": str(revision)}
    if remaining:
        metadata["continue"] = _write_token(revision, chosen[-1][0])
        if selection.is_total:
            metadata["remainingItemCount"] = remaining
    return Page([entry for _, entry in chosen], metadata)


def read_number(query: Mapping[str, str], name: str) -> int:
    """A number of a query; 0 if it is not given.

    Raises:
        ApiError: 400, it is no number.
    """
    text = query.get(name) or "0"
    if not text.isdigit():
        raise refuse_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def _read_revision(query: Mapping[str, str], now: int) -> int:
    """The revision that a list has to be of; 0 where the newest will do."""
    wanted, match = query.get("resourceVersion", ""), query.get("resourceVersionMatch", "")
    if match and not wanted:
        words = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
        cause = Cause("resourceVersionMatch", "FieldValueForbidden", words)
        raise report_invalid("meta.k8s.io", "ListOptions", "", [cause])
    revision = read_number(query, "resourceVersion")
    if revision > now:
        details = {"causes": [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]}
        message = f"Timeout: Too large resource version: {revision}, current: {now}"
        raise ApiError(504, "Timeout", message, {**details, "retryAfterSeconds": 1})
    return revision if match == "Exact" else 0


def _write_token(revision: int, key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps([revision, *key]).encode()).decode().rstrip("=")


def _read_token(token: str) -> tuple[int, Key]:
    try:
        revision, namespace, name = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError) as error:
        raise refuse_request("continue key is not valid") from error
    return int(revision), Key(str(namespace), str(name))
