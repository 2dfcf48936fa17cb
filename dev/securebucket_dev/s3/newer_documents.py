"""Documents of a bucket that AWS has and no emulator serves yet, kept in memory: ABAC and S3 Metadata.

They answer as the API reference shows, and where it names no error code, with one of our choice:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetadataConfiguration.html
Standard library only: LocalStack's environment has nothing of ours.
"""

from dataclasses import dataclass, field, replace
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

ABAC, TAGGING = "abac", "tagging"
METADATA, METADATA_V1 = "metadataConfiguration", "metadataTable"
TABLES = {f"metadata{kind}Table": kind for kind in ("Journal", "Inventory", "Annotation")}
OPERATIONS = {
    ABAC: ("GET", "PUT"),
    METADATA: ("GET", "POST", "DELETE"),
    METADATA_V1: ("POST", "DELETE"),
    **dict.fromkeys(TABLES, ("PUT",)),
}
RESOURCES = frozenset({TAGGING, *OPERATIONS})
AWS_TABLE_BUCKET = "arn:aws:s3tables:us-east-1:000000000000:bucket/aws-s3"

Answer = tuple[int, str]
"""A status of HTTP, and a body; an empty one is none."""


@dataclass(frozen=True, slots=True)
class Tables:
    """One metadata configuration; each table's settings are as they were last put."""

    kind: str
    table_bucket: str
    settings: dict[str, dict[str, str]]


@dataclass(slots=True)
class NewerDocuments:
    """The documents of all buckets, by bucket."""

    abac: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Tables] = field(default_factory=dict)

    def forget(self, bucket: str) -> None:
        """Drop what a bucket had: it is deleted."""
        self.abac.pop(bucket, None)
        self.metadata.pop(bucket, None)

    def clear(self) -> None:
        """Drop everything."""
        self.abac.clear()
        self.metadata.clear()

    def knows(self, method: str, bucket: str, resource: str) -> bool:
        """Tell whether a request is for these documents; everything else is for the emulator."""
        if resource == TAGGING:
            # Of the operations on tags only the read is left once tags give access.
            return method in {"PUT", "DELETE"} and self.abac.get(bucket) == "Enabled"
        return method in OPERATIONS.get(resource, ())

    def answer(self, method: str, bucket: str, resource: str, body: bytes) -> Answer:
        """Answer such a request; the bucket is there."""
        if resource == TAGGING:
            return error(403, "AccessDenied", "ABAC is enabled; use TagResource and UntagResource")
        if resource == ABAC:
            return self._put_abac(bucket, body) if method == "PUT" else (200, _abac(self.abac.get(bucket, "Disabled")))
        if resource in TABLES:
            return self._update(bucket, TABLES[resource], body)
        return self._metadata(method, bucket, resource, body)

    def _put_abac(self, bucket: str, body: bytes) -> Answer:
        status = _settings(_parsed(body)).get("Status", "")
        if status not in {"Enabled", "Disabled"}:
            return error(400, "MalformedXML", "Status is Enabled or Disabled")
        self.abac[bucket] = status
        return 200, ""

    def _metadata(self, method: str, bucket: str, resource: str, body: bytes) -> Answer:
        found = self.metadata.get(bucket)
        if method == "POST":
            if found is not None:
                return error(409, "MetadataConfigurationAlreadyExists", "delete the configuration first")
            self.metadata[bucket] = _made(resource, _parsed(body))
            return 200, ""
        if found is None:
            return error(404, "MetadataConfigurationNotFound", "The metadata configuration does not exist")
        if resource == METADATA_V1 and found.kind == "aws":
            return error(405, "MethodNotAllowed", "the configuration is of the newer kind")
        if method == "DELETE":
            del self.metadata[bucket]
            return 204, ""
        return 200, _result(bucket, found)

    def _update(self, bucket: str, table: str, body: bytes) -> Answer:
        found = self.metadata.get(bucket)
        if found is None or found.kind != "aws":
            return error(404, "MetadataConfigurationNotFound", "there is no configuration of the newer kind")
        settings = {**found.settings, table: _settings(_parsed(body))}
        self.metadata[bucket] = replace(found, settings=settings)
        return 200, ""


def error(status: int, code: str, message: str) -> Answer:
    """Write an error as S3 does."""
    return status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"


def _abac(status: str) -> str:
    return f"<AbacStatus><Status>{status}</Status></AbacStatus>"


def _made(resource: str, root: ET.Element) -> Tables:
    if resource == METADATA_V1:
        return Tables("customer", _settings(root)["TableBucketArn"], {"Journal": {"Expiration": "DISABLED"}})
    given = {_local(child): _settings(child) for child in root}
    kinds = {
        kind: given[f"{kind}TableConfiguration"] for kind in TABLES.values() if f"{kind}TableConfiguration" in given
    }
    return Tables("aws", AWS_TABLE_BUCKET, kinds)


def _result(bucket: str, tables: Tables) -> str:
    """Write what GetBucketMetadataConfiguration answers, which leaves out how tables are encrypted."""
    written = _elements(
        "DestinationResult",
        TableBucketType=tables.kind,
        TableBucketArn=tables.table_bucket,
        TableNamespace=f"b_{bucket}" if tables.kind == "aws" else "aws_s3_metadata",
    )
    for kind, settings in tables.settings.items():
        expiration = {name: settings[name] for name in ("Expiration", "Days") if name in settings}
        told = {name: settings[name] for name in ("ConfigurationState", "Role") if name in settings}
        on = settings.get("ConfigurationState") != "DISABLED"
        table = {"TableStatus": "ACTIVE", "TableName": kind.lower(), "TableArn": f"{tables.table_bucket}/table/{kind}"}
        inner = _elements("RecordExpiration", **expiration) if expiration else ""
        written += f"<{kind}TableConfigurationResult>{_members(**(told | (table if on else {})))}{inner}"
        written += f"</{kind}TableConfigurationResult>"
    result = f"<MetadataConfigurationResult>{written}</MetadataConfigurationResult>"
    return f"<GetBucketMetadataConfigurationResult>{result}</GetBucketMetadataConfigurationResult>"


def _elements(name: str, **members: str) -> str:
    return f"<{name}>{_members(**members)}</{name}>"


def _members(**members: str) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in members.items())


def _parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - what a test of ours has sent


def _settings(element: ET.Element) -> dict[str, str]:
    """Give the texts of all elements that have no others in them, by name."""
    return {_local(each): each.text or "" for each in element.iter() if not len(each)}


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
