"""Objects that the API takes: lists of which S3 keeps each configuration under an id."""

from tests.api.bodies import ACCOUNT, INVENTORY, KEY, Body, secure_bucket

ACCEPTED_LISTS: dict[str, Body] = {
    "inventories with everything": secure_bucket(
        {
            "inventory": {
                "configurations": [
                    INVENTORY
                    | {
                        "enabled": False,
                        "destination": {
                            "bucket": "arn:aws:s3:::acme-reports",
                            "accountId": ACCOUNT,
                            "format": "Parquet",
                            "prefix": "inventory/",
                            "encryption": {"sseKms": {"keyId": KEY}},
                        },
                        "optionalFields": ["Size", "ObjectAccessControlList", "ObjectOwner"],
                        "filter": {"prefix": "a/"},
                    },
                    INVENTORY
                    | {
                        "id": "encrypted",
                        "destination": {"bucket": "acme-reports", "format": "ORC", "encryption": {"sseS3": {}}},
                    },
                ],
                "foreign": "Remove",
            }
        }
    ),
    "as many inventories as S3 takes": secure_bucket(
        {"inventory": {"configurations": [INVENTORY | {"id": f"i-{n}"} for n in range(1000)]}}
    ),
    "metrics with everything": secure_bucket(
        {
            "metrics": {
                "configurations": [
                    {"id": "whole"},
                    {
                        "id": "a.part_of-it",
                        "filter": {
                            "prefix": "a/",
                            "tags": {"team": "payments"},
                            "accessPointArn": f"arn:aws:s3:eu-west-1:{ACCOUNT}:accesspoint/reports",
                        },
                    },
                ],
                "foreign": "Keep",
            }
        }
    ),
    "analytics with everything": secure_bucket(
        {
            "analytics": {
                "configurations": [
                    {"id": "console", "filter": {"prefix": "a/", "tags": {"team": "payments"}}},
                    {
                        "id": "exported",
                        "storageClassAnalysis": {
                            "dataExport": {
                                "outputSchemaVersion": "V_1",
                                "destination": {
                                    "bucket": "acme-reports",
                                    "accountId": ACCOUNT,
                                    "format": "CSV",
                                    "prefix": "analytics/",
                                },
                            }
                        },
                    },
                ],
                "foreign": "Remove",
            }
        }
    ),
    "archives with everything": secure_bucket(
        {
            "intelligentTiering": {
                "configurations": [
                    {
                        "id": "old",
                        "status": "Disabled",
                        "filter": {"prefix": "a/", "tags": {"team": "payments"}},
                        "tierings": [
                            {"accessTier": "ARCHIVE_ACCESS", "days": 90},
                            {"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 180},
                        ],
                    }
                ],
                "foreign": "Keep",
            }
        }
    ),
}
