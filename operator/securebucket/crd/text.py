"""Definitions as YAML with one line per field, which keeps deep schemas small and their changes readable."""

from typing import Any

import yaml

HEADER = "# Generated from the API models by `make generate`; change those, not this.\n"

FIELDS = "properties"
"""Where a schema has its fields."""

_UNBROKEN = 1_000_000
"""Columns: a broken text would have its deep indentation in between again and again."""


def render(definition: dict[str, Any]) -> str:
    """Return the text of a definition; equal definitions have equal texts."""
    node = _Dumper("").represent_data(definition)
    _fold(node)
    text: str = yaml.serialize(node, Dumper=yaml.SafeDumper, width=_UNBROKEN, allow_unicode=True)
    return HEADER + text


class _Dumper(yaml.SafeDumper):
    """Keeps the order of keys, and writes a thing that is used twice twice instead of as an alias."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream, sort_keys=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _fold(node: yaml.Node) -> None:
    """Put on one line each mapping that has no fields of its own, and each list of texts."""
    if isinstance(node, yaml.MappingNode):
        node.flow_style = not _has_fields(node)
        for key, value in node.value:
            _fold(value)
            if key.value == FIELDS:
                value.flow_style = False
    elif isinstance(node, yaml.SequenceNode):
        node.flow_style = all(isinstance(item, yaml.ScalarNode) for item in node.value)
        for item in node.value:
            _fold(item)
    elif isinstance(node, yaml.ScalarNode) and "\n" in node.value:
        node.style = "|"


def _has_fields(node: yaml.Node) -> bool:
    if isinstance(node, yaml.MappingNode):
        return any(key.value == FIELDS or _has_fields(value) for key, value in node.value)
    return isinstance(node, yaml.SequenceNode) and any(_has_fields(item) for item in node.value)
