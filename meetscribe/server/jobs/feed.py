"""Notification of waiting requests about changed jobs, from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Subscription:
    """A subscription to changes: the ids of the jobs that have changed since `wait` last returned."""

    loop: asyncio.AbstractEventLoop
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    changed: set[str] = field(default_factory=set)

    async def wait(self, timeout: float) -> set[str]:
        """Return the ids of the changed jobs, empty after `timeout` seconds without a change."""
        try:
            await asyncio.wait_for(self.ready.wait(), timeout)
        except TimeoutError:
            return set()
        self.ready.clear()
        changed, self.changed = self.changed, set()
        return changed

    def announce(self, id: str) -> None:
        """Add a changed job; must be called in the event loop."""
        self.changed.add(id)
        self.ready.set()


class Feed:
    """Passes the ids of changed jobs to all subscriptions; a slow subscriber receives each id only once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscriptions: set[Subscription] = set()

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[Subscription]:
        """Yield a subscription to the changes from now on."""
        subscription = Subscription(asyncio.get_running_loop())
        with self._lock:
            self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)

    def publish(self, id: str) -> None:
        """Announce a changed job; may be called from any thread."""
        with self._lock:
            for subscription in self._subscriptions:
                if not subscription.loop.is_closed():
                    subscription.loop.call_soon_threadsafe(subscription.announce, id)
