"""The state of the whole server, and the steps that every write shares."""

from collections import defaultdict
from dataclasses import dataclass, field

from securebucket_dev.kubeapi.builtin import CRDS, EVENTS, NAMESPACES
from securebucket_dev.kubeapi.crd import CLEANUP, check_definition, define_kinds
from securebucket_dev.kubeapi.defaulting import fill_defaults
from securebucket_dev.kubeapi.failure import Cause, forbid, report_invalid, report_missing
from securebucket_dev.kubeapi.habits import check_builtin
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.metadata import check_metadata
from securebucket_dev.kubeapi.pruning import prune_object
from securebucket_dev.kubeapi.registry import Registry
from securebucket_dev.kubeapi.rules import check_rules
from securebucket_dev.kubeapi.store import Entry, Key, Store
from securebucket_dev.kubeapi.validation import ABSENT, BLOCKING, check_value

PERMANENT_NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")


@dataclass(slots=True)
class Cluster:
    """The objects, the kinds they may be of, and which of them are owned by which."""

    store: Store = field(default_factory=Store)
    registry: Registry = field(default_factory=Registry)
    dependents: dict[str, set[tuple[str, Key]]] = field(default_factory=lambda: defaultdict(set))

    def find(self, kind: Kind, key: Key) -> Entry | None:
        """The object at a key, if there is one."""
        return self.store.table(kind.storage).entries.get(key)

    def require(self, kind: Kind, key: Key) -> Entry:
        """The object at a key.

        Raises:
            ApiError: 404, there is none.
        """
        found = self.find(kind, key)
        if found is None:
            raise report_missing(kind.group, kind.plural, key.name)
        return found

    def require_namespace(self, kind: Kind, key: Key) -> None:
        """Refuse to put a new object where none can be put.

        Raises:
            ApiError: 404, there is no such namespace; 403, it is being deleted.
        """
        if not kind.namespaced:
            return
        entry = self.store.table(NAMESPACES).entries.get(Key("", key.namespace))
        if entry is None:
            raise report_missing("", "namespaces", key.namespace)
        if entry.body["metadata"].get("deletionTimestamp"):
            why = f"unable to create new content in namespace {key.namespace} because it is being terminated"
            message = f"namespace {key.namespace} is being terminated"
            cause = Cause("metadata.namespace", "NamespaceTerminating", message)
            raise forbid(kind.group, kind.plural, key.name, why, [cause])

    def check(self, body: Body, kind: Kind, before: Body | None) -> None:
        """Refuse an object that its schema or a rule forbids.

        Raises:
            ApiError: 422.
        """
        faults = check_metadata(body["metadata"], kind, before["metadata"] if before else None)
        if kind.custom:
            faults += check_value(body, kind.schema, "", ABSENT if before is None else before)
            if any(fault.reason in BLOCKING for fault in faults):
                words = "some validation rules were not checked because the object was invalid"
                if self.registry.rules(kind):
                    message = f"Invalid value: null: {words}; correct the existing errors to complete validation"
                    faults.append(Cause("<nil>", "FieldValueInvalid", message))
            else:
                faults += check_rules(self.registry.rules(kind), body, before)
        elif kind.storage == CRDS:
            faults += check_definition(body, before)
        else:
            faults += check_builtin(body, kind, before)
        if faults:
            group = "" if kind.storage == EVENTS else kind.group  # both faces of an Event are judged as one
            raise report_invalid(group, kind.name, body["metadata"].get("name", ""), faults)

    def put(self, kind: Kind, key: Key, body: Body) -> Entry:
        """Write an object, and follow what it changes: its owners, and the kinds it defines."""
        self._forget_owners(kind.storage, key)
        entry = self.store.put(kind.storage, key, body)
        for reference in body["metadata"].get("ownerReferences") or ():
            self.dependents[reference["uid"]].add((kind.storage, key))
        if kind.storage == CRDS:
            self._serve(body)
        return entry

    def remove(self, kind: Kind, key: Key) -> Entry:
        """Take an object out, and the kinds it defines."""
        self._forget_owners(kind.storage, key)
        entry = self.store.remove(kind.storage, key)
        if kind.storage == CRDS:
            spec = entry.body["spec"]
            self.registry.drop(spec["group"], spec["names"]["plural"])
            self.store.drop(entry.body["metadata"]["name"])
        return entry

    def is_ending(self, kind: Kind) -> bool:
        """True while the definition of a kind is being deleted."""
        entry = self.store.table(CRDS).entries.get(Key("", kind.storage)) if kind.custom else None
        return entry is not None and CLEANUP in (entry.body["metadata"].get("finalizers") or ())

    def _forget_owners(self, storage: str, key: Key) -> None:
        former = self.store.table(storage).entries.get(key)
        for reference in former.body["metadata"].get("ownerReferences") or () if former else ():
            self.dependents[reference["uid"]].discard((storage, key))

    def _serve(self, definition: Body) -> None:
        spec = definition["spec"]
        self.registry.drop(spec["group"], spec["names"]["plural"])
        for kind in define_kinds(definition):
            self.registry.add(kind)
            if kind.version == next(each["name"] for each in spec["versions"] if each.get("storage")):
                self._conform(kind)

    def _conform(self, kind: Kind) -> None:
        """Objects at rest are read with the schema of now: its defaults filled in, what it has lost dropped."""
        for key, entry in list(self.store.table(kind.storage).scan("")):
            body = fill_defaults(prune_object(entry.body, kind.schema)[0], kind.schema)
            if body != entry.body:
                self.store.replace_silently(kind.storage, key, body)
