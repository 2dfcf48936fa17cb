"""Whole objects, from the API server or a YAML file: metadata, spec and status, checked."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from securebucket.api.base import ApiModel
from securebucket.api.bucket_exception import BucketExceptionSpec, BucketExceptionStatus
from securebucket.api.bucket_namespace import BucketNamespace
from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.errors import FieldError, InvalidObject, explain
from securebucket.api.late_rules import late_faults
from securebucket.api.names import BUCKET_NAME, is_bucket_name
from securebucket.api.rule import Rule, transition
from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import SecureBucketStatus

M = TypeVar("M", bound=ApiModel)

TOO_DEEP = FieldError("", "is nested too deep; no field needs that")

_NAME = "(has({0}.spec) && has({0}.spec.bucketName) ? {0}.spec.bucketName : {0}.metadata.name)"
_NAME_FITS = " && ".join(rule.cel.replace("self.", "self.metadata.name.") for rule in BUCKET_NAME)
_NAMESPACE = "(has({0}.spec) && has({0}.spec.bucketNamespace) ? {0}.spec.bucketNamespace : 'Global')"
_REGION = "(has({0}.spec) && has({0}.spec.region) ? {0}.spec.region : '')"


class Metadata(ApiModel):
    """What the operator needs of an object's metadata; an object from a file has little more than a name.

    Args:
        namespace: empty for cluster-scoped objects, and in files that leave it out.
        uid: empty in files.
        generation: 0 in files.
        resource_version: empty in files.
    """

    model_config = ConfigDict(extra="ignore")

    name: str
    namespace: str = ""
    uid: str = ""
    generation: int = 0
    resource_version: str = ""
    creation_timestamp: dt.datetime | None = None
    deletion_timestamp: dt.datetime | None = None
    labels: dict[str, str] = Field({})
    annotations: dict[str, str] = Field({})
    finalizers: tuple[str, ...] = ()


class SecureBucketObject(ApiModel):
    """One S3 bucket that is made safe and kept safe.

    The smallest one that works:

        apiVersion: securebucket.io/v1alpha1
        kind: SecureBucket
        metadata: {name: invoices, namespace: payments}
        spec: {bucketName: acme-payments-invoices}

    Everything else has a secure default. An absent field means the profile's value, else the default that the field's
    description names. The status says what was found (Ready, InSync, Compliant) and what waits for approval.
    """

    invariants = (
        Rule(
            f"(has(self.spec) && has(self.spec.bucketName)) || ({_NAME_FITS})",
            lambda given: given.spec.bucket_name is not None or is_bucket_name(given.metadata.name),
            "this name cannot be a bucket's (3 to 63 characters, and what S3 reserves); set spec.bucketName, or rename the object",
            "metadata.name",
        ),
        Rule(
            f"!has(self.spec) || !has(self.spec.logging) || !has(self.spec.logging.targetBucket)"
            f" || self.spec.logging.targetBucket != {_NAME.format('self')} || {_NAMESPACE.format('self')} != 'Global'",
            lambda given: given.spec.logging.target_bucket != given.bucket_name or given.is_account_regional,
            "a bucket cannot log to itself: every delivered log would make another one; name a bucket with role LogTarget",
            "spec.logging.targetBucket",
        ),
        transition(
            f"{_NAME.format('self')} == {_NAME.format('oldSelf')}",
            "bucketName cannot be changed; make another SecureBucket",
            "spec.bucketName",
        ),
        transition(
            f"{_NAMESPACE.format('self')} == {_NAMESPACE.format('oldSelf')}",
            "bucketNamespace cannot be changed, since the bucket's name would be another; make another SecureBucket",
            "spec.bucketNamespace",
        ),
        transition(
            f"{_REGION.format('self')} == {_REGION.format('oldSelf')}",
            "region cannot be changed, set or taken out later; make another SecureBucket",
            "spec.region",
        ),
    )

    api_version: Literal["securebucket.io/v1alpha1"]
    kind: Literal["SecureBucket"]
    metadata: Metadata
    spec: SecureBucketSpec = Field(
        SecureBucketSpec(), description="What the bucket should be. Everything is optional; the defaults are secure."
    )
    status: SecureBucketStatus = Field(
        SecureBucketStatus(), description="What the last pass found and did. Written by the operator only."
    )

    @property
    def bucket_name(self) -> str:
        """The bucket's name: declared, else the object's; the whole one, where the status knows it."""
        return whole_name(self.spec, self.status, self.metadata.name)

    @property
    def is_account_regional(self) -> bool:
        """Whether S3's name of the bucket is longer than the declared one."""
        return self.spec.bucket_namespace is BucketNamespace.ACCOUNT_REGIONAL


def whole_name(spec: SecureBucketSpec, status: SecureBucketStatus, name: str) -> str:
    """Give a bucket's name as far as it is known without its account.

    Args:
        spec: the object's.
        status: the object's, which knows the whole name once the bucket was found.
        name: the object's.
    """
    declared = spec.bucket_name or name
    known = status.bucket.name if status.bucket else declared
    return known if spec.bucket_namespace is BucketNamespace.ACCOUNT_REGIONAL else declared


class BucketProfileObject(ApiModel):
    """Where and as whom buckets are managed, what they have by default, and what they must at least have.

    For platform teams: only a profile holds roles, endpoints and accounts, and it names the namespaces that may use it.

        apiVersion: securebucket.io/v1alpha1
        kind: BucketProfile
        metadata: {name: production}
        spec:
          namespaces: ["payments", "team-*"]
          assumeRole: {arn: "arn:aws:iam::111122223333:role/securebucket"}
          floor: {blockPublicAccess: true, requireTls: true}

    A SecureBucket uses it with spec.profile: production.
    """

    api_version: Literal["securebucket.io/v1alpha1"]
    kind: Literal["BucketProfile"]
    metadata: Metadata
    spec: BucketProfileSpec = Field(description="Accounts and credentials, defaults, and the floor.")


class BucketExceptionObject(ApiModel):
    """One check that some buckets may fail until a date, accepted by somebody who may.

    For security teams: RBAC gives the right to write it to nobody but them.

        apiVersion: securebucket.io/v1alpha1
        kind: BucketException
        metadata: {name: invoices-tls, namespace: payments}
        spec:
          check: tls-required
          bucketName: acme-payments-invoices
          reason: "the old ERP speaks no TLS; it is replaced in March (SEC-123)"
          approver: security@acme.example
          expiresAt: "2030-03-31T00:00:00Z"

    It counts for SecureBuckets of its own namespace. The check counts again when it ends, or is deleted.
    """

    api_version: Literal["securebucket.io/v1alpha1"]
    kind: Literal["BucketException"]
    metadata: Metadata
    spec: BucketExceptionSpec = Field(description="What is accepted, of which buckets, why, by whom, and until when.")
    status: BucketExceptionStatus = Field(
        BucketExceptionStatus(), description="Whether it counts. Written by the operator only."
    )


def parse_secure_bucket(body: Mapping[str, Any], *, stored: bool = False) -> SecureBucketObject:
    """Read a SecureBucket as strictly as the API server does; null means absent.

    A status that another release wrote is read as far as it is understood. Only `status.bucket` must be: it is what
    tells a bucket that vanished from one that is not there yet.

    Args:
        body: the object's JSON.
        stored: the API server has it already, so that rules which came later are for the pass (`Rule.since`).

    Raises:
        InvalidObject: with every field that is wrong.
    """
    given = without_nulls(body)
    return _on_time(_parse(SecureBucketObject, given | {"status": _understood(given.get("status"))}), stored=stored)


def parse_bucket_profile(body: Mapping[str, Any], *, stored: bool = False) -> BucketProfileObject:
    """Read a BucketProfile as strictly as the API server does; null means absent.

    Args:
        body: the object's JSON.
        stored: as for a SecureBucket.

    Raises:
        InvalidObject: with every field that is wrong.
    """
    return _on_time(_parse(BucketProfileObject, without_nulls(body)), stored=stored)


def parse_bucket_exception(body: Mapping[str, Any]) -> BucketExceptionObject:
    """Read a BucketException as strictly as the API server does; null means absent. Its status is not looked at.

    Raises:
        InvalidObject: with every field that is wrong.
    """
    given = without_nulls(body)
    return _parse(BucketExceptionObject, given | {"status": {}})


def parse_metadata(body: Mapping[str, Any]) -> Metadata:
    """Read the metadata alone, which an object with an invalid spec has too: it may have to be let go.

    Raises:
        InvalidObject: there is no name.
    """
    return _parse(Metadata, without_nulls(body.get("metadata") or {}))


def without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """Take null values out of a mapping, at every depth: templates leave them where nothing was set.

    Raises:
        InvalidObject: it is nested so deep that nothing could be done with it.
    """
    try:
        return _without_nulls(body)
    except RecursionError as error:
        raise InvalidObject((TOO_DEEP,)) from error


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_nulls(value)
        if isinstance(value, Mapping)
        else [_without_nulls(item) if isinstance(item, Mapping) else item for item in value]
        if isinstance(value, list | tuple)
        else value
        for key, value in body.items()
        if value is not None
    }


def _on_time(given: M, *, stored: bool) -> M:
    faults = () if stored else tuple(late_faults(getattr(given, "spec", None), "spec"))
    if faults:
        raise InvalidObject(faults)
    return given


def _parse(model: type[M], body: Mapping[str, Any]) -> M:
    # Strict JSON, and not Python values: there "7" is not a number and "yes" not a boolean, as for the API server, while
    # enums, dates and lists are still read from what JSON has for them.
    try:
        return model.model_validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        raise InvalidObject(explain(error, model)) from error
    except RecursionError as error:
        raise InvalidObject((TOO_DEEP,)) from error
    except ValueError as error:  # Python writes no number of thousands of digits
        raise InvalidObject((FieldError("", "holds a number that is too long; no field needs that"),)) from error


def _understood(status: Any) -> dict[str, Any]:
    if not isinstance(status, Mapping):
        return {}
    try:
        SecureBucketStatus.model_validate_json(json.dumps(status), strict=True)
    except ValidationError as error:
        foreign = {str(each["loc"][0]) for each in error.errors(include_input=False) if each["loc"]} - {"bucket"}
        return {key: value for key, value in status.items() if key not in foreign}
    return dict(status)
