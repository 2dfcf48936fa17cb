"""An S3 that keeps one document a sub-resource as it was put, and answers with it: the wire without a network.

Requests are made by a real boto3 client and answered before they are sent, so serialization, validation and parsing
are botocore's own.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from tests.laws.aws_model import operation_model
from tests.laws.register import SUBJECTS
from tests.laws.subject import Document as Operations

from securebucket.model.call import Call


def _resource_of(document: Operations) -> str:
    """Give the sub-resource that a document is, as S3's model names it in the request of its read."""
    return str(operation_model(Call(document.get).api).http["requestUri"]).partition("?")[2]


ABSENT: Mapping[str, str] = {_resource_of(subject.document): subject.document.absent for subject in SUBJECTS.values()}
"""By sub-resource: the code with which S3 says that the document was never configured; empty for 200 and nothing."""

ALWAYS: Mapping[str, Mapping[str, str]] = {
    _resource_of(subject.document): subject.document.always for subject in SUBJECTS.values()
}
"""By sub-resource: the members of S3's answer where the document was never put."""

XSI = "http://www.w3.org/2001/XMLSchema-instance"


def acl(*grants: tuple[str, str, str]) -> "Document":
    """Write an ACL with the owner's own grant and others, as (`ID` or `URI`, grantee, permission)."""
    kinds = {"ID": "CanonicalUser", "URI": "Group"}
    written = "".join(
        f'<Grant><Grantee xmlns:xsi="{XSI}" xsi:type="{kinds[kind]}"><{kind}>{grantee}</{kind}></Grantee>'
        f"<Permission>{permission}</Permission></Grant>"
        for kind, grantee, permission in (("ID", "me", "FULL_CONTROL"), *grants)
    )
    body = (
        "<AccessControlPolicy><Owner><ID>me</ID></Owner>"
        f"<AccessControlList>{written}</AccessControlList></AccessControlPolicy>"
    )
    return Document(body.encode(), {})


@dataclass(frozen=True, slots=True)
class Document:
    """What was put: the body, and the options that travel as headers."""

    body: bytes
    headers: Mapping[str, str]


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.getvalue()


@dataclass(slots=True)
class PretendS3:
    """The documents of one bucket, by sub-resource."""

    documents: dict[str, Document] = field(default_factory=dict)

    def client(self) -> Any:
        """Give a client whose requests end here."""
        session = boto3.session.Session(
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="not-a-secret",
            region_name="eu-central-1",
        )
        client = session.client("s3", endpoint_url="http://127.0.0.1:9")
        client.meta.events.register("before-send.s3", self._answer)
        return client

    def _answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        resource = parse_qsl(url.query, keep_blank_values=True)[0][0]
        status, headers, body = self._handle(request, resource)
        return AWSResponse(request.url, status, headers, _Raw(body))

    def _handle(self, request: AWSPreparedRequest, resource: str) -> tuple[int, Mapping[str, str], bytes]:
        if request.method == "PUT":
            if resource == "acl" and "x-amz-acl" in request.headers:
                assert _text(request.headers["x-amz-acl"]) == "private", "no other canned ACL is pretended"
                self.documents.pop("acl", None)
                return 200, {}, b""
            if resource == "ownershipControls" and b"BucketOwnerEnforced" in request.body and "acl" in self.documents:
                return 400, {}, _error("InvalidBucketAclWithObjectOwnership")
            options = {name: _text(value) for name, value in request.headers.items() if name.startswith("x-amz-")}
            self.documents[resource] = Document(_bytes(request.body), options)
            return 200, {}, b""
        if request.method == "DELETE":
            assert resource in self.documents, f"DELETE of {resource}, which was never configured"
            del self.documents[resource]
            return 204, {}, b""
        found = self.documents.get(resource)
        if found is not None:
            return 200, found.headers, found.body
        if resource == "acl":
            return 200, {}, acl().body
        code = ABSENT[resource]
        if code:
            return 404, {}, _error(code)
        members = "".join(f"<{name}>{value}</{name}>" for name, value in ALWAYS[resource].items())
        return 200, {}, f"<Usual>{members}</Usual>".encode()


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code></Error>".encode()


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
