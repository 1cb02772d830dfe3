"""What has been heard of a recording so far, written down batch by batch, so that a run that ends early goes on.

Where a diary is kept is not known here: a `Journal` keeps its entries, and gives them back in a later run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol, TypeAlias

from meetscribe.asr.decoding import ChunkResult
from meetscribe.asr.language_detection import DetectedLanguage
from meetscribe.timeline import Span
from meetscribe.transcript import JSON, Finding, Word

Languages: TypeAlias = tuple[DetectedLanguage, list[str]]
"""The language of a recording, and that of each of its pieces."""


class Journal(Protocol):
    """Entries that outlive the process."""

    def entries(self) -> list[JSON]:
        """Those that were added, in this run or an earlier one."""
        ...

    def add(self, entry: JSON) -> None:
        """Keep one more."""
        ...


class DecodingJournal:
    """The entries of a journal as what they mean for the pieces of a recording; without a journal it stays empty.

    An entry that fits no piece counts as absent; of several for the same one, the last one counts.
    """

    def __init__(self, journal: Journal | None, pieces: Sequence[Span]) -> None:
        self._journal = journal
        self._pieces = pieces
        self._languages: Languages | None = None
        self._batches: dict[int, list[ChunkResult]] = {}
        for entry in journal.entries() if journal else []:
            try:
                self._read(entry)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def languages(self) -> Languages | None:
        """The languages that were found, None if they were not."""
        return self._languages

    def outcomes(self) -> list[ChunkResult]:
        """What was heard in the first pieces, up to the first batch that is missing."""
        outcomes: list[ChunkResult] = []
        while batch := self._batches.get(len(outcomes)):
            outcomes += batch
        return outcomes

    def write_languages(self, spoken: DetectedLanguage, languages: list[str]) -> Languages:
        """Write down the languages, and hand them back."""
        self._write({"spoken": asdict(spoken), "languages": list(languages)})
        return spoken, languages

    def write_outcomes(self, first: int, outcomes: Sequence[ChunkResult]) -> None:
        """Write down what was heard from a piece on."""
        self._write({"first": first, "outcomes": [_entry(outcome) for outcome in outcomes]})

    def _write(self, entry: JSON) -> None:
        if self._journal is not None:
            self._journal.add(entry)

    def _read(self, entry: Any) -> None:
        """Take note of an entry; raises what a constructor raises if it is none."""
        if "languages" in entry:
            if len(entry["languages"]) == len(self._pieces):
                self._languages = DetectedLanguage(**entry["spoken"]), list(map(str, entry["languages"]))
            return
        first, outcomes = entry["first"], [_outcome(each) for each in entry["outcomes"]]
        if [outcome.span for outcome in outcomes] == list(self._pieces[first : first + len(outcomes)]):
            self._batches[first] = outcomes


def _entry(outcome: ChunkResult) -> dict[str, JSON]:
    """An outcome as JSON."""
    return {
        "span": [outcome.span.start, outcome.span.end],
        "words": [asdict(word) for word in outcome.words],
        "findings": [asdict(finding) for finding in outcome.findings],
        "again": outcome.again,
    }


def _outcome(entry: Any) -> ChunkResult:
    """The outcome in an entry; raises KeyError, TypeError or ValueError if there is none."""
    return ChunkResult(
        Span(*entry["span"]),
        tuple(Word(**word) for word in entry["words"]),
        tuple(Finding(**finding) for finding in entry["findings"]),
        int(entry["again"]),
    )
