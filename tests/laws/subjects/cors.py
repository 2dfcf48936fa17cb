"""Cross-origin resource sharing, as the laws try it."""

from typing import Any

from tests.laws.subject import GONE, Document, Subject, Tampering

RULES = "CORSConfiguration.CORSRules"
FOR_ALL = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}


def changed(name: str, member: str, value: Any) -> Tampering:
    """Change one member of the first rule of the sample."""
    return Tampering(name, ("corsRules[1 app]",), {f"{RULES}[app].{member}": value}, 0)


SUBJECT = Subject(
    specs=(
        {
            "cors": {
                "rules": [
                    {
                        "id": "app",
                        "allowedOrigins": ["https://app.example.com", "https://*.app.example.com"],
                        "allowedMethods": ["PUT", "GET"],
                        "allowedHeaders": ["x-amz-*", "content-type"],
                        "exposeHeaders": ["ETag", "x-amz-version-id"],
                        "maxAgeSeconds": 3000,
                    },
                    {"allowedOrigins": ["*"], "allowedMethods": ["HEAD"]},
                ]
            }
        },
        {"cors": {"rules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"], "maxAgeSeconds": 0}]}},
    ),
    readings=(
        (
            {
                "CORSRules": [
                    {
                        "ID": "app",
                        "AllowedHeaders": ["*"],
                        "AllowedMethods": ["POST", "GET"],
                        "AllowedOrigins": ["https://theirs.example.com"],
                        "ExposeHeaders": ["ETag"],
                        "MaxAgeSeconds": 60,
                    },
                    FOR_ALL,
                ]
            },
            None,
        ),
        ({"CORSRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"]}]}, None),
    ),
    document=Document(
        get="get_bucket_cors",
        put="put_bucket_cors",
        member="CORSConfiguration",
        delete="delete_bucket_cors",
        absent="NoSuchCORSConfiguration",
    ),
    rights={
        "get_bucket_cors": "s3:GetBucketCORS",
        "put_bucket_cors": "s3:PutBucketCORS",
        "delete_bucket_cors": "s3:PutBucketCORS",
    },
    listed=True,
    tamperings=(
        changed("another origin", "AllowedOrigins", ["https://theirs.example.com"]),
        changed("an origin more", "AllowedOrigins", ["https://app.example.com", "https://*.app.example.com", "*"]),
        changed("another method", "AllowedMethods", ["DELETE"]),
        changed("any header", "AllowedHeaders", ["*"]),
        changed("no header", "AllowedHeaders", GONE),
        changed("another header shown", "ExposeHeaders", ["x-amz-meta-secret"]),
        changed("remembered for longer", "MaxAgeSeconds", 86400),
        Tampering("renamed", ("corsRules[1 app]", "corsRules[1 theirs]"), {f"{RULES}[app].ID": "theirs"}, 0),
        Tampering("taken out", ("corsRules[2 HEAD *]",), {f"{RULES}[1]": GONE}, 0),
        Tampering("one more", ("corsRules[3 GET *]",), {f"{RULES}[+]": FOR_ALL}, 0),
        Tampering("opened", ("corsRules[1 GET *]",), {"CORSConfiguration": {"CORSRules": [FOR_ALL]}}),
        Tampering("deleted", ("corsRules[1 app]", "corsRules[2 HEAD *]"), sample=0, deletes=True),
    ),
)
