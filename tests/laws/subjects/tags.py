"""Tags, as the laws try it."""

from typing import Any

from tests.laws.subject import GONE, Document, Foreign, Subject, Tampering

TAG_SET = "Tagging.TagSet"


def write_empty_values(parameters: dict[str, Any]) -> dict[str, Any]:
    """Write empty values, which moto leaves out."""
    for tag in parameters["Tagging"]["TagSet"]:
        tag.setdefault("Value", "")
    return parameters


SUBJECT = Subject(
    specs=(
        {"tags": {"tagSet": {"team": "payments", "empty": ""}, "foreign": "Remove"}},
        {"tags": {"tagSet": {"cost center": "42"}}},
    ),
    readings=(
        (
            {
                "TagSet": [
                    {"Key": "aws:cloudformation:stack-name", "Value": "invoices"},
                    {"Key": "theirs", "Value": "1"},
                    {"Key": "empty"},
                ]
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_tagging",
        put="put_bucket_tagging",
        member="Tagging",
        delete="delete_bucket_tagging",
        absent="NoSuchTagSet",
        after_read=write_empty_values,
    ),
    rights={
        "get_bucket_tagging": "s3:GetBucketTagging",
        "put_bucket_tagging": "s3:PutBucketTagging",
        "tag_resource": "s3:TagResource",
        "untag_resource": "s3:UntagResource",
    },
    beside={"abac": {"AbacStatus": {"Status": "Enabled"}}},
    tamperings=(
        Tampering("value", ("tags[team]",), {f"{TAG_SET}[team].Value": "others"}, 0),
        Tampering("key", ("tags[team]", "tags[crew]"), {f"{TAG_SET}[team].Key": "crew"}, 0),
        Tampering("a tag", ("tags[theirs]",), {f"{TAG_SET}[+]": {"Key": "theirs", "Value": ""}}, 0),
        Tampering("taken out", ("tags[empty]",), {f"{TAG_SET}[empty]": GONE}, 0),
        Tampering("origin", ("tags[securebucket.io/origin]",), {f"{TAG_SET}[securebucket.io/origin].Value": "Adopted"}),
        Tampering("no owner", ("tags[securebucket.io/owner]",), {f"{TAG_SET}[securebucket.io/owner]": GONE}),
        Tampering("deleted", ("tags[securebucket.io/owner]", "tags[securebucket.io/origin]"), deletes=True),
    ),
    foreign=Foreign(
        path=TAG_SET,
        entry=lambda *_: {"Key": "cost center", "Value": "42"},
        name="cost center",
        frame={"Tagging": {"TagSet": []}},
        ours=lambda _: {"tagSet": {"team": "payments"}},
        stays=True,
    ),
)
