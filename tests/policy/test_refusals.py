"""Policies that are not sent, each with its reason and remedy."""

import json
from typing import Any

import pytest
from tests.controls.builders import context

from securebucket.controls.bucket_policy import BucketPolicyControl
from securebucket.model.failure import Failure
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.policy.document import ABSENT, PolicyState, read_policy

CONTROL = BucketPolicyControl()
ARN = "arn:aws:s3:::acme-invoices"
BOTH = [ARN, f"{ARN}/*"]
DEAD = "AROAEXAMPLEEXAMPLE12"
USER = "0123456789abcdef" * 4
OAI = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"
PUBLIC = {"Sid": "Web", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
LOCK = {"Sid": "Lock", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": BOTH}


def policy(*statements: Any, version: str = "2012-10-17") -> PolicyState:
    return read_policy(json.dumps({"Version": version, "Statement": list(statements)}))


def refuse(
    spec: dict[str, Any] | None = None, observed: PolicyState = ABSENT, others: dict[str, Any] | None = None
) -> Failure | None:
    wanted = context(spec, others)
    return CONTROL.refuse(wanted, observed, CONTROL.desired(wanted, observed))


def raw(**elements: Any) -> dict[str, Any]:
    usual = {"Sid": "Mine", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": BOTH}
    written = {name: value for name, value in {**usual, **elements}.items() if value is not None}
    return {"policy": {"statements": [written]}}


def shown(*names: str) -> dict[str, Any]:
    """Give our statement as S3 may show it."""
    return {
        "Sid": "SecureBucketMine",
        "Effect": "Allow",
        "Principal": {"AWS": list(names)},
        "Action": "s3:*",
        "Resource": BOTH,
    }


CANONICAL = raw(Principal={"CanonicalUser": USER})
CANONICAL_ONLY = {"policy": {**CANONICAL["policy"], "requireTls": False}}
OPEN = {"publicAccessBlock": {"blockPublicPolicy": False}}
REFUSED = {
    "number as an account": (
        "InvalidSpec",
        raw(Condition={"StringEquals": {"aws:SourceAccount": 1402433619}}),
        ABSENT,
        "[aws:SourceAccount]: must be text, and was read as 1402433619; put what is meant in quotes",
    ),
    "foreign text": ("PolicyUnreadable", {}, policy("nonsense"), "spec.policy.foreign"),
    "foreign document": ("PolicyUnreadable", {}, read_policy("no json"), "spec.policy.foreign"),
    "own condition that is none": (
        "PolicyUnreadable",
        raw(Condition="sometimes"),
        ABSENT,
        "spec.policy.statements",
    ),
    "name of a switch": ("PolicySidTaken", raw(Sid="RequireTls"), ABSENT, "SecureBucketRequireTls"),
    "name of a grant": (
        "PolicySidTaken",
        {
            "policy": {
                "allow": [{"sid": "A", "principals": ["111122223333"], "actions": ["s3:GetObject"]}],
                "statements": raw(Sid="A")["policy"]["statements"],
            }
        },
        ABSENT,
        "another sid",
    ),
    "private addresses": (
        "PolicyAddressRangePrivate",
        {"policy": {"allowedCidrs": ["203.0.113.0/24", "10.1.0.0/16"]}},
        ABSENT,
        "spec.policy.allowedVpcs",
    ),
    "private IPv6 addresses": (
        "PolicyAddressRangePrivate",
        {"policy": {"allowedCidrs": ["fd00::/16"]}},
        ABSENT,
        "fd00::/16",
    ),
    "variables in an old document that uses them as text": (
        "PolicyVersionTooOld",
        raw(Resource=f"{ARN}/${{aws:username}}/*"),
        policy({**PUBLIC, "Principal": {"AWS": "1" * 12}, "Resource": f"{ARN}/${{x}}"}, version="2008-10-17"),
        "2012-10-17",
    ),
    "own dead principal": ("DeadPrincipal", raw(Principal={"AWS": [DEAD]}), ABSENT, "SecureBucketMine"),
    "dead principal that alone is exempt": (
        "DeadPrincipal",
        {},
        policy({"Sid": "All", "Effect": "Deny", "NotPrincipal": {"AWS": DEAD}, "Action": "s3:*", "Resource": BOTH}),
        "All",
    ),
    "too large": (
        "PolicyTooLarge",
        {
            "policy": {
                "allow": [
                    {"sid": f"G{n}", "principals": ["111122223333"], "actions": ["s3:GetObject"], "prefix": "p" * 900}
                    for n in range(20)
                ]
            }
        },
        ABSENT,
        "20480",
    ),
    "own public statement": ("PublicPolicyRefused", raw(Principal="*"), ABSENT, "spec.publicAccessBlock"),
    "public grant": (
        "PublicPolicyRefused",
        {"policy": {"allow": [{"principals": ["*"], "actions": ["s3:GetObject"]}]}},
        ABSENT,
        "SecureBucketAllow",
    ),
    "foreign public statement": ("PublicPolicyRefused", {}, policy(PUBLIC), "Web"),
    "own lock-out": (
        "PolicyLockout",
        raw(Effect="Deny", Principal="*", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
        ABSENT,
        "arn:aws:iam::111122223333:role/*/securebucket",
    ),
    "own lock-out from one action": (
        "PolicyLockout",
        raw(Effect="Deny", Principal="*", Action="s3:PutLifecycleConfiguration"),
        ABSENT,
        "s3:PutLifecycleConfiguration;",
    ),
    "canonical user that S3 shows as an origin access identity": (
        "PrincipalRewritten",
        CANONICAL_ONLY,
        policy(shown(OAI)),
        OAI,
    ),
}


@pytest.mark.parametrize(("reason", "spec", "observed", "hint"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused(reason: str, spec: dict[str, Any], observed: PolicyState, hint: str) -> None:
    failure = refuse(spec, observed)
    assert failure is not None
    assert failure.reason == reason
    assert hint in failure.message
    assert not failure.retry


SENT = {
    "the default": ({}, ABSENT),
    "foreign text that is to go": ({"policy": {"foreign": "Remove"}}, policy("nonsense")),
    "the same grant twice": (
        {"policy": {"allow": [{"principals": ["111122223333"], "actions": ["s3:GetObject"]}] * 2}},
        ABSENT,
    ),
    "private addresses within a VPC": (
        {"policy": {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.1.0.0/16", "fd00::/16"]}},
        ABSENT,
    ),
    "public addresses": ({"policy": {"allowedCidrs": ["203.0.113.0/24", "2001:db8::/32", "11.0.0.0/8"]}}, ABSENT),
    "variables in an old document without any": (
        raw(Resource=f"{ARN}/${{aws:username}}/*"),
        policy({**PUBLIC, "Principal": {"AWS": "1" * 12}}, version="2008-10-17"),
    ),
    "dead principals of others": ({}, policy({**PUBLIC, "Principal": {"AWS": [DEAD]}})),
    "public statement with the block off": (OPEN, policy(PUBLIC)),
    "foreign public statement that is to go": ({"policy": {"foreign": "Remove"}}, policy(PUBLIC)),
    "lock-out in force": ({}, policy(LOCK)),
    "lock-out that is to go": ({"policy": {"foreign": "Remove"}}, policy(LOCK)),
    "another difference beside a rewritten canonical user": (
        CANONICAL,
        policy(shown(OAI)),
    ),
    "a statement to remove beside a rewritten canonical user": (
        CANONICAL_ONLY,
        policy(shown(OAI), {**LOCK, "Sid": "SecureBucketOld"}),
    ),
    "canonical user replaced and more": (
        CANONICAL_ONLY,
        policy(shown(OAI, "444455556666")),
    ),
}


@pytest.mark.parametrize(("spec", "observed"), SENT.values(), ids=SENT.keys())
def test_is_sent(spec: dict[str, Any], observed: PolicyState) -> None:
    assert refuse(spec, observed) is None


def test_lock_out_that_was_narrower_before_is_refused() -> None:
    spec = raw(Effect="Deny", Principal="*", Resource=BOTH)
    before = policy({**LOCK, "Sid": "SecureBucketMine", "Action": "s3:GetObject"})
    failure = refuse(spec, before)
    assert failure is not None
    assert failure.reason == "PolicyLockout"


BLOCK_OFF = PublicAccessBlock(True, True, False, True)
BLOCK_ON = PublicAccessBlock(True, True, True, True)


@pytest.mark.parametrize(
    ("block", "refused"),
    [(BLOCK_OFF, False), (BLOCK_ON, True), (Failure("AccessDenied", "no"), False)],
    ids=["off", "on", "not known: S3 will tell"],
)
def test_an_unmanaged_public_access_block_counts_as_it_is(block: Any, refused: bool) -> None:
    spec = {**raw(Principal="*"), "unmanaged": ["publicAccessBlock"]}
    failure = refuse(spec, ABSENT, {"publicAccessBlock": block})
    assert (failure is not None) is refused
