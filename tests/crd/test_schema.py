"""What a structural schema keeps, turns round, drops and refuses."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from securebucket.api.base import ApiModel
from securebucket.crd.schema import NotStructuralError, structural_schema


class Inner(ApiModel):
    """Inside."""

    value: int = Field(description="A number.")


def schema_of_field(annotation: Any, default: Any = ...) -> dict[str, Any]:
    class Model(BaseModel):
        model_config = ConfigDict(extra="forbid")

        field: annotation = default

    schema = structural_schema(Model)
    assert schema["type"] == "object"
    field = schema["properties"]["field"]
    assert isinstance(field, dict)
    return field


INNER = {
    "description": "Inside.",
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"description": "A number.", "type": "integer"}},
}


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (str | None, {"type": "string"}),
        (Annotated[str, Field(max_length=3)] | None, {"type": "string", "maxLength": 3}),
        (Literal["only"], {"type": "string", "enum": ["only"]}),
        (Literal["a", "b"] | None, {"type": "string", "enum": ["a", "b"]}),
        (Annotated[int, Field(gt=1)], {"type": "integer", "minimum": 1, "exclusiveMinimum": True}),
        (Annotated[int, Field(lt=9)], {"type": "integer", "maximum": 9, "exclusiveMaximum": True}),
        (Annotated[int, Field(ge=1, le=9)], {"type": "integer", "minimum": 1, "maximum": 9}),
        (tuple[str, ...], {"type": "array", "items": {"type": "string"}}),
        (dict[str, bool], {"type": "object", "additionalProperties": {"type": "boolean"}}),
        (Inner, INNER),
        (Inner | None, INNER),
        (tuple[Inner, ...], {"type": "array", "items": INNER}),
        (dict[str, Inner], {"type": "object", "additionalProperties": INNER}),
    ],
    ids=str,
)
def test_writes(annotation: Any, schema: dict[str, Any]) -> None:
    assert schema_of_field(annotation) == schema


def test_drops_the_default() -> None:
    assert schema_of_field(int, 7) == {"type": "integer"}


def test_a_field_describes_better_than_its_type() -> None:
    assert schema_of_field(Annotated[Inner, Field(description="Here.")])["description"] == "Here."


def test_keeps_unknown_fields_where_it_is_told_to() -> None:
    preserve = {"x-kubernetes-preserve-unknown-fields": True}
    assert schema_of_field(Annotated[Any, Field(json_schema_extra=preserve)]) == preserve
    assert schema_of_field(Annotated[dict[str, Any], Field(json_schema_extra=preserve)]) == {
        "type": "object",
        **preserve,
    }


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (int | str, "field: is a union of 2 types"),
        (Inner | Literal["*"], "field: is a union of 2 types"),
        (dict[str, Any], "field: takes any field"),
        (Any, "field: takes any value"),
        (tuple[int, str], "field: a structural schema has no prefixItems"),
        (frozenset[str], "field: a structural schema has no uniqueItems"),
        (dict[Annotated[str, Field(max_length=3)], str], "field: a structural schema has no propertyNames"),
        (tuple[int | str, ...], r"field\[\]: is a union of 2 types"),
    ],
    ids=str,
)
def test_refuses_what_no_structural_schema_can_say(annotation: Any, words: str) -> None:
    with pytest.raises(NotStructuralError, match=rf"^Model\.{words}"):
        schema_of_field(annotation)
