"""Which event selectors take in the events of every object."""

from typing import Any

import pytest
from tests.account.answers import advanced, classic

from securebucket.compliance.account.event_selectors import Access, covers

READ, WRITE = Access.READ, Access.WRITE
BOTH: set[Access] = {READ, WRITE}


def field(name: str, **operators: Any) -> dict[str, Any]:
    return {"Field": name, **operators}


@pytest.mark.parametrize(
    ("selectors", "covered"),
    [
        (classic(), BOTH),
        (classic("All", "arn:aws:s3:::"), BOTH),
        (classic("All", "arn:aws-cn:s3"), BOTH),
        (classic("All", "arn:aws-us-gov:s3:::"), BOTH),
        (classic("ReadOnly"), {READ}),
        (classic("WriteOnly"), {WRITE}),
        (classic("All", "arn:aws:s3:::acme-invoices/"), set()),
        (classic("All", "arn:aws:s3:::acme-invoices/", "arn:aws:s3"), BOTH),
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]}, set()),
        (
            {"EventSelectors": [{"DataResources": [{"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]}]}]},
            set(),
        ),
        ({"EventSelectors": [*classic("ReadOnly")["EventSelectors"], *classic("WriteOnly")["EventSelectors"]]}, BOTH),
        (advanced(), BOTH),
        (advanced(field("readOnly", Equals=["true"])), {READ}),
        (advanced(field("readOnly", Equals=["false"])), {WRITE}),
        (advanced(field("resources.ARN", StartsWith=["arn:aws:s3:::"])), BOTH),
        (advanced(field("resources.ARN", StartsWith=["arn:aws:s3:::acme"])), set()),
        (advanced(field("resources.ARN", NotStartsWith=["arn:aws:s3:::acme-logs"])), set()),
        (advanced(field("resources.ARN", StartsWith=["arn:aws:s3:::"], NotEquals=["arn:aws:s3:::a/b"])), set()),
        (advanced(field("eventName", Equals=["DeleteObject"])), set()),
        ({"AdvancedEventSelectors": [{"FieldSelectors": [field("eventCategory", Equals=["Management"])]}]}, set()),
        ({}, set()),
    ],
)
def test_what_selectors_take_in(selectors: dict[str, Any], covered: set[Access]) -> None:
    assert {each for each in Access if covers(selectors, each)} == covered
