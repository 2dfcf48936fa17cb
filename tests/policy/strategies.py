"""Policy statements of every notation, for properties."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For a machine that is busy with other tests."""

BUCKET = "arn:aws:s3:::acme-invoices"
NAMES = st.sampled_from(
    [
        "*",
        "111122223333",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/app",
        "AROAEXAMPLEEXAMPLE12",
    ]
)
SCALARS = st.one_of(st.booleans(), st.integers(0, 9), st.sampled_from(["false", "vpc-1", "VPC-1", "10.0.0.0/8"]))


def one_or_more(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.lists(values, min_size=1, max_size=4))


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Principal": st.one_of(
            st.just("*"),
            st.dictionaries(st.sampled_from(["AWS", "Service", "CanonicalUser"]), one_or_more(NAMES), min_size=1),
        ),
        "Action": one_or_more(st.sampled_from(["s3:GetObject", "s3:getobject", "s3:PutObject", "s3:*"])),
        "Resource": one_or_more(st.sampled_from([BUCKET, f"{BUCKET}/*", f"{BUCKET}/A", "*"])),
    },
    optional={
        "Sid": st.sampled_from(["", "A", "SecureBucketA"]),
        "Condition": st.dictionaries(
            st.sampled_from(["Bool", "StringEquals", "StringNotLike"]),
            st.dictionaries(
                st.sampled_from(["aws:SourceVpc", "AWS:SOURCEVPC", "s3:prefix", "s3:ExistingObjectTag/A"]),
                one_or_more(SCALARS),
            ),
        ),
    },
)
