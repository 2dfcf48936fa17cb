"""What all API models share: camelCase names, frozen values, unknown fields refused, AWS's own names on demand."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema

from securebucket.api.rule import JsonSchema, Rule, refuse

GROUP = "securebucket.io"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"


class ApiModel(BaseModel):
    """A piece of the API. An absent field means the default that its description names."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    whole: ClassVar[bool] = False
    """Whether an object's block takes the place of its profile's, and is not merged with it field by field.

    So where `{}` means none, or fields exclude each other.
    """
    invariants: ClassVar[tuple[Rule, ...]] = ()
    """What must hold between the fields; a subclass adds its own to those that it inherits."""

    @classmethod
    def all_invariants(cls) -> tuple[Rule, ...]:
        """Return the rules of the model and of those that it inherits from, the inherited ones first."""
        lineage = (base.__dict__.get("invariants", ()) for base in reversed(cls.__mro__))
        return tuple(rule for rules in lineage for rule in rules)

    @model_validator(mode="after")
    def _keep_invariants(self) -> Self:
        refuse(self, tuple(rule for rule in self.all_invariants() if not rule.since))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        schema = handler(core_schema)
        written: JsonSchema = {}
        for rule in cls.all_invariants():
            rule.write(written)
        handler.resolve_ref_schema(schema).update(written)
        return schema


class Foreign(StrEnum):
    """What becomes of entries in a document that the spec does not declare."""

    KEEP = "Keep"
    REMOVE = "Remove"


@dataclass(frozen=True, slots=True)
class AwsName:
    """Marks a field whose AWS name is not its API name with a capital letter, such as `ID`."""

    name: str


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
