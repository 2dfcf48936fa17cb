"""Sessions and clients: whose credentials, which region and endpoint, how patient; made once and shared."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import InvalidEndpointConfigurationError, NoCredentialsError, ProfileNotFound
from botocore.loaders import create_loader
from tests.aws.wire import Answer, always

from securebucket.aws.account import Accounts, Identity
from securebucket.aws.edge import Aws
from securebucket.aws.metering import instrument
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "111122223333"
ROLE = "arn:aws:iam::444455556666:role/fleet/securebucket"
GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "cross-account.md"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set only what each test sets itself."""
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def recorder(localstack_process: LocalStack) -> Iterator[Recorder]:
    with Recorder(localstack_process.endpoint) as proxy:
        yield proxy


def quiet(_: Any) -> None:
    """Instrument nothing."""


LOADER = create_loader()
"""One for all tests: reading the service models again would cost each of them 0.1 s."""


def sessions(**options: Any) -> Sessions:
    return Sessions(**{"instrument": quiet, "_loader": LOADER, **options})


# region


@pytest.mark.parametrize(
    ("variables", "profile", "region"),
    [
        ({"AWS_REGION": "eu-west-1"}, "", "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "", "eu-west-2"),
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "", "eu-west-1"),
        ({}, "[default]\nregion = eu-west-3\n", "eu-west-3"),
        ({"AWS_PROFILE": "x"}, "[profile x]\nregion = eu-south-1\n", "eu-south-1"),
        ({}, "", ""),
    ],
)
def test_the_region_is_where_every_sdk_looks_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], profile: str, region: str
) -> None:
    (tmp_path / "config").write_text(profile)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert sessions().ambient_region() == region


@pytest.mark.parametrize(
    ("binding", "asked", "region"),
    [
        (Binding(), "", "eu-west-1"),
        (Binding(region="eu-west-2"), "", "eu-west-2"),
        (Binding(region="eu-west-2"), "eu-west-3", "eu-west-3"),
    ],
)
def test_a_client_is_of_the_nearest_region_that_is_named(
    monkeypatch: pytest.MonkeyPatch, binding: Binding, asked: str, region: str
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert sessions().client(binding, "s3", asked).meta.region_name == region


# endpoint and addressing


def request_of(client: Any) -> Any:
    """Give the request that a call would send."""
    wire = always(Answer(200, "<VersioningConfiguration/>"))
    wire.take(client)
    client.get_bucket_versioning(Bucket="acme")
    return wire.requests[0]


@pytest.mark.parametrize(
    ("binding", "variables", "url"),
    [
        (Binding(region="eu-west-1"), {}, "https://acme.s3.eu-west-1.amazonaws.com/"),
        (Binding(region="eu-west-1", endpoint="https://s3.example.com"), {}, "https://s3.example.com/acme"),
        (
            Binding(region="eu-west-1", endpoint="https://s3.example.com", path_style=False),
            {},
            "https://acme.s3.example.com/",
        ),
        (
            Binding(region="eu-west-1"),
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"},
            "http://127.0.0.1:9000/acme",
        ),
        (
            Binding(region="eu-west-1"),
            {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9001"},
            "http://127.0.0.1:9001/acme",
        ),
        (
            Binding(region="eu-west-1", endpoint="https://s3.example.com"),
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:9000"},
            "https://s3.example.com/acme",
        ),
    ],
    ids=["AWS", "profile", "profile, bucket in the host", "environment", "environment for S3", "profile wins"],
)
def test_a_request_goes_to_the_endpoint_that_is_named(
    monkeypatch: pytest.MonkeyPatch, binding: Binding, variables: dict[str, str], url: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert request_of(sessions().client(binding, "s3")).url == f"{url}?versioning"


@pytest.mark.parametrize("endpoint", ["http://", "http://bad_host:99999"])
def test_an_endpoint_that_is_no_url_is_told(endpoint: str) -> None:
    """The profile's field takes it; botocore raises a bare ValueError."""
    with pytest.raises(InvalidEndpointConfigurationError):
        sessions().client(Binding(region="eu-west-1", endpoint=endpoint), "s3")
    found = Accounts(sessions()).identify(Binding(region="eu-west-1", endpoint=endpoint))
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("EndpointInvalid", False)


# patience


def test_no_call_waits_without_end_or_tries_without_end() -> None:
    config = sessions().client(Binding(region="eu-west-1"), "s3").meta.config
    assert (config.connect_timeout, config.read_timeout) == (5, 15)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_calls_say_who_makes_them() -> None:
    request = request_of(sessions().client(Binding(region="eu-west-1"), "s3"))
    assert b"securebucket-operator/" in request.headers["User-Agent"]


def test_the_pool_has_a_connection_for_every_thread() -> None:
    assert sessions(threads=40).client(Binding(region="eu-west-1"), "s3").meta.config.max_pool_connections == 40


# sharing


def test_a_client_is_made_once() -> None:
    known = sessions()
    first = known.client(Binding(region="eu-west-1"), "s3")
    assert known.client(Binding(region="eu-west-1"), "s3", "eu-west-1") is first
    others = {
        "region": known.client(Binding(region="eu-west-1"), "s3", "eu-west-2"),
        "service": known.client(Binding(region="eu-west-1"), "sts"),
        "binding": known.client(Binding(region="eu-west-1", account_id=ACCOUNT), "s3"),
    }
    assert all(each is not first for each in others.values())


def test_threads_share_it() -> None:
    known, found = sessions(), []
    threads = [
        threading.Thread(target=lambda: found.append(known.client(Binding(region="eu-west-1"), "s3"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_identities_are_told_apart() -> None:
    """Two profiles with the same role and different external ids must not act with each other's session."""
    known = sessions()
    for binding in (
        Binding(region="eu-west-1"),
        Binding(region="eu-west-1", role_arn=ROLE),
        Binding(region="eu-west-1", role_arn=ROLE, external_id="a"),
        Binding(region="eu-west-1", role_arn=ROLE, external_id="b"),
        Binding(region="eu-west-1", role_arn=ROLE, external_id="b", endpoint="http://127.0.0.1:9000"),
    ):
        known.client(binding, "s3")
    assert len(known._sessions) == 5


# identities


def test_the_ambient_credentials_are_used(recorder: Recorder) -> None:
    found = Accounts(sessions()).identify(Binding(region="us-east-1", endpoint=recorder.endpoint))
    assert isinstance(found, Identity)
    assert found.account_id == ACCOUNT


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_role_is_assumed_with_its_external_id(
    monkeypatch: pytest.MonkeyPatch, recorder: Recorder, variable: str
) -> None:
    """Also where only AWS_REGION is set, which botocore itself does not read."""
    monkeypatch.setenv(variable, "eu-west-1")
    binding = Binding(role_arn=ROLE, external_id="fleet-7", endpoint=recorder.endpoint, account_id="444455556666")
    found = Accounts(sessions()).identify(binding)
    assert isinstance(found, Identity)
    assert found.arn.startswith("arn:aws:sts::444455556666:assumed-role/securebucket/")
    (assumed,) = recorder.named("AssumeRole")
    body = assumed.body.decode()
    assert "ExternalId=fleet-7" in body
    assert "RoleSessionName=securebucket-operator" in body
    assert assumed.name.region == "eu-west-1"


def test_a_role_is_assumed_once_for_all_clients(recorder: Recorder) -> None:
    known = sessions()
    binding = Binding(region="us-east-1", role_arn=ROLE, endpoint=recorder.endpoint)
    for region in ("us-east-1", "eu-west-1"):
        known.client(binding, "s3", region).list_buckets()
    assert len(recorder.named("AssumeRole")) == 1


def test_assuming_a_role_is_counted_like_any_call(recorder: Recorder) -> None:
    seen: list[tuple[str, str, str]] = []
    known = sessions(instrument=instrument(lambda service, operation, code, _: seen.append((service, operation, code))))
    known.client(Binding(region="us-east-1", role_arn=ROLE, endpoint=recorder.endpoint), "s3").list_buckets()
    assert seen == [("sts", "AssumeRole", "200"), ("s3", "ListBuckets", "200")]


def test_a_role_that_may_not_be_assumed_says_so(recorder: Recorder) -> None:
    recorder.fail("AssumeRole", 403, "InvalidClientTokenId", times=9)
    found = Accounts(sessions()).identify(Binding(region="us-east-1", role_arn=ROLE, endpoint=recorder.endpoint))
    assert isinstance(found, Failure)
    assert found.reason == "CredentialsInvalid"


@pytest.mark.parametrize(("external_id", "said"), [("fleet-7", "external id fleet-7"), ("", "no external id")])
def test_a_role_that_refuses_us_is_named_and_what_to_look_at(recorder: Recorder, external_id: str, said: str) -> None:
    """Also on another server than AWS, which would otherwise be taken for one without STS."""
    recorder.fail("AssumeRole", 403, "AccessDenied", times=9)
    binding = Binding(region="us-east-1", role_arn=ROLE, external_id=external_id, endpoint=recorder.endpoint)
    found = Accounts(sessions()).identify(binding)
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, found.operation) == ("RoleNotAssumed", False, "AssumeRole")
    assert f"role {ROLE} could not be assumed with {said}: " in found.message
    assert "trust policy" in found.message


def test_the_guide_shows_this_message(recorder: Recorder) -> None:
    """No server here refuses a role, so the page cannot run into it itself."""
    recorder.fail("AssumeRole", 403, "AccessDenied", times=9)
    role = "arn:aws:iam::444455556666:role/securebucket"
    binding = Binding(region="us-east-1", role_arn=role, external_id="acme-cluster-eu", endpoint=recorder.endpoint)
    found = Accounts(sessions()).identify(binding)
    assert isinstance(found, Failure)
    assert f"```text\n{found.message}\n```" in GUIDE.read_text()


def test_a_role_that_cannot_be_asked_for_just_now_is_tried_again(recorder: Recorder) -> None:
    recorder.fail("AssumeRole", 400, "Throttling", times=9)
    found = Accounts(sessions()).identify(Binding(region="us-east-1", role_arn=ROLE, endpoint=recorder.endpoint))
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("Throttled", True)


@pytest.mark.parametrize("role", ["", ROLE], ids=["own", "role"])
def test_without_credentials_nothing_is_asked_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, recorder: Recorder, role: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    binding = Binding(region="us-east-1", role_arn=role, endpoint=recorder.endpoint)
    known = sessions()
    with pytest.raises(NoCredentialsError):
        known.client(binding, "s3").list_buckets()
    found = Accounts(known).identify(binding)
    assert isinstance(found, Failure)
    assert (found.reason, recorder.calls) == ("CredentialsMissing", ())


def test_a_profile_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nope")
    known = sessions()
    with pytest.raises(ProfileNotFound):
        known.client(Binding(region="eu-west-1"), "s3")
    found = Accounts(known).identify(Binding(region="eu-west-1"))
    assert isinstance(found, Failure)
    assert (found.reason, "nope" in found.message) == ("CredentialsMissing", True)


def test_without_a_region_that_is_told() -> None:
    found = Aws(lambda *_: None).bucket(Binding(), Identity(ACCOUNT, "", "aws"), "acme", "")
    assert isinstance(found, Failure)
    assert (found.reason, "AWS_REGION" in found.message) == ("RegionMissing", True)
