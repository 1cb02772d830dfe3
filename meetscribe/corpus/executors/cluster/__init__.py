"""Workers on the nodes of any cluster: assignment of tasks, handling of faults, and exclusion of nodes.

`ClusterExecutor` makes the decisions; a `Cluster` starts workers and passes messages: `corpus.executors.ray` on Ray,
`tests.support.simulated_cluster` on a virtual clock.
"""

from __future__ import annotations

from meetscribe.corpus.executors.cluster.executor import ClusterExecutor
from meetscribe.corpus.executors.cluster.protocol import Cluster
from meetscribe.corpus.executors.cluster.values import Pool

__all__ = ["Cluster", "ClusterExecutor", "Pool"]
