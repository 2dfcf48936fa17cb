"""Default encryption: one rule, in which S3 mixes the algorithm, the key, the bucket key and the blocked types."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import REGION, context, state_of, subject

from securebucket.controls.encryption import MANAGED_KEY, EncryptionControl, EncryptionState
from securebucket.model.bucket import Origin
from securebucket.model.failure import Failure
from securebucket.model.surroundings import KmsKey, KmsKeyQuery, Query, S3Key, S3KeyQuery
from securebucket.model.verdict import Result

CONTROL = EncryptionControl()
ARN = f"arn:aws:kms:{REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_ARN = f"arn:aws:kms:{REGION}:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab"
ALIAS = "alias/invoices"
MANAGED_ARN = f"arn:aws:kms:{REGION}:111122223333:{MANAGED_KEY}"
BLOCKED = frozenset({"SSE-C"})

ABSENT = EncryptionState("", "", bucket_key_enabled=False, blocked_encryption_types=frozenset())
SSE_S3 = EncryptionState("AES256", "", bucket_key_enabled=False, blocked_encryption_types=BLOCKED)
KMS = EncryptionState("aws:kms", ARN, bucket_key_enabled=True, blocked_encryption_types=BLOCKED)
DSSE = EncryptionState("aws:kms:dsse", ARN, bucket_key_enabled=False, blocked_encryption_types=BLOCKED)


def _answer(algorithm: str, key: str | None = None, **members: Any) -> dict[str, Any]:
    default = {"SSEAlgorithm": algorithm} | ({"KMSMasterKeyID": key} if key is not None else {})
    rule = {"ApplyServerSideEncryptionByDefault": default, **members}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def _key(arn: str = ARN, state: str = "Enabled", *, symmetric: bool = True) -> KmsKey:
    return KmsKey(
        arn,
        state,
        symmetric=symmetric,
    )


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, ABSENT, id="no rule, which only other servers answer"),
        pytest.param(
            _answer("AES256", BucketKeyEnabled=True),
            replace(SSE_S3, blocked_encryption_types=frozenset()),
            id="a bucket key means nothing with AES256",
        ),
        pytest.param(
            _answer("AES256", BlockedEncryptionTypes={"EncryptionType": ["NONE"]}),
            replace(SSE_S3, blocked_encryption_types=frozenset()),
            id="NONE is the same as nothing blocked",
        ),
        pytest.param(
            _answer("AES256", BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}), SSE_S3, id="a new bucket of 2026"
        ),
        pytest.param(
            _answer("aws:kms", ARN, BucketKeyEnabled=True, BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}),
            KMS,
            id="KMS",
        ),
        pytest.param(
            _answer("aws:kms:dsse", ARN, BucketKeyEnabled=True, BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]}),
            DSSE,
            id="a bucket key means nothing with DSSE",
        ),
        *(
            pytest.param(
                _answer("aws:kms", key),
                EncryptionState("aws:kms", MANAGED_KEY, bucket_key_enabled=False, blocked_encryption_types=frozenset()),
                id=f"the AWS managed key: {name}",
            )
            for key, name in (
                (None, "no key"),
                ("", "an empty key"),
                (MANAGED_KEY, "its alias"),
                (MANAGED_ARN, "the alias's ARN"),
            )
        ),
    ],
)
def test_parse(response: Any, state: EncryptionState) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize(
    ("block", "origin", "observed", "desired"),
    [
        pytest.param({}, Origin.CREATED, ABSENT, SSE_S3, id="the secure default"),
        pytest.param({}, Origin.CREATED, KMS, SSE_S3, id="on a created bucket undeclared KMS is drift"),
        pytest.param({}, Origin.ADOPTED, KMS, KMS, id="an adopted bucket keeps KMS"),
        pytest.param({}, Origin.ADOPTED, DSSE, DSSE, id="an adopted bucket keeps DSSE"),
        pytest.param(
            {}, Origin.ADOPTED, replace(KMS, blocked_encryption_types=frozenset()), KMS, id="adoption blocks SSE-C"
        ),
        pytest.param(
            {"bucketKeyEnabled": False},
            Origin.ADOPTED,
            KMS,
            replace(KMS, bucket_key_enabled=False),
            id="an adopted bucket keeps KMS but not an undone bucket key",
        ),
        pytest.param({"sseAlgorithm": "AES256"}, Origin.ADOPTED, KMS, SSE_S3, id="declared AES256 is AES256"),
        pytest.param(
            {"sseAlgorithm": "aws:kms"},
            Origin.CREATED,
            SSE_S3,
            replace(KMS, kms_master_key_id=MANAGED_KEY),
            id="KMS without a key is the AWS managed one, with a bucket key",
        ),
        pytest.param(
            {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": MANAGED_ARN},
            Origin.CREATED,
            replace(KMS, kms_master_key_id=MANAGED_KEY),
            replace(KMS, kms_master_key_id=MANAGED_KEY),
            id="the AWS managed key by its ARN",
        ),
        pytest.param({"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyId": ARN}, Origin.CREATED, ABSENT, DSSE, id="DSSE"),
        pytest.param(
            {"blockedEncryptionTypes": ["NONE"]},
            Origin.CREATED,
            ABSENT,
            replace(SSE_S3, blocked_encryption_types=frozenset()),
            id="explicit opt-out of blocking",
        ),
    ],
)
def test_desired(block: dict[str, Any], origin: Origin, observed: EncryptionState, desired: EncryptionState) -> None:
    assert CONTROL.desired(context({"encryption": block}, origin=origin), observed) == desired


def test_a_log_target_gets_sse_s3_even_if_it_was_adopted_with_kms() -> None:
    """S3 delivers no access logs to a bucket with KMS by default, and does not say so."""
    assert CONTROL.desired(context({"role": "LogTarget"}, origin=Origin.ADOPTED), KMS) == SSE_S3


@pytest.mark.parametrize(
    ("declared", "observed", "facts", "same"),
    [
        pytest.param(ARN, ARN, {}, True, id="the same text"),
        pytest.param(ALIAS, ARN, {ALIAS: _key()}, True, id="an alias of the key"),
        pytest.param(ARN, "1234abcd-12ab-34cd-56ef-1234567890ab", {ARN: _key()}, False, id="an id not looked up"),
        pytest.param(ALIAS, ARN, {ALIAS: _key(OTHER_ARN)}, False, id="an alias of another key"),
        pytest.param(ALIAS, ARN, {ALIAS: Failure("AccessDenied", "denied")}, False, id="an alias that cannot be read"),
        pytest.param(ARN, MANAGED_KEY, {ARN: _key()}, False, id="not the managed key"),
    ],
)
def test_two_names_of_one_key_are_no_difference(
    declared: str, observed: str, facts: Mapping[str, Any], same: bool
) -> None:
    answers: dict[Query[Any], Any] = {KmsKeyQuery(key, REGION): fact for key, fact in facts.items()}
    situation = context({"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": declared}}, facts=answers)
    state = replace(KMS, kms_master_key_id=observed)
    assert (CONTROL.desired(situation, state) == state) is same


@pytest.mark.parametrize(
    ("block", "observed", "asked"),
    [
        pytest.param({}, KMS, [], id="nothing declared, nothing asked"),
        pytest.param({"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}, KMS, [ARN], id="the same name"),
        pytest.param({"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ALIAS}, KMS, [ALIAS, ARN], id="another name"),
        pytest.param({"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ALIAS}, SSE_S3, [ALIAS], id="no key yet"),
    ],
)
def test_keys_are_looked_up_where_names_can_differ(
    block: dict[str, Any], observed: EncryptionState, asked: list[str]
) -> None:
    queries = CONTROL.facts(context({"encryption": block}), observed)
    assert list(queries) == [KmsKeyQuery(key, REGION) for key in asked]


AWS_ALIASES = [
    pytest.param({}, id="no key"),
    pytest.param({"kmsMasterKeyId": MANAGED_KEY}, id="its alias"),
    pytest.param({"kmsMasterKeyId": MANAGED_ARN}, id="its alias's ARN"),
]


@pytest.mark.parametrize("block", AWS_ALIASES)
@pytest.mark.parametrize("algorithm", ["aws:kms", "aws:kms:dsse"])
@pytest.mark.parametrize("name", [ARN, ARN.rpartition("/")[2]], ids=["ARN", "id"])
@pytest.mark.parametrize(
    ("fact", "same"),
    [
        pytest.param(S3Key(managed=True), True, id="it is the one of S3"),
        pytest.param(S3Key(managed=False), False, id="it is another"),
        pytest.param(Failure("AccessDenied", "denied"), False, id="nobody tells"),
    ],
)
def test_the_key_of_aws_is_one_setting_whether_it_is_named_or_not(
    block: dict[str, Any], algorithm: str, name: str, fact: Any, same: bool
) -> None:
    seen = replace(KMS, sse_algorithm=algorithm, kms_master_key_id=name, bucket_key_enabled=algorithm == "aws:kms")
    asked = {"encryption": {"sseAlgorithm": algorithm, **block}}
    (query,) = CONTROL.facts(context(asked), seen)
    assert query == S3KeyQuery(name, REGION)
    assert (CONTROL.desired(context(asked, facts={query: fact}), seen) == seen) is same


def test_the_key_of_aws_keeps_its_name_when_something_else_is_written() -> None:
    seen = replace(KMS, blocked_encryption_types=frozenset())
    facts: dict[Query[Any], Any] = {S3KeyQuery(ARN, REGION): S3Key(managed=True)}
    situation = context({"encryption": {"sseAlgorithm": "aws:kms"}}, facts=facts)
    assert CONTROL.desired(situation, seen) == KMS


@pytest.mark.parametrize(
    ("spec", "observed"),
    [
        pytest.param({"encryption": {"sseAlgorithm": "aws:kms"}}, SSE_S3, id="no KMS there"),
        pytest.param(
            {"encryption": {"sseAlgorithm": "aws:kms"}},
            replace(KMS, kms_master_key_id=MANAGED_KEY),
            id="not named there",
        ),
        pytest.param({"encryption": {"sseAlgorithm": "AES256"}}, KMS, id="no KMS declared"),
        pytest.param({"role": "LogTarget"}, KMS, id="a log target"),
        pytest.param({}, KMS, id="nothing declared"),
    ],
)
def test_the_key_of_aws_is_asked_about_only_where_it_matters(spec: dict[str, Any], observed: EncryptionState) -> None:
    assert CONTROL.facts(context(spec), observed) == ()


def test_a_declared_arn_of_the_key_of_aws_is_put_where_none_is_named() -> None:
    """Uploads of other accounts differ then: S3 takes the key of the uploader's account where none is named."""
    facts: dict[Query[Any], Any] = {KmsKeyQuery(ARN, REGION): _key()}
    situation = context({"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}}, facts=facts)
    assert CONTROL.desired(situation, replace(KMS, kms_master_key_id=MANAGED_KEY)) == KMS


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        pytest.param(_key(), None, id="a good key"),
        pytest.param(_key(ARN.replace(REGION, "us-east-1")), "KmsKeyInOtherRegion", id="of another region"),
        pytest.param(_key(state="Disabled"), "KmsKeyNotEnabled", id="disabled"),
        pytest.param(_key(state="PendingDeletion"), "KmsKeyNotEnabled", id="about to be deleted"),
        pytest.param(_key(symmetric=False), "KmsKeyNotSymmetric", id="asymmetric"),
        pytest.param(Failure("AccessDenied", "denied"), "AccessDenied", id="not readable"),
        pytest.param(None, None, id="not looked up"),
    ],
)
def test_a_key_that_would_fail_every_upload_is_refused(fact: Any, reason: str | None) -> None:
    """PutBucketEncryption does not look at the key."""
    answers: dict[Query[Any], Any] = {} if fact is None else {KmsKeyQuery(ARN, REGION): fact}
    situation = context({"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}}, facts=answers)
    failure = CONTROL.refuse(situation, SSE_S3, CONTROL.desired(situation, SSE_S3))
    assert (failure.reason if failure else None) == reason


def test_a_bad_key_that_is_there_already_does_not_keep_sse_c_from_being_blocked() -> None:
    disabled: dict[Query[Any], Any] = {KmsKeyQuery(ARN, REGION): _key(state="Disabled")}
    situation = context({"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": ARN}}, facts=disabled)
    observed = replace(KMS, blocked_encryption_types=frozenset())
    assert CONTROL.refuse(situation, observed, CONTROL.desired(situation, observed)) is None


@pytest.mark.parametrize(
    ("desired", "rule"),
    [
        pytest.param(
            SSE_S3,
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
                "BucketKeyEnabled": False,
                "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
            },
            id="no key with AES256",
        ),
        pytest.param(
            KMS,
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": ARN},
                "BucketKeyEnabled": True,
                "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
            },
            id="KMS",
        ),
        pytest.param(
            replace(KMS, kms_master_key_id=MANAGED_KEY, blocked_encryption_types=frozenset()),
            {
                "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"},
                "BucketKeyEnabled": True,
                "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
            },
            id="the managed key is not named, and blocking nothing is said",
        ),
    ],
)
def test_calls(desired: EncryptionState, rule: dict[str, Any]) -> None:
    (call,) = CONTROL.calls(context(), ABSENT, desired)
    assert call.operation == "put_bucket_encryption"
    assert call.parameters == {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


@pytest.mark.parametrize(
    ("check_id", "role", "state", "result"),
    [
        ("encrypted-by-default", "Data", SSE_S3, Result.PASS),
        ("encrypted-by-default", "Data", ABSENT, Result.FAIL),
        ("encrypted-with-kms", "Data", KMS, Result.PASS),
        ("encrypted-with-kms", "Data", DSSE, Result.PASS),
        ("encrypted-with-kms", "Data", SSE_S3, Result.FAIL),
        ("encrypted-with-kms", "ReplicaTarget", SSE_S3, Result.FAIL),
        ("encrypted-with-kms", "LogTarget", SSE_S3, Result.NOT_APPLICABLE),
        ("sse-c-blocked", "Data", SSE_S3, Result.PASS),
        ("sse-c-blocked", "Data", ABSENT, Result.FAIL),
    ],
)
def test_verdict(check_id: str, role: str, state: EncryptionState, result: Result) -> None:
    check = next(each for each in CONTROL.checks if each.id == check_id)
    assert check.judge(subject(role), state).result is result
