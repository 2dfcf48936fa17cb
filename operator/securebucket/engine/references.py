"""What an object says of others, and others of it: references by name, and demands that its profile admits. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.spec import Controls, Role, SecureBucketSpec
from securebucket.engine.request import Neighbour, PassRequest
from securebucket.model.bucket import ObjectKey
from securebucket.model.demand import Asked, Demand, LogDemand, demands_in
from securebucket.policy.document import digest
from securebucket.policy.wildcards import matches

MOST_TOLD = 20
"""Demands that a status names."""
LOGGING, BUCKET, REF = "logging", "targetBucket", "targetBucketRef"


def admitted(request: PassRequest, spec: SecureBucketSpec, profile: BucketProfileSpec) -> tuple[Demand, ...]:
    """Give the demands that count: those of the bucket's own namespace, and those that its profile admits.

    A log target that takes the logs of its whole account needs nobody to ask for them, nor does a role of the bucket's
    own account, whose own rights are enough. Copies come as a role of the source's account, and into no log target.
    """
    mine = Neighbour(request.key, profile.admitted_sources)
    takes_all = spec.role is Role.LOG_TARGET and spec.policy.log_delivery != "Sources"
    account = request.status.bucket.account_id if request.status.bucket else ""

    def is_needless(demand: Demand) -> bool:
        if isinstance(demand, LogDemand):
            return takes_all
        theirs = demand.role.split(":")[4:5]
        return (
            spec.role is Role.LOG_TARGET or theirs == [account] or (bool(demand.account) and theirs != [demand.account])
        )

    counted = {each.demand for each in request.demands if _admits(mine, each) and not is_needless(each.demand)}
    return tuple(sorted(counted, key=repr))


def told(demands: tuple[Demand, ...]) -> list[str]:
    """Say what is asked of a bucket, for its status; of much the first is told, and the rest by a digest."""
    texts = [_text(each) for each in demands]
    rest = texts[MOST_TOLD:]
    return texts[:MOST_TOLD] + ([f"{len(rest)} more ({digest(rest)})"] if rest else [])


def _text(demand: Demand) -> str:
    if isinstance(demand, LogDemand):
        return f"logs of {demand.source} under {demand.prefix!r}"
    owner = ", which are the bucket owner's" if demand.gives_away else ""
    return f"copies of {demand.source} by {demand.role}{owner}"


def promised(request: PassRequest, spec: SecureBucketSpec) -> frozenset[str]:
    """Name the buckets whose own passes let in all that this one asks of them.

    Args:
        request: whose neighbours are known.
        spec: what is in force for the object.
    """
    if not request.neighbours:
        return frozenset()
    asked = list(demands_in(_asking(spec), request.bucket_name, "", request.key.namespace))
    known = {each.target for each in asked} & request.neighbours.keys()
    refused = {
        each.target for each in asked if each.target in known and not _admits(request.neighbours[each.target], each)
    }
    return frozenset(known - refused)


def _admits(neighbour: Neighbour, asked: Asked) -> bool:
    if asked.namespace == neighbour.key.namespace:
        return True
    return any(
        any(matches(pattern, asked.namespace) for pattern in each.namespaces)
        and (_begins(asked.demand.prefix, each.prefixes) if isinstance(asked.demand, LogDemand) else not each.prefixes)
        for each in neighbour.admitted_sources
    )


def _begins(prefix: str, allowed: tuple[str, ...]) -> bool:
    return not allowed or prefix.startswith(allowed)


def without_rivals(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Take out of a profile's defaults what the object says in another way: a target by name, or by reference."""
    block, declared = defaults.get(LOGGING), own.get(LOGGING)
    if not isinstance(block, Mapping) or not isinstance(declared, Mapping):
        return dict(defaults)
    if not {BUCKET, REF} & declared.keys() and declared.get("enabled") is not False:
        return dict(defaults)
    return {**defaults, LOGGING: {name: value for name, value in block.items() if name not in {BUCKET, REF}}}


def _referred(spec: Mapping[str, Any], namespace: str) -> Iterator[str]:
    """Name the objects that a spec, in API names, refers to: `<namespace>/<name>`."""
    ref = spec.get(LOGGING, {}).get(REF)
    if ref:
        yield f"{ref.get('namespace') or namespace}/{ref['name']}"


def resolved(spec: SecureBucketSpec, namespace: str, references: Mapping[str, str]) -> SecureBucketSpec:
    """Put the buckets' names in the place of references to objects; one that has no bucket yet stays a reference."""
    ref = spec.logging.target_bucket_ref
    if ref is None:
        return spec
    place = ref.namespace or namespace
    bucket = references.get(f"{place}/{ref.name}", "")
    known = {"target_bucket": bucket, "target_bucket_ref": None} if bucket else {}
    unknown = {} if bucket else {"target_bucket_ref": ref.model_copy(update={"namespace": place})}
    return spec.model_copy(update={"logging": spec.logging.model_copy(update={**known, **unknown})})


def acquaint(
    key: ObjectKey,
    specs: Iterable[Controls],
    bucket_of: Callable[[str], str],
    owner_of: Callable[[str], Neighbour | None],
) -> tuple[Mapping[str, str], Mapping[str, Neighbour]]:
    """Find the objects that one refers to or asks something of.

    Args:
        key: the object.
        specs: its own, and the defaults of its profile.
        bucket_of: gives the bucket of an object, `<namespace>/<name>`; empty where it has none.
        owner_of: gives the object that has a bucket; None where nobody has it.

    Returns:
        See `PassRequest.references` and `PassRequest.neighbours`.
    """
    documents = [_asking(each) for each in specs]
    names = {name for each in documents for name in _referred(each, key.namespace)}
    references = {name: bucket for name in sorted(names) if (bucket := bucket_of(name))}
    named = {each.target for document in documents for each in demands_in(document, "", "", key.namespace)}
    owners = {bucket: owner_of(bucket) for bucket in sorted(named.union(references.values()))}
    return references, {bucket: each for bucket, each in owners.items() if each is not None and each.key != key}


def _asking(spec: Controls) -> dict[str, Any]:
    """Give what somebody wrote of the documents that ask other buckets for something."""
    return spec.model_dump(
        include={LOGGING, "replication"}, by_alias=True, exclude_unset=True, exclude_none=True, mode="json"
    )
