"""Ends all that kopf has begun in an event loop: it would itself wait for its tasks without a limit."""

import asyncio
import logging
from typing import Any

log = logging.getLogger(__name__)

CLEARING = 5.0
"""Seconds for tasks to end."""
FIRST_STEPS = 100
"""Turns of the loop in which tasks may begin other tasks; kopf's are three deep."""
LONGEST_TOLD = 300


async def end_all(tasks: set[asyncio.Task[Any]], clearing: float = CLEARING) -> None:
    """End every task of the running loop but the caller's; those of kopf do so when told once or twice.

    Args:
        tasks: those whose failure is worth a word.
        clearing: seconds for tasks to end, each time that they are told.
    """
    for _ in range(2):
        await _let_all_begin()
        left = (asyncio.all_tasks() | tasks) - {asyncio.current_task()}
        for each in left:
            each.cancel()
        if left:
            await asyncio.wait(left, timeout=clearing)
        for each in left:
            error = each.exception() if each.done() and not each.cancelled() else None
            if error is not None and each in tasks:
                tasks = tasks - {each}
                log.warning("the informer: %s: %s", type(error).__name__, str(error)[:LONGEST_TOLD])


async def _let_all_begin() -> None:
    """Let each task take its first step: one that is ended before leaves what it was to wait for without an end.

    Python warns of it: "coroutine 'watcher' was never awaited".
    """
    known: set[asyncio.Task[Any]] = set()
    for _ in range(FIRST_STEPS):
        there = asyncio.all_tasks()
        if there <= known:
            return
        known = there
        await asyncio.sleep(0)
