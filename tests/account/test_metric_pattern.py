"""Which patterns take in every event that changes a bucket's policy."""

import pytest
from tests.account.answers import CIS_PATTERN, EVENTS

from securebucket.compliance.account.metric_pattern import takes_in_policy_changes

NAMES = " || ".join(f"($.eventName = {event})" for event in EVENTS)


@pytest.mark.parametrize(
    "pattern",
    [
        CIS_PATTERN,
        CIS_PATTERN.replace(" ", ""),
        f"{{ {NAMES} }}",
        f'{{ ($.eventSource = "s3.amazonaws.com") && ({NAMES}) }}',
        CIS_PATTERN.replace("s3.amazonaws.com", "s3*"),
        "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucket*) || ($.eventName = DeleteBucket*)) }",
        f"{{ ($.eventName = CreateBucket) || {NAMES} }}",
    ],
)
def test_these_take_in_all(pattern: str) -> None:
    assert takes_in_policy_changes(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "ERROR",
        *(CIS_PATTERN.replace(event, "GetObject") for event in EVENTS),
        CIS_PATTERN.replace("s3.amazonaws.com", "kms.amazonaws.com"),
        CIS_PATTERN.replace("= PutBucketAcl", "!= PutBucketAcl"),
        CIS_PATTERN.replace("{ (", "{ ($.userIdentity.type = Root) && ("),
        CIS_PATTERN.replace("||", "&&"),
        CIS_PATTERN.replace("{ (", "{ ($.errorCode NOT EXISTS) && ("),
        CIS_PATTERN.replace("$.eventSource", "$.sourceIPAddress"),
    ],
)
def test_these_do_not(pattern: str) -> None:
    assert not takes_in_policy_changes(pattern)
