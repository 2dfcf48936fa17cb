"""Versioning, as the laws try it."""

from tests.laws.subject import Document, Subject, Tampering

SUBJECT = Subject(
    specs=({"versioning": {"status": "Suspended"}},),
    readings=(
        ({"Status": "Enabled", "MFADelete": "Disabled"}, None),
        ({"Status": "Suspended", "MFADelete": "Enabled"}, None),
    ),
    document=Document(
        get="get_bucket_versioning",
        put="put_bucket_versioning",
        member="VersioningConfiguration",
    ),
    rights={
        "get_bucket_versioning": "s3:GetBucketVersioning",
        "put_bucket_versioning": "s3:PutBucketVersioning",
    },
    tamperings=(
        Tampering("suspended", ("status",), {"VersioningConfiguration.Status": "Suspended"}),
        Tampering(
            "turned on where that is not wanted",
            ("status",),
            {"VersioningConfiguration.Status": "Enabled"},
            0,
            leaves={"VersioningConfiguration": {"Status": "Suspended"}},
        ),
    ),
    untampered={
        "VersioningConfiguration.MFADelete": "only the root user can change it, and nobody puts it back",
    },
    written_at_first="PutBucketVersioning",
)
