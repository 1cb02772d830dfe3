"""An interrupted run resumes: stored chunks are not decoded again, and the result is the same."""

from __future__ import annotations

import pytest

from meetscribe.asr.decoding import ChunkResult
from meetscribe.asr.journal import DecodingJournal
from meetscribe.asr.language_detection import DetectedLanguage
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.recognition import EngineRecognizer
from meetscribe.asr.settings import AsrSettings
from meetscribe.testing import ScriptedEngine, ScriptedError, synthetic_meeting
from meetscribe.timeline import Span
from meetscribe.transcript import JSON, Finding, Word

MEETING = synthetic_meeting(turns=12, seed=3)
ERRORS = (
    ScriptedError(MEETING.speech[2], "you you you you you you you", until=0.3),
    ScriptedError(MEETING.speech[4], "Thank you."),
)


class MemoryLog:
    """An EntryLog in memory."""

    def __init__(self) -> None:
        self.stored: list[JSON] = []

    def entries(self) -> list[JSON]:
        return list(self.stored)

    def add(self, entry: JSON) -> None:
        self.stored.append(entry)


class Interrupted(Exception):
    """Ends a run."""


def recognizer(multilingual: bool = False) -> tuple[EngineRecognizer, ScriptedEngine]:
    """Return a recogniser of the meeting with some errors, and its engine."""
    engine = ScriptedEngine(
        MEETING.audio(), MEETING.transcript.words, ERRORS, detected=lambda span: {"en": 0.9, "de": 0.1}
    )
    return EngineRecognizer(engine, AsrSettings(multilingual=multilingual), DecodingPlan(batch_size=2)), engine


@pytest.mark.parametrize("multilingual", [False, True])
@pytest.mark.parametrize("end", range(6))
def test_an_interrupted_run_resumes(end: int, multilingual: bool) -> None:
    """Wherever a run ends, the next one decodes only the rest, with the result of an uninterrupted run."""
    ours, _ = recognizer(multilingual)
    uninterrupted = ours.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech)
    log = MemoryLog()

    def interrupt(done: float) -> None:
        if done >= end / 6:
            raise Interrupted

    first, _ = recognizer(multilingual)
    with pytest.raises(Interrupted):
        first.transcribe(MEETING.audio(), MEETING.speech, interrupt, MEETING.speech, log)
    stored = {result.span for result in DecodingJournal(log, MEETING.speech).results()}
    second, engine = recognizer(multilingual)
    reported: list[float] = []
    assert second.transcribe(MEETING.audio(), MEETING.speech, reported.append, MEETING.speech, log) == uninterrupted
    assert reported == sorted(reported) and reported[-1] == 1.0
    assert len(stored) >= end and not stored & {span for spans, _ in engine.calls for span in spans}


def test_a_complete_journal_needs_no_decoding() -> None:
    log = MemoryLog()
    first, _ = recognizer()
    uninterrupted = first.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech, log=log)
    second, engine = recognizer()
    assert second.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech, log=log) == uninterrupted
    assert engine.calls == []


def test_entries_are_read_back_exactly() -> None:
    """Words, findings and languages are equal to the last digit."""
    chunks = [Span(0.1, 1 / 3), Span(1 / 3, 5.0)]
    results = [
        ChunkResult(chunks[0], (Word("Grüße,", 0.1, 0.2, "engine", probability=0.1234, language="de"),), retries=3),
        ChunkResult(chunks[1], (), (Finding("removed", 1 / 3, 5.0, "not confirmed", "you you"),)),
    ]
    log = MemoryLog()
    journal = DecodingJournal(log, chunks)
    languages = (DetectedLanguage("en", 1 / 3, 2), ["en", "de"])
    assert journal.add_languages(*languages) == languages
    journal.add_results(0, results)
    assert DecodingJournal(log, chunks).languages() == languages
    assert DecodingJournal(log, chunks).results() == results


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        {},
        {"languages": ["en"], "language": {"language": "en"}},
        {"languages": 3},
        {"languages": ["en", "en"], "language": {"code": "en"}},
        {"first": 0, "results": [{"span": [0, 2], "words": [], "findings": [], "retries": 0}]},
        {"first": 0, "results": [{"span": [0, 1], "words": [{"text": ""}], "findings": [], "retries": 0}]},
        {"first": "0", "results": []},
        {"first": 5, "results": [{"span": [0, 1], "words": [], "findings": [], "retries": 0}]},
        {"first": 1, "results": [{"span": [1, 2], "words": [], "findings": [], "retries": 0}]},
    ],
)
def test_entries_that_do_not_match_are_ignored(entry: JSON) -> None:
    """Malformed entries, entries about other chunks, and entries after a gap are ignored."""
    log = MemoryLog()
    log.add(entry)
    journal = DecodingJournal(log, [Span(0, 1), Span(1, 2)])
    assert (journal.languages(), journal.results()) == (None, [])
