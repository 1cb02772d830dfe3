"""Whether searches find known items: by words, and by meaning."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from meetscribe.library import Filter, Library, Meeting, Passage, Record, SourceFile, open_library
from meetscribe.library.semantic import open_embedder
from meetscribe.library.semantic.vectors import add_vectors
from tests.benchmarks.library.meetings import AMI, sources

FOLDER = Path(__file__).parent
HITS = 10


def measure_recall() -> None:
    """Print the share of known items among the first ten hits, by language, and the misses."""
    rows = read_rows("known_items.tsv")
    with library_of([(language, text) for language, text, _ in rows]) as library:
        plain = _plain(library)
        found = [(row, row[1] in texts(library, row[2]), row[1] in _plain_hits(plain, row[2])) for row in rows]
    print(f"known items among the first {HITS} hits")
    print_counts(("language", "items", "ours", "FTS5 defaults"), [(row[0], 1, a, b) for row, a, b in found])
    for (language, text, query), is_found, _ in found:
        if not is_found:
            print(f"  missed: {language} {query!r} for {text!r}")


def measure_meaning() -> None:
    """Print how many paraphrased items are found by words, by meaning, and by both, and the cost of the vectors.

    A paraphrase has other words than its item; the second has another language, mostly English.
    """
    rows = read_rows("paraphrases.tsv")
    known = {text: query for _, text, query in read_rows("known_items.tsv")}
    with library_of([(language, text) for language, text, *_ in rows]) as library:
        _print_cost(library)
        for title, at in (("in the same language", 2), ("in another language", 3)):
            print(f"paraphrases {title}, found first and among the first {HITS} hits")
            _print_places(library, [(row[0], row[1], row[at]) for row in rows])
        print(f"known items by their own words, found first and among the first {HITS} hits")
        _print_places(library, [(row[0], row[1], known[row[1]]) for row in rows])


def _print_cost(library: Library) -> None:
    """Compute the vectors of a library, and print how long it takes, and how long a search takes."""
    start, spent = time.perf_counter(), time.process_time()
    add_vectors(library.store, open_embedder())
    wall, spent = time.perf_counter() - start, time.process_time() - spent
    count = sum(len(each.positions) // 4 for each in library.store.vectors(Filter(), open_embedder().id))
    print(f"{count:,} vectors in {wall:.0f} s ({spent:.0f} s of processor time)")


def _print_places(library: Library, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print by language how many items are found first, and at all, by words and with meaning."""
    counts = []
    for language, text, query in rows:
        places = [_place(texts(library, query, semantic=semantic), text) for semantic in (False, True)]
        counts.append((language, 1, *(each for place in places for each in (place == 1, place > 0))))
    print_counts(("language", "items", "words: first", "among 10", "and meaning: first", "among 10"), counts)


def _place(found: Sequence[str], text: str) -> int:
    """Return the place of a text among others, from 1; 0 if it is none of them."""
    return found.index(text) + 1 if text in found else 0


def read_rows(name: str) -> list[list[str]]:
    """Return the columns of each line of a data file: language, text, query, and a second query if it has one."""
    return [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@contextmanager
def library_of(items: Sequence[tuple[str, str]]) -> Iterator[Library]:
    """Yield a library with a meeting per language, of which the English one has the passages of AMI too."""
    others = [p.text for source in sources() for p in source.record.passages] if AMI.is_dir() else []
    by_language: dict[str, list[str]] = {"en": list(others)}
    for language, text in items:
        by_language.setdefault(language, []).append(text)
    print(f"{len(items)} items beside {len(others):,} passages of AMI")
    with tempfile.TemporaryDirectory() as folder, open_library(Path(folder) / "library.db") as library:
        for language, own in by_language.items():
            passages = tuple(Passage(at, at * 5.0, at * 5.0 + 4.0, None, text) for at, text in enumerate(own))
            source = SourceFile(language, language, 1, 1)
            meeting = Meeting(language, source, language, None, language, 1.0, passages=len(passages))
            library.store.put(Record(meeting, passages))
        yield library


def texts(library: Library, query: str, *, semantic: bool = False) -> list[str]:
    """Return the texts of the first hits of a query."""
    return [hit.passage.text for hit in library.search(query, HITS, semantic=semantic).hits]


def print_counts(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the sums of the columns after the first, for each value of the first, and for all."""
    names = dict.fromkeys(str(row[0]) for row in rows)
    print("  ".join(f"{title:>8}" for title in titles))
    for name in (*names, "all"):
        chosen = [row[1:] for row in rows if name in (row[0], "all")]
        sums = (sum(map(int, column)) for column in zip(*chosen, strict=True))  # type: ignore[call-overload]
        cells = (f"{total:>{max(8, len(title))}}" for title, total in zip(titles[1:], sums, strict=True))
        print("  ".join((f"{name:>8}", *cells)))


def _plain(library: Library) -> sqlite3.Connection:
    """Return the passages of a library in FTS5 with its defaults."""
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE plain USING fts5(text)")
    passages = (p for meeting in library.meetings() for p in library.passages(meeting))
    plain.executemany("INSERT INTO plain VALUES (?)", ((p.text,) for p in passages))
    return plain


def _plain_hits(database: sqlite3.Connection, query: str) -> list[str]:
    """Return the hits of FTS5 with its defaults: every word quoted, all of them required."""
    match = " ".join('"' + word.replace('"', '""') + '"' for word in query.split())
    rows = database.execute("SELECT text FROM plain WHERE plain MATCH ? ORDER BY rank LIMIT ?", (match, HITS))
    return [row[0] for row in rows]
