"""Objects that the API takes: how a bucket is reached, what is known of it elsewhere, and what its tags decide."""

from tests.api.bodies import KEY, ROLE, Body, secure_bucket

ACCEPTED_TRANSFERS: dict[str, Body] = {
    "a website with everything": secure_bucket(
        {
            "website": {
                "indexDocument": {"suffix": "index.html"},
                "errorDocument": {"key": "errors/404.html"},
                "routingRules": [
                    {
                        "condition": {"httpErrorCodeReturnedEquals": "404", "keyPrefixEquals": "docs/"},
                        "redirect": {
                            "hostName": "docs.acme.example",
                            "httpRedirectCode": "302",
                            "protocol": "https",
                            "replaceKeyPrefixWith": "",
                        },
                    },
                    {"condition": {"keyPrefixEquals": ""}, "redirect": {"replaceKeyWith": "gone.html"}},
                    {"redirect": {"hostName": "www.acme.example"}},
                ],
            }
        }
    ),
    "a website that sends everybody elsewhere": secure_bucket(
        {
            "website": {
                "redirectAllRequestsTo": {"hostName": "www.acme.example", "protocol": "https"},
                "routingRules": [],
            }
        }
    ),
    "no website, said so": secure_bucket({"website": {}}),
    "as many routing rules as S3 takes": secure_bucket(
        {
            "website": {
                "indexDocument": {"suffix": "index.html"},
                "routingRules": [{"redirect": {"replaceKeyWith": f"{number}.html"}} for number in range(50)],
            }
        }
    ),
    "requesters pay": secure_bucket({"requestPayment": {"payer": "Requester"}}),
    "a log target whose owner pays": secure_bucket({"role": "LogTarget", "requestPayment": {"payer": "BucketOwner"}}),
    "acceleration": secure_bucket({"bucketName": "acme-invoices", "acceleration": {"status": "Enabled"}}),
    "no acceleration of a name with dots": secure_bucket(
        {"bucketName": "logs.acme.example", "acceleration": {"status": "Suspended"}}
    ),
    "an account-regional name": secure_bucket({"bucketName": "acme-invoices", "bucketNamespace": "AccountRegional"}),
    "a log target that is called like the declared name": secure_bucket(
        {"bucketName": "acme-logs", "bucketNamespace": "AccountRegional", "logging": {"targetBucket": "acme-logs"}}
    ),
    "metadata tables with everything": secure_bucket(
        {
            "metadata": {
                "journalTable": {
                    "recordExpiration": {"expiration": "ENABLED", "days": 7},
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                },
                "inventoryTable": {
                    "configurationState": "ENABLED",
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                },
                "annotationTable": {
                    "configurationState": "ENABLED",
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                    "role": ROLE,
                },
            }
        }
    ),
    "a journal alone": secure_bucket({"metadata": {"journalTable": {}}}),
    "no metadata tables, said so": secure_bucket({"metadata": {}}),
    "access by tags": secure_bucket({"abac": {"status": "Enabled"}}),
    "no access by tags, said so": secure_bucket({"abac": {}}),
}
