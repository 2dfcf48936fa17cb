"""How much a change can cost, which decides whether it waits for an approval."""

from enum import StrEnum


class Risk(StrEnum):
    """The worst that a change can do. Anything but `NONE` waits for approval unless the profile permits it."""

    NONE = "none"
    IRREVERSIBLE = "irreversible"
    """Cannot be undone, such as Object Lock."""
    DATA_LOSS = "data-loss"
    """Can delete or stop protecting data, such as suspending versioning or a shorter expiry."""
    LOCKOUT = "lockout"
    """Can shut people out who have access now, such as a policy limited to a network."""
