"""Every example, applied with kubectl and brought to its end by the operator."""

from collections.abc import Iterator

import pytest
from tests.api.test_examples import EXAMPLES, FILES, documents
from tests.e2e.api import GROUP, MERGE, Api, Body
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import condition

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3 import bare
from securebucket_dev.s3.copying_role import make_copying_role
from securebucket_dev.s3.localstack import LocalStack

FOLDER = f"{GROUP}/namespaces/demo/securebuckets"
PLANNED = {"archive"}
OBSERVED = {"legacy-reports"}
NAMES = sorted(
    document["metadata"]["name"] for path in FILES for document in documents(path) if document["kind"] == "SecureBucket"
)


@pytest.fixture(scope="module", autouse=True)
def applied(operator: OperatorProcess, api: Api, kubectl: Kubectl, localstack: LocalStack) -> Iterator[None]:
    """All examples at once; the bucket that was there before has nothing set, and the role of copies is there."""
    bare.client(localstack.endpoint).create_bucket(Bucket="acme-legacy-reports")
    make_copying_role(localstack.endpoint)
    api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": "demo"}})
    done = kubectl("apply", "-R", "-f", str(EXAMPLES))
    assert done.returncode == 0, done.stderr
    yield
    kubectl("delete", "-R", "-f", str(EXAMPLES), "--wait=false")


def seen(api: Api, name: str, kind: str) -> Body:
    """Wait until the operator has said what it thinks of an object, and it is True where it must be."""

    def look() -> Body:
        body = api.do("GET", f"{FOLDER}/{name}")
        return body if condition(body, kind).get("status") == "True" else {}

    return until(look, told=lambda: api.do("GET", f"{FOLDER}/{name}").get("status"))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PLANNED | OBSERVED])
def test_converges(api: Api, name: str) -> None:
    body = seen(api, name, "Ready")
    assert condition(body, "InSync")["status"] == "True"
    assert body["status"]["effective"]["mode"] == "Enforce"  # what the column Mode shows


def test_the_bucket_of_another_account_is_made_there(api: Api, localstack: LocalStack) -> None:
    bucket = seen(api, "refunds", "Ready")["status"]["bucket"]
    assert bucket["accountId"] == "444455556666"
    there = bare.client(localstack.endpoint, account="444455556666").list_buckets()["Buckets"]
    assert bucket["name"] in [each["Name"] for each in there]


def test_the_accepted_failure_is_told_of(api: Api) -> None:
    """Until its end, which lies somewhere after this was written, it counts."""
    path = f"{GROUP}/namespaces/demo/bucketexceptions/thumbnails-without-logs"

    def judged() -> Body:
        return condition(api.do("GET", path), "Active")

    assert until(judged)["reason"] in {"InForce", "NoSuchBucket", "Expired", "TooLong"}
    until(lambda: api.do("GET", path)["status"]["buckets"] == 1)


def test_the_archive_waits_for_exactly_its_approval(api: Api, localstack: LocalStack) -> None:
    """Making the bucket is one plan, and what remains to be done to it may be another."""
    path = f"{FOLDER}/archive"
    s3 = bare.client(localstack.endpoint)
    approved: list[str] = []

    def ready_or_planned() -> Body:
        body = api.do("GET", path)
        proposed = body.get("status", {}).get("plan", {}).get("hash", "")
        ready = condition(body, "Ready").get("status") == "True"
        return body if ready or (proposed and proposed not in approved) else {}

    while "plan" in (body := until(ready_or_planned, told=lambda: api.do("GET", path).get("status")))["status"]:
        if not approved:
            assert "acme-demo-archive" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
        approved.append(body["status"]["plan"]["hash"])
        assert len(approved) <= 3, "the plan keeps changing"
        api.do("PATCH", path, {"metadata": {"annotations": {"securebucket.io/approve": approved[-1]}}}, MERGE)
    assert approved
    lock = s3.get_object_lock_configuration(Bucket="acme-demo-archive")["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Years": 7}


def test_the_bucket_of_others_is_told_of_and_left_alone(api: Api, localstack: LocalStack) -> None:
    def drifted() -> Body:
        body = api.do("GET", f"{FOLDER}/legacy-reports")
        return body if condition(body, "InSync").get("status") == "False" else {}

    body = until(drifted)
    assert {"name": "versioning", "state": "Drifted"}.items() <= next(
        each for each in body["status"]["controls"] if each["name"] == "versioning"
    ).items()
    assert "Status" not in bare.client(localstack.endpoint).get_bucket_versioning(Bucket="acme-legacy-reports")
