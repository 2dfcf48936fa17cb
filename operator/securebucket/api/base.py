"""What all API models share: camelCase names, frozen values, unknown fields refused, AWS's own names on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

GROUP = "securebucket.io"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"


class ApiModel(BaseModel):
    """A piece of the API. An absent field means the default that its description names; null is the same as absent."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Foreign(StrEnum):
    """What becomes of entries in a document that the spec does not declare."""

    KEEP = "Keep"
    REMOVE = "Remove"


@dataclass(frozen=True, slots=True)
class AwsName:
    """Marks a field whose AWS name is not its API name with a capital letter, such as `ID`."""

    name: str


def rule(expression: str, message: str, field_path: str = "") -> dict[str, str]:
    """Write one CEL validation rule for a model's schema.

    https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
    """
    written = {"rule": expression, "message": message}
    return written | ({"fieldPath": field_path} if field_path else {})


def validations(*rules: Mapping[str, str]) -> ConfigDict:
    """Give the model configuration that carries CEL rules into the CRD."""
    return ConfigDict(json_schema_extra={"x-kubernetes-validations": [dict(each) for each in rules]})


def aws_document(value: Any) -> Any:
    """Write an API value in AWS's names: capitalised fields, absent ones left out, enums as strings."""
    if isinstance(value, ApiModel):
        document: dict[str, Any] = {}
        for name, info in type(value).model_fields.items():
            item = getattr(value, name)
            if item is None:
                continue
            given = next((mark.name for mark in info.metadata if isinstance(mark, AwsName)), None)
            camel = info.alias or name
            document[given or camel[0].upper() + camel[1:]] = aws_document(item)
        return document
    if isinstance(value, list | tuple):
        return [aws_document(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    return value
