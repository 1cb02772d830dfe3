"""What is set once for a process is set before torch computes, and does not override its environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys


def test_torch_caches_are_bounded_before_torch_is_imported() -> None:
    """The caches of oneDNN are bounded by default; values of the environment are kept."""
    code = """
import json, os, sys
from meetscribe.runtime.devices import resolve_device
before = "torch" in sys.modules
resolve_device("auto")
print(json.dumps([before, os.environ["LRU_CACHE_CAPACITY"], os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]]))
"""
    environment = {key: value for key, value in os.environ.items() if key != "LRU_CACHE_CAPACITY"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == [False, "1", "64"]
