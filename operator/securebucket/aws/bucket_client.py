"""One bucket over the wire: locate it, read its documents, make one call. Every answer is a value."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from botocore.exceptions import UnknownServiceError

from securebucket.aws.asking import Refused, answer_of, call, observe, settle
from securebucket.aws.patience import Patience
from securebucket.aws.s3_calls import S3Calls
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call
from securebucket.model.control import Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Flow, Read, Reading
from securebucket.model.region import region_of

S = TypeVar("S")

CREATE = "create_bucket"
ABOUT_US = frozenset({"CredentialsExpired", "CredentialsInvalid", "CredentialsMissing", "ClockSkewed"})
"""Reasons that have nothing to do with the bucket."""


def _s3_alone(service: str) -> Any:
    raise UnknownServiceError(service_name=service, known_service_names="s3")


@dataclass(frozen=True, slots=True)
class Located:
    """The bucket is there, in this region; empty where the server does not tell (Ceph RGW)."""

    region: str


@dataclass(frozen=True, slots=True)
class Missing:
    """HeadBucket answered 404. Once is no proof: never create on one."""


@dataclass(frozen=True, slots=True)
class BucketClient:
    """Calls about one bucket, all with the bucket-owner condition.

    Args:
        s3: over a client of the bucket's region.
        name: the bucket.
        account_id: whose bucket it must be; empty where the server has no accounts.
        pool: runs the reads of one bucket side by side; None makes them one after another.
        patience: of the pass that this client is made for.
        other: gives the boto3 client of another service in the bucket's region.
    """

    s3: S3Calls
    name: str
    account_id: str
    pool: Executor | None = None
    patience: Patience = field(default_factory=Patience)
    other: Callable[[str], Any] = _s3_alone

    def locate(self) -> Located | Missing | Failure:
        """Find out whether the bucket exists, is ours, and where it is."""
        answer = self._ask("head_bucket")
        if not isinstance(answer, Refused):
            return Located(region_of(answer.get("BucketRegion")))
        if answer.reason == "BucketMissing":
            return Missing()
        told = self._reason_behind(answer.code)
        if told is not None:
            return told
        if answer.code in {"403", "AccessDenied"}:
            return Failure(
                "BucketForbidden",
                f"HeadBucket of {self.name} was denied: the bucket belongs to another account, or the operator"
                " lacks s3:ListBucket on it. Choose another bucketName, or grant the right.",
                code=answer.code,
                operation="HeadBucket",
            )
        return answer.failure

    def _reason_behind(self, status: str) -> Failure | None:
        """Ask again in a way that has an answer with a body: HeadBucket's 400 and 403 do not say why.

        An expired token, unknown keys or a wrong clock would look like somebody else's bucket.
        """
        if status not in {"400", "403"}:
            return None
        failure = _failed(self._ask("get_bucket_location", about="HeadBucket"))
        return failure if failure and failure.reason in ABOUT_US else None

    def read_all(self, controls: tuple[Control[Any], ...], bucket: Bucket) -> Mapping[str, Reading[Any]]:
        """Read the documents of many controls; one that cannot be read never hides the others."""

        def read(control: Control[Any]) -> Reading[Any]:
            return self.read(control, bucket)

        run = map if self.pool is None or len(controls) == 1 else self.pool.map
        return dict(zip([control.name for control in controls], run(read, controls), strict=True))

    def read(self, control: Control[S], bucket: Bucket) -> Reading[S]:
        """Read all that one control wants to know."""
        return self.observe(control.observe(bucket))

    def observe(self, flow: Flow[S]) -> Reading[S]:
        """Answer whatever a flow wants to know of the bucket."""
        return observe(flow, self._answer)

    def make(self, call: Call) -> Failure | None:
        """Make one write; None means that the server accepted it."""
        failure = _failed(self._ask(call.operation, call.parameters, service=call.service))
        return replace(failure, message=f"{failure.message} {call.why}") if failure and call.why else failure

    def create(
        self, region: str, tags: Mapping[str, str], *, object_lock: bool, account_regional: bool = False
    ) -> Failure | None:
        """Create the bucket with its ownership tags in the same call, so that a crash cannot strand it.

        A server that knows no tags at creation gets them right afterwards (Ceph RGW refuses the element).
        Success proves nothing: in us-east-1 CreateBucket answers 200 for a bucket that one already owns.
        """
        tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
        configuration: dict[str, Any] = {"Tags": tag_set}
        if region != "us-east-1":
            configuration["LocationConstraint"] = region
        options: dict[str, Any] = {"ObjectOwnership": "BucketOwnerEnforced"}
        if object_lock:
            options["ObjectLockEnabledForBucket"] = True
        if account_regional:
            options["BucketNamespace"] = "account-regional"
        failure = _failed(self._ask(CREATE, {"CreateBucketConfiguration": configuration, **options}))
        if failure is None or failure.code not in {
            "MalformedXML",
            "InvalidLocationConstraint",
            "NotImplemented",
            "InvalidArgument",
        }:
            return failure
        del configuration["Tags"]
        plain = {"CreateBucketConfiguration": configuration} if configuration else {}
        failure = _failed(self._ask(CREATE, {**plain, **options}))
        return failure or self.make(Call("put_bucket_tagging", {"Tagging": {"TagSet": tag_set}}))

    def delete(self) -> Failure | None:
        """Delete the bucket, which must be empty; one that is gone already counts as deleted."""
        failure = _failed(self._ask("delete_bucket"))
        return None if failure and failure.reason == "BucketMissing" else failure

    def _ask(
        self,
        operation: str,
        parameters: Mapping[str, Any] = MappingProxyType({}),
        *,
        about: str = "",
        service: str = "",
        absent: frozenset[str] = frozenset(),
    ) -> dict[str, Any] | Refused:
        """Make one call about the bucket, unless one before it was not answered in time."""
        refusal = self.patience.refusal()
        if refusal is not None:
            return Refused.of(refusal)
        asked = {**self._target(operation, service), **parameters}

        def make() -> dict[str, Any]:
            if service:
                return call(self.other(service), operation, asked)
            return self.s3.call(operation, asked, absent)

        answer = settle(make, about or Call(operation).api)
        if isinstance(answer, Refused) and answer.silent:
            self.patience.lose(answer.failure)
        return answer

    def _target(self, operation: str, service: str) -> dict[str, str]:
        """Say which bucket a call is about, and whose it must be."""
        if service:  # S3 Control names the bucket by its ARN, and asks for the account that it must belong to
            return {"AccountId": self.account_id}
        target = {"Bucket": self.name}
        if self.account_id and operation != CREATE:  # the one call that has no condition
            target["ExpectedBucketOwner"] = self.account_id
        return target

    def _answer(self, read: Read) -> Answer:
        return answer_of(read, self._ask(read.operation, read.parameters, absent=read.absent))


def _failed(answer: dict[str, Any] | Refused) -> Failure | None:
    return answer.failure if isinstance(answer, Refused) else None
