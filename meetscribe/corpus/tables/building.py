"""Building a corpus from sources, all at once or while a batch runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.corpus.events import Event, OnEvent
from meetscribe.corpus.manifest import Manifest
from meetscribe.corpus.tables.sources import Source, entry_source
from meetscribe.corpus.tables.writing import AddResult, CorpusWriter, Outcome
from meetscribe.runtime.progress import Progress, ignore_progress


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of building: the number of recordings by outcome, new duplicates, and unreadable transcripts."""

    counts: dict[Outcome, int]
    duplicates: tuple[AddResult, ...]
    unreadable: tuple[AddResult, ...]


def build_corpus(
    root: Path | str,
    sources: Sequence[Source],
    progress: Progress = ignore_progress,
    stop: Callable[[], bool] = lambda: False,
    create: bool = True,
) -> BuildResult:
    """Add recordings to a corpus; with `create`, create the corpus if it is missing.

    Unchanged recordings are skipped, so repeating an interrupted build continues it. `stop` is polled between
    recordings. Raises InputError if the folder is not a corpus, and OutputError.
    """
    counts: Counter[Outcome] = Counter()
    duplicates, unreadable = list[AddResult](), list[AddResult]()
    with CorpusWriter(root, create) as writer:
        for number, source in enumerate(sources):
            if stop():
                break
            progress(number / len(sources))
            added = writer.add(source)
            counts[added.outcome] += 1
            if added.outcome == "duplicate":
                duplicates.append(added)
            if added.error is not None:
                unreadable.append(added)
    progress(1.0)
    return BuildResult(dict(counts), tuple(duplicates), tuple(unreadable))


def adding_callback(writer: CorpusWriter, manifest: Manifest, collection: str | None = None) -> OnEvent:
    """Return an event callback that adds each recording of a batch to a corpus when it has ended.

    Skipped recordings are added too, if they are missing in the corpus. The transcript is read from the outputs in the
    manifest. The callback raises OutputError.
    """

    def on_event(event: Event) -> None:
        if event.kind == "skip" or (event.kind == "end" and event.status is not None):
            entry = manifest.last(event.recording)
            if entry is not None:
                writer.add(entry_source(entry, collection))

    return on_event
