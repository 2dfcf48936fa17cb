"""The recorder tells what was asked, and breaks what it is told to break."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from securebucket_dev.s3.bare import client
from securebucket_dev.s3.fault import ALWAYS
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder

BUCKET = "recorded"
POLICY = '{"Version":"2012-10-17","Statement":[]}'


@pytest.fixture
def s3(recorder: Recorder) -> Any:
    """A client of LocalStack through the recorder, with one bucket and an empty record."""
    made = client(recorder.endpoint)
    made.create_bucket(Bucket=BUCKET)
    recorder.clear()
    return made


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[int, str]:
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def test_a_call_is_recorded_with_its_answer(recorder: Recorder, s3: Any) -> None:
    with pytest.raises(ClientError):
        s3.get_bucket_policy(Bucket=BUCKET, ExpectedBucketOwner="000000000000")
    (call,) = recorder.calls
    assert (call.service, call.operation, call.bucket) == ("s3", "GetBucketPolicy", BUCKET)
    assert (call.method, call.path, call.query) == ("GET", f"/{BUCKET}", {"policy": ""})
    assert (call.status, call.error_code, call.reached) == (404, "NoSuchBucketPolicy", True)
    assert (call.expected_owner, call.name.account, call.name.region) == ("000000000000",) * 2 + ("us-east-1",)
    assert call.headers["user-agent"].startswith("Boto3/")
    assert 0 <= call.ended - call.started < 60
    assert str(call) == f"GetBucketPolicy {BUCKET} -> 404 NoSuchBucketPolicy"


def test_no_secret_is_recorded(recorder: Recorder, s3: Any) -> None:
    s3.list_buckets()
    assert "authorization" not in recorder.calls[0].headers


def test_a_body_is_recorded_and_goes_on_unchanged(recorder: Recorder, s3: Any) -> None:
    s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    assert recorder.calls[0].body.decode() == POLICY
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == POLICY


def test_writes_reads_and_deletes_are_told_apart(recorder: Recorder, s3: Any) -> None:
    s3.head_bucket(Bucket=BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    s3.delete_bucket_policy(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x")
    s3.delete_object(Bucket=BUCKET, Key="k")
    assert [call.operation for call in recorder.reads] == ["HeadBucket"]
    assert [call.operation for call in recorder.writes] == [
        "PutBucketPolicy",
        "DeleteBucketPolicy",
        "PutObject",
        "DeleteObject",
    ]
    assert [call.operation for call in recorder.deletes] == ["DeleteBucketPolicy"]
    assert [call.operation for call in recorder.named("PutObject", "HeadBucket")] == ["HeadBucket", "PutObject"]


def test_other_services_are_recorded_but_are_no_s3(recorder: Recorder) -> None:
    client(recorder.endpoint, "sts").get_caller_identity()
    client(recorder.endpoint, "kms").list_keys()
    assert [(call.service, call.operation) for call in recorder.others] == [
        ("sts", "GetCallerIdentity"),
        ("kms", "ListKeys"),
    ]
    assert recorder.writes == recorder.reads == ()


def test_the_accounts_block_is_s3_control(recorder: Recorder) -> None:
    control = client(recorder.endpoint, "s3control", account="123456789012")
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        control.get_public_access_block(AccountId="123456789012")
    assert [(call.service, call.operation) for call in recorder.reads] == [("s3control", "GetPublicAccessBlock")]


def test_clear_forgets_calls_and_keeps_faults(recorder: Recorder, s3: Any) -> None:
    recorder.fail("HeadBucket", 500, "InternalError")
    s3.list_buckets()
    recorder.clear()
    assert recorder.calls == ()
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=BUCKET)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (503, "SlowDown"),
        (403, "AccessDenied"),
        (409, "OperationAborted"),
        (400, "ExpiredToken"),
        (500, "InternalError"),
    ],
)
def test_a_fault_is_answered_as_aws_would_and_the_server_is_not_asked(
    status: int, code: str, recorder: Recorder, s3: Any
) -> None:
    recorder.fail("PutBucketPolicy", status, code)
    with pytest.raises(ClientError) as error:
        s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    assert code_of(error) == (status, code)
    assert [(call.status, call.error_code, call.reached) for call in recorder.calls] == [(status, code, False)]
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket=BUCKET)


def test_a_fault_strikes_as_often_as_it_was_told(recorder: Recorder, s3: Any) -> None:
    fault = recorder.fail("GetBucketVersioning", times=2)
    for _ in range(2):
        with pytest.raises(ClientError, match="SlowDown"):
            s3.get_bucket_versioning(Bucket=BUCKET)
    s3.get_bucket_versioning(Bucket=BUCKET)
    assert fault.used == 2


def test_a_fault_strikes_what_matches_only(recorder: Recorder, s3: Any) -> None:
    recorder.fail("PutBucket*", bucket="other-*", times=ALWAYS)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    s3.create_bucket(Bucket="other-one")
    with pytest.raises(ClientError, match="SlowDown"):
        s3.put_bucket_policy(Bucket="other-one", Policy=POLICY)


def test_a_lost_answer_leaves_the_write_done(recorder: Recorder, s3: Any) -> None:
    recorder.fail("PutBucketPolicy", 500, "InternalError", executed=True)
    with pytest.raises(ClientError, match="InternalError"):
        s3.put_bucket_policy(Bucket=BUCKET, Policy=POLICY)
    assert recorder.calls[0].reached
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == POLICY


@pytest.mark.parametrize("executed", [False, True])
def test_a_connection_is_dropped(executed: bool, recorder: Recorder, s3: Any) -> None:
    recorder.drop("CreateBucket", executed=executed)
    with pytest.raises(ConnectionClosedError):
        s3.create_bucket(Bucket="dropped")
    assert (recorder.calls[0].status, recorder.calls[0].reached) == (0, executed)
    found = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert ("dropped" in found) is executed


def test_a_delay_is_a_delay_and_no_more(recorder: Recorder, s3: Any) -> None:
    recorder.delay("GetBucketVersioning", 0.2)
    started = time.monotonic()
    s3.get_bucket_versioning(Bucket=BUCKET)
    assert time.monotonic() - started >= 0.2
    assert recorder.calls[0].status == 200


def test_a_delay_does_not_hold_up_other_connections(recorder: Recorder, s3: Any) -> None:
    recorder.delay("GetBucketVersioning", 0.5)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(s3.get_bucket_versioning, Bucket=BUCKET)
        pool.submit(s3.head_bucket, Bucket=BUCKET).result()
        assert not slow.done()
        slow.result()


def test_faults_of_other_services_have_their_own_shape(recorder: Recorder) -> None:
    recorder.fail("GetCallerIdentity", 403, "ExpiredToken")
    recorder.fail("ListKeys", 400, "AccessDeniedException")
    with pytest.raises(ClientError) as error:
        client(recorder.endpoint, "sts").get_caller_identity()
    assert code_of(error) == (403, "ExpiredToken")
    with pytest.raises(ClientError) as error:
        client(recorder.endpoint, "kms").list_keys()
    assert code_of(error) == (400, "AccessDeniedException")
    assert [call.error_code for call in recorder.others] == ["ExpiredToken", "AccessDeniedException"]


def test_heal_forgets_every_fault(recorder: Recorder, s3: Any) -> None:
    recorder.fail("*", times=ALWAYS)
    recorder.enforce_expected_owner("111111111111")
    recorder.heal()
    s3.head_bucket(Bucket=BUCKET, ExpectedBucketOwner="222222222222")


def test_heal_lets_go_what_is_held_up(recorder: Recorder, s3: Any) -> None:
    held = recorder.delay("GetBucketVersioning", 15)
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(s3.get_bucket_versioning, Bucket=BUCKET)
        while not held.used and time.monotonic() - started < 10:
            time.sleep(0.01)
        recorder.heal()
        assert answer.result(10)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("expected", "status"), [("111111111111", 200), ("222222222222", 403)])
def test_another_expected_owner_is_denied(expected: str, status: int, recorder: Recorder, s3: Any) -> None:
    recorder.enforce_expected_owner("111111111111")
    if status == 403:
        with pytest.raises(ClientError) as error:
            s3.get_bucket_versioning(Bucket=BUCKET, ExpectedBucketOwner=expected)
        assert code_of(error) == (403, "AccessDenied")
    else:
        s3.get_bucket_versioning(Bucket=BUCKET, ExpectedBucketOwner=expected)
    assert [call.status for call in recorder.calls] == [status]


def test_a_call_without_expected_owner_passes(recorder: Recorder, s3: Any) -> None:
    recorder.enforce_expected_owner("111111111111")
    s3.get_bucket_versioning(Bucket=BUCKET)


def test_large_bodies_pass_both_ways(s3: Any) -> None:
    body = bytes(range(256)) * 20_000
    s3.put_object(Bucket=BUCKET, Key="large", Body=body)
    assert s3.get_object(Bucket=BUCKET, Key="large")["Body"].read() == body
    assert s3.head_object(Bucket=BUCKET, Key="large")["ContentLength"] == len(body)


def test_a_server_that_closes_every_connection_is_no_matter(moto_server: MotoServer) -> None:
    """As moto does; the client keeps one connection to the recorder all the same."""
    with Recorder(moto_server.endpoint) as recorder:
        made = client(recorder.endpoint)
        for _ in range(3):
            made.list_buckets()
        assert [call.status for call in recorder.calls] == [200, 200, 200]


def test_a_server_that_is_gone_is_a_502_of_its_own_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Recorder(f"http://127.0.0.1:{port}") as recorder:
        with pytest.raises(ClientError, match="UpstreamUnreachable"):
            client(recorder.endpoint).list_buckets()
        assert [(call.status, call.reached) for call in recorder.calls] == [(502, False)]


def test_closing_does_not_wait_for_what_is_delayed(localstack: LocalStack) -> None:
    with ThreadPoolExecutor(1) as pool:
        with Recorder(localstack.endpoint) as recorder:
            fault = recorder.delay("ListBuckets", 60)
            asked = pool.submit(client(recorder.endpoint).list_buckets)
            deadline = time.monotonic() + 10
            while not fault.used and time.monotonic() < deadline:
                time.sleep(0.01)
            closing = time.monotonic()
        assert time.monotonic() - closing < 5
        asked.exception(timeout=5)


def test_after_its_end_nothing_listens(moto_server: MotoServer) -> None:
    with Recorder(moto_server.endpoint) as recorder:
        port = int(recorder.endpoint.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)
