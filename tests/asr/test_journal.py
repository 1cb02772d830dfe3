"""Recognition that ends early: what was heard until then is not listened to again, and the result is the same."""

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
SCRIPTED_ERRORS = (
    ScriptedError(MEETING.speech[2], "you you you you you you you", until=0.3),
    ScriptedError(MEETING.speech[4], "Thank you."),
)


class ListJournal:
    """A journal in memory."""

    def __init__(self) -> None:
        self.kept: list[JSON] = []

    def entries(self) -> list[JSON]:
        return list(self.kept)

    def add(self, entry: JSON) -> None:
        self.kept.append(entry)


class Interrupted(Exception):
    """What ends a run early."""


def recognizer(multilingual: bool = False) -> tuple[EngineRecognizer, ScriptedEngine]:
    """A recogniser of the meeting that hears some of it wrong, and its engine."""
    engine = ScriptedEngine(
        MEETING.audio(), MEETING.transcript.words, SCRIPTED_ERRORS, detected=lambda span: {"en": 0.9, "de": 0.1}
    )
    return EngineRecognizer(engine, AsrSettings(multilingual=multilingual), DecodingPlan(batch_size=2)), engine


@pytest.mark.parametrize("multilingual", [False, True])
@pytest.mark.parametrize("end", range(6))
def test_an_interrupted_run_goes_on(end: int, multilingual: bool) -> None:
    """Wherever a run ends, the next one listens to the rest only, and makes what an undisturbed one does."""
    ours, _ = recognizer(multilingual)
    undisturbed = ours.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech)
    journal = ListJournal()

    def interrupt(done: float) -> None:
        if done >= end / 6:
            raise Interrupted

    first, _ = recognizer(multilingual)
    with pytest.raises(Interrupted):
        first.transcribe(MEETING.audio(), MEETING.speech, interrupt, MEETING.speech, journal)
    kept = {outcome.span for outcome in DecodingJournal(journal, MEETING.speech).results()}
    second, heard = recognizer(multilingual)
    told: list[float] = []
    assert second.transcribe(MEETING.audio(), MEETING.speech, told.append, MEETING.speech, journal) == undisturbed
    assert told == sorted(told) and told[-1] == 1.0
    assert len(kept) >= end and not kept & {span for spans, _ in heard.calls for span in spans}


def test_a_whole_diary_needs_no_ears() -> None:
    """If only the end was missing, nothing is heard again."""
    journal = ListJournal()
    first, _ = recognizer()
    undisturbed = first.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech, log=journal)
    second, heard = recognizer()
    assert (
        second.transcribe(MEETING.audio(), MEETING.speech, speech_activity=MEETING.speech, log=journal) == undisturbed
    )
    assert heard.calls == []


def test_entries_read_back_equal() -> None:
    """Words, findings and languages are as they were written, to the last digit."""
    pieces = [Span(0.1, 1 / 3), Span(1 / 3, 5.0)]
    outcomes = [
        ChunkResult(pieces[0], (Word("Grüße,", 0.1, 0.2, "engine", probability=0.1234, language="de"),), retries=3),
        ChunkResult(pieces[1], (), (Finding("removed", 1 / 3, 5.0, "not heard again", "you you"),)),
    ]
    journal = ListJournal()
    diary = DecodingJournal(journal, pieces)
    spoken = (DetectedLanguage("en", 1 / 3, 2), ["en", "de"])
    assert diary.add_languages(*spoken) == spoken
    diary.add_results(0, outcomes)
    assert DecodingJournal(journal, pieces).languages() == spoken
    assert DecodingJournal(journal, pieces).results() == outcomes


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        {},
        {"languages": ["en"], "language": {"language": "en"}},
        {"languages": 3},
        {"languages": ["en", "en"], "language": {"tongue": "en"}},
        {"first": 0, "results": [{"span": [0, 2], "words": [], "findings": [], "retries": 0}]},
        {"first": 0, "results": [{"span": [0, 1], "words": [{"text": ""}], "findings": [], "retries": 0}]},
        {"first": "0", "results": []},
        {"first": 5, "results": [{"span": [0, 1], "words": [], "findings": [], "retries": 0}]},
        {"first": 1, "results": [{"span": [1, 2], "words": [], "findings": [], "retries": 0}]},
    ],
)
def test_entries_that_do_not_fit_are_absent(entry: JSON) -> None:
    """What is no entry, or is about other pieces, or comes after a gap, is as if it were not there."""
    journal = ListJournal()
    journal.add(entry)
    diary = DecodingJournal(journal, [Span(0, 1), Span(1, 2)])
    assert (diary.languages(), diary.results()) == (None, [])
