"""Attribute-based access control, as the laws try it."""

from tests.laws.subject import Document, Subject, Tampering

STATUS = "AbacStatus.Status"

SUBJECT = Subject(
    specs=({"abac": {"status": "Enabled"}}, {"abac": {"status": "Disabled"}}),
    readings=(({"AbacStatus": {"Status": "Enabled"}}, None), ({"AbacStatus": {"Status": "Disabled"}}, None)),
    document=Document(get="get_bucket_abac", put="put_bucket_abac"),
    rights={"get_bucket_abac": "s3:GetBucketAbac", "put_bucket_abac": "s3:PutBucketAbac"},
    tamperings=(
        Tampering("turned off", ("status",), {STATUS: "Disabled"}, 0),
        Tampering("turned on", ("status",), {STATUS: "Enabled"}),
    ),
)
