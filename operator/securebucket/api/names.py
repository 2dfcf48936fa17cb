"""Names of things in AWS that several parts of the API speak of, each with its own words when it is wrong."""

from typing import Annotated

from pydantic import Field

from securebucket.api.rule import Rule, matches

AccountId = Annotated[
    str, Field(max_length=12), matches("[0-9]{12}", 'an account id has twelve digits, in quotes, e.g. "111122223333"')
]
Region = Annotated[
    str,
    Field(max_length=32),
    matches("[a-z]{2}[a-z-]*-[0-9]+", "not a region; write e.g. eu-west-1"),
]
RoleArn = Annotated[
    str,
    Field(max_length=2048),
    matches(
        "arn:[a-z-]+:iam::[0-9]{12}:role/.+",
        "not the ARN of an IAM role; write e.g. arn:aws:iam::111122223333:role/securebucket",
    ),
]

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
BUCKET_NAME = (
    matches(
        "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "a bucket name has 3 to 63 lowercase letters, digits, dots and hyphens, and begins and ends with a letter or"
        " digit, e.g. acme-payments-invoices",
    ),
    Rule(
        "!self.contains('..')",
        lambda name: ".." not in name,
        "a bucket name has no two dots in a row; take one out",
    ),
    Rule(
        "!self.matches('^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$')",
        lambda name: [part.isdigit() for part in name.split(".")] != [True] * 4,
        "a bucket name cannot look like an IP address; add a letter",
    ),
    Rule(
        "!['xn--', 'sthree-', 'amzn-s3-demo-'].exists(reserved, self.startsWith(reserved))",
        lambda name: not name.startswith(("xn--", "sthree-", "amzn-s3-demo-")),
        "bucket names that begin with xn--, sthree- or amzn-s3-demo- are reserved by AWS; choose another one",
    ),
    Rule(
        "!['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'].exists(reserved, self.endsWith(reserved))",
        lambda name: not name.endswith(("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")),
        "bucket names that end with -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3 are reserved by AWS; choose another one",
    ),
)
"""What S3 asks of a bucket's name."""


def is_bucket_name(text: str) -> bool:
    """Tell whether S3 takes the text as a bucket's name."""
    return all(rule.holds(text) for rule in BUCKET_NAME)


BucketName = Annotated[str, Field(max_length=63), *BUCKET_NAME]
