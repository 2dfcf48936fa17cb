"""What boto3 would call an HTTP request: the name of the operation, read from botocore's own service models."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, parse_qsl, unquote

import botocore.session

UNKNOWN = "Unknown"
"""The operation of a request that no model describes, e.g. one with a sub-resource that S3 does not have."""

S3_SERVICES = frozenset({"s3", "s3control"})

_SIGNED = re.compile(r"Credential=([^/,\s]*)/\d{8}/([^/]*)/([^/]*)/aws4_request")
_PLACEHOLDER = re.compile(r"\\{(\w+)(\\\+)?\\}")
_ANYWHERE = frozenset({"x-id"})
"""Query parameters that SDKs add to any request; presigned URLs add those that begin with `x-amz-` too."""


@dataclass(frozen=True, slots=True)
class Name:
    """A request by its AWS names.

    Args:
        service: boto3's name of the service, e.g. `s3`, `s3control`, `sts`; empty when nothing tells.
        operation: e.g. `PutBucketPolicy`, or `Unknown`.
        bucket: empty outside S3 and for calls on no bucket.
        key: the object's key; empty for calls on the bucket itself.
        account: the access key id that signed; emulators take 12 digits for the account. Empty when unsigned.
        region: the region it was signed for.
    """

    service: str
    operation: str
    bucket: str = ""
    key: str = ""
    account: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Route:
    """One operation of a REST service: what a request must and may carry to be it."""

    operation: str
    method: str
    path: re.Pattern[str]
    literals: Mapping[str, str]
    parameters: frozenset[str]
    optional: frozenset[str]
    headers: frozenset[str]
    deprecated: bool

    def matches(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        return (
            method == self.method
            and self.path.fullmatch(path) is not None
            and all(query.get(name) == value for name, value in self.literals.items())
            and self.parameters <= query.keys()
            and self.headers <= headers.keys()
        )

    def explains(self, query: Iterable[str]) -> bool:
        """Whether every query parameter is one of this operation's: a foreign one is a sub-resource nobody knows."""
        known = self.literals.keys() | self.parameters | self.optional | _ANYWHERE
        return all(name in known or name.lower().startswith("x-amz-") for name in query)


def query_of(text: str) -> dict[str, str]:
    """Parse a query string; a parameter without a value has the value `""`."""
    return dict(parse_qsl(text, keep_blank_values=True))


def name_request(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes = b"") -> Name:
    """Name a request.

    Args:
        method: e.g. `GET`.
        path: as sent, percent-encoded, without the query. Buckets are expected in the path, not in the host name.
        query: as sent, without the question mark.
        headers: with names in lower case.
        body: needed for services that put the operation into the body (STS, IAM, SNS).
    """
    signed = _SIGNED.search(headers.get("authorization", ""))
    account, region, service = (signed[1], signed[2], signed[3]) if signed else ("", "", "")
    if target := headers.get("x-amz-target"):
        return Name(service, target.rpartition(".")[2], account=account, region=region)
    if action := _action(method, path, query, body):
        return Name(service, action, account=account, region=region)
    if path.startswith(("/_", "/moto-api")):
        return Name("", UNKNOWN)  # the emulator's own
    if service not in {"", "s3", "s3express"}:
        return Name(service, UNKNOWN, account=account, region=region)
    if "x-amz-account-id" in headers:
        return Name("s3control", _operation("s3control", method, path, query, headers), "", "", account, region)
    bucket, _, key = path.removeprefix("/").partition("/")
    operation = _operation("s3", method, path, query, headers)
    return Name("s3", operation, unquote(bucket), unquote(key), account, region)


def _action(method: str, path: str, query: str, body: bytes) -> str:
    if path != "/" or method not in {"GET", "POST"}:
        return ""
    given = parse_qs(query if method == "GET" else body.decode("utf-8", "replace"))
    return given.get("Action", [""])[0]


def _operation(service: str, method: str, path: str, query: str, headers: Mapping[str, str]) -> str:
    given = query_of(query)
    for route in _routes(service):
        if route.matches(method, path, given, headers):
            return route.operation if route.explains(given) else UNKNOWN
    return UNKNOWN


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """Every operation, the one that asks most of a request first; of two names for the same call the one in use."""
    model = botocore.session.get_session().get_service_model(service)
    routes = []
    for operation in model.operation_names:
        described = model.operation_model(operation)
        path, _, query = str(described.http["requestUri"]).partition("?")
        members = described.input_shape.members if described.input_shape else {}
        required = set(described.input_shape.required_members) if described.input_shape else set()
        placed: dict[tuple[str, bool], set[str]] = {}
        for member, shape in members.items():
            place = str(shape.serialization.get("location", ""))
            name = str(shape.serialization.get("name", member))
            placed.setdefault((place, member in required), set()).add(name)
        routes.append(
            _Route(
                operation,
                str(described.http["method"]),
                _pattern(path),
                query_of(query),
                frozenset(placed.get(("querystring", True), ())),
                frozenset(placed.get(("querystring", False), ())),
                frozenset(name.lower() for name in placed.get(("header", True), ())),
                described.deprecated,
            )
        )
    return tuple(sorted(routes, key=_demand))


def _demand(route: _Route) -> tuple[int, bool, str]:
    return -len(route.literals) - len(route.parameters) - len(route.headers), route.deprecated, route.operation


def _pattern(template: str) -> re.Pattern[str]:
    """`/{Bucket}/{Key+}` as a regular expression: only a greedy part spans slashes."""
    return re.compile(_PLACEHOLDER.sub(lambda found: ".+" if found[2] else "[^/]+", re.escape(template)) + "/?")
