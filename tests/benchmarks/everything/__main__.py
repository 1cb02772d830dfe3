"""Run every system of the project end to end on the samples, and print a table.

    python -m tests.benchmarks.everything                       # all rows; takes minutes
    python -m tests.benchmarks.everything --only page --only ray

Each row checks its result: words against the reference, files by reading them back. A row that cannot run here is
skipped and says why. The exit code is 1 if a row fails. Everything happens in a temporary folder, with the small
weights in samples/weights, and without a network.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
import traceback
from pathlib import Path

from tests.benchmarks.everything import archives, live, recognition, results
from tests.benchmarks.everything.values import Row, Skip, Work

ROWS: tuple[Row, ...] = (*recognition.ROWS, *live.ROWS, *results.ROWS, *archives.ROWS)


def run_row(row: Row, work: Work, verbose: bool) -> tuple[str, str]:
    """Return "ok", "skipped" or "FAILED", and the result or the reason."""
    try:
        return "ok", row.check(work)
    except Skip as reason:
        return "skipped", str(reason)
    except Exception as error:  # a row must not stop the others
        if verbose:
            traceback.print_exc()
        return "FAILED", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def main() -> None:
    """Print a line per row as it ends, then the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="rows whose name has this text")
    parser.add_argument("--verbose", action="store_true", help="print the traceback of a failure")
    options = parser.parse_args()
    chosen = [row for row in ROWS if not options.only or any(text in row.name for text in options.only)]
    counts = {"ok": 0, "skipped": 0, "FAILED": 0}
    print(f"{'row':<28}{'command':<66}{'state':<9}{'seconds':>7}  result")
    with tempfile.TemporaryDirectory(prefix="everything-") as folder:
        work = Work(Path(folder))
        os.environ.update(work.environment)  # for rows that run in this process
        for row in chosen:
            started = time.monotonic()
            state, result = run_row(row, work, options.verbose)
            counts[state] += 1
            seconds = time.monotonic() - started
            print(f"{row.name:<28}{row.command:<66}{state:<9}{seconds:>7.1f}  {result}", flush=True)
    print(", ".join(f"{count} {state}" for state, count in counts.items()))
    if counts["FAILED"] or not chosen:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
