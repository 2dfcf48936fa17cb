"""The requests that read a bucket's documents, signed; pure but for what botocore's client already knows.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
import string
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

EMPTY = sha256(b"").hexdigest()
"""Of the body that a GET does not have."""
ALGORITHM = "AWS4-HMAC-SHA256"
PLAIN = frozenset(string.ascii_letters + string.digits + "._-")
"""What stands in a URL as it is."""
OWNER = "x-amz-expected-bucket-owner"
PORTS = {"http": 80, "https": 443}
KNOWN = frozenset({"Bucket", "ExpectedBucketOwner"})
"""Parameters of a request that is nothing but a question for one whole document."""


@dataclass(frozen=True, slots=True)
class Document:
    """An operation that gets one document of a bucket.

    Args:
        model: of the operation.
        query: of its URL, e.g. `policy`.
        canonical_query: as it is signed.
    """

    model: Any
    query: str
    canonical_query: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is asked.

    Args:
        url: of the bucket, without a query.
        host: as HTTP names it: without the port that everybody takes.
        path: as it is signed: S3's is never normalized.
        region: that requests are signed for.
    """

    url: str
    host: str
    path: str
    region: str


def is_plain(bucket: str) -> bool:
    """Tell whether a bucket's name stands in a URL as it is, as those of AWS do."""
    return len(bucket) > 2 and PLAIN.issuperset(bucket) and ".." not in bucket


def document_of(client: Any, operation: str) -> Document | None:
    """Say how an operation gets a document; None where it does something else, or needs more than the bucket's name."""
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    path, _, query = model.http["requestUri"].partition("?")
    if model.http["method"] != "GET" or path not in {"/{Bucket}", "/", ""} or not query or "{" in query:
        return None
    pairs = (pair.partition("=") for pair in query.split("&"))
    return Document(model, query, "&".join(sorted(f"{name}={value}" for name, _, value in pairs)))


def place_of(client: Any, document: Document, bucket: str) -> Place | None:
    """Ask botocore's endpoint rules where a bucket is; None where a request needs more than a URL and SigV4."""
    context: dict[str, Any] = {
        "client_region": client.meta.region_name,
        "client_config": client.meta.config,
        "has_streaming_input": False,
        "auth_type": document.model.resolved_auth_type,
        "unsigned_payload": False,
    }
    url, headers, _ = client._resolve_endpoint_ruleset(document.model, {"Bucket": bucket}, context)  # no public way
    signing = context.get("signing", {})
    if headers or context["auth_type"] not in {"v4", "s3v4"} or signing.get("signing_name") != "s3":
        return None
    region = signing.get("region")
    parts = urlsplit(url)
    if (
        not region
        or parts.query
        or parts.scheme not in PORTS
        or parts.netloc != parts.netloc.lower()
        or "@" in parts.netloc
    ):
        return None
    host = parts.netloc.removesuffix(f":{PORTS[parts.scheme]}")
    return Place(url if parts.path else f"{url}/", host, parts.path or "/", region)


def signed_headers(
    place: Place, document: Document, owner: str, credentials: Any, timestamp: str, key: bytes
) -> dict[str, str]:
    """Give the headers of a request for a document.

    Args:
        place: of the bucket.
        document: that is asked for.
        owner: account that the bucket must belong to; empty for no condition.
        credentials: frozen ones of botocore.
        timestamp: such as `20260101T000000Z`.
        key: see `signing_key`.
    """
    headers = {"host": place.host, "x-amz-content-sha256": EMPTY, "x-amz-date": timestamp}
    if owner:
        headers[OWNER] = owner
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    names = ";".join(headers)  # in the order of the alphabet already
    lines = [f"{name}:{value}" for name, value in headers.items()]
    asked = "\n".join(("GET", place.path, document.canonical_query, *lines, "", names, EMPTY))
    scope = f"{timestamp[:8]}/{place.region}/s3/aws4_request"
    text = f"{ALGORITHM}\n{timestamp}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    del headers["host"]  # HTTP writes it
    headers["Authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


def signing_key(credentials: Any, day: str, region: str) -> bytes:
    """Derive the key that signs what is asked of S3 in a region on one day (`20260101`)."""
    key = f"AWS4{credentials.secret_key}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
