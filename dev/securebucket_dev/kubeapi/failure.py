"""What the server says no with: a `metav1.Status`, raised anywhere below the HTTP edge.

https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cause:
    """One field that is wrong: its path, what kind of wrong, and a sentence.

    Args:
        field: the path from the object's root, such as `spec.rules[0].days`; empty for the whole object.
        reason: one of the `FieldValue…` reasons of the API machinery.
        message: the sentence after the path, such as `Required value`.
    """

    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field or '<nil>'}: {self.message}"


class ApiError(Exception):
    """An answer that is a failure, with everything a client's error handling reads."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details or {}

    def status(self) -> dict[str, Any]:
        """The body of the answer."""
        body = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "details": self.details,
            "code": self.code,
        }
        return {name: value for name, value in body.items() if value not in ("", {}) or name == "metadata"}


def refuse_request(message: str) -> ApiError:
    """400: the request cannot be understood."""
    return ApiError(400, "BadRequest", message)


def refuse_media_type(supported: Sequence[str]) -> ApiError:
    """415: a body that is not one of the supported types."""
    names = ", ".join(supported)
    message = f"the body of the request was in an unknown format - accepted media types include: {names}"
    return ApiError(415, "UnsupportedMediaType", message)


def refuse_method() -> ApiError:
    """405: the resource exists and has no such verb."""
    message = "the server does not allow this method on the requested resource"
    return ApiError(405, "MethodNotAllowed", message)


def refuse_path() -> ApiError:
    """404: no such resource at all."""
    return ApiError(404, "NotFound", "the server could not find the requested resource")


def report_gone(message: str) -> ApiError:
    """410: the revision asked for is no longer known; list again."""
    return ApiError(410, "Expired", message)


def report_missing(group: str, plural: str, name: str) -> ApiError:
    """404: the resource exists, the object does not."""
    details = _details(group, plural, name)
    return ApiError(404, "NotFound", f'{_resource(group, plural)} "{name}" not found', details)


def report_duplicate(group: str, plural: str, name: str) -> ApiError:
    """409: an object of that name exists."""
    details = _details(group, plural, name)
    return ApiError(409, "AlreadyExists", f'{_resource(group, plural)} "{name}" already exists', details)


def report_conflict(group: str, plural: str, name: str, why: str, causes: Sequence[Cause] = ()) -> ApiError:
    """409: the object is not what the writer thought it was."""
    details = _details(group, plural, name, causes)
    return ApiError(
        409, "Conflict", f'Operation cannot be fulfilled on {_resource(group, plural)} "{name}": {why}', details
    )


def forbid(group: str, plural: str, name: str, why: str, causes: Sequence[Cause] = ()) -> ApiError:
    """403: allowed to nobody, such as writing into a namespace that is being deleted."""
    details = _details(group, plural, name, causes)
    return ApiError(403, "Forbidden", f'{_resource(group, plural)} "{name}" is forbidden: {why}', details)


def report_invalid(group: str, kind: str, name: str, causes: Sequence[Cause]) -> ApiError:
    """422: understood, and against the schema or a rule."""
    title = f"{kind}.{group}" if group else kind
    text = str(causes[0]) if len(causes) == 1 else "[" + ", ".join(str(each) for each in causes) + "]"
    return ApiError(422, "Invalid", f'{title} "{name}" is invalid: {text}', _details(group, kind, name, causes))


def _details(group: str, kind: str, name: str, causes: Sequence[Cause] = ()) -> dict[str, Any]:
    listed = [{"reason": each.reason, "message": each.message, "field": each.field} for each in causes]
    return {
        key: value for key, value in (("name", name), ("group", group), ("kind", kind), ("causes", listed)) if value
    }


def _resource(group: str, plural: str) -> str:
    return f"{plural}.{group}" if group else plural
