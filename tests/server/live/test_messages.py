"""Tasks of a connection end, even if the cancellation comes at the wrong moment."""

from __future__ import annotations

import asyncio

from meetscribe.server.live.messages import end_task


def test_a_task_that_swallows_a_cancellation_ends() -> None:
    """As `asyncio.wait_for` does before Python 3.12 if its result arrives at the same time."""

    async def swallow() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    async def fail() -> None:
        raise ValueError

    async def run() -> None:
        for work in (swallow, fail):
            task = asyncio.create_task(work())
            await asyncio.sleep(0)
            await asyncio.wait_for(end_task(task), 10)
            assert task.done()

    asyncio.run(run())
