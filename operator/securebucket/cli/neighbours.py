"""What the objects of YAML files are to each other: who refers to whom, and who asks what of whose bucket."""

from collections.abc import Mapping
from dataclasses import replace

from securebucket.engine.effective import document_of, resolve
from securebucket.engine.references import acquaint
from securebucket.engine.request import Neighbour, PassRequest
from securebucket.model.demand import Asked, demands_in
from securebucket.model.failure import Failure


def acquainted(requests: tuple[PassRequest, ...]) -> tuple[PassRequest, ...]:
    """Tell each object of the others what concerns it. An object whose spec is refused asks nothing."""
    buckets = {str(each.key): each.bucket_name for each in requests}
    owners = {each.bucket_name: each for each in requests if each.older_claim is None}
    known = [_with_neighbours(each, buckets, owners) for each in requests]
    asked = [demand for each in known for demand in _demands_of(each)]
    return tuple(
        replace(each, demands=tuple(demand for demand in asked if demand.target == each.bucket_name)) for each in known
    )


def _with_neighbours(
    request: PassRequest, buckets: Mapping[str, str], owners: Mapping[str, PassRequest]
) -> PassRequest:
    def owner_of(bucket: str) -> Neighbour | None:
        return _neighbour(owners[bucket]) if bucket in owners else None

    specs = [request.spec, *([request.profile.spec.defaults] if request.profile else [])]
    references, neighbours = acquaint(request.key, specs, lambda name: buckets.get(name, ""), owner_of)
    return replace(request, references=references, neighbours=neighbours)


def _neighbour(request: PassRequest) -> Neighbour:
    return Neighbour(request.key, request.profile.spec.admitted_sources if request.profile else ())


def _demands_of(request: PassRequest) -> tuple[Asked, ...]:
    effective = resolve(request)
    if isinstance(effective, Failure):
        return ()
    return tuple(demands_in(document_of(effective), request.bucket_name, "", request.key.namespace))
