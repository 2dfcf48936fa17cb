"""What nobody declared, and what it means that it goes."""

from securebucket.model.bucket import Origin
from securebucket.model.control import Context
from securebucket.model.risk import Risk


def risk_of_taking_away(context: Context, block: str) -> Risk:
    """Tell of a lock-out where something goes from an adopted bucket that nobody declared: somebody may live by it.

    On a bucket that the operator created nobody can have come to need it, and a declaration is a yes.

    Args:
        context: whose bucket and spec.
        block: the control's field of the spec, as Python calls it.
    """
    adopted = context.bucket.origin is Origin.ADOPTED
    return Risk.LOCKOUT if adopted and block not in context.spec.model_fields_set else Risk.NONE
