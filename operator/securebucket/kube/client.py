"""The requests that the operator makes of the Kubernetes API, each in one function."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.fleet.record import FINALIZER, mapping_of
from securebucket.kube.transport import IN_A_PASS, JSON_PATCH, MERGE_PATCH, ONCE, Transport
from securebucket.kube.watch_stream import has_name, is_nameable
from securebucket.model.api_error import ApiError, ConflictError, ForbiddenError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.report.open_reports import NAME as REPORT
from securebucket.report.open_reports import OURS, ReportKind

BUCKETS = "securebuckets"
PROFILES = "bucketprofiles"
EXCEPTIONS = "bucketexceptions"
GROUP_PATH = f"/apis/{API_VERSION}"
EVENTS_PATH = "/apis/events.k8s.io/v1"
PAGE = 50
"""Objects that are listed at a time: each may have 256 KiB of annotations, and a page is held several times over.

With 200 and 500, one tenant's 500 such objects took 522 MiB at the start, which a pod of 512 MiB does not survive; with
50 they take 186.
"""


@dataclass(frozen=True, slots=True)
class Right:
    """Something that one must be allowed to do, as RBAC names it.

    Args:
        verb: such as `patch`.
        group: API group; empty for the core.
        resource: plural, with `/status` where a subresource is meant.
        namespace: where; empty for everywhere, or for what has no namespace.
        name: a single object; empty for all.
    """

    verb: str
    group: str
    resource: str
    namespace: str = ""
    name: str = ""

    def __str__(self) -> str:
        where = f" in namespace {self.namespace}" if self.namespace else ""
        which = f" {self.name}" if self.name else ""
        return f"{self.verb} {self.resource}{f'.{self.group}' if self.group else ''}{which}{where}"


@dataclass(frozen=True, slots=True)
class Client:
    """The Kubernetes API as the operator needs it. Every function raises `ApiError` when the request fails.

    Of its kinds, a list raises `ExpiredError` when it took so long that its end is gone, so that it has to begin again;
    a list or a new object `MissingError` when the kind is not installed; a write of what is there `ConflictError` when
    that has changed since it was read, so that what we know of it is old, and `MissingError` when it is gone.
    """

    transport: Transport

    def get_bucket(self, key: ObjectKey) -> dict[str, Any] | None:
        """Read one SecureBucket; None when it is gone."""
        return self._get(_place(BUCKETS, key.namespace, key.name))

    def list_buckets(self, namespace: str = "") -> Iterator[dict[str, Any]]:
        """Read all SecureBuckets of a namespace, or of the cluster, page by page: one page is held at a time."""
        return self._pages(_place(BUCKETS, namespace))

    def list_profiles(self) -> Iterator[dict[str, Any]]:
        """Read all BucketProfiles, page by page."""
        return self._pages(_place(PROFILES))

    def get_profile(self, name: str) -> dict[str, Any] | None:
        """Read one BucketProfile; None when there is none of the name."""
        return self._get(_place(PROFILES, name=name))

    def list_exceptions(self, namespace: str = "") -> Iterator[dict[str, Any]]:
        """Read all BucketExceptions of a namespace, or of the cluster, page by page."""
        return self._pages(_place(EXCEPTIONS, namespace))

    def patch_exception_status(self, key: ObjectKey, version: str, patch: Mapping[str, Any]) -> dict[str, Any]:
        """Merge a patch into a BucketException's status, as `patch_status` does."""
        return self.patch_status(key, version, patch, EXCEPTIONS)

    def served_kinds(self) -> frozenset[str]:
        """Name the plurals of our kinds that the server serves; empty while the CRDs are not installed."""
        try:
            return _kinds(self.transport.request("get", GROUP_PATH), GROUP_PATH)
        except MissingError:
            return frozenset()

    def missing_kinds(self, kinds: Iterable[str]) -> str:
        """Say which of our kinds the server does not serve, and what to do; empty when it serves all."""
        missing = sorted(set(kinds) - self.served_kinds())
        remedy = "apply the CRDs (securebucket crd | kubectl apply -f -)"
        return f"not installed: {', '.join(missing)}; {remedy}" if missing else ""

    def patch_status(
        self, key: ObjectKey, version: str, patch: Mapping[str, Any], kind: str = BUCKETS
    ) -> dict[str, Any]:
        """Merge a patch into an object's status, if the object is still what we have read.

        Args:
            key: the object.
            version: resourceVersion of what we have read.
            patch: of the status; a None removes its key.
            kind: its plural.
        """
        path = f"{_place(kind, key.namespace, key.name)}/status"
        body = {"metadata": {"resourceVersion": version}, "status": patch}
        answer = self.transport.request("patch", path, body=body, content_type=MERGE_PATCH, patience=IN_A_PASS)
        return _object(answer, path)

    def set_finalizer(self, body: Mapping[str, Any], *, wanted: bool) -> dict[str, Any]:
        """Add or remove our finalizer, if the object is still what we have read. Others' finalizers stay.

        Raises:
            ConflictError: also where it is being deleted and takes no finalizer any more.
        """
        metadata = body["metadata"]
        kept = [each for each in metadata.get("finalizers", ()) if each != FINALIZER]
        patch = [
            {"op": "test", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
            {"op": "add", "path": "/metadata/finalizers", "value": [*kept, FINALIZER] if wanted else kept},
        ]
        path = _place(BUCKETS, metadata["namespace"], metadata["name"])
        try:
            answer = self.transport.request("patch", path, body=patch, content_type=JSON_PATCH, patience=IN_A_PASS)
            return _object(answer, path)
        except ApiError as error:
            if error.status == 422:  # a failed test is called Invalid, not Conflict
                raise ConflictError(422, error.reason, error.message, error.operation) from error
            raise

    def cluster_id(self) -> str:
        """Return the uid of the namespace kube-system, which names the cluster for its whole life."""
        path = "/api/v1/namespaces/kube-system"
        uid = _object(self.transport.request("get", path), path)["metadata"].get("uid")
        if not uid:  # each bucket is tagged with it
            raise _unreadable("the answer has no uid", path)
        return str(uid)

    def create_event(self, namespace: str, event: Mapping[str, Any]) -> None:
        """Post an Event of events.k8s.io/v1."""
        self.transport.request("create", _place("events", namespace, api=EVENTS_PATH), body=event, patience=ONCE)

    def patch_event(self, namespace: str, name: str, patch: Mapping[str, Any]) -> None:
        """Merge a patch into an Event; it is gone once it has expired."""
        path = _place("events", namespace, name, api=EVENTS_PATH)
        self.transport.request("patch", path, body=patch, content_type=MERGE_PATCH, patience=ONCE)

    def serves_reports(self, kind: ReportKind) -> bool:
        """Tell whether the reports' CRD is installed."""
        path = f"/apis/{kind.api_version}"
        try:
            return kind.plural in _kinds(self.transport.request("get", path), path)
        except MissingError:
            return False

    def get_report(self, kind: ReportKind, namespace: str) -> dict[str, Any] | None:
        """Read a namespace's report; None when there is none, or the kind is not installed."""
        try:
            return self.transport.request("get", _reports_place(kind, namespace, REPORT))
        except MissingError:
            return None

    def create_report(self, kind: ReportKind, namespace: str, report: Mapping[str, Any]) -> None:
        """Create a namespace's report; `MissingError` may also mean that the namespace is gone."""
        self.transport.request("create", _reports_place(kind, namespace), body=report)

    def update_report(self, kind: ReportKind, namespace: str, report: Mapping[str, Any]) -> None:
        """Replace a namespace's report, if it is still the version at hand."""
        self.transport.request("update", _reports_place(kind, namespace, REPORT), body=report)

    def reported_namespaces(self, kind: ReportKind) -> Iterator[str]:
        """Name the namespaces that have a report of ours; none when the kind is not installed."""
        with suppress(MissingError):
            for each in self._pages(_reports_place(kind)):
                metadata = each["metadata"]
                if metadata["name"] == REPORT and OURS.items() <= (metadata.get("labels") or {}).items():
                    yield metadata["namespace"]

    def delete_report(self, kind: ReportKind, namespace: str) -> None:
        """Delete a namespace's report; one that is gone counts as deleted."""
        with suppress(MissingError):
            self.transport.request("delete", _reports_place(kind, namespace, REPORT))

    def allows(self, right: Right) -> bool:
        """Ask the server whether we may do something (SelfSubjectAccessReview)."""
        resource, _, subresource = right.resource.partition("/")
        attributes = {
            "verb": right.verb,
            "group": right.group,
            "resource": resource,
            "subresource": subresource,
            "namespace": right.namespace,
            "name": right.name,
        }
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {name: value for name, value in attributes.items() if value}},
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        try:
            answer = self.transport.request("create", path, body=review)
        except ForbiddenError:
            return False
        return bool(mapping_of(answer.get("status")).get("allowed"))

    def _get(self, path: str) -> dict[str, Any] | None:
        try:
            return _object(self.transport.request("get", path, patience=IN_A_PASS), path)
        except MissingError:
            return None

    def _pages(self, path: str) -> Iterator[dict[str, Any]]:
        query = {"limit": str(PAGE)}
        while True:
            answer = self.transport.request("list", path, query=query)
            if "items" not in answer or not isinstance(answer["items"] or [], list):
                raise _unreadable("the answer is not a list", path)  # of an empty one, every object would be gone
            yield from (each for each in answer["items"] or () if is_nameable(each, path))
            token = mapping_of(answer.get("metadata")).get("continue")
            if not token:
                return
            if token == query.get("continue"):
                raise _unreadable("the list repeats its own page", path)
            query = {"limit": str(PAGE), "continue": str(token)}


def _object(answer: dict[str, Any], path: str) -> dict[str, Any]:
    """Return an answer that is an object; what a proxy says with 200 is none, and must not get into the index."""
    if not has_name(answer):
        raise _unreadable("the answer is not an object", path)
    return answer


def _kinds(answer: Mapping[str, Any], path: str) -> frozenset[str]:
    if not isinstance(answer.get("resources"), list):
        raise _unreadable("the answer names no kinds", path)
    return frozenset(str(mapping_of(each).get("name", "")) for each in answer["resources"])


def _unreadable(what: str, path: str) -> ApiError:
    return ApiError(0, "Unreadable", what, path)


def _reports_place(kind: ReportKind, namespace: str = "", name: str = "") -> str:
    return _place(kind.plural, namespace, name, api=f"/apis/{kind.api_version}")


def _place(kind: str, namespace: str = "", name: str = "", *, api: str = GROUP_PATH) -> str:
    """Write the path of objects of a kind: of one, of all in a namespace, or of all."""
    return "/".join((api, *(("namespaces", namespace) if namespace else ()), kind, *((name,) if name else ())))
