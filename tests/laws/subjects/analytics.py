"""Storage class analysis, as the laws try it."""

from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import GONE, Document, Foreign, Subject, Tampering
from tests.laws.surroundings import make_bucket
from tests.laws.things import ACCOUNT, REGION

MEMBER = "AnalyticsConfiguration"
EXPORT = "StorageClassAnalysis.DataExport"
TARGET = f"{EXPORT}.Destination.S3BucketDestination"


def changed(name: str, entry: str, member: str, value: Any) -> Tampering:
    """Change one member of an analysis of the sample."""
    return Tampering(name, (f"configurations[{entry}]",), {f"{MEMBER}[{entry}].{member}": value}, 0)


def theirs(bucket: str, **target: Any) -> dict[str, Any]:
    """Write an analysis of all objects whose results are delivered."""
    destination = {"Bucket": f"arn:aws:s3:::{bucket}", "Format": "CSV", **target}
    export = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": destination}}
    return {"Id": "theirs", "StorageClassAnalysis": {"DataExport": export}}


def ours(_: Stage) -> dict[str, Any]:
    """Declare an analysis."""
    return {"configurations": [{"id": "ours", "filter": {"prefix": "a/"}}]}


SUBJECT = Subject(
    specs=(
        {
            "analytics": {
                "foreign": "Remove",
                "configurations": [
                    {
                        "id": "exported",
                        "filter": {"prefix": "invoices/", "tags": {"team": "payments"}},
                        "storageClassAnalysis": {
                            "dataExport": {
                                "outputSchemaVersion": "V_1",
                                "destination": {
                                    "bucket": "acme-reports",
                                    "accountId": ACCOUNT,
                                    "format": "CSV",
                                    "prefix": "analytics/",
                                },
                            }
                        },
                    },
                    {"id": "tagged", "filter": {"tags": {"team": "payments"}}},
                    {"id": "part", "filter": {"prefix": "a/"}},
                ],
            }
        },
        {"analytics": {"configurations": [{"id": "whole", "storageClassAnalysis": {}}]}},
    ),
    readings=(
        ({"AnalyticsConfigurationList": [theirs("elsewhere")], "IsTruncated": False}, None),
        (
            {
                "AnalyticsConfigurationList": [
                    {
                        **theirs("elsewhere", BucketAccountId="444455556666", Prefix="x/"),
                        "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "team", "Value": "x"}]}},
                    }
                ],
                "IsTruncated": True,
                "NextContinuationToken": "more",
            },
            {
                "ContinuationToken": "more",
                "AnalyticsConfigurationList": [
                    {"Id": "whole", "Filter": {"Tag": {"Key": "team", "Value": "x"}}, "StorageClassAnalysis": {}}
                ],
                "IsTruncated": False,
            },
        ),
    ),
    document=Document(
        get="list_bucket_analytics_configurations",
        put="put_bucket_analytics_configuration",
        member=MEMBER,
        delete="delete_bucket_analytics_configuration",
        listed="AnalyticsConfigurationList",
    ),
    rights={
        "list_bucket_analytics_configurations": "s3:GetAnalyticsConfiguration",
        "put_bucket_analytics_configuration": "s3:PutAnalyticsConfiguration",
        "delete_bucket_analytics_configuration": "s3:PutAnalyticsConfiguration",
    },
    tamperings=(
        changed("another account", "exported", f"{TARGET}.BucketAccountId", "444455556666"),
        changed(
            "redirected",
            "exported",
            f"{TARGET}.Bucket",
            lambda stage: f"arn:aws:s3:::{make_bucket(stage, 'theirs', REGION)}",
        ),
        changed("another place", "exported", f"{TARGET}.Prefix", "theirs/"),
        changed("not delivered", "exported", EXPORT, GONE),
        changed("delivered", "part", "StorageClassAnalysis", theirs("elsewhere")["StorageClassAnalysis"]),
        changed("another part of several", "exported", "Filter.And.Prefix", "theirs/"),
        changed("another key of several", "exported", "Filter.And.Tags", [{"Key": "tier", "Value": "payments"}]),
        changed("another value of several", "exported", "Filter.And.Tags", [{"Key": "team", "Value": "x"}]),
        changed("another key", "tagged", "Filter.Tag.Key", "tier"),
        changed("another value", "tagged", "Filter.Tag.Value", "x"),
        changed("another part", "part", "Filter.Prefix", "theirs/"),
        changed("of everything", "part", "Filter", GONE),
        Tampering("renamed", ("configurations[part]", "configurations[other]"), {f"{MEMBER}[part].Id": "other"}, 0),
        Tampering("taken out", ("configurations[tagged]",), {f"{MEMBER}[tagged]": GONE}, 0),
        Tampering("a way out", ("configurations[theirs]",), {f"{MEMBER}[+]": theirs("elsewhere")}),
        Tampering("deleted", ("configurations[whole]",), sample=1, deletes=True),
    ),
    untampered={"Id": "it is the Id of the entry, once more"},
    foreign=Foreign(
        path=MEMBER,
        entry=lambda _, bucket: theirs(bucket),
        name="theirs",
        frame={MEMBER: []},
        ours=ours,
    ),
    unknown_to={"moto": "it answers with the list of objects"},
)
