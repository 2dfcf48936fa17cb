"""CustomResourceDefinitions: what is filled in, what is refused, and the kinds that they define.

https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/
"""

from collections.abc import Iterator
from typing import Any

from securebucket_dev.kubeapi.crd_schema import check_schema, clean_schema
from securebucket_dev.kubeapi.failure import Cause, refuse_request
from securebucket_dev.kubeapi.kind import Body, Column, Kind
from securebucket_dev.kubeapi.metadata import read_clock
from securebucket_dev.kubeapi.rules import compile_rules
from securebucket_dev.kubeapi.validation import quote

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
"""The finalizer that keeps a definition until its objects are gone."""


def complete_definition(body: Body) -> tuple[Body, list[str]]:
    """A definition with its defaults, and the paths of the words in its schemas that the API does not have.

    Raises:
        ApiError: 400, it has no spec to speak of.
    """
    spec = body.get("spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("names"), dict):
        raise refuse_request("a CustomResourceDefinition needs spec.names")
    names = dict(spec["names"])
    kind = names.get("kind", "")
    names.setdefault("singular", kind.lower())
    names.setdefault("listKind", f"{kind}List")
    dropped: list[str] = []
    versions = []
    for index, version in enumerate(spec.get("versions") or ()):
        path = f"spec.versions[{index}].schema.openAPIV3Schema"
        schema = (version.get("schema") or {}).get("openAPIV3Schema")
        if schema is not None:
            version = {**version, "schema": {"openAPIV3Schema": clean_schema(schema, path, dropped)}}  # noqa: PLW2901 - the same version, cleaned
        versions.append(version)
    conversion = spec.get("conversion") or {"strategy": "None"}
    return {**body, "spec": {**spec, "names": names, "versions": versions, "conversion": conversion}}, dropped


def check_definition(body: Body, before: Body | None) -> list[Cause]:
    """What is wrong with a definition."""
    return list(_check(body, before))


def establish(body: Body, before: Body | None) -> Body:
    """The definition with the status of one whose kinds are served."""
    spec, then = body["spec"], (before or {}).get("status") or {}
    conditions = then.get("conditions") or [
        _condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        _condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
    ]
    storage = next(version["name"] for version in spec["versions"] if version.get("storage"))
    stored = then.get("storedVersions") or []
    status = {
        "conditions": conditions,
        "acceptedNames": spec["names"],
        "storedVersions": stored if storage in stored else [*stored, storage],
    }
    return {**body, "status": status}


def define_kinds(body: Body) -> list[Kind]:
    """The kinds of a definition, one for each served version."""
    spec, names = body["spec"], body["spec"]["names"]
    return [_define(version, spec, names) for version in spec["versions"] if version.get("served")]


def _define(version: dict[str, Any], spec: dict[str, Any], names: dict[str, Any]) -> Kind:
    columns = tuple(
        Column(
            name=each["name"],
            path=each["jsonPath"],
            type=each["type"],
            format=each.get("format", ""),
            description=each.get("description", ""),
            priority=each.get("priority", 0),
        )
        for each in version.get("additionalPrinterColumns") or ()
    )
    return Kind(
        group=spec["group"],
        version=version["name"],
        name=names["kind"],
        plural=names["plural"],
        singular=names["singular"],
        namespaced=spec["scope"] == "Namespaced",
        short_names=tuple(names.get("shortNames") or ()),
        categories=tuple(names.get("categories") or ()),
        storage=f"{names['plural']}.{spec['group']}",
        schema=version["schema"]["openAPIV3Schema"],
        subresources=frozenset(name for name in version.get("subresources") or {} if name == "status"),
        columns=columns,
        selectable=tuple(each["jsonPath"].removeprefix(".") for each in version.get("selectableFields") or ()),
        custom=True,
        unconditional_update=False,
        generation=True,
    )


def _check(body: Body, before: Body | None) -> Iterator[Cause]:
    spec, name = body["spec"], body["metadata"]["name"]
    names = spec["names"]
    for field in ("group", "scope"):
        if not spec.get(field):
            yield Cause(f"spec.{field}", "FieldValueRequired", "Required value")
    for field in ("kind", "plural"):
        if not names.get(field):
            yield Cause(f"spec.names.{field}", "FieldValueRequired", "Required value")
    wanted = f"{names.get('plural')}.{spec.get('group')}"
    if name != wanted:
        yield _invalid("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    if spec.get("scope") not in (None, "Namespaced", "Cluster"):
        listed = 'supported values: "Cluster", "Namespaced"'
        yield Cause("spec.scope", "FieldValueNotSupported", f"Unsupported value: {quote(spec['scope'])}: {listed}")
    if spec.get("group", "").endswith((".k8s.io", ".kubernetes.io")):
        yield from _check_protected(body)
    if sum(bool(version.get("storage")) for version in spec["versions"]) != 1:
        yield _invalid("spec.versions", "", "must have exactly one version marked as storage version")
    for index, version in enumerate(spec["versions"]):
        yield from _check_version(version, f"spec.versions[{index}]")
    if before is not None:
        for field in ("group", "scope"):
            if spec.get(field) != before["spec"].get(field):
                yield _invalid(f"spec.{field}", spec.get(field), "field is immutable")


def _check_protected(body: Body) -> Iterator[Cause]:
    annotation = "api-approved.kubernetes.io"
    if annotation not in (body["metadata"].get("annotations") or {}):
        yield Cause(
            f"metadata.annotations[{annotation}]",
            "FieldValueRequired",
            "Required value: protected groups must have approval annotation",
        )


def _check_version(version: dict[str, Any], path: str) -> Iterator[Cause]:
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    if schema is None:
        words = "Required value: schemas are required"
        yield Cause(f"{path}.schema.openAPIV3Schema", "FieldValueRequired", words)
        return
    faults = check_schema(schema, f"{path}.schema.openAPIV3Schema")
    yield from faults
    if not faults:
        for fault in compile_rules(schema)[1]:
            yield _invalid(f"{path}.schema.{fault.path}", "", fault.message)


def _condition(kind: str, reason: str, message: str) -> dict[str, str]:
    return {
        "type": kind,
        "status": "True",
        "lastTransitionTime": read_clock(),
        "reason": reason,
        "message": message,
    }


def _invalid(path: str, value: object, words: str) -> Cause:
    return Cause(path, "FieldValueInvalid", f"Invalid value: {quote(value)}: {words}")
