"""Requester Pays, as the laws try it."""

from tests.laws.subject import Document, Subject, Tampering

PAYER = "RequestPaymentConfiguration.Payer"

SUBJECT = Subject(
    specs=({"requestPayment": {"payer": "Requester"}}, {"requestPayment": {"payer": "BucketOwner"}}),
    readings=(({"Payer": "Requester"}, None), ({"Payer": "BucketOwner"}, None)),
    document=Document(
        get="get_bucket_request_payment",
        put="put_bucket_request_payment",
        member="RequestPaymentConfiguration",
        always={"Payer": "BucketOwner"},
    ),
    rights={
        "get_bucket_request_payment": "s3:GetBucketRequestPayment",
        "put_bucket_request_payment": "s3:PutBucketRequestPayment",
    },
    tamperings=(
        Tampering("requesters pay", ("payer",), {PAYER: "Requester"}),
        Tampering("the owner pays", ("payer",), {PAYER: "BucketOwner"}, 0),
    ),
    unknown_to={"moto": "it answers with nothing, and takes the PUT for CreateBucket"},
)
