"""Waiting for something that happens in another thread or process."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], timeout: float = 20.0) -> T:
    """Look until the condition is true, and give what it gave; fail after `timeout` seconds."""
    end = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < end, "it has not happened in time"
        time.sleep(0.01)
    return found
