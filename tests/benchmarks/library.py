"""Speed, size, recall and robustness of the library, in SQLite and in PostgreSQL.

2,000 hours are made by repeating the words of eight AMI meetings, in which every sixth word is replaced by another of
their vocabulary or by a new one, so that the repetitions differ. Searches are drawn from the passages with a fixed
seed. `--part` chooses what to measure:

  speed      hours added, size, and times of searches; --database postgres measures PostgreSQL
  recall     60 known items in six languages (tests/benchmarks/library_data), ours beside FTS5 with its defaults
  processes  eight processes add and search for --seconds, then what is lost
  kills      30 processes are killed with SIGKILL while they add, then what is lost
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from meetscribe.library import Filter, Library, Meeting, Passage, Record, SourceFile, open_library
from meetscribe.library.sources import record_of
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.real.places import Places
from tests.support.library_load import add_and_search, kill_while_adding
from tests.support.postgres import postgres_server

AMI = Places.default().data / "ami"
ITEMS = Path(__file__).with_name("library_data") / "known_items.tsv"
CHANGED = 6  # one word of so many is replaced
NEW = 0.1  # share of the replacements that are new words
QUERIES = 300
HITS = 10


@dataclass(frozen=True)
class Source:
    """A meeting of AMI: its passages, and its length in seconds."""

    record: Record
    duration: float


def sources() -> list[Source]:
    """Return the meetings of AMI."""
    found = []
    for file in sorted(AMI.glob("*.words.jsonl")):
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        words = [Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows]
        segments: list[list[Word]] = []
        for word in words:
            last = segments[-1][-1] if segments else None
            is_same = last is not None and last.speaker == word.speaker and word.start - last.end < 1.0
            if is_same:
                segments[-1].append(word)
            else:
                segments.append([word])
        duration = max(word.end for word in words)
        transcript = Transcript(tuple(Segment(tuple(each)) for each in segments), Meta("en", duration))
        found.append(Source(record_of(transcript, SourceFile(str(file), f"sha256:{file.name}", 1, 1)), duration))
    return found


def meetings(hours: float, seed: int = 1) -> Iterator[tuple[Record, float]]:
    """Yield changed repetitions of the meetings, and the hours so far."""
    drawn, originals = random.Random(seed), sources()
    vocabulary = sorted({word for source in originals for p in source.record.passages for word in p.text.split()})
    seconds, number = 0.0, 0
    while seconds < hours * 3600:
        source = originals[number % len(originals)]
        passages = tuple(replace(p, text=_changed(p.text, vocabulary, drawn)) for p in source.record.passages)
        day = f"{2020 + number % 7}-{1 + number // 7 % 12:02}-{1 + number % 28:02}"
        meeting = replace(source.record.meeting, id=f"{number:012x}", title=f"Meeting {number}", recorded_at=day)
        seconds += source.duration
        number += 1
        yield Record(meeting, passages), seconds / 3600


def _changed(text: str, vocabulary: list[str], drawn: random.Random) -> str:
    """Return a text in which some words are replaced."""
    words = text.split()
    for place in range(len(words)):
        if drawn.randrange(CHANGED) == 0:
            is_new = drawn.random() < NEW
            words[place] = f"{drawn.choice(vocabulary)}{drawn.randrange(10**4)}" if is_new else drawn.choice(vocabulary)
    return " ".join(words)


def measure_speed(location: str, hours: float) -> None:
    """Print how fast meetings are added, the size of the library, and the times of searches."""
    with open_library(location) as library:
        spent, passages, words, made, count = 0.0, 0, 0, 0.0, 0
        kept: list[Passage] = []
        for record, end in meetings(hours):
            made = end
            start = time.perf_counter()
            library.store.put(record)
            spent += time.perf_counter() - start
            count += 1
            passages += len(record.passages)
            words += sum(len(p.text.split()) for p in record.passages)
            kept += [p for p in record.passages[::97] if len(p.text.split()) > 3]
        print(f"{type(library.store).__name__}: {made:.0f} hours, {count} meetings,")
        print(f"  {passages:,} passages, {words:,} words; added in {spent:.0f} s ({made / spent:.1f} hours/s)")
        print(f"  size {library.store.size() / 1e6:.0f} MB")
        start = time.perf_counter()
        library.store.meetings(Filter())
        print(f"  list of all meetings {1000 * (time.perf_counter() - start):.0f} ms")
        _print_searches(library, kept)


def _print_searches(library: Library, kept: list[Passage]) -> None:
    """Print median and 95th percentile of the times of each kind of query, and of all, and the processor time.

    On a machine with other work, processor time says more; that of PostgreSQL's server is not in it.
    """
    drawn = random.Random(2)
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for number in range(QUERIES):
        kind = list(KINDS)[number % len(KINDS)]
        query = KINDS[kind](drawn.choice(kept), drawn)
        start, began = time.perf_counter(), time.process_time()
        library.search(query, HITS)
        times[kind].append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - began)))
    everything = [each for found in times.values() for each in found]
    print("  query              count   ms median    p95   processor ms median    p95")
    for name, found in (*times.items(), ("all", everything)):
        wall, spent = zip(*found, strict=True)
        texts = (
            f"{statistics.median(each):7.1f} {statistics.quantiles(each, n=20)[-1]:8.1f}" for each in (wall, spent)
        )
        print(f"  {name:<18} {len(found):>5} {'  '.join(texts)}")


def _run(passage: Passage, drawn: random.Random, count: int) -> str:
    """Return words of a passage that follow each other."""
    words = passage.text.split()
    start = drawn.randrange(max(1, len(words) - count + 1))
    return " ".join(words[start : start + count]).replace('"', "")


KINDS: dict[str, Callable[[Passage, random.Random], str]] = {
    "one word": lambda passage, drawn: drawn.choice(passage.text.split()),
    "two words": lambda passage, drawn: " ".join(drawn.sample(passage.text.split(), 2)),
    "three words": lambda passage, drawn: " ".join(drawn.sample(passage.text.split(), 3)),
    "phrase": lambda passage, drawn: f'"{_run(passage, drawn, 3)}"',
    "word and speaker": lambda passage, drawn: f"{drawn.choice(passage.text.split())} speaker:{passage.speaker}",
    "word and dates": lambda passage, drawn: f"{drawn.choice(passage.text.split())} after:2023-05 before:2023-08",
}
"""Queries made of a passage, by kind."""


def measure_recall() -> None:
    """Print the share of known items among the first ten hits, by language, and the misses."""
    rows = [line.split("\t") for line in ITEMS.read_text(encoding="utf-8").splitlines()]
    others = [p.text for source in sources() for p in source.record.passages] if AMI.is_dir() else []
    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "library.db") as library:
        by_language: dict[str, list[str]] = {"en": others}
        for language, text, _ in rows:
            by_language.setdefault(language, []).append(text)
        plain = sqlite3.connect(":memory:")
        plain.execute("CREATE VIRTUAL TABLE plain USING fts5(text)")
        for language, texts in by_language.items():
            passages = tuple(Passage(at, at * 5.0, at * 5.0 + 4.0, None, text) for at, text in enumerate(texts))
            source = SourceFile(language, language, 1, 1)
            library.store.put(Record(Meeting(language, source, language, None, language, 1.0), passages))
            plain.executemany("INSERT INTO plain VALUES (?)", ((text,) for text in texts))
        misses = []
        found: dict[str, list[int]] = {}
        for language, text, query in rows:
            ours = text in [hit.passage.text for hit in library.search(query, HITS).hits]
            theirs = text in _plain_hits(plain, query)
            counts = found.setdefault(language, [0, 0, 0])
            for at, value in enumerate((1, ours, theirs)):
                counts[at] += value
            misses += [] if ours else [f"  missed: {language} {query!r} for {text!r}"]
    print(f"known items among the first {HITS} hits, beside {len(others):,} passages of AMI")
    print("language  items  ours  FTS5 defaults")
    for language, (items, ours, theirs) in (
        *found.items(),
        ("all", [sum(c) for c in zip(*found.values(), strict=True)]),
    ):
        print(f"{language:<8} {items:>6} {ours:>5} {theirs:>14}")
    print("\n".join(misses))


def _plain_hits(database: sqlite3.Connection, query: str) -> list[str]:
    """Return the hits of FTS5 with its defaults: every word quoted, all of them required."""
    match = " ".join('"' + word.replace('"', '""') + '"' for word in query.split())
    rows = database.execute("SELECT text FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT ?", (match, HITS))
    return [row[0] for row in rows]


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("speed", "recall", "processes", "kills"), action="append")
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

        for part in given.part or ("speed", "recall", "processes", "kills"):
            if part == "speed":
                measure_speed(location(part), given.hours)
            elif part == "recall":
                measure_recall()
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
