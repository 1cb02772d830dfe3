"""Speed, size, recall and robustness of the library, in SQLite and in PostgreSQL.

2,000 hours are made by repeating the words of eight AMI meetings, in which every sixth word is replaced by another of
their vocabulary or by a new one, so that the repetitions differ. Searches are drawn from the passages with a fixed
seed. `--part` chooses what to measure:

  speed      hours added, size, and times of searches; --database postgres measures PostgreSQL
  recall     60 known items in six languages (known_items.tsv), ours beside FTS5 with its defaults
  meaning    the same items by queries in other words and other languages (paraphrases.tsv), with and without --semantic
  processes  eight processes add and search for --seconds, then what is lost
  kills      30 processes are killed with SIGKILL while they add, then what is lost
"""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.library.recall import measure_meaning, measure_recall
from tests.benchmarks.library.speed import measure_speed
from tests.support.library_load import add_and_search, kill_while_adding
from tests.support.postgres import postgres_server

PARTS = ("speed", "recall", "meaning", "processes", "kills")


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--hours", type=float, default=2000.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kills", type=int, default=30)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server(durable=True)) if given.database == "postgres" else None

        def location(name: str) -> str:
            return server.new_database() if server else str(folder / f"{name}.db")

        for part in given.part or PARTS:
            if part == "speed":
                measure_speed(location(part), given.hours)
            elif part == "recall":
                measure_recall()
            elif part == "meaning":
                measure_meaning()
            elif part == "processes":
                load = add_and_search(location(part), 8, given.seconds)
                print(f"8 processes, {given.seconds:g} s, {given.database}: {load.added} meetings added, ", end="")
                print(f"{load.searches} searches; problems: {list(load.problems) or 'none'}")
            else:
                load = kill_while_adding(location(part), given.kills)
                print(f"{given.kills} kills, {given.database}: {load.added} meetings reported as added; ", end="")
                print(f"problems: {list(load.problems) or 'none'}")


if __name__ == "__main__":
    main()
