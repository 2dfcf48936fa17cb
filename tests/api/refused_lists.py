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
    wrong_inventory(
        "a field twice", {"optionalFields": ["Size"] * 2}, "optionalFields", "are the same", "Duplicate value"
    ),
    wrong_target_of_reports("an account that is short", {"accountId": "1"}, ".accountId", "twelve digits"),
    wrong(
        "two inventories of one id",
        {"inventory": {"configurations": [INVENTORY, INVENTORY]}},
        "inventory.configurations",
        "have the same id",
        "Duplicate value",
    ),
)
