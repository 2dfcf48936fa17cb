"""What is in force: the spec over the profile's defaults over the secure defaults, above the profile's floor."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from securebucket.api.base import ApiModel
from securebucket.api.bucket_profile import LONGEST_EXCEPTION, BucketProfileSpec
from securebucket.api.duration import parse_interval
from securebucket.api.errors import explain
from securebucket.api.spec import Controls, Mode, Role, SecureBucketSpec
from securebucket.aws.sessions import Binding
from securebucket.controls import CONTROLS
from securebucket.engine.floor import below_floor
from securebucket.engine.references import admitted, promised, resolved, told, without_rivals
from securebucket.engine.request import PassRequest
from securebucket.model.demand import Demand
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk
from securebucket.policy.wildcards import matches

HOUR = 3600.0
QUARTER = HOUR / 4
DAY = 24 * HOUR
LONGEST_TAG = 256


@dataclass(frozen=True, slots=True)
class Effective:
    """A resolved request.

    Args:
        spec: with every default filled in.
        mode: never absent.
        asked: the mode that the object, its profile or the default asks for; another one than `mode` only where the
            operator observes and no more.
        interval: seconds between sweeps.
        full_read: seconds in which every document is read, see `engine.turns`.
        binding: where and as whom.
        declared: controls that the object or its profile names, as opposed to bare defaults.
        permitted: risks that need no approval.
        profile: the profile's name; empty without one.
        compliance_severity: failing checks of this severity and above make the bucket not compliant.
        trusted_accounts: other accounts that policies may let in.
        longest_exception: how long an exception may last.
        demands: what other buckets ask of this one, as far as the profile admits them.
        promised: buckets whose own passes let in what this one asks of them.
        replication_metrics: seconds between two measurements of replication; 0 where it is not measured.
    """

    spec: SecureBucketSpec
    mode: Mode
    asked: Mode
    interval: float
    binding: Binding
    declared: frozenset[str]
    permitted: frozenset[Risk]
    profile: str
    compliance_severity: str
    trusted_accounts: frozenset[str] = frozenset()
    longest_exception: dt.timedelta = LONGEST_EXCEPTION
    full_read: float = DAY
    demands: tuple[Demand, ...] = ()
    promised: frozenset[str] = frozenset()
    replication_metrics: float = 0.0


def resolve(request: PassRequest, default_interval: float = HOUR, *, observe_only: bool = False) -> Effective | Failure:
    """Lay spec, profile and defaults over each other; a failure names the field that cannot stand.

    Args:
        request: what is asked for.
        default_interval: seconds between sweeps where neither the object nor its profile says.
        observe_only: no mode above Observe is in force, whatever is asked for.
    """
    if request.profile_missing:
        return Failure(
            "ProfileNotFound",
            f"there is no BucketProfile {request.profile_missing}; create it, or correct spec.profile.",
            retry=True,
        )
    interval = request.spec.interval or (request.profile.spec.interval if request.profile else None)
    name = request.profile.name if request.profile else ""
    profile = request.profile.spec if request.profile else BucketProfileSpec(namespaces=("*",))
    refused = _admit(request, name, profile)
    if refused:
        return refused
    if len(request.owner) > LONGEST_TAG:
        return Failure(
            "NameTooLong",
            f"the ownership tag would have {len(request.owner)} characters, and S3 takes {LONGEST_TAG}; choose a"
            " shorter metadata.name, and set spec.bucketName.",
        )
    defaults = fitting(written(profile.defaults), request.spec.role)
    own = written(request.spec)
    replaced = own.keys() & _whole_blocks()
    defaults = without_rivals({name: block for name, block in defaults.items() if name not in replaced}, own)
    try:
        spec = SecureBucketSpec.model_validate(laid_over(defaults, own))
    except ValidationError as error:
        problems = "; ".join(f"{each.path}: {each.message}" for each in explain(error))
        return Failure("InvalidSpec", f"together with the defaults of profile {name}: {problems}")
    spec = resolved(spec, request.key.namespace, request.references)
    below = below_floor(spec, name, profile.floor)
    if below:
        return below
    asked = request.spec.mode or profile.mode or Mode.ENFORCE
    return Effective(
        spec=spec,
        mode=Mode.OBSERVE if observe_only else asked,
        asked=asked,
        interval=float(parse_interval(interval)) if interval else default_interval,
        binding=binding_of(profile, spec.region or ""),
        declared=frozenset(field for field in laid_over(defaults, own) if field in _control_fields()),
        permitted=frozenset(Risk(each) for each in profile.permit),
        profile=name,
        compliance_severity=profile.compliance_severity,
        trusted_accounts=frozenset(profile.trusted_accounts),
        longest_exception=dt.timedelta(days=profile.max_exception_days),
        full_read=float(parse_interval(profile.full_read_interval)) if profile.full_read_interval else DAY,
        demands=admitted(request, spec, profile),
        promised=promised(request, spec),
        replication_metrics=_measured_each(profile),
    )


def binding_of(profile: BucketProfileSpec, region: str = "") -> Binding:
    """Say where and as whom a profile acts.

    Args:
        profile: whose.
        region: that an object names itself; empty for the profile's.
    """
    return Binding(
        region=region or profile.region or "",
        role_arn=profile.assume_role.arn if profile.assume_role else "",
        external_id=(profile.assume_role.external_id or "") if profile.assume_role else "",
        endpoint=profile.endpoint.url if profile.endpoint else "",
        path_style=profile.endpoint.path_style if profile.endpoint else True,
        account_id=profile.account_id or "",
    )


def _measured_each(profile: BucketProfileSpec) -> float:
    block = profile.replication_metrics
    if block is None:
        return 0.0
    return float(parse_interval(block.interval)) if block.interval else QUARTER


def document_of(effective: Effective) -> dict[str, Any]:
    """Write down what is in force, for `status.effective`; what is empty is left out."""
    document = effective.spec.model_dump(by_alias=True, exclude_none=True, mode="json")
    document |= {"mode": effective.mode.value, "profile": effective.profile, "region": effective.binding.region}
    document |= {"demands": told(effective.demands)}
    return without_empty(document)


def without_empty(document: Mapping[str, Any]) -> dict[str, Any]:
    """Take empty texts, lists and mappings out, at every depth."""
    short = {key: without_empty(item) if isinstance(item, Mapping) else item for key, item in document.items()}
    return {key: item for key, item in short.items() if item not in ("", [], {})}


def written(model: Controls) -> dict[str, Any]:
    """Give what somebody wrote, without the defaults that the model filled in."""
    return model.model_dump(by_alias=True, exclude_unset=True, exclude_none=True, mode="json")


def fitting(defaults: dict[str, Any], role: Role) -> dict[str, Any]:
    """Take out what a profile gives by default and this role cannot have, such as KMS on a log target."""
    kept = {control: dict(block) for control, block in defaults.items()}
    for control in CONTROLS:
        for field in control.impossible.get(role, ()):
            kept.get(control.name, {}).pop(field, None)
    return {control: block for control, block in kept.items() if block or not defaults[control]}


def laid_over(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one document over another: mappings are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in top.items():
        below = merged.get(key)
        merged[key] = laid_over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _control_fields() -> frozenset[str]:
    return frozenset(info.alias or name for name, info in Controls.model_fields.items())


def _whole_blocks() -> frozenset[str]:
    return frozenset(
        info.alias or name
        for name, info in Controls.model_fields.items()
        if isinstance(info.default, ApiModel) and info.default.whole
    )


def _admit(request: PassRequest, name: str, profile: BucketProfileSpec) -> Failure | None:
    """Refuse what the profile does not give to this namespace: an app team's YAML must never reach another account."""
    if not any(matches(pattern, request.key.namespace) for pattern in profile.namespaces):
        return Failure(
            "ProfileForbidden",
            f"profile {name} does not admit namespace {request.key.namespace}; ask the platform team to add it to the"
            " profile's spec.namespaces, or choose another spec.profile.",
        )
    if not any(matches(pattern, request.declared_name) for pattern in profile.bucket_names):
        return Failure(
            "BucketNameForbidden",
            f"profile {name} does not admit bucket name {request.declared_name};"
            f" it admits {', '.join(profile.bucket_names)}.",
        )
    return None
