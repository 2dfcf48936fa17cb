"""Objects that the API refuses for a configuration in one of the lists that S3 keeps by id."""

from tests.api.bodies import INVENTORY, Body, Refusal, wrong


def wrong_inventory(name: str, inventory: Body, path: str, says: str, server: str = "") -> Refusal:
    whole = {"inventory": {"configurations": [INVENTORY | inventory]}}
    return wrong(name, whole, f"inventory.configurations[0].{path}", says, server)


def wrong_target_of_reports(name: str, target: Body, path: str, says: str, server: str = "") -> Refusal:
    whole = {"destination": {"bucket": "acme-reports", "format": "CSV", **target}}
    return wrong_inventory(name, whole, f"destination{path}", says, server)


def wrong_archive(name: str, tierings: list[Body], path: str, says: str, server: str = "") -> Refusal:
    whole = {"intelligentTiering": {"configurations": [{"id": "old", "tierings": tierings}]}}
    return wrong(name, whole, f"intelligentTiering.configurations[0].tierings{path}", says, server)


ARCHIVE = {"accessTier": "ARCHIVE_ACCESS", "days": 90}

LISTS = (
    wrong_inventory("an id with a blank", {"id": "every day"}, "id", "letters, digits", "match"),
    wrong_inventory(
        "an inventory that is never made",
        {"schedule": {"frequency": "Hourly"}},
        "schedule.frequency",
        "Daily",
        "supported",
    ),
    wrong_inventory("a field of nobody", {"optionalFields": ["Colour"]}, "optionalFields[0]", "Size", "supported"),
    wrong_inventory(
        "a field twice", {"optionalFields": ["Size"] * 2}, "optionalFields", "are the same", "Duplicate value"
    ),
    wrong_target_of_reports(
        "the ARN of a folder", {"bucket": "arn:aws:s3:::acme-reports/a"}, ".bucket", "its name or its ARN", "match"
    ),
    wrong_target_of_reports("an account that is short", {"accountId": "1"}, ".accountId", "twelve digits"),
    wrong_target_of_reports("reports in JSON", {"format": "JSON"}, ".format", "CSV", "supported"),
    wrong_target_of_reports(
        "encryption with nothing", {"encryption": {}}, ".encryption", "exactly one of sseS3", "sseS3"
    ),
    wrong_target_of_reports(
        "a key by its alias",
        {"encryption": {"sseKms": {"keyId": "alias/reports"}}},
        ".encryption.sseKms.keyId",
        "not the ARN of a KMS key",
        "match",
    ),
    wrong(
        "two inventories of one id",
        {"inventory": {"configurations": [INVENTORY, INVENTORY]}},
        "inventory.configurations",
        "have the same id",
        "Duplicate value",
    ),
    wrong(
        "more metrics than S3 takes",
        {"metrics": {"configurations": [{"id": f"m{n}"} for n in range(1001)]}},
        "metrics.configurations",
        "1000",
        "Too many",
    ),
    wrong(
        "an access point by its name",
        {"metrics": {"configurations": [{"id": "a", "filter": {"accessPointArn": "reports"}}]}},
        "metrics.configurations[0].filter.accessPointArn",
        "not the ARN of an access point",
        "match",
    ),
    wrong_archive("no archive", [], "", "give 1 or more", "should have at least 1 items"),
    wrong_archive("an archive twice", [ARCHIVE, ARCHIVE | {"days": 100}], "", "the same accessTier"),
    wrong_archive(
        "an archive too soon", [ARCHIVE | {"days": 89}], "[0].days", "write 90 or more", "greater than or equal to 90"
    ),
    wrong_archive(
        "a deep archive too soon",
        [{"accessTier": "DEEP_ARCHIVE_ACCESS", "days": 179}],
        "[0].days",
        "after 180 days at the earliest",
    ),
)
