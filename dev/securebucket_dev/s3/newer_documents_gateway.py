"""The newer documents in front of an emulator, as one WSGI application: the emulator gets every other request.

Standard library only: LocalStack's environment has nothing of ours.
"""

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication

from securebucket_dev.s3.newer_documents import RESOURCES, NewerDocuments, error

RESETS = ("/_localstack/state/reset", "/moto-api/reset")
HEADERS = [("Content-Type", "application/xml"), ("x-amz-request-id", "newer-documents")]

Environment = dict[str, Any]


def with_newer_documents(emulator: WSGIApplication) -> WSGIApplication:
    """Put the newer documents in front of an emulator whose buckets are in the paths."""
    documents = NewerDocuments()

    def serve(environment: Environment, start: StartResponse) -> Iterable[bytes]:
        method, bucket = environment["REQUEST_METHOD"], environment["PATH_INFO"].strip("/")
        names = {name for name, _ in parse_qsl(environment["QUERY_STRING"], keep_blank_values=True)}
        if environment["PATH_INFO"] in RESETS:
            documents.clear()
        if not bucket or "/" in bucket or "HTTP_X_AMZ_ACCOUNT_ID" in environment:  # the last one is S3 Control's
            return emulator(environment, start)
        resource = "".join(names & RESOURCES)
        if documents.knows(method, bucket, resource):
            seen = _look(emulator, environment)
            body = environment["wsgi.input"].read()
            status, text = documents.answer(method, bucket, resource, body) if seen < 300 else _missing(seen)
            start(f"{status} {HTTPStatus(status).phrase}", HEADERS)
            return [text.encode()]
        if method != "DELETE" or names - {"x-id"}:
            return emulator(environment, start)

        def note(status: str, *rest: Any) -> Any:
            if status.startswith("2"):
                documents.forget(bucket)
            return start(status, *rest)

        return emulator(environment, note)

    return serve


def _look(emulator: WSGIApplication, environment: Environment) -> int:
    """Ask the emulator for the bucket, as HeadBucket does in the name of who asks; gives the status."""
    told: list[str] = []

    def start(status: str, *_: Any) -> Any:
        told.append(status)
        return lambda _: None

    path = environment["RAW_URI"].partition("?")[0]
    head = {
        **environment,
        "REQUEST_METHOD": "HEAD",
        "QUERY_STRING": "",
        "REQUEST_URI": path,
        "RAW_URI": path,
        "CONTENT_LENGTH": "0",
        "wsgi.input": BytesIO(),
        "rolo.headers": [each for each in environment["rolo.headers"] if each[0].lower() != b"content-length"],
    }
    parts = emulator(head, start)
    list(parts)
    if close := getattr(parts, "close", None):
        close()
    return int(told[-1].split(" ", 1)[0])


def _missing(status: int) -> tuple[int, str]:
    if status == HTTPStatus.NOT_FOUND:
        return error(404, "NoSuchBucket", "The specified bucket does not exist")
    return error(status, "AccessDenied", "Access Denied")
