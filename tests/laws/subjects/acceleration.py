"""Transfer Acceleration, as the laws try it."""

from tests.laws.subject import Document, Subject, Tampering

STATUS = "AccelerateConfiguration.Status"

SUBJECT = Subject(
    specs=({"acceleration": {"status": "Enabled"}}, {"acceleration": {"status": "Suspended"}}),
    readings=(({"Status": "Enabled"}, None), ({"Status": "Suspended"}, None)),
    document=Document(
        get="get_bucket_accelerate_configuration",
        put="put_bucket_accelerate_configuration",
        member="AccelerateConfiguration",
    ),
    rights={
        "get_bucket_accelerate_configuration": "s3:GetAccelerateConfiguration",
        "put_bucket_accelerate_configuration": "s3:PutAccelerateConfiguration",
    },
    told_as={"PutBucketAccelerateConfiguration": "PutAccelerateConfiguration"},
    tamperings=(
        Tampering(
            "another endpoint",
            ("status",),
            {STATUS: "Enabled"},
            leaves={"AccelerateConfiguration": {"Status": "Suspended"}},
        ),
        Tampering("no longer another endpoint", ("status",), {STATUS: "Suspended"}, 0),
    ),
)
