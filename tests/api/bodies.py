"""How the samples are written: whole objects, and what is wrong with them."""

from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/copier"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
STATEMENT = {
    "Sid": "One",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::x/*",
}
COPY = {"id": "copy", "destination": {"bucket": "arn:aws:s3:::acme-copy"}}
INVENTORY = {
    "id": "daily",
    "destination": {"bucket": "acme-reports", "format": "CSV"},
    "includedObjectVersions": "All",
    "schedule": {"frequency": "Daily"},
}
LOGS = {"targetBucket": "acme-access-logs"}
EXPIRE = {"id": "expire", "expiration": {"days": 90}}


def secure_bucket(spec: Body | None, name: str = "invoices") -> Body:
    """Write a SecureBucket; no spec at all for None."""
    body: Body = {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "SecureBucket",
        "metadata": {"name": name, "namespace": "default"},
    }
    return body if spec is None else body | {"spec": spec}


def bucket_profile(spec: Body, name: str = "production") -> Body:
    """Write a BucketProfile."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketProfile",
        "metadata": {"name": name},
        "spec": spec,
    }


ACCEPTANCE: Body = {
    "check": "tls-required",
    "bucketName": "acme-payments-invoices",
    "reason": "the old ERP speaks no TLS; it is replaced in March",
    "approver": "security@acme.example",
    "expiresAt": "2030-03-31T00:00:00Z",
}
TEAM = {"matchLabels": {"team": "payments"}}


def bucket_exception(spec: Body, name: str = "invoices-tls") -> Body:
    """Write a BucketException."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketException",
        "metadata": {"name": name, "namespace": "default"},
        "spec": spec,
    }


def by_labels(selector: Body) -> Body:
    """Write the spec of a BucketException with a selector."""
    return {key: value for key, value in ACCEPTANCE.items() if key != "bucketName"} | {"selector": selector}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One object that is wrong in one place.

    Args:
        path: the field at fault.
        says: part of the message, in our own words.
        server: part of the API server's message where that words it itself (types, lengths, enums).
    """

    name: str
    body: Body = field(hash=False)
    path: str
    says: str
    server: str = ""


def wrong(name: str, spec: Body, path: str, says: str, server: str = "") -> Refusal:
    return Refusal(name, secure_bucket(spec), f"spec.{path}", says, server)


def wrong_rule(name: str, rule: Body, path: str, says: str, server: str = "") -> Refusal:
    return wrong(name, {"lifecycle": {"rules": [{"id": "one", **rule}]}}, f"lifecycle.rules[0]{path}", says, server)


def wrong_copy(name: str, rule: Body, path: str, says: str, server: str = "") -> Refusal:
    spec = {"replication": {"role": ROLE, "rules": [COPY | rule]}}
    return wrong(name, spec, f"replication.rules[0]{path}", says, server)


def wrong_profile(name: str, spec: Body, path: str, says: str, server: str = "") -> Refusal:
    return Refusal(name, bucket_profile({"namespaces": ["team-*"], **spec}), f"spec.{path}", says, server)


def wrong_exception(name: str, spec: Body, path: str, says: str, server: str = "") -> Refusal:
    return Refusal(name, bucket_exception(ACCEPTANCE | spec), f"spec{path and '.'}{path}", says, server)


def wrong_selector(name: str, selector: Body, path: str, says: str, server: str = "") -> Refusal:
    return Refusal(name, bucket_exception(by_labels(selector)), f"spec.selector{path}", says, server)
