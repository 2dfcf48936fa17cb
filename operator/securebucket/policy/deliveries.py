"""Which demands of other buckets a policy meets already."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from securebucket.model.bucket import Bucket
from securebucket.model.demand import CopyDemand, Demand, LogDemand
from securebucket.policy.canonical import Statement
from securebucket.policy.copy_delivery import GIVES_AWAY, SEES, WRITES
from securebucket.policy.coverage import covers
from securebucket.policy.log_delivery import delivery_to


def unmet(bucket: Bucket, demands: Iterable[Demand], statements: Mapping[str, Statement]) -> tuple[Demand, ...]:
    """Give the demands that no statement meets.

    Args:
        bucket: that is asked.
        demands: of other buckets.
        statements: of its policy, by key.
    """
    return tuple(each for each in demands if not _is_met(bucket, each, statements))


def _is_met(bucket: Bucket, demand: Demand, statements: Mapping[str, Statement]) -> bool:
    if isinstance(demand, LogDemand):
        known = replace(demand, account=demand.account or bucket.account_id)
        return delivery_to(bucket.name, bucket.partition, known, statements).allowed
    needs = [(action, f"{bucket.arn}/*") for action in (*WRITES, *((GIVES_AWAY,) if demand.gives_away else ()))]
    return all(_is_allowed(demand, *need, statements) for need in [*needs, (SEES, bucket.arn)])


def _is_allowed(demand: CopyDemand, action: str, resource: str, statements: Mapping[str, Statement]) -> bool:
    """Tell whether a statement without conditions gives the role, or its whole account, an action."""
    return any(
        each.get("Effect") == "Allow"
        and not each.get("Condition")
        and {demand.role, demand.role.split(":")[4]} & set(each.get("Principal", {}).get("AWS", ()))
        and covers(each, "Action", action.lower())
        and covers(each, "Resource", resource)
        for each in statements.values()
    )
