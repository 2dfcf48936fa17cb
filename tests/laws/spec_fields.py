"""The fields of the spec, as dotted paths in API names; lists are transparent."""

import types
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from securebucket.api.base import ApiModel


def fields_in(annotation: Any, path: str = "") -> Iterator[str]:
    """Name every field of the models in an annotation, all the way down."""
    for model in _models(annotation):
        for name, info in model.model_fields.items():
            below = f"{path}.{info.alias or name}".removeprefix(".")
            yield below
            yield from fields_in(info.annotation, below)


def written_in(value: Any, path: str = "") -> Iterator[str]:
    """Name every field that a YAML document writes."""
    if isinstance(value, list):
        for item in value:
            yield from written_in(item, path)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            below = f"{path}.{name}".removeprefix(".")
            yield below
            yield from written_in(item, below)


def _models(annotation: Any) -> Iterator[type[ApiModel]]:
    """Find the models in an annotation such as `Annotated[tuple[Rule, ...], Keyed("id")] | None`."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        if issubclass(annotation, ApiModel):
            yield annotation
        return
    for part in get_args(annotation):
        yield from _models(part)
