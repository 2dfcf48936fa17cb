"""How long a document is that S3 takes up to a length only."""

from collections.abc import Mapping
from typing import Any

from securebucket.model.failure import Failure

TAGS = len("<></>")


def refuse_size(field: str, document: Mapping[str, Any], most: int) -> Failure | None:
    """Refuse a document that is longer than S3 takes, at the least that it can be.

    Args:
        field: of the spec.
        document: as the API's model has it.
        most: bytes that S3 takes.
    """
    size = sum(_bytes(name, value) for name, value in document.items())
    if size <= most:
        return None
    return Failure(
        "DocumentTooLarge",
        f"spec.{field} would come to {size} bytes at least, and S3 takes {most}; declare fewer or shorter entries.",
    )


def _bytes(name: str, value: Any) -> int:
    """Count an element with all that is in it; of a list, each entry is an element."""
    if isinstance(value, list):
        return sum(_bytes(name.removesuffix("s"), item) for item in value)
    own = 2 * len(name) + TAGS
    if isinstance(value, Mapping):
        return own + sum(_bytes(inner, item) for inner, item in value.items())
    return own + len(str(value).encode())
