"""Exclusion of nodes on which models do not load or all recordings fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from meetscribe.corpus.remote.files import Location
from meetscribe.errors import Notice

MAX_FAILED_STARTS = 3
"""The number of consecutive workers that fail to load their models on a node, after which it is excluded."""

MAX_FAILURES = 5
"""The number of recordings that failed on this node only, since its last success, after which it is excluded."""


@dataclass(slots=True)
class NodeHealth:
    """The failures on each node since its last success, and the excluded nodes with the reasons.

    `on_notice` receives a notice about each excluded node; `hosts` holds the host of each node. The node "" stands for
    workers that died before they were placed.
    """

    on_notice: Callable[[Notice], None]
    hosts: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, str] = field(default_factory=dict)
    _failed_starts: dict[str, int] = field(default_factory=dict)
    _failures: dict[str, set[Location]] = field(default_factory=dict)
    _failed_on: dict[Location, set[str]] = field(default_factory=dict)

    def failed_on(self, recording: Location) -> frozenset[str]:
        """Return the nodes on which a recording failed because of the worker or the machine."""
        return frozenset(self._failed_on.get(recording, ()))

    def started(self, node: str) -> None:
        """Record that models load on a node, which resets its count of failed starts."""
        self._failed_starts.pop(node, None)

    def start_failed(self, node: str, reason: str) -> None:
        """Count a worker that failed before its models were loaded; too many in a row exclude the node."""
        self._failed_starts[node] = self._failed_starts.get(node, 0) + 1
        if self._failed_starts[node] >= MAX_FAILED_STARTS:
            self.exclude(node, reason)

    def succeeded(self, node: str, recording: Location) -> None:
        """Record that a recording was processed on a node, or failed there for a reason that is not the node's."""
        self._failures.pop(node, None)
        self._failed_on.pop(recording, None)

    def failed(self, node: str, recording: Location, reason: str, is_last: bool) -> None:
        """Count a recording whose worker or machine failed; too many in a row exclude the node.

        A failure on several nodes is attributed to the recording. With `is_last`, no other node is usable, and this one
        is not excluded.
        """
        nodes = self._failed_on.setdefault(recording, set())
        nodes.add(node)
        if len(nodes) > 1:
            for other in nodes:
                self._failures.get(other, set()).discard(recording)
            return
        recordings = self._failures.setdefault(node, set())
        recordings.add(recording)
        if len(recordings) >= MAX_FAILURES and not is_last:
            self.exclude(node, reason)

    def exclude(self, node: str, reason: str) -> None:
        """Exclude a node, and report it."""
        if node not in self.excluded:
            self.excluded[node] = reason
            host = self.hosts.get(node, "a node")
            text = f"no more workers are started on {host}: {reason}"
            self.on_notice(Notice("cluster.excluded", text, {"node": node, "host": host, "reason": reason}))
