"""Every system of the project, end to end, on the samples: `python -m tests.benchmarks.everything`."""
