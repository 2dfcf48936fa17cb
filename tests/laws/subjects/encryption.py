"""Default encryption, as the laws try it."""

from tests.laws.subject import GONE, Document, Limit, Subject, Tampering
from tests.laws.surroundings import make_key
from tests.laws.things import KEY, REGION

RULE = "ServerSideEncryptionConfiguration.Rules[0]"
DEFAULT = f"{RULE}.ApplyServerSideEncryptionByDefault"

SUBJECT = Subject(
    specs=(
        {
            "encryption": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": KEY,
                "bucketKeyEnabled": False,
                "blockedEncryptionTypes": ["NONE"],
            }
        },
        {"encryption": {"sseAlgorithm": "aws:kms"}},
        {"encryption": {"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyId": "alias/invoices"}},
        {"encryption": {"sseAlgorithm": "AES256"}, "role": "LogTarget"},
    ),
    readings=(
        (
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [
                        {
                            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                            "BucketKeyEnabled": True,
                            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                        }
                    ]
                }
            },
            None,
        ),
        (
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                }
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_encryption",
        put="put_bucket_encryption",
        delete="delete_bucket_encryption",
        absent="ServerSideEncryptionConfigurationNotFoundError",
    ),
    rights={
        "get_bucket_encryption": "s3:GetEncryptionConfiguration",
        "put_bucket_encryption": "s3:PutEncryptionConfiguration",
    },
    tamperings=(
        Tampering("KMS", ("sseAlgorithm", "kmsMasterKeyId"), {f"{DEFAULT}.SSEAlgorithm": "aws:kms"}),
        Tampering(
            "another key",
            ("kmsMasterKeyId",),
            {f"{DEFAULT}.KMSMasterKeyID": lambda stage: make_key(stage, REGION)},
            0,
        ),
        Tampering("the AWS managed key", ("kmsMasterKeyId",), {f"{DEFAULT}.KMSMasterKeyID": GONE}, 0),
        Tampering("bucket key", ("bucketKeyEnabled",), {f"{RULE}.BucketKeyEnabled": True}, 0),
        Tampering(
            "SSE-C let in",
            ("blockedEncryptionTypes",),
            {f"{RULE}.BlockedEncryptionTypes.EncryptionType": ["NONE"]},
        ),
        Tampering(
            "SSE-C blocked where it is wanted",
            ("blockedEncryptionTypes",),
            {f"{RULE}.BlockedEncryptionTypes.EncryptionType": ["SSE-C"]},
            0,
        ),
        Tampering("deleted", ("sseAlgorithm",), deletes=True),
    ),
    written_at_first="PutBucketEncryption",
    limits={"localstack": {2: Limit("refuses a key with aws:kms:dsse", "Failed", ("PutBucketEncryption",))}},
    unseen={
        "localstack": {"deleted": "it answers without a rule then, which AWS never does: Unsupported"},
        "moto": {
            "SSE-C let in": "it loses BlockedEncryptionTypes",
            "SSE-C blocked where it is wanted": "it loses BlockedEncryptionTypes",
        },
    },
    kept_whole_with={"moto": {"blockedEncryptionTypes": ["NONE"]}},
)
