"""Archives of Intelligent-Tiering, as the laws try them."""

from typing import Any

from tests.laws.subject import GONE, Document, Foreign, Subject, Tampering

MEMBER = "IntelligentTieringConfiguration"
ARCHIVE = {"AccessTier": "ARCHIVE_ACCESS", "Days": 90}
DEEP = {"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}


def changed(name: str, entry: str, member: str, value: Any) -> Tampering:
    """Change one member of a configuration of the sample."""
    return Tampering(name, (f"configurations[{entry}]",), {f"{MEMBER}[{entry}].{member}": value}, 0)


def theirs(**members: Any) -> dict[str, Any]:
    """Write a configuration."""
    return {"Id": "theirs", "Status": "Enabled", "Tierings": [DEEP], **members}


SUBJECT = Subject(
    specs=(
        {
            "intelligentTiering": {
                "foreign": "Remove",
                "configurations": [
                    {
                        "id": "several",
                        "status": "Enabled",
                        "filter": {"prefix": "a/", "tags": {"team": "payments"}},
                        "tierings": [
                            {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 365},
                            {"accessTier": "ARCHIVE_ACCESS", "days": 90},
                        ],
                    },
                    {
                        "id": "part",
                        "filter": {"prefix": "a/"},
                        "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 730}],
                    },
                    {
                        "id": "tagged",
                        "status": "Disabled",
                        "filter": {"tags": {"team": "payments"}},
                        "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 90}],
                    },
                ],
            }
        },
        {
            "intelligentTiering": {
                "configurations": [{"id": "whole", "tierings": [{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180}]}]
            }
        },
    ),
    readings=(
        ({"IntelligentTieringConfigurationList": [theirs()], "IsTruncated": False}, None),
        (
            {
                "IntelligentTieringConfigurationList": [
                    theirs(
                        Filter={"And": {"Prefix": "a/", "Tags": [{"Key": "team", "Value": "x"}]}},
                        Tierings=[DEEP, ARCHIVE],
                    ),
                    theirs(Id="theirs.tagged", Filter={"Tag": {"Key": "team", "Value": "x"}}, Status="Disabled"),
                ],
                "IsTruncated": True,
                "NextContinuationToken": "more",
            },
            {
                "ContinuationToken": "more",
                "IntelligentTieringConfigurationList": [theirs(Id="whole", Filter={"Prefix": "x/"})],
                "IsTruncated": False,
            },
        ),
    ),
    document=Document(
        get="list_bucket_intelligent_tiering_configurations",
        put="put_bucket_intelligent_tiering_configuration",
        member=MEMBER,
        delete="delete_bucket_intelligent_tiering_configuration",
        listed="IntelligentTieringConfigurationList",
    ),
    rights={
        "list_bucket_intelligent_tiering_configurations": "s3:GetIntelligentTieringConfiguration",
        "put_bucket_intelligent_tiering_configuration": "s3:PutIntelligentTieringConfiguration",
        "delete_bucket_intelligent_tiering_configuration": "s3:PutIntelligentTieringConfiguration",
    },
    tamperings=(
        changed("disabled", "several", "Status", "Disabled"),
        changed("sooner", "part", "Tierings", [ARCHIVE]),
        changed("deeper", "part", "Tierings", [DEEP]),
        changed("one more archive", "tagged", "Tierings", [ARCHIVE, DEEP]),
        changed("another part", "part", "Filter.Prefix", "theirs/"),
        changed("of everything", "part", "Filter", GONE),
        changed("another key", "tagged", "Filter.Tag.Key", "tier"),
        changed("another value", "tagged", "Filter.Tag.Value", "x"),
        changed("another part of several", "several", "Filter.And.Prefix", "theirs/"),
        changed("another key of several", "several", "Filter.And.Tags", [{"Key": "tier", "Value": "payments"}]),
        changed("another value of several", "several", "Filter.And.Tags", [{"Key": "team", "Value": "x"}]),
        Tampering("renamed", ("configurations[part]", "configurations[other]"), {f"{MEMBER}[part].Id": "other"}, 0),
        Tampering("taken out", ("configurations[tagged]",), {f"{MEMBER}[tagged]": GONE}, 0),
        Tampering("one more", ("configurations[theirs]",), {f"{MEMBER}[+]": theirs()}),
        Tampering("deleted", ("configurations[whole]",), sample=1, deletes=True),
    ),
    untampered={"Id": "it is the Id of the entry, once more"},
    foreign=Foreign(
        path=MEMBER,
        entry=lambda _, bucket: theirs(Filter={"Prefix": bucket}),
        name="theirs",
        frame={MEMBER: []},
        ours=lambda _: {
            "configurations": [{"id": "ours", "tierings": [{"accessTier": "ARCHIVE_ACCESS", "days": 120}]}]
        },
    ),
    unknown_to={"moto": "it answers with the list of objects"},
)
