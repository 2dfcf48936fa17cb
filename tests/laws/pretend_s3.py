"""An S3 that keeps one document a sub-resource as it was put, and answers with it: the wire without a network.

Requests are made by a real boto3 client and answered before they are sent, so serialization, validation and parsing
are botocore's own.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import fromstring
from xml.sax.saxutils import escape

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from tests.laws.aws_model import operation_model
from tests.laws.register import SUBJECTS
from tests.laws.subject import Document as Operations

from securebucket.model.call import Call
from securebucket_dev.s3.newer_documents import NewerDocuments


def _resource_of(document: Operations) -> str:
    """Give the sub-resource that a document is, as S3's model names it in the request of its read."""
    return str(operation_model(Call(document.get).api).http["requestUri"]).partition("?")[2]


TAGGING = "tagging"
S3 = "http://s3.amazonaws.com/doc/2006-03-01/"

ABSENT: Mapping[str, str] = {_resource_of(subject.document): subject.document.absent for subject in SUBJECTS.values()}
"""By sub-resource: the code with which S3 says that the document was never configured; empty for 200 and nothing."""

ALWAYS: Mapping[str, Mapping[str, str]] = {
    _resource_of(subject.document): subject.document.always for subject in SUBJECTS.values()
}
"""By sub-resource: the members of S3's answer where the document was never put."""
LISTS = frozenset(_resource_of(subject.document) for subject in SUBJECTS.values() if subject.document.listed)
"""Sub-resources under which each configuration is kept by its id."""

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
    """The documents of one bucket, by sub-resource, those of a list also by id (`inventory/daily`)."""

    documents: dict[str, Document] = field(default_factory=dict)
    newer: NewerDocuments = field(default_factory=NewerDocuments)
    _clients: dict[str, Any] = field(default_factory=dict)

    def clear(self) -> None:
        """Configure nothing."""
        self.documents.clear()
        self.newer.clear()

    def client(self, service: str = "s3") -> Any:
        """Give a client whose requests end here."""
        if service not in self._clients:
            self._clients[service] = self._made(service)
        return self._clients[service]

    def _made(self, service: str) -> Any:
        session = boto3.session.Session(
            aws_access_key_id="AKIAEXAMPLE",
            aws_secret_access_key="not-a-secret",
            region_name="eu-central-1",
        )
        client: Any = session.client(
            service,  # type: ignore[call-overload]  # the stubs know literal names only
            endpoint_url="http://127.0.0.1:9",
        )
        client._endpoint.http_session = self
        return client

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Answer one request, in the place of botocore's HTTP session."""
        url = urlsplit(request.url)
        query = parse_qsl(url.query, keep_blank_values=True)
        if "x-amz-account-id" in request.headers:
            self._tag(_bytes(request.body), {value for name, value in query if name == "tagKeys"})
            return AWSResponse(request.url, 204, {}, _Raw(b""))
        resource, name = query[0][0], dict(query).get("id")
        bucket = url.path.strip("/")
        if self.newer.knows(request.method, bucket, resource):
            told, text = self.newer.answer(request.method, bucket, resource, _bytes(request.body))
            return AWSResponse(request.url, told, {}, _Raw(text.encode()))
        if resource in LISTS and request.method == "GET":
            status, headers, body = 200, dict[str, str](), self._listed(resource)
        else:
            status, headers, body = self._handle(request, resource if name is None else f"{resource}/{name}")
        return AWSResponse(request.url, status, headers, _Raw(body))

    def _listed(self, resource: str) -> bytes:
        """Answer with what was put under each id."""
        found = (each.body for name, each in sorted(self.documents.items()) if name.startswith(f"{resource}/"))
        return b"<ListResult>" + b"".join(found) + b"<IsTruncated>false</IsTruncated></ListResult>"

    def _tag(self, body: bytes, gone: set[str]) -> None:
        """Set and take away single tags, as S3 Control does."""
        tags: dict[str, str] = {}
        for text in (self.documents[TAGGING].body if TAGGING in self.documents else b"", body):
            tags |= {
                (tag[0].text or ""): (tag[1].text or "")
                for tag in (fromstring(text).iter() if text else ())  # noqa: S314 - what botocore wrote
                if tag.tag.endswith("}Tag")
            }
        written = "".join(
            f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>"
            for key, value in tags.items()
            if key not in gone
        )
        text = f'<Tagging xmlns="{S3}"><TagSet>{written}</TagSet></Tagging>'
        self.documents[TAGGING] = Document(text.encode(), {})

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
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
