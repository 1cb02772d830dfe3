"""What a command needs: wall and processor seconds, the most memory, its exit code.

    python tests/benchmarks/watched.py NEEDED.json COMMAND …

A process of its own, which holds next to nothing: a new one counts what its parent held as its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the command, and write what it needed."""
    file, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    needed = {
        "wall": time.perf_counter() - start,
        "processor": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
        "code": os.waitstatus_to_exitcode(status),
    }
    Path(file).write_text(json.dumps(needed), encoding="utf-8")


if __name__ == "__main__":
    main()
