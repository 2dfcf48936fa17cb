"""What a message tells of; nothing in it is trusted, and nothing in it makes the reader fail."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.aws.trail_events import ACCOUNT, JANE, SECRET, detail, envelope, message

from securebucket.aws.cloud_trail_event import UserIdentity, actor_of, read_event
from securebucket.aws.sessions import USER_AGENT
from securebucket.model.event_message import Unusable
from securebucket.model.reported_change import ReportedChange

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
OTHER_ACCOUNT = "444455556666"


def read(text: str) -> ReportedChange:
    """Read a message that tells of a change."""
    found = read_event(text)
    assert isinstance(found, ReportedChange), found
    return found


def test_a_change_of_a_bucket() -> None:
    assert read(message()) == ReportedChange("PutBucketPolicy", "acme-invoices", ACCOUNT, NOON, JANE)


def test_the_session_is_told_by_name_and_never_by_its_key() -> None:
    assert SECRET in message()
    assert SECRET not in repr(read(message()))


@pytest.mark.parametrize("event", ["PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock"])
def test_a_change_of_an_account_names_no_bucket(event: str) -> None:
    """S3 Control's calls are told under the name of S3."""
    text = message(event, requestParameters={"accountId": ACCOUNT}, resources=None)
    assert read(text) == ReportedChange(event, "", ACCOUNT, NOON, JANE)


@pytest.mark.parametrize(
    ("parts", "bucket", "account"),
    [
        pytest.param({"resources": None}, "acme-invoices", ACCOUNT, id="the request alone"),
        pytest.param({"resources": []}, "acme-invoices", ACCOUNT, id="no resource yet"),
        pytest.param({"requestParameters": None}, "acme-invoices", ACCOUNT, id="the resource alone"),
        pytest.param(
            {"requestParameters": {"resourceArn": "arn:aws:s3:::acme-invoices"}, "resources": None},
            "acme-invoices",
            ACCOUNT,
            id="TagResource",
        ),
        pytest.param(
            {"requestParameters": {"resourceArn": "arn:aws-cn:s3:::acme-invoices"}, "resources": None},
            "acme-invoices",
            ACCOUNT,
            id="another partition",
        ),
        pytest.param(
            {"resources": [{"ARN": "arn:aws:s3:::acme-invoices", "accountId": OTHER_ACCOUNT}]},
            "acme-invoices",
            OTHER_ACCOUNT,
            id="the owner of the bucket and not the caller",
        ),
        pytest.param(
            {"resources": [{"ARN": "arn:aws:s3:::another", "accountId": OTHER_ACCOUNT}]},
            "acme-invoices",
            ACCOUNT,
            id="the request wins",
        ),
    ],
)
def test_the_bucket_and_its_account_are_found(parts: dict[str, Any], bucket: str, account: str) -> None:
    found = read(message("TagResource", **parts))
    assert (found.bucket, found.account_id) == (bucket, account)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(message("GetBucketPolicy"), id="a read"),
        pytest.param(message("PutObject"), id="an object"),
        pytest.param(message("PutBucketWeather"), id="a setting that this release does not know"),
        pytest.param(message(errorCode="AccessDenied"), id="a call that failed"),
        pytest.param(message(eventSource="kms.amazonaws.com"), id="another service"),
        pytest.param(
            message(
                "TagResource",
                requestParameters={"resourceArn": "arn:aws:s3:eu-west-1:1:accesspoint/a"},
                resources=[],
            ),
            id="an access point",
        ),
        pytest.param(json.dumps(envelope(source="aws.ec2")), id="another source"),
        pytest.param(json.dumps(envelope({"bucket": {"name": "b"}}, **{"detail-type": "Object Created"})), id="S3"),
    ],
)
def test_what_is_about_something_else_is_ignored(text: str) -> None:
    assert read_event(text) is Unusable.IGNORED


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("hello", id="no JSON"),
        pytest.param("[]", id="a list"),
        pytest.param("[" * 100_000, id="a bottomless list"),
        pytest.param("{}", id="nothing in it"),
        pytest.param(json.dumps(envelope() | {"detail": "text"}), id="a detail that is none"),
        pytest.param(json.dumps(envelope({})), id="a detail with nothing in it"),
        pytest.param(message(eventTime="yesterday"), id="no time"),
        pytest.param(message(eventTime="2026-06-01T12:00:00"), id="a time of nowhere"),
        pytest.param(message(recipientAccountId="root"), id="no account"),
        pytest.param(message(userIdentity="root"), id="no identity"),
        pytest.param(message(bucket="<script>"), id="a bucket that cannot be"),
        pytest.param(message(bucket="a" * 300), id="a name that is too long"),
        pytest.param(message(requestParameters={"bucketName": ["a", "b"]}), id="a list of buckets"),
    ],
)
def test_what_is_no_event_is_malformed(text: str) -> None:
    assert read_event(text) is Unusable.MALFORMED


def test_an_event_with_half_a_character_tells_of_its_change_all_the_same() -> None:
    """Who writes one into a policy has it in the event of that very change, too."""
    policy = {"bucketName": "acme-invoices", "bucketPolicy": {"Statement": [{"Sid": "\ud800"}]}}
    assert read(message("PutBucketPolicy", requestParameters=policy, resources=[])).bucket == "acme-invoices"


TEXT = st.text('aZ09 _-:/.*{}"\\\n\x00\u2028é😀', max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(detail(), JSON)))
def test_no_content_makes_it_fail(changed: dict[str, Any]) -> None:
    assert read_event(json.dumps(envelope(detail() | changed))) is not None


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        pytest.param({"type": "AssumedRole", "arn": JANE}, JANE, id="a session, with its name"),
        pytest.param({"type": "Root", "arn": "arn:aws:iam::1:root"}, "arn:aws:iam::1:root", id="root"),
        pytest.param({"type": "IAMUser", "arn": "arn:aws:iam::1:user/a/joe"}, "arn:aws:iam::1:user/a/joe", id="user"),
        pytest.param({"type": "AWSService", "invokedBy": "config.amazonaws.com"}, "config.amazonaws.com", id="AWS"),
        pytest.param({"type": "AWSAccount", "accountId": OTHER_ACCOUNT}, OTHER_ACCOUNT, id="an account"),
        pytest.param({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"}, "ANONYMOUS_PRINCIPAL", id="nobody"),
        pytest.param({"type": "Unknown"}, "", id="not told"),
        pytest.param({"arn": "arn:aws:iam::1:user/<img src=x>"}, "", id="what no ARN has in it"),
        pytest.param({"arn": "jane\nReady: True"}, "", id="a second line"),
        pytest.param({"arn": "a" * 513}, "", id="too long"),
    ],
)
def test_who_made_the_call(identity: dict[str, str], actor: str) -> None:
    assert actor_of(UserIdentity.model_validate(identity)) == actor


@pytest.mark.parametrize(
    ("agent", "own"), [(f"[{USER_AGENT}]", True), (USER_AGENT, True), ("[aws-cli/2.31.0]", False), (None, False)]
)
def test_a_caller_by_our_name_is_known(agent: str | None, own: bool) -> None:
    assert read(message(userAgent=agent)).own_agent is own
