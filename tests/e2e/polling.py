"""Waiting for what happens in another process."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

SECONDS = 30.0
"""How long anything may take on a busy machine; what takes longer has not happened."""


def until(look: Callable[[], T], seconds: float = SECONDS, *, told: Callable[[], object] = lambda: "") -> T:
    """Look until there is something, and give it; after `seconds` fail, with what `told` says then."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"not seen within {seconds:g} s. {told()}"
        time.sleep(0.05)
    return seen
