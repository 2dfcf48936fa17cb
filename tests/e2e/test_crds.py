"""The CustomResourceDefinitions on a real API server: it takes and refuses what pydantic does, in the same words."""

from collections.abc import Iterator

import pytest
import yaml
from tests.api.bodies import ACCEPTANCE, bucket_exception, bucket_profile, secure_bucket
from tests.api.samples import ACCEPTED, CHANGES, REFUSED, Body, Change, Refusal
from tests.e2e.api import GROUP, Answer, Api
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until

from securebucket.crd.definitions import KINDS

pytestmark = pytest.mark.usefixtures("definitions")


def folder(body: Body) -> str:
    """Give the path of a kind's objects."""
    if body["kind"] == "BucketProfile":
        return f"{GROUP}/bucketprofiles"
    return f"{GROUP}/namespaces/{body['metadata']['namespace']}/{body['kind'].lower()}s"


def try_out(api: Api, body: Body) -> Answer:
    """Create an object as kubectl does, fields that nobody knows refused, but keep nothing."""
    return api.ask("POST", f"{folder(body)}?dryRun=All&fieldValidation=Strict", body)


def causes(answer: Answer) -> dict[str, str]:
    """Give what is wrong, by field; our messages are under the field that the rule blames."""
    return {each["field"]: each["message"] for each in answer.body.get("details", {}).get("causes", ())}


def test_the_definitions_follow_the_structural_rules(api: Api) -> None:
    for kind in KINDS:
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind.plural}.securebucket.io"
        conditions = {each["type"]: each for each in api.do("GET", path)["status"]["conditions"]}
        assert conditions["NamesAccepted"]["status"] == "True"
        assert "NonStructuralSchema" not in conditions


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_takes(api: Api, body: Body) -> None:
    answer = try_out(api, body)
    assert answer.status == 201, answer.body


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_stores_no_default(api: Api, body: Body) -> None:
    """A stored default freezes: a stricter one of the next release would reach no object."""
    assert try_out(api, body).body.get("spec") == body.get("spec")


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.name)
def test_refuses(api: Api, refusal: Refusal) -> None:
    answer = try_out(api, refusal.body)
    assert answer.status in {400, 422}, answer.body
    if refusal.server:
        assert refusal.server in answer.body["message"]
    else:
        assert refusal.says in causes(answer)[refusal.path]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_lets_only_what_may_change_change(api: Api, change: Change) -> None:
    old = change.write(change.old)
    path = f"{folder(old)}/{old['metadata']['name']}"
    stored = api.ask("POST", folder(old), old)
    assert stored.status == 201, stored.body
    try:
        answer = api.ask("PUT", f"{path}?dryRun=All", stored.body | {"spec": change.new})
        if change.says:
            assert answer.status == 422, answer.body
            assert change.says in causes(answer)[change.path]
        else:
            assert answer.status == 200, answer.body
    finally:
        api.ask("DELETE", path)


def test_keeps_a_statement_as_it_was_written(api: Api) -> None:
    """Raw statements have elements of any type, which the API server must neither prune nor reorder."""
    body = ACCEPTED["a policy with everything"]
    stored = try_out(api, body).body["spec"]["policy"]["statements"]
    assert stored == body["spec"]["policy"]["statements"]


def test_says_no_in_one_readable_line(api: Api, kubectl: Kubectl) -> None:
    text = yaml.safe_dump(secure_bucket({"encryption": {"kmsMasterKeyId": "alias/a"}}))
    refused = kubectl("apply", "-f", "-", stdin=text)
    assert refused.returncode != 0
    assert refused.stderr.strip() == (
        'The SecureBucket "invoices" is invalid: spec.encryption.kmsMasterKeyId: Invalid value: '
        "kmsMasterKeyId goes with sseAlgorithm aws:kms or aws:kms:dsse; set sseAlgorithm, or leave the key out"
    )


STATUS = {
    "observedGeneration": 1,
    "lastHandledReconcileAt": "now",
    "lastVerifiedAt": "2026-11-23T10:00:00Z",
    "conditions": [
        {
            "type": kind,
            "status": state,
            "reason": "Seen",
            "message": "",
            "observedGeneration": 1,
            "lastTransitionTime": "2026-11-23T10:00:00Z",
        }
        for kind, state in (("Ready", "True"), ("InSync", "False"), ("Compliant", "Unknown"))
    ],
    "bucket": {
        "name": "acme-seen",
        "arn": "arn:aws:s3:::acme-seen",
        "region": "eu-west-1",
        "accountId": "111122223333",
        "createdByOperator": True,
    },
    "controls": [{"name": "tags", "state": "InSync", "message": ""}],
    "compliance": {
        "passed": 9,
        "failed": 1,
        "excepted": 0,
        "notApplicable": 2,
        "unknown": 0,
        "score": 90,
        "failing": [],
    },
    "drift": {
        "lastDetectedAt": "2020-01-01T00:00:00Z",
        "lastCorrectedAt": "2020-01-01T00:00:01Z",
        "count": 1,
        "lastActor": "arn:aws:iam::111122223333:user/jane",
    },
    "plan": {
        "hash": "0a1b",
        "steps": [
            {
                "control": "versioning",
                "field": "status",
                "from": '"Enabled"',
                "to": '"Suspended"',
                "risk": "data-loss",
                "call": "PutBucketVersioning",
            }
        ],
    },
    "effective": {"mode": "Plan", "tags": {"tagSet": {"a": "b"}}},
}


@pytest.fixture
def seen(api: Api) -> Iterator[Body]:
    """An object with a status."""
    body = secure_bucket({"profile": "production"}, name="seen")
    path = f"{folder(body)}/seen"
    stored = api.ask("POST", folder(body), body).body
    answer = api.ask("PUT", f"{path}/status", stored | {"status": STATUS})
    assert answer.status == 200, answer.body
    yield answer.body
    api.ask("DELETE", path)


def test_stores_every_field_of_the_status(seen: Body) -> None:
    assert seen["status"] == STATUS
    assert seen["metadata"]["generation"] == 1


def rows(text: str) -> list[dict[str, str]]:
    """Read kubectl's table."""
    head, *lines = text.splitlines()
    names = head.split()
    return [dict(zip(names, line.split(), strict=True)) for line in lines]


def test_prints_what_matters(seen: Body, kubectl: Kubectl) -> None:
    (row,) = rows(kubectl("get", "sb", "seen").stdout)
    assert row.pop("AGE")
    assert row == {
        "NAME": "seen",
        "BUCKET": "acme-seen",
        "MODE": "Plan",
        "READY": "True",
        "INSYNC": "False",
        "COMPLIANT": "Unknown",
        "SCORE": "90",
    }


def test_prints_more_when_asked(seen: Body, kubectl: Kubectl) -> None:
    (row,) = rows(kubectl("get", "securebuckets", "-o", "wide").stdout)
    assert row["ACCOUNT"] == "111122223333"
    assert row["REGION"] == "eu-west-1"
    assert row["PROFILE"] == "production"
    assert row["LASTDRIFT"].endswith(("d", "y"))


def test_is_found_by_category(seen: Body, kubectl: Kubectl) -> None:
    for category in ("aws", "security"):
        assert "securebucket.securebucket.io/seen" in kubectl("get", category, "-o", "name").stdout


def test_prints_profiles(api: Api, kubectl: Kubectl) -> None:
    spec = {"namespaces": ["team-*"], "accountId": "111122223333", "region": "eu-west-1", "mode": "Observe"}
    body = bucket_profile(spec, name="shown")
    api.ask("POST", folder(body), body)
    (row,) = rows(kubectl("get", "bprof", "shown").stdout)
    api.ask("DELETE", f"{folder(body)}/shown")
    assert row.pop("AGE")
    assert row == {
        "NAME": "shown",
        "ACCOUNT": "111122223333",
        "REGION": "eu-west-1",
        "MODE": "Observe",
        "NAMESPACES": '["team-*"]',
    }


def test_prints_exceptions(api: Api, kubectl: Kubectl) -> None:
    body = bucket_exception(ACCEPTANCE, name="shown")
    stored = api.do("POST", folder(body), body)
    condition = {
        "type": "Active",
        "status": "True",
        "reason": "InForce",
        "message": "",
        "lastTransitionTime": "2026-11-23T10:00:00Z",
    }
    status = {"observedGeneration": 1, "conditions": [condition], "buckets": 1}
    api.do("PUT", f"{folder(body)}/shown/status", stored | {"status": status})
    (row,) = rows(kubectl("get", "bexc", "shown").stdout)
    api.ask("DELETE", f"{folder(body)}/shown")
    assert row.pop("AGE")
    assert row == {
        "NAME": "shown",
        "CHECK": "tls-required",
        "BUCKET": "acme-payments-invoices",
        "EXPIRES": "2030-03-31T00:00:00Z",
        "ACTIVE": "True",
        "APPROVER": "security@acme.example",
    }


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("securebucket", "The smallest one that works"),
        ("securebucket.spec.policy.requireTls", "Default: true."),
        ("securebucket.spec.lifecycle.rules.expiration.days", "Days after creation."),
        ("securebucket.status.plan.steps.risk", "Risk of the step: the worst that it can do."),
        ("bucketprofile", "only a profile holds roles"),
        ("bucketexception", "It counts for SecureBuckets of its own namespace"),
        ("bucketexception.spec.expiresAt", "When the check counts again"),
        ("bucketprofile.spec.defaults.encryption.sseAlgorithm", "SSE-KMS"),
    ],
)
def test_explains(api: Api, kubectl: Kubectl, field: str, words: str) -> None:
    """The API server publishes a new kind's schema some moments after it serves the kind."""
    explained = until(lambda: kubectl("explain", field).stdout)
    assert words in " ".join(explained.split())


def test_merges_what_two_writers_own(api: Api, kubectl: Kubectl) -> None:
    """Lists by key: two managers can each own a rule, as server-side apply wants."""

    def rule(name: str) -> str:
        spec = {"lifecycle": {"rules": [{"id": name, "expiration": {"days": 9}}]}}
        return yaml.safe_dump(secure_bucket(spec, name="shared"))

    for manager in ("one", "two"):
        applied = kubectl("apply", "--server-side", f"--field-manager={manager}", "-f", "-", stdin=rule(manager))
        assert applied.returncode == 0, applied.stderr
    path = f"{folder(secure_bucket({}))}/shared"
    stored = api.ask("GET", path).body["spec"]["lifecycle"]["rules"]
    api.ask("DELETE", path)
    assert [each["id"] for each in stored] == ["one", "two"]
