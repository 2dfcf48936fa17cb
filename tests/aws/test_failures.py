"""What an exception of botocore means: its reason, whether time mends it, and what to do."""

import re
from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError

from securebucket.aws.failures import MEANINGS, failure_of


def answer(
    code: str | None, status: int = 400, message: str | None = "told so.", headers: dict[str, str] | None = None
) -> boto.ClientError:
    found: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers or {}}}
    if code is not None:
        found["Error"] = {"Code": code, "Message": message}
    return boto.ClientError(found, "PutBucketPolicy")


@pytest.mark.parametrize(
    ("code", "status", "reason", "retry"),
    [
        ("AccessDenied", 403, "AccessDenied", False),
        ("AccessDeniedException", 400, "AccessDenied", False),
        ("AllAccessDisabled", 403, "AccessDenied", False),
        ("403", 403, "AccessDenied", False),
        ("ExpiredToken", 400, "CredentialsExpired", True),
        ("ExpiredTokenException", 400, "CredentialsExpired", True),
        ("InvalidAccessKeyId", 403, "CredentialsInvalid", False),
        ("InvalidClientTokenId", 403, "CredentialsInvalid", False),
        ("SignatureDoesNotMatch", 403, "CredentialsInvalid", False),
        ("UnrecognizedClientException", 400, "CredentialsInvalid", False),
        ("SlowDown", 503, "Throttled", True),
        ("ThrottlingException", 400, "Throttled", True),
        ("RequestLimitExceeded", 503, "Throttled", True),
        ("503", 503, "Throttled", True),
        ("InternalError", 500, "ServerError", True),
        ("ServiceUnavailable", 503, "ServerError", True),
        ("RequestTimeout", 400, "ServerError", True),
        ("502", 502, "ServerError", True),
        ("OperationAborted", 409, "OperationAborted", True),
        ("PermanentRedirect", 301, "AnswerUnreadable", True),
        ("PermanentRedirect", 400, "WrongRegion", False),
        ("AuthorizationHeaderMalformed", 400, "WrongRegion", False),
        ("301", 301, "AnswerUnreadable", True),
        ("307", 307, "AnswerUnreadable", True),
        ("InvalidLocationConstraint", 400, "InvalidRegion", False),
        ("NoSuchBucket", 404, "BucketMissing", True),
        ("NotImplemented", 501, "Unsupported", False),
        ("XNotImplemented", 501, "Unsupported", False),
        ("MethodNotAllowed", 405, "Unsupported", False),
        ("405", 405, "Unsupported", False),
        ("RequestTimeTooSkewed", 403, "ClockSkewed", True),
        ("BucketAlreadyExists", 409, "BucketOwnedByAnother", False),
        ("MissingNamespaceHeader", 400, "BucketNamespaceNeeded", False),
        ("BucketNotEmpty", 409, "BucketNotEmpty", False),
        ("BucketHasAccessPointsAttached", 409, "BucketHasAccessPoints", False),
        ("InvalidBucketName", 400, "InvalidBucketName", False),
        ("TooManyBuckets", 400, "TooManyBuckets", False),
        ("InvalidTargetBucketForLogging", 400, "LogTargetRefused", True),
        ("CrossLocationLoggingProhibited", 403, "LogTargetInOtherRegion", False),
        ("CrossLocationLoggingProhibitted", 403, "LogTargetInOtherRegion", False),
        ("MalformedPolicy", 400, "PolicyRefused", True),
        ("NotFoundException", 400, "KmsKeyNotFound", False),
        ("MalformedXML", 400, "Rejected", False),
        ("InvalidBucketState", 409, "Rejected", False),
        ("NeverHeardOfIt", 400, "Rejected", False),
        ("NeverHeardOfIt", 500, "ServerError", True),
        ("NeverHeardOfIt", 429, "Throttled", True),
        ("NeverHeardOfIt", 501, "Unsupported", False),
    ],
)
def test_a_code_has_its_reason(code: str, status: int, reason: str, *, retry: bool) -> None:
    found = failure_of(answer(code, status), "PutBucketPolicy")
    assert (found.reason, found.retry, found.code, found.operation) == (reason, retry, code, "PutBucketPolicy")


@pytest.mark.parametrize("code", MEANINGS)
def test_every_message_is_whole(code: str) -> None:
    """No gap left open, one end, and the server's words or the operation in it where they help."""
    message = failure_of(answer(code, message="told so."), "PutBucketPolicy").message
    assert re.fullmatch(r"[A-Z].*[.)]", message)
    assert "{" not in message
    assert ".." not in message


@pytest.mark.parametrize("message", [None, ""])
def test_a_message_that_is_null_or_empty_is_replaced_by_the_code(message: str | None) -> None:
    """Ceph RGW sends none."""
    found = failure_of(answer("MalformedXML", message=message), "PutBucketPolicy")
    assert found.message == "S3 refuses PutBucketPolicy with MalformedXML: MalformedXML."


def test_an_answer_without_any_error_is_told_by_its_status() -> None:
    """The STS of Ceph RGW answers so."""
    found = failure_of(answer(None, 405), "GetCallerIdentity")
    assert (found.reason, found.code) == ("Unsupported", "405")


def test_an_answer_with_nothing_at_all_is_still_a_failure() -> None:
    found = failure_of(boto.ClientError({}, "GetBucketPolicy"), "GetBucketPolicy")
    assert (found.reason, found.retry) == ("Rejected", False)


def test_the_servers_braces_are_only_text() -> None:
    assert "{Version}" in failure_of(answer("MalformedPolicy", message="near {Version}"), "PutBucketPolicy").message


def test_the_region_that_the_server_names_is_told() -> None:
    found = failure_of(answer("PermanentRedirect", 301, headers={"x-amz-bucket-region": "eu-west-1"}), "HeadBucket")
    assert "eu-west-1" in found.message


@pytest.mark.parametrize(
    ("error", "reason", "retry", "words"),
    [
        (boto.NoCredentialsError(), "CredentialsMissing", True, "AWS_PROFILE"),
        (
            boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
            "CredentialsMissing",
            True,
            "",
        ),
        (boto.CredentialRetrievalError(provider="process", error_msg="x"), "CredentialsMissing", True, ""),
        (boto.ProfileNotFound(profile="nope"), "CredentialsMissing", False, "nope"),
        (boto.UnauthorizedSSOTokenError(), "CredentialsExpired", True, "aws sso login"),
        (boto.SSOTokenLoadError(error_msg="x"), "CredentialsExpired", True, "aws sso login"),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), "CredentialsExpired", True, "aws sso login"),
        (boto.NoRegionError(), "RegionMissing", False, "AWS_REGION"),
        (boto.EndpointConnectionError(endpoint_url="http://x"), "EndpointUnreachable", True, "check the endpoint"),
        (boto.ConnectTimeoutError(endpoint_url="http://x"), "EndpointUnreachable", True, "ConnectTimeoutError"),
        (boto.ReadTimeoutError(endpoint_url="http://x"), "EndpointUnreachable", True, "ReadTimeoutError"),
        (boto.ConnectionClosedError(endpoint_url="http://x"), "EndpointUnreachable", True, ""),
        (boto.SSLError(endpoint_url="https://x", error="certificate"), "EndpointUnreachable", True, "SSLError"),
        (boto.ProxyConnectionError(proxy_url="http://x"), "EndpointUnreachable", True, "proxy"),
        (boto.InvalidEndpointConfigurationError(msg="x"), "EndpointInvalid", False, "endpoint.url"),
        (boto.ParamValidationError(report="x"), "InvalidParameters", False, "x"),
        (ResponseParserError("not XML"), "AnswerUnreadable", True, "proxy"),
        (boto.DataNotFoundError(data_path="x"), "AwsClientError", True, "DataNotFoundError"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_an_exception_without_an_answer_has_its_reason(
    error: Exception, reason: str, words: str, *, retry: bool
) -> None:
    found = failure_of(error, "GetBucketPolicy")
    assert (found.reason, found.retry, found.code) == (reason, retry, "")
    assert words in found.message
    assert found.operation == "GetBucketPolicy"
