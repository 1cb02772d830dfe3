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
from tests.support.library_load import Load, add_and_search, kill_while_adding
from tests.support.postgres import postgres_server

PARTS = ("speed", "recall", "meaning", "processes", "kills")


def main() -> None:
    """Run the parts that were asked for."""
    given = parse_arguments()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres_server(durable=True)) if given.database == "postgres" else None
        for part in given.part or PARTS:
            location = server.new_database() if server else str(folder / f"{part}.db")
            if part == "speed":
                measure_speed(location, given.hours)
            elif part == "recall":
                measure_recall()
            elif part == "meaning":
                measure_meaning()
            elif part == "processes":
                print_load(
                    f"8 processes, {given.seconds:g} s", add_and_search(location, 8, given.seconds), given.database
                )
            else:
                print_load(f"{given.kills} kills", kill_while_adding(location, given.kills), given.database)


def parse_arguments() -> argparse.Namespace:
    """Return the arguments of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, action="append", help="all by default")
    parser.add_argument(
        "--database", choices=("sqlite", "postgres"), default="sqlite", help="of speed, processes, kills"
    )
    parser.add_argument("--hours", type=float, default=2000.0, help="size of the library of speed (default: 2000)")
    parser.add_argument("--seconds", type=float, default=60.0, help="duration of processes (default: 60)")
    parser.add_argument("--kills", type=int, default=30, help="number of kills (default: 30)")
    return parser.parse_args()


def print_load(title: str, load: Load, database: str) -> None:
    """Print what processes did to a library, and the problems found afterwards."""
    problems = list(load.problems) or "none"
    print(f"{title}, {database}: {load.added} meetings added, {load.searches} searches; problems: {problems}")


if __name__ == "__main__":
    main()
