"""Files on disk: bounded reads, atomic writes, and the cache and data folders."""
