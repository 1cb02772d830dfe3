"""At the end of a session the live transcript is written at once, then that of the pipeline."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import IncompleteError, InputError, NoSpeechError, OutputError
from meetscribe.live import events
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording import finishing
from meetscribe.live.recording.finishing import Ending, Outputs
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.recording.session_file import read_session_file
from meetscribe.pipeline.session import Session
from meetscribe.settings import Settings, load_settings
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import RecordingFile, Segment, Transcript
from tests.conftest import SAMPLES

STEP = 16_000


def record(folder: Path, truth: Transcript) -> FolderRecorder:
    """Record the stand-up, whose words are committed under other labels, one of them renamed and one corrected."""
    audio = load_audio(SAMPLES / "standup.flac")
    recorder = FolderRecorder.start(folder, 1, "test", language="en")
    for start in range(0, len(audio.samples), STEP):
        recorder.write(AudioChunk(start, audio.samples[start : start + STEP][:, None]))
    labels = {label: f"VOICE_{place}" for place, label in enumerate(reversed(truth.speakers))}
    drafts = []
    for place, segment in enumerate(truth.segments):
        drafts.append(events.commit(f"s{place}", 0, segment.words, closed=True))
        speaker = labels[segment.speaker or ""]
        drafts.append(events.revise_speaker(f"s{place}", 1, 0, len(segment.words) - 1, speaker))
    drafts.append(events.speakers({**dict.fromkeys(labels.values(), ""), labels[truth.speakers[0]]: "Anna"}, 60.0))
    drafts.append(events.revise_text("s0", 2, 0, 0, "Corrected"))
    for seq, draft in enumerate(drafts, start=1):
        recorder.log(draft.published(seq, audio.duration))
    return recorder


@pytest.fixture
def run(standup_run: Path) -> Transcript:
    """The transcript that `meetscribe run` makes of the same recording."""
    return Transcript.load(standup_run / "standup.json")


@pytest.fixture
def recorder(tmp_path: Path, run: Transcript) -> Iterator[FolderRecorder]:
    recorder = record(tmp_path / "standup", run)
    yield recorder
    recorder.close()


def plain(transcript: Transcript) -> list[object]:
    """Return all segments without the ids of their words."""
    return [[replace(word, id=None) for word in segment.words] for segment in transcript.segments]


def test_the_final_transcript_is_that_of_the_pipeline(
    tmp_path: Path, recorder: FolderRecorder, run: Transcript
) -> None:
    """Apart from edits, ids and provenance it equals the transcript of the file; names and corrections are kept."""
    outputs = Outputs({"json": tmp_path / "standup.json", "srt": tmp_path / "standup.srt"})
    published: list[object] = []
    ending = Ending(recorder, outputs, lambda draft: published.append(draft.payload["state"]))
    live = ending.write_live()
    assert Transcript.load(tmp_path / "standup.json") == Transcript.load(tmp_path / "standup" / "live.json") == live
    assert (tmp_path / "standup.srt").exists() and recorder.state == "live-final"

    final = ending.refine(load_settings(SAMPLES / "offline.toml", {}))
    assert Transcript.load(tmp_path / "standup.json") == final
    assert plain(final) == plain(run)
    assert (final.turns, final.exclusive, final.meta.notices) == (run.turns, run.exclusive, run.meta.notices)
    assert final.name_of(run.speakers[0]) == "Anna" and final.edited().words[0].text == "Corrected"
    assert Transcript.load(tmp_path / "standup" / "live.json") == live
    assert published == ["stopping", "live-final", "refining", "final"]
    assert read_session_file(tmp_path / "standup").state == "final"


def test_channels_with_labels_are_transcribed_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speakers are named after their channels, unless they were given a name; a channel may hold several people."""
    meeting = synthetic_meeting(speakers=3, turns=9).transcript
    labels = dict(zip(meeting.speakers, ("SPEAKER_00", "SPEAKER_01.1", "SPEAKER_01.2"), strict=True))
    words = [[replace(word, speaker=labels[word.speaker or ""]) for word in each.words] for each in meeting.segments]
    found = meeting.with_segments(map(Segment, map(tuple, words))).with_meta(turns=(), exclusive=())
    asked: list[str] = []

    def run(folder: Path, settings: Settings, progress: object) -> Transcript:
        asked.append(settings.diarization.speakers_each)
        return found.with_meta(recording=RecordingFile(str(folder), load_audio(folder).hash))

    monkeypatch.setattr(finishing, "run_channels", run)
    recorder = FolderRecorder.start(tmp_path / "s", 2, "test", channel_speakers=("me", "them"))
    recorder.write(AudioChunk(0, np.full((STEP, 2), 0.1, np.float32)))
    spoken = [segment for segment in found.segments if segment.speaker == "SPEAKER_01.2"]
    for seq, segment in enumerate(spoken, start=1):
        word = [replace(word, speaker="them.2", speaker_source="channel") for word in segment.words]
        recorder.log(events.commit(f"s{seq}", 0, word, closed=True).published(seq, 1.0))
    recorder.log(events.speakers({"them.2": "Zoe"}, 1.0).published(len(spoken) + 1, 1.0))
    ending = Ending(recorder, Outputs({"json": tmp_path / "s.json"}))
    ending.write_live()
    final = ending.refine(Settings())
    recorder.close()
    assert asked == ["auto"]
    assert [final.name_of(label) for label in sorted(final.speakers)] == ["me", "them", "Zoe"]


def test_the_speakers_of_a_single_channel_are_named_after_its_label() -> None:
    """The pipeline numbers them as those of any recording."""
    meeting = synthetic_meeting(speakers=2, turns=4).transcript
    labels = dict(zip(meeting.speakers, ("SPEAKER_00", "SPEAKER_01"), strict=True))
    words = [[replace(word, speaker=labels[word.speaker or ""]) for word in each.words] for each in meeting.segments]
    found = meeting.with_segments(map(Segment, map(tuple, words))).with_meta(turns=(), exclusive=())
    named = finishing.with_channel_names(found, ("me",))
    assert [named.name_of(label) for label in sorted(named.speakers)] == ["me", "me.2"]


@pytest.mark.parametrize(
    ("error", "state"), [(KeyboardInterrupt(), "live-final"), (NoSpeechError("none"), "failed"), (OSError(), "failed")]
)
def test_a_refinement_that_fails_leaves_the_live_transcript(
    tmp_path: Path, recorder: FolderRecorder, monkeypatch: pytest.MonkeyPatch, error: BaseException, state: str
) -> None:
    """The files are still those of the live version, and the session can be refined later."""

    def failing(*arguments: object) -> None:
        raise error

    ending = Ending(recorder, Outputs({"json": tmp_path / "standup.json"}))
    live = ending.write_live()
    monkeypatch.setattr(Session, "run", failing)
    with pytest.raises(type(error)):
        ending.refine(Settings())
    assert Transcript.load(tmp_path / "standup.json") == live
    assert recorder.state == state


def test_an_output_that_cannot_be_written_does_not_lose_the_live_version(
    tmp_path: Path, recorder: FolderRecorder
) -> None:
    ending = Ending(recorder, Outputs({"json": tmp_path / "missing" / "standup.json"}))
    with pytest.raises(OutputError):
        ending.write_live()
    assert Transcript.load(tmp_path / "standup" / "live.json").words
    assert recorder.state == "live-final"


def test_the_other_outputs_are_written(tmp_path: Path, recorder: FolderRecorder) -> None:
    files = {"json": tmp_path / "standup.json", "srt": tmp_path / "missing" / "standup.srt"}
    with pytest.raises(IncompleteError, match="standup.srt"):
        Ending(recorder, Outputs(files)).write_live()
    assert Transcript.load(files["json"]).words
    assert recorder.state == "live-final"


def test_a_full_disk_at_the_end_is_an_error(
    tmp_path: Path, recorder: FolderRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space"):
        Ending(recorder, Outputs({"json": tmp_path / "standup.json"})).write_live()


def test_a_session_without_sound_has_no_end(tmp_path: Path) -> None:
    recorder = FolderRecorder.start(tmp_path / "s", 1, "test")
    with pytest.raises(InputError, match="has no audio"):
        Ending(recorder, Outputs({"json": tmp_path / "s.json"})).write_live()
    recorder.close()
