"""From a model's JSON schema to the structural OpenAPI v3 schema that a CustomResourceDefinition takes.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]

PRESERVE = "x-kubernetes-preserve-unknown-fields"

_KEPT = (
    "description",
    "type",
    "format",
    "enum",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "multipleOf",
    "required",
    "allOf",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
    PRESERVE,
)
"""Copied as they are, in this order. `allOf` comes from rules only, which say in it what a structural schema may."""

_DROPPED = frozenset({"title", "default", "examples", "$defs"})
"""`default` with reason: a stored default freezes, and a stricter one of the next release would reach no object."""


class NotStructuralError(ValueError):
    """A model has something that a structural schema cannot say; the message names the field."""


def structural_schema(model: type[BaseModel]) -> Schema:
    """Return the structural schema of a model.

    Raises:
        NotStructuralError: a union, a constrained key or a keyword that has no place in a structural schema.
    """
    written = model.model_json_schema(by_alias=True, mode="validation")
    return _convert(written, written.get("$defs", {}), model.__name__)


def _convert(given: Schema, definitions: Mapping[str, Schema], path: str) -> Schema:
    schema = _inline(given, definitions, path)
    result = {key: schema.pop(key) for key in _KEPT if key in schema}
    if "const" in schema:
        result["enum"] = [schema.pop("const")]
    for bound, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if bound in schema:  # OpenAPI v3.0 has it as a flag on the bound, newer JSON schema as the bound itself
            result |= {limit: schema.pop(bound), bound: True}
    if "items" in schema:
        result["items"] = _convert(schema.pop("items"), definitions, f"{path}[]")
    if "properties" in schema:
        result["properties"] = {
            name: _convert(each, definitions, f"{path}.{name}") for name, each in schema.pop("properties").items()
        }
    values = schema.pop("additionalProperties", False)
    if isinstance(values, dict):
        result["additionalProperties"] = _convert(values, definitions, f"{path}{{}}")
    elif values and PRESERVE not in result:
        raise NotStructuralError(f"{path}: takes any field; declare its fields, or mark it {PRESERVE}")
    left = schema.keys() - _DROPPED
    if left:
        raise NotStructuralError(f"{path}: a structural schema has no {', '.join(sorted(left))}")
    if "type" not in result and PRESERVE not in result:
        raise NotStructuralError(f"{path}: takes any value; give it a type, or mark it {PRESERVE}")
    return result


def _inline(given: Schema, definitions: Mapping[str, Schema], path: str) -> Schema:
    """Put references and `Optional` in place; what stands beside them, such as a description, wins."""
    schema = dict(given)
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = definitions[schema.pop("$ref").rsplit("/", 1)[-1]] | schema
            continue
        chosen = [each for each in schema.pop("anyOf") if each.get("type") != "null"]
        if len(chosen) != 1:
            raise NotStructuralError(f"{path}: is a union of {len(chosen)} types; a field has one type")
        schema = chosen[0] | schema
    return schema
