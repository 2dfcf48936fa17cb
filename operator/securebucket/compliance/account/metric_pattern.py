"""Whether a metric filter's pattern takes in every event that changes who may do what with a bucket. Pure.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re

from securebucket.policy.wildcards import matches

POLICY_CHANGES = (
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)
"""The events that CIS 4.8 names."""

TERM = re.compile(r"\$\.([\w.]+)\s*(!?=|<=?|>=?)\s*\"?([\w.*]+)\"?")
SOURCE = "s3.amazonaws.com"


def takes_in_policy_changes(pattern: str) -> bool:
    """Tell whether a pattern matches each of the events.

    Only `=` on the event's source and name is followed, the names joined by `||`: whatever else stands in a pattern may
    narrow it, and then it is not taken for one that matches them all.
    """
    terms = TERM.findall(pattern)
    left = TERM.sub("", pattern)
    if any(operator != "=" or field not in {"eventSource", "eventName"} for field, operator, _ in terms):
        return False
    if re.sub(r"[\s{}()]|\|\||&&", "", left):
        return False
    sources = [value for field, _, value in terms if field == "eventSource"]
    names = [value for field, _, value in terms if field == "eventName"]
    if pattern.count("&&") != len(sources) or not all(matches(source, SOURCE) for source in sources):
        return False
    return all(any(matches(name, event) for name in names) for event in POLICY_CHANGES)
