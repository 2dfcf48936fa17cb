"""What auditors ask of the bucket policy."""

import json
from typing import Any

import pytest
from tests.controls.builders import context, state_of, subject

from securebucket.controls.bucket_policy import BucketPolicyControl
from securebucket.model.verdict import Result
from securebucket.policy.document import ABSENT, PolicyState

CONTROL = BucketPolicyControl()
ARN = "arn:aws:s3:::acme-invoices"
TLS: dict[str, Any] = {
    "Sid": "SecureBucketRequireTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
FOREIGN: dict[str, Any] = {
    "Sid": "Reader",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"},
    "Action": "s3:GetObject",
    "Resource": f"{ARN}/*",
}


def read(*statements: Any) -> PolicyState:
    return state_of(CONTROL, {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})})


PUBLIC = {**FOREIGN, "Principal": "*"}
VERDICTS = {
    ("policy-not-public", "absent"): (ABSENT, Result.PASS),
    ("policy-not-public", "default"): (read(TLS, FOREIGN), Result.PASS),
    ("policy-not-public", "public"): (read(TLS, PUBLIC), Result.FAIL),
    ("policy-not-public", "no policy at all"): (state_of(CONTROL, {"Policy": "nonsense"}), Result.FAIL),
    ("tls-required", "absent"): (ABSENT, Result.FAIL),
    ("tls-required", "default"): (read(TLS), Result.PASS),
    ("tls-required", "somebody else's"): (read({**TLS, "Sid": "Theirs"}), Result.PASS),
    ("tls-required", "objects only"): (read({**TLS, "Resource": f"{ARN}/*"}), Result.FAIL),
    ("administration-not-shared", "absent"): (ABSENT, Result.PASS),
    ("administration-not-shared", "default"): (read(TLS, FOREIGN), Result.PASS),
    ("administration-not-shared", "shared"): (read({**FOREIGN, "Action": "s3:*"}), Result.FAIL),
    ("policy-principals-restricted", "default"): (read(TLS, FOREIGN), Result.PASS),
    ("policy-principals-restricted", "open"): (read(PUBLIC), Result.FAIL),
    ("policy-services-confined", "default"): (read(TLS, FOREIGN), Result.PASS),
    ("policy-services-confined", "on anybody's behalf"): (
        read({**FOREIGN, "Principal": {"Service": "cloudtrail.amazonaws.com"}}),
        Result.FAIL,
    ),
    ("cross-account-access-restricted", "absent"): (ABSENT, Result.PASS),
    ("cross-account-access-restricted", "another account"): (read(TLS, FOREIGN), Result.FAIL),
}


@pytest.mark.parametrize(
    ("check", "state", "result"),
    [(check, state, result) for (check, _), (state, result) in VERDICTS.items()],
    ids=[" ".join(name) for name in VERDICTS],
)
def test_verdicts(check: str, state: PolicyState, result: Result) -> None:
    (found,) = [each for each in CONTROL.checks if each.id == check]
    verdict = found.judge(subject(), state)
    assert verdict.result is result
    assert verdict.because


def test_every_check_has_a_verdict_here() -> None:
    assert {check for check, _ in VERDICTS} == {each.id for each in CONTROL.checks}


def test_the_log_target_passes_its_own_checks() -> None:
    state = CONTROL.desired(context({"role": "LogTarget"}), ABSENT)
    assert {each.judge(subject("LogTarget"), state).result for each in CONTROL.checks} == {Result.PASS}
