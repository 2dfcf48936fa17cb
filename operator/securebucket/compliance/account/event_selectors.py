"""Whether a trail's event selectors take in the data events of every S3 object. Pure.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

OBJECTS = "AWS::S3::Object"
EVERY_BUCKET = re.compile(r"arn:aws[a-z-]*:s3(:::)?")
"""Both are prefixes of the ARN of any object."""

Document = Mapping[str, Any]


class Access(Enum):
    """Which data events are asked for."""

    READ = "read"
    WRITE = "write"


def covers(selectors: Document, access: Access) -> bool:
    """Tell whether an answer of GetEventSelectors takes in all events of a kind, of every bucket."""
    classic = selectors.get("EventSelectors") or ()
    advanced = selectors.get("AdvancedEventSelectors") or ()
    return any(_classic_covers(each, access) for each in classic) or any(
        _advanced_covers(each, access) for each in advanced
    )


def _classic_covers(selector: Document, access: Access) -> bool:
    wanted = {Access.READ: "ReadOnly", Access.WRITE: "WriteOnly"}[access]
    if selector.get("ReadWriteType", "All") not in {"All", wanted}:
        return False
    return any(
        resource.get("Type") == OBJECTS and _names_every_bucket(resource.get("Values") or ())
        for resource in selector.get("DataResources") or ()
    )


def _advanced_covers(selector: Document, access: Access) -> bool:
    """All fields of a selector must hold for an event, so that every field but these narrows it."""
    fields = {str(each.get("Field")): each for each in selector.get("FieldSelectors") or ()}
    category, kind = fields.pop("eventCategory", {}), fields.pop("resources.type", {})
    if "Data" not in (category.get("Equals") or ()) or OBJECTS not in (kind.get("Equals") or ()):
        return False
    read_only = fields.pop("readOnly", None)
    wanted = "true" if access is Access.READ else "false"
    if read_only is not None and wanted not in (read_only.get("Equals") or ()):
        return False
    return all(name == "resources.ARN" and _every_arn(each) for name, each in fields.items())


def _every_arn(selector: Document) -> bool:
    given = {operator for operator, values in selector.items() if operator != "Field" and values}
    return given == {"StartsWith"} and _names_every_bucket(selector["StartsWith"])


def _names_every_bucket(values: Iterable[str]) -> bool:
    return any(EVERY_BUCKET.fullmatch(value) for value in values)
