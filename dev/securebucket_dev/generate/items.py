"""Where a check stands in the frameworks, as the pages say it."""

from functools import cache

from securebucket.compliance.framework import Framework, Item, frameworks


@cache
def items_of(check: str) -> tuple[tuple[Framework, Item], ...]:
    """Give every item that a check answers, of the bucket or of the account."""
    return tuple(
        (framework, item)
        for framework in frameworks().values()
        for item in framework.items
        if check in item.checks or check in item.account_checks
    )
