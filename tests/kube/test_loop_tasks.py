"""How all that kopf has begun is ended."""

import asyncio
import logging

from securebucket.kube.loop_tasks import end_all


def test_what_a_task_was_to_wait_for_is_not_left_behind_unawaited() -> None:
    """Kopf hands a coroutine to a task; ended before its first step, Python warns of it, and warnings are errors."""
    begun = []

    async def watcher() -> None:
        begun.append("watcher")
        await asyncio.sleep(60)

    async def guard(depth: int) -> None:
        if depth:
            await asyncio.create_task(guard(depth - 1))
        await watcher()

    async def main() -> None:
        waits = watcher()

        async def wait() -> None:
            await waits

        await end_all({asyncio.create_task(wait()), asyncio.create_task(guard(3))})
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert begun == ["watcher"] * len(begun)
    assert begun


def test_a_task_that_must_be_told_twice_ends() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    async def main() -> bool:
        told = asyncio.create_task(stubborn())
        await end_all({told}, clearing=0.2)
        return told.done()

    assert asyncio.run(main())


def test_what_had_failed_is_told(caplog) -> None:
    async def fail() -> None:
        raise ValueError("no such watch")

    async def main() -> None:
        await end_all({asyncio.create_task(fail())})

    with caplog.at_level(logging.WARNING):
        asyncio.run(main())
    assert "ValueError: no such watch" in caplog.text
