"""Run a command and write its wall time, processor time, peak memory and exit code as JSON.

    python tests/benchmarks/resource_usage.py USAGE.json COMMAND …

This runs as a small process of its own, since the peak memory of a new process starts at that of its parent.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the command, and write its usage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="JSON file to write")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="command with its arguments")
    options = parser.parse_args()
    command = options.command
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    usage_of_command = {
        "wall": time.perf_counter() - start,
        "processor": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        "code": os.waitstatus_to_exitcode(status),
    }
    options.file.write_text(json.dumps(usage_of_command), encoding="utf-8")


if __name__ == "__main__":
    main()
