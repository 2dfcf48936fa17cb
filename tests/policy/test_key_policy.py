"""Whom the policy of a KMS key shuts out for certain, and whom it may let in."""

import json
from typing import Any

import pytest

from securebucket.policy.key_policy import KeyUser, shut_out

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/replication"
KNOWN = {"aws:sourceaccount": (ACCOUNT,), "aws:sourcearn": ("arn:aws:s3:::acme-invoices",)}
S3 = KeyUser("Service", "s3.amazonaws.com", "kms:GenerateDataKey", KNOWN)
COPIER = KeyUser("AWS", ROLE, "kms:Encrypt")

TO_S3 = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "kms:GenerateDataKey*"}
TO_ACCOUNT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*"}
DENY = {"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "kms:*"}
FROM_HERE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::acme-*"}}
FROM_ELSEWHERE = {"StringEquals": {"aws:SourceAccount": "444455556666"}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Resource": "*", **each} for each in statements]})


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param((TO_S3,), id="it is named"),
        pytest.param(({**TO_S3, "Condition": FROM_HERE},), id="it is named for this bucket and its account"),
        pytest.param(
            ({**TO_S3, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}},), id="what is not known"
        ),
        pytest.param(
            ({**TO_S3, "Action": ["kms:Describe*", "kms:Gen*"]},), id="a wildcard in the middle of the action"
        ),
        pytest.param(({**TO_S3, "Principal": "*"},), id="everybody"),
        pytest.param(({"Effect": "Allow", "NotPrincipal": {"AWS": ROLE}, "Action": "kms:*"},), id="all but one"),
        pytest.param(({"Effect": "Allow", "Principal": "*", "NotAction": "kms:Put*"},), id="all actions but some"),
        pytest.param((TO_S3, {**DENY, "Condition": FROM_ELSEWHERE}), id="a Deny that something narrows"),
        pytest.param((TO_S3, {**DENY, "Action": "kms:Decrypt"}), id="a Deny of something else"),
        pytest.param((TO_S3, {**DENY, "NotAction": "kms:Gen*", "Action": []}), id="a Deny of all but this"),
        pytest.param((TO_S3, {**DENY, "Principal": {"AWS": ROLE}}), id="a Deny for somebody else"),
    ],
)
def test_s3_may_use_the_key(statements: tuple[dict[str, Any], ...]) -> None:
    written = [{name: value for name, value in each.items() if value != []} for each in statements]
    assert shut_out(policy(*written), S3) == ""


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        pytest.param((), "nothing allows", id="nobody is let in"),
        pytest.param((TO_ACCOUNT,), "nothing allows", id="only principals of the account"),
        pytest.param(({**TO_S3, "Condition": FROM_ELSEWHERE},), "nothing allows", id="for another account only"),
        pytest.param(({**TO_S3, "Action": "kms:Decrypt"},), "nothing allows", id="for something else"),
        pytest.param((TO_S3, DENY), "No denies", id="everybody is denied"),
        pytest.param(
            (TO_S3, {**DENY, "Principal": {"Service": "s3.amazonaws.com"}}), "No denies", id="the service is denied"
        ),
    ],
)
def test_s3_is_shut_out(statements: tuple[dict[str, Any], ...], why: str) -> None:
    found = shut_out(policy(*statements), S3)
    assert found.startswith(why)
    assert found.endswith("s3.amazonaws.com kms:GenerateDataKey")


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param((TO_ACCOUNT,), id="its rights are in IAM"),
        pytest.param((), id="a grant may let it in"),
        pytest.param((TO_ACCOUNT, {**DENY, "Principal": {"AWS": f"{ROLE}-other"}}), id="another role is denied"),
    ],
)
def test_a_role_may_use_the_key(statements: tuple[dict[str, Any], ...]) -> None:
    assert shut_out(policy(*statements), COPIER) == ""


def test_a_role_that_is_denied_by_its_name_is_shut_out() -> None:
    assert shut_out(policy(TO_ACCOUNT, {**DENY, "Principal": {"AWS": ROLE}}), COPIER) == f"No denies {ROLE} kms:Encrypt"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"Statement": ["no statement"]}'])
def test_what_is_no_policy_speaks_against_nobody(text: str) -> None:
    assert shut_out(text, S3) == ""
