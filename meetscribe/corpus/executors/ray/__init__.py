"""Workers on a Ray cluster. Ray is imported when the cluster is joined."""
