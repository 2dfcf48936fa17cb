"""Block Public Access, as the laws try it."""

from tests.laws.subject import Document, Subject, Tampering

FLAGS = {
    "BlockPublicAcls": "blockPublicAcls",
    "IgnorePublicAcls": "ignorePublicAcls",
    "BlockPublicPolicy": "blockPublicPolicy",
    "RestrictPublicBuckets": "restrictPublicBuckets",
}
"""Each flag, and the field of the state that tells it."""

SUBJECT = Subject(
    specs=(
        {
            "publicAccessBlock": {
                "blockPublicAcls": False,
                "ignorePublicAcls": True,
                "blockPublicPolicy": False,
                "restrictPublicBuckets": True,
            }
        },
    ),
    readings=(({"PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "IgnorePublicAcls": True}}, None),),
    document=Document(
        get="get_public_access_block",
        put="put_public_access_block",
        delete="delete_public_access_block",
        absent="NoSuchPublicAccessBlockConfiguration",
    ),
    rights={
        "get_public_access_block": "s3:GetBucketPublicAccessBlock",
        "put_public_access_block": "s3:PutBucketPublicAccessBlock",
    },
    tamperings=(
        *(
            Tampering(f"{flag} off", (named,), {f"PublicAccessBlockConfiguration.{flag}": False})
            for flag, named in FLAGS.items()
        ),
        Tampering("a flag on", ("blockPublicAcls",), {"PublicAccessBlockConfiguration.BlockPublicAcls": True}, 0),
        Tampering("deleted", tuple(FLAGS.values()), deletes=True),
    ),
    told_as={
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
        "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    },
)
