"""From botocore's exceptions and S3's error codes to failures with a reason and a remedy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from botocore import exceptions as boto

from securebucket.aws.answer_form import UnknownSettingError
from securebucket.aws.bounded_http import AnswerTooLargeError
from securebucket.aws.call_limits import DeadlineError, StoppingError
from securebucket.aws.denial import explain_denial
from securebucket.aws.regions import UnknownRegionError
from securebucket.model.failure import Failure
from securebucket.model.region import region_of

ELSEWHERE = frozenset({"301", "302", "303", "307", "308"})
"""Statuses of an answer that leads to another place."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error code means to us. `{operation}`, `{detail}` and `{remedy}` are filled in where it happened."""

    reason: str
    message: str
    retry: bool = False


DENIED = Meaning("AccessDenied", "{operation} was denied: {detail}. {remedy}.")
THROTTLED = Meaning("Throttled", "{operation} was throttled; it is tried again.", retry=True)
SERVER_ERROR = Meaning("ServerError", "the server failed at {operation}: {detail}; it is tried again.", retry=True)
EXPIRED = Meaning(
    "CredentialsExpired",
    "{operation}: the credentials have expired; renew them (for static keys), or check the role's trust and session.",
    retry=True,
)
INVALID_CREDENTIALS = Meaning(
    "CredentialsInvalid", "{operation}: the server does not know these credentials ({detail}); replace them."
)
WRONG_REGION = Meaning(
    "WrongRegion",
    "{operation}: the bucket lies in another region ({detail}); set spec.region to the bucket's region.",
)
MISSING_BUCKET = Meaning("BucketMissing", "{operation}: there is no such bucket.", retry=True)
UNSUPPORTED = Meaning("Unsupported", "the server does not support {operation}.")
BUSY = Meaning(
    "OperationAborted", "{operation}: another change of the bucket is under way; it is tried again.", retry=True
)

OTHER_REGION = Meaning(
    "LogTargetInOtherRegion", "the log target lies in another region; name one of the bucket's own region."
)
NO_KEY = Meaning("KmsKeyNotFound", "there is no such KMS key; correct spec.encryption.kmsMasterKeyId.")

CODES: Mapping[Meaning, tuple[str, ...]] = {
    DENIED: ("AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation", "403"),
    EXPIRED: ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"),
    INVALID_CREDENTIALS: (
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "InvalidIdentityToken",
    ),
    THROTTLED: (
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "BandwidthLimitExceeded",
        "429",
        "503",
    ),
    SERVER_ERROR: (
        "InternalError",
        "InternalFailure",
        "ServiceUnavailable",
        "RequestTimeout",
        "PriorRequestNotComplete",
        "500",
        "502",
        "504",
    ),
    BUSY: ("OperationAborted",),
    WRONG_REGION: (
        "PermanentRedirect",
        "TemporaryRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "301",
    ),
    MISSING_BUCKET: ("NoSuchBucket",),
    UNSUPPORTED: (
        "NotImplemented",
        "XNotImplemented",
        "UnsupportedOperation",
        "UnsupportedArgument",  # so S3 says of Transfer Acceleration in Regions that have none
        "MethodNotAllowed",
        "501",
        "405",
    ),
    OTHER_REGION: ("CrossLocationLoggingProhibited", "CrossLocationLoggingProhibitted"),
    NO_KEY: ("NotFoundException", "KMS.NotFoundException"),
}
MEANINGS: Mapping[str, Meaning] = {code: meaning for meaning, codes in CODES.items() for code in codes} | {
    "InvalidLocationConstraint": Meaning(
        "InvalidRegion", "{operation}: the server has no region of this name ({detail}); correct spec.region."
    ),
    "RequestTimeTooSkewed": Meaning(
        "ClockSkewed",
        "{operation}: this machine's clock is off; correct it, S3 refuses requests more than 15 minutes away.",
        retry=True,
    ),
    "BucketAlreadyExists": Meaning(
        "BucketOwnedByAnother",
        "another account owns a bucket of this name, and names are global; choose another bucketName.",
    ),
    "MissingNamespaceHeader": Meaning(
        "BucketNamespaceNeeded",
        "a name that ends with -<account>-<region>-an is of an account's regional namespace, and S3 creates it there"
        " only; set spec.bucketNamespace: AccountRegional.",
    ),
    "BucketNotEmpty": Meaning(
        "BucketNotEmpty",
        "the bucket is not empty, so it is not deleted; empty it, or annotate the object with"
        ' securebucket.io/abandon: "true".',
    ),
    "BucketHasAccessPointsAttached": Meaning(
        "BucketHasAccessPoints",
        "the bucket has access points, so it is not deleted; remove them, or annotate the object with"
        ' securebucket.io/abandon: "true".',
    ),
    "InvalidBucketName": Meaning(
        "InvalidBucketName", "the server refuses this bucket name; choose another bucketName."
    ),
    "TooManyBuckets": Meaning("TooManyBuckets", "the account's bucket quota is used up; raise it in Service Quotas."),
    "InvalidTargetBucketForLogging": Meaning(
        "LogTargetRefused",
        "S3 refuses the log target ({detail}). It must exist in this account and region and let"
        " logging.s3.amazonaws.com write: make it a SecureBucket with role LogTarget.",
        retry=True,
    ),
    "MalformedPolicy": Meaning(
        "PolicyRefused",
        "S3 refuses the bucket policy ({detail}). A principal that was just created needs some seconds; otherwise"
        " correct spec.policy.",
        retry=True,
    ),
}


def failure_of(error: Exception, operation: str) -> Failure:
    """Say what an exception of botocore means; `operation` is the API's name of the call.

    Error messages of servers may be missing or null (Ceph RGW), and HeadBucket has no body: its code is the status.
    """
    if isinstance(error, boto.ClientError):
        return _of_answer(error, operation)
    fail = partial(Failure, operation=operation)
    if isinstance(error, boto.NoCredentialsError | boto.PartialCredentialsError | boto.CredentialRetrievalError):
        return fail(
            "CredentialsMissing",
            f"{operation}: no AWS credentials were found; give the operator's ServiceAccount a role (IRSA or Pod"
            " Identity), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            retry=True,
        )
    if isinstance(error, boto.ProfileNotFound):
        return fail("CredentialsMissing", f"{operation}: {error}; correct AWS_PROFILE.")
    if isinstance(error, boto.SSOError | boto.LoginError | boto.TokenRetrievalError | boto.NoAuthTokenError):
        return fail("CredentialsExpired", f"{operation}: {error} Sign in again (`aws sso login`).", True)
    if isinstance(error, StoppingError):
        text = f"{operation} was not asked: the operator is stopping. Its next replica does it."
        return fail("Stopping", text, retry=True)
    if isinstance(error, UnknownRegionError):
        return fail(
            "InvalidRegion",
            f"{operation}: {error}; correct spec.region, the profile's region, AWS_REGION or the ARN that names it. For"
            " a region that is newer than this release, update the operator; for a server of your own, give the"
            " profile's endpoint.url or AWS_ENDPOINT_URL.",
        )
    if isinstance(error, boto.InvalidEndpointConfigurationError):
        return fail("EndpointInvalid", f"{error}; correct the profile's endpoint.url, or AWS_ENDPOINT_URL.")
    if isinstance(error, boto.NoRegionError):
        return fail("RegionMissing", "no region is known; set spec.region, the profile's region, or AWS_REGION.")
    if isinstance(error, boto.HTTPClientError | boto.ConnectionError | boto.IncompleteReadError | DeadlineError):
        told = str(error) if isinstance(error, DeadlineError) else _silence(error)
        return fail(
            "EndpointUnreachable",
            f"{operation}: {told}; check the endpoint, the region, DNS, proxy and network policy. It is tried again.",
            retry=True,
        )
    if isinstance(error, UnknownSettingError):
        text = f"{operation} answered with a list of objects: the server does not know this setting."
        return fail("Unsupported", text)
    if isinstance(error, AnswerTooLargeError) or not isinstance(error, boto.BotoCoreError):
        return unreadable(operation, *([str(error)] if isinstance(error, AnswerTooLargeError) else []))
    if isinstance(error, boto.ParamValidationError):
        return fail("InvalidParameters", f"{operation}: {error}")
    return fail("AwsClientError", f"{operation}: {type(error).__name__}: {error}", retry=True)


def _silence(error: boto.BotoCoreError) -> str:
    address = str(error.kwargs.get("endpoint_url") or "the endpoint").partition("?")[0]
    return f"no answer from {address} ({type(error).__name__})"


def unreadable(operation: str, told: str = "the answer is not one that AWS gives", code: str = "") -> Failure:
    """Say that what came is no answer to a call: nothing is read from it, and nothing written because of it."""
    advice = "check that the endpoint is an S3 server, and what proxy or load balancer stands before it"
    text = f"{operation}: {told}; {advice}. It is tried again."
    return Failure("AnswerUnreadable", text, True, code, operation)


def _of_answer(error: boto.ClientError, operation: str) -> Failure:
    answer = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    status = str(metadata.get("HTTPStatusCode", ""))
    code = str(answer.get("Code") or status)
    detail = str(answer.get("Message") or code).rstrip(".")
    region = region_of(metadata.get("HTTPHeaders", {}).get("x-amz-bucket-region") or answer.get("Region"))
    if status in ELSEWHERE and not region:
        return unreadable(operation, "the answer leads elsewhere, and does not say to which region", code)
    meaning = MEANINGS.get(code)
    if code == "404" and error.operation_name == "HeadBucket":  # without a body there is no other code
        meaning = MISSING_BUCKET
    if meaning is None and status in {"429", "500", "501", "502", "503", "504"}:
        meaning = MEANINGS[status]
    if meaning is None:
        message = f"S3 refuses {operation} with {code}: {detail}."
        return Failure("Rejected", message, retry=False, code=code, operation=operation)
    if meaning is WRONG_REGION and region:
        detail = f"it is in {region}"
    remedy = explain_denial(detail) if meaning is DENIED else ""
    text = meaning.message.format(operation=operation, detail=detail, remedy=remedy)
    return Failure(meaning.reason, text[0].upper() + text[1:], meaning.retry, code, operation)
