"""The patches of a client, on plain values: JSON patch, merge patch and strategic merge patch.

https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
"""

import copy
from typing import Any

import jsonpatch
import jsonpointer

from securebucket_dev.kubeapi.failure import ApiError, refuse_request
from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.structure import LIST_KEYS, child_schema, item_schema

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"

_OPERATIONS_LIMIT = 10_000
_DIRECTIVE = "$patch"
_DELETE_FROM = "$deleteFromPrimitiveList/"
_DIRECTIVES = ("$setElementOrder/", "$retainKeys")


def patch_json(body: Body, operations: Any) -> Body:
    """The object after a JSON patch.

    Raises:
        ApiError: 400, it is no JSON patch; 413, it is too long; 422, an operation failed, a `test` for instance.
    """
    if not isinstance(operations, list):
        raise refuse_request("error decoding patch: a JSON patch is a list of operations")
    if len(operations) > _OPERATIONS_LIMIT:
        raise ApiError(413, "RequestEntityTooLarge", f"a JSON patch may have {_OPERATIONS_LIMIT} operations at most")
    try:
        patched = copy.deepcopy(body)
        for operation in operations:
            patched = _operate(patched, operation)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException) as error:
        message = "the server rejected our request due to an error in our request"
        raise ApiError(422, "Invalid", message) from error
    if not isinstance(patched, dict):
        raise refuse_request("the patched object is no object")
    return patched


def _operate(body: Body, operation: Any) -> Any:
    if isinstance(operation, dict) and operation.get("op") == "replace":
        pointer = jsonpointer.JsonPointer(operation.get("path", ""))
        # The API server replaces what is not there, too: but only in an object.
        if pointer.parts and isinstance(jsonpointer.JsonPointer.from_parts(pointer.parts[:-1]).resolve(body), dict):
            operation = {**operation, "op": "add"}
    return jsonpatch.JsonPatch([operation]).apply(body, in_place=True)


def patch_merge(value: Any, patch: Any) -> Any:
    """The value after a merge patch (RFC 7386): null removes, lists are replaced as a whole."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(value) if isinstance(value, dict) else {}
    for name, child in patch.items():
        if child is None:
            merged.pop(name, None)
        else:
            merged[name] = patch_merge(merged.get(name), child)
    return merged


def patch_strategically(value: Any, patch: Any, schema: Schema) -> Any:
    """The value after a strategic merge patch: lists whose items have a key are merged by it."""
    if not isinstance(patch, dict):
        return patch
    if patch.get(_DIRECTIVE) == "replace":
        return {name: child for name, child in patch.items() if name != _DIRECTIVE}
    merged = dict(value) if isinstance(value, dict) else {}
    for name, child in patch.items():
        if name == _DIRECTIVE or name.startswith(_DIRECTIVES):
            continue
        if name.startswith(_DELETE_FROM):
            target = name.removeprefix(_DELETE_FROM)
            merged[target] = [item for item in merged.get(target) or () if item not in child]
        elif child is None or (isinstance(child, dict) and child.get(_DIRECTIVE) == "delete"):
            merged.pop(name, None)
        elif isinstance(child, list):
            merged[name] = _patch_list(merged.get(name), child, child_schema(schema, name))
        else:
            merged[name] = patch_strategically(merged.get(name), child, child_schema(schema, name))
    return merged


def _patch_list(value: Any, patch: list[Any], schema: Schema) -> list[Any]:
    live = value if isinstance(value, list) else []
    keys = schema.get(LIST_KEYS)
    if keys is None:
        if schema.get("x-kubernetes-list-type") == "set":
            return live + [item for item in patch if item not in live]
        return patch
    # Only the first key counts here, as `patchMergeKey` is one field.
    key = keys[0]
    merged = {item.get(key): item for item in live if isinstance(item, dict)}
    for item in patch:
        name = item.get(key)
        if item.get(_DIRECTIVE) == "delete":
            merged.pop(name, None)
        else:
            merged[name] = patch_strategically(merged.get(name), item, item_schema(schema))
    return list(merged.values())
