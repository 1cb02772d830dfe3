"""Archives on a cluster: overhead, faults, scheduling at scale, and the manifest."""
