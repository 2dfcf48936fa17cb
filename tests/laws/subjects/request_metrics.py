"""Request metrics, as the laws try them."""

from typing import Any

from tests.laws.subject import GONE, Document, Foreign, Subject, Tampering
from tests.laws.things import ACCOUNT, REGION

MEMBER = "MetricsConfiguration"
POINT = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/reports"
OTHER_POINT = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/theirs"


def changed(name: str, entry: str, member: str, value: Any) -> Tampering:
    """Change one member of the metrics of the sample."""
    return Tampering(name, (f"configurations[{entry}]",), {f"{MEMBER}[{entry}].{member}": value}, 0)


SUBJECT = Subject(
    specs=(
        {
            "metrics": {
                "foreign": "Remove",
                "configurations": [
                    {"id": "whole"},
                    {"id": "part", "filter": {"prefix": "a/"}},
                    {"id": "tagged", "filter": {"tags": {"team": "payments"}}},
                    {"id": "point", "filter": {"accessPointArn": POINT}},
                    {
                        "id": "several",
                        "filter": {"prefix": "a/", "tags": {"team": "payments"}, "accessPointArn": POINT},
                    },
                ],
            }
        },
    ),
    readings=(
        ({"MetricsConfigurationList": [{"Id": "theirs"}], "IsTruncated": False}, None),
        (
            {
                "MetricsConfigurationList": [
                    {
                        "Id": "theirs",
                        "Filter": {
                            "And": {
                                "Prefix": "a/",
                                "Tags": [{"Key": "team", "Value": "x"}],
                                "AccessPointArn": OTHER_POINT,
                            }
                        },
                    },
                    {"Id": "theirs.tagged", "Filter": {"Tag": {"Key": "team", "Value": "x"}}},
                ],
                "IsTruncated": True,
                "NextContinuationToken": "more",
            },
            {
                "ContinuationToken": "more",
                "MetricsConfigurationList": [{"Id": "whole", "Filter": {"AccessPointArn": OTHER_POINT}}],
                "IsTruncated": False,
            },
        ),
    ),
    document=Document(
        get="list_bucket_metrics_configurations",
        put="put_bucket_metrics_configuration",
        member=MEMBER,
        delete="delete_bucket_metrics_configuration",
        listed="MetricsConfigurationList",
    ),
    rights={
        "list_bucket_metrics_configurations": "s3:GetMetricsConfiguration",
        "put_bucket_metrics_configuration": "s3:PutMetricsConfiguration",
        "delete_bucket_metrics_configuration": "s3:PutMetricsConfiguration",
    },
    tamperings=(
        changed("a part only", "whole", "Filter", {"Prefix": "a/"}),
        changed("another part", "part", "Filter.Prefix", "theirs/"),
        changed("of everything", "part", "Filter", GONE),
        changed("another key", "tagged", "Filter.Tag.Key", "tier"),
        changed("another value", "tagged", "Filter.Tag.Value", "x"),
        changed("another access point", "point", "Filter.AccessPointArn", OTHER_POINT),
        changed("another part of several", "several", "Filter.And.Prefix", "theirs/"),
        changed("another key of several", "several", "Filter.And.Tags", [{"Key": "tier", "Value": "payments"}]),
        changed("another value of several", "several", "Filter.And.Tags", [{"Key": "team", "Value": "x"}]),
        changed("another access point of several", "several", "Filter.And.AccessPointArn", OTHER_POINT),
        Tampering("renamed", ("configurations[part]", "configurations[other]"), {f"{MEMBER}[part].Id": "other"}, 0),
        Tampering("taken out", ("configurations[tagged]",), {f"{MEMBER}[tagged]": GONE}, 0),
        Tampering("one more", ("configurations[theirs]",), {f"{MEMBER}[+]": {"Id": "theirs"}}),
        Tampering(
            "deleted",
            tuple(f"configurations[{each}]" for each in ("whole", "part", "tagged", "point", "several")),
            sample=0,
            deletes=True,
        ),
    ),
    untampered={"Id": "it is the Id of the entry, once more"},
    foreign=Foreign(
        path=MEMBER,
        entry=lambda _, bucket: {"Id": "theirs", "Filter": {"Prefix": bucket}},
        name="theirs",
        frame={MEMBER: []},
        ours=lambda _: {"configurations": [{"id": "ours"}]},
    ),
    unknown_to={"moto": "it answers with the list of objects"},
)
