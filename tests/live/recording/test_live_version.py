"""The live transcript of a recorded session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError, OutputError
from meetscribe.live import events
from meetscribe.live.events import Draft, Event
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording.live_version import live_transcript, with_corrections, write_live_version
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.recording.session_file import SessionFile
from meetscribe.live.transcript import LiveTranscript
from meetscribe.transcript import RecordingFile, Transcript, Word

SESSION = SessionFile("2026-11-27T10:00:00+01:00", "test", language="en", title="Monday")
RECORDING = RecordingFile("monday", "sha256:0123456789abcdef")


def words(text: str, start: float = 0.0) -> list[Word]:
    """Return words of half a second."""
    return [Word(each, start + place / 2, start + place / 2 + 0.4) for place, each in enumerate(text.split())]


def numbered(drafts: list[Draft]) -> list[Event]:
    return [draft.published(number, float(number)) for number, draft in enumerate(drafts, start=1)]


DRAFTS = [
    events.commit("a", 0, words("the planes was not ready")),
    events.commit("b", 0, words("so we um move it", 5)),
    events.revise_speaker("a", 1, 0, 4, "SPEAKER_00"),
    events.speakers({"SPEAKER_00": "Anna"}, 4.0),
    events.revise_text("a", 2, 1, 2, "plan is"),
    events.revise_text("b", 1, 2, 2, ""),
]


def transcript_of(drafts: list[Draft]) -> Transcript:
    """Return the transcript with corrections as edits."""
    recognised = [event for event in numbered(drafts) if "text" not in event.payload or event.kind != "revise"]
    corrected = LiveTranscript().apply_all(numbered(drafts))
    return with_corrections(LiveTranscript().apply_all(recognised), corrected, SESSION, 10.0, RECORDING)


def test_corrections_and_names_are_edits() -> None:
    """The words as recognised are kept, and the edited transcript is the one that was shown."""
    transcript = transcript_of(DRAFTS)
    assert transcript.text == "the planes was not ready\nso we um move it"
    assert transcript.edited().text == "the plan is not ready\nso we move it"
    assert transcript.edited().speakers == ("Anna",)
    assert [word.id for word in transcript.words][:2] == ["0123456789ab-0", "0123456789ab-1"]
    assert (transcript.meta.title, transcript.meta.recorded_at) == ("Monday", SESSION.started)


@given(
    corrections=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["", "new", "two words", "w1"])), max_size=4
    )
)
def test_any_corrections_give_the_text_that_was_shown(corrections: list[tuple[int, int, str]]) -> None:
    """Overlapping, repeated and reverted corrections of a segment have the result of the live display."""
    drafts = [events.commit("a", 0, words("w0 w1 w2 w3 w4 w5"))]
    for revision, (one, other, text) in enumerate(corrections, start=1):
        drafts.append(events.revise_text("a", revision, min(one, other), max(one, other), text))
    shown = LiveTranscript().apply_all(numbered(drafts)).transcript().text
    assert transcript_of(drafts).edited().text.split() == shown.split()


def test_the_log_of_a_folder_gives_its_live_transcript(tmp_path: Path) -> None:
    recorder = FolderRecorder.start(tmp_path / "s", 1, "test", language="en")
    recorder.write(AudioChunk(0, np.full((48_000, 1), 0.1, np.float32)))
    for event in numbered(DRAFTS):
        recorder.log(event)
    transcript = live_transcript(tmp_path / "s")
    written = write_live_version(tmp_path / "s", transcript)
    recorder.close()

    assert transcript.edited().text == "the plan is not ready\nso we move it"
    assert transcript.recording is not None and transcript.recording.path == str(tmp_path / "s")
    assert Transcript.load(written) == transcript
    with pytest.raises(OutputError, match="cannot be written"):
        write_live_version(tmp_path / "missing", transcript)


def test_a_session_without_sound_has_no_transcript(tmp_path: Path) -> None:
    FolderRecorder.start(tmp_path / "s", 1, "test").close()
    with pytest.raises(InputError, match="has no audio"):
        live_transcript(tmp_path / "s")
