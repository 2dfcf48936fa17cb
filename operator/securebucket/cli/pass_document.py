"""What `plan` and `apply` print for programs (`-o json`, `-o yaml`)."""

from typing import Any

from securebucket.cli.finished import Finished
from securebucket.report.status import build

OF_THE_CLUSTER = {"observedGeneration", "conditions", "lastVerifiedAt"}
"""Parts of a status that tell of an object in a cluster, which a file is not."""


def document_of(each: Finished) -> dict[str, Any]:
    """Write one object down: its result, why it failed, and its status as the operator would write it."""
    status = build(each.request.status, each.outcome, generation=each.request.generation, reconcile_at="")
    written = status.model_dump(by_alias=True, exclude_none=True, mode="json")
    failure = each.outcome.failure
    document: dict[str, Any] = {
        "namespace": each.request.key.namespace,
        "name": each.request.key.name,
        "bucket": each.request.bucket_name,
        "mode": each.outcome.mode.value,
        "result": each.result.value,
    }
    if failure is not None:
        document["failure"] = {"reason": failure.reason, "message": failure.message}
    if not each.request.read_only:
        document["created"] = each.created
        document["calls"] = {control: list(calls) for control, calls in each.made.items() if calls}
    document["status"] = {key: value for key, value in written.items() if key not in OF_THE_CLUSTER}
    return document
