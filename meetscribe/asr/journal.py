"""The decoding journal: results of a recording, stored batch by batch, so that an interrupted run can resume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Protocol, TypeAlias

from meetscribe.asr.decoding import ChunkResult
from meetscribe.asr.language_detection import DetectedLanguage
from meetscribe.timeline import Span
from meetscribe.transcript import JSON, Finding, Word

Languages: TypeAlias = tuple[DetectedLanguage, list[str]]
"""The language of a recording, and the language of each of its chunks."""


class EntryLog(Protocol):
    """A persistent, append-only list of JSON entries."""

    def entries(self) -> list[JSON]:
        """Return all entries, including those of earlier runs."""
        ...

    def add(self, entry: JSON) -> None:
        """Append an entry."""
        ...


class DecodingJournal:
    """The results in a log for the chunks of a recording; without a log, nothing is stored.

    Entries that do not match the chunks are ignored. A later entry for the same chunks replaces an earlier one.
    """

    def __init__(self, log: EntryLog | None, chunks: Sequence[Span]) -> None:
        self._log = log
        self._chunks = chunks
        self._languages: Languages | None = None
        self._batches: dict[int, list[ChunkResult]] = {}
        for entry in log.entries() if log else []:
            try:
                self._read(entry)
            except (KeyError, TypeError, ValueError, AttributeError):
                continue

    def languages(self) -> Languages | None:
        """Return the detected languages, None if they are not stored."""
        return self._languages

    def results(self) -> list[ChunkResult]:
        """Return the results of the first chunks, up to the first missing batch."""
        results: list[ChunkResult] = []
        while batch := self._batches.get(len(results)):
            results += batch
        return results

    def add_languages(self, detected: DetectedLanguage, languages: list[str]) -> Languages:
        """Store the detected languages, and return them."""
        self._add({"language": asdict(detected), "languages": list(languages)})
        return detected, languages

    def add_results(self, first: int, results: Sequence[ChunkResult]) -> None:
        """Store the results of the chunks from the index `first`."""
        self._add({"first": first, "results": [_to_entry(result) for result in results]})

    def _add(self, entry: JSON) -> None:
        if self._log is not None:
            self._log.add(entry)

    def _read(self, entry: Any) -> None:
        """Read an entry; raises KeyError, TypeError, ValueError or AttributeError if it is malformed."""
        if "languages" in entry:
            if len(entry["languages"]) == len(self._chunks):
                self._languages = DetectedLanguage(**entry["language"]), list(map(str, entry["languages"]))
            return
        first, results = entry["first"], [_from_entry(each) for each in entry["results"]]
        if [result.span for result in results] == list(self._chunks[first : first + len(results)]):
            self._batches[first] = results


def _to_entry(result: ChunkResult) -> dict[str, JSON]:
    """Return a result as JSON."""
    return {
        "span": [result.span.start, result.span.end],
        "words": [asdict(word) for word in result.words],
        "findings": [asdict(finding) for finding in result.findings],
        "retries": result.retries,
    }


def _from_entry(entry: Any) -> ChunkResult:
    """Return the result in an entry; raises KeyError, TypeError or ValueError if it is malformed."""
    return ChunkResult(
        Span(*entry["span"]),
        tuple(Word(**word) for word in entry["words"]),
        tuple(Finding(**finding) for finding in entry["findings"]),
        int(entry["retries"]),
    )
