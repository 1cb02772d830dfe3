"""Meetings: recordings are found as the transcript says or beside it, and speakers have their channels or files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError
from meetscribe.storage.files import sha256_digest
from meetscribe.training.data import DataSettings, Sources, load_examples, prepare, read_clip
from meetscribe.training.data.clips.meetings import Track, load_tracks, read_meetings
from meetscribe.transcript import DiarizationRecord, Meta, Provenance, RecordingFile, Segment, Transcript, Word
from tests.support.microphones import Samples, write_wav

SECONDS = 20
TONES = {"SPEAKER_00": 300.0, "SPEAKER_01": 900.0}


def tone(frequency: float, first: bool) -> Samples:
    """Return a tone in every other second, so that two microphones are never loud at once."""
    time = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    heard = (time.astype(int) % 2 == 0) == first
    samples: Samples = (0.3 * np.sin(2 * np.pi * frequency * time) * heard).astype(np.float32)
    return samples


def words(speaker: str, first: bool) -> list[Word]:
    """Return words of a speaker, each in a second in which the tone is heard."""
    starts = range(0 if first else 1, SECONDS, 2)
    return [Word(f"{speaker[-1]}x{start}", start + 0.2, start + 0.8, speaker=speaker) for start in starts]


def channels_transcript(recording: RecordingFile | None) -> Transcript:
    """Return the transcript of two speakers with a channel each."""
    both = sorted([*words("SPEAKER_00", True), *words("SPEAKER_01", False)], key=lambda word: word.start)
    segments = [Segment((word,)) for word in both]
    provenance = Provenance(diarization=DiarizationRecord(pipeline="channels"))
    return Transcript(tuple(segments), Meta("en", float(SECONDS), recording, provenance=provenance))


def frequency(samples: Samples) -> float:
    """Return the loudest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum)) * SAMPLE_RATE / len(samples)


def test_a_speaker_is_cut_from_the_own_channel(tmp_path: Path) -> None:
    """Each clip holds the sound of its speaker only, with names that were given later."""
    with write_wav(tmp_path / "call.wav", tone(300, True), tone(900, False)).open("rb") as data:
        recording = RecordingFile("call.wav", sha256_digest(data))
    made = channels_transcript(recording).rename({"SPEAKER_01": "Anna"})
    made.save(tmp_path / "call.json")
    settings = DataSettings(dev=0, test=0)
    prepare(tmp_path / "set", [tmp_path / "call.json"], settings)
    examples = load_examples(tmp_path / "set")
    assert {one.speaker for one in examples} == {"SPEAKER_00", "Anna"}
    for example in examples:
        expected = 900 if example.speaker == "Anna" else 300
        assert frequency(read_clip(tmp_path / "set", example)) == pytest.approx(expected, abs=2)


def test_a_speaker_is_cut_from_the_own_file(tmp_path: Path) -> None:
    """A meeting of `run --per-speaker` has a file for each; the transcript has no hash of its own."""
    write_wav(tmp_path / "SPEAKER_00.wav", tone(300, True))
    write_wav(tmp_path / "SPEAKER_01.wav", tone(900, False))
    channels_transcript(RecordingFile("SPEAKER_00.wav, SPEAKER_01.wav")).save(tmp_path / "call.json")
    prepare(tmp_path / "set", [tmp_path / "call.json"], DataSettings(dev=0, test=0))
    examples = load_examples(tmp_path / "set")
    assert len({one.recording for one in examples}) == 2
    for example in examples:
        assert frequency(read_clip(tmp_path / "set", example)) == pytest.approx(TONES[example.speaker or ""], abs=2)
    (tmp_path / "SPEAKER_01.wav").unlink()
    with pytest.raises(InputError, match="the recording of SPEAKER_01 was not found"):
        read_meetings(Sources((tmp_path / "call.json",)))


def test_mix_and_channels_are_loaded_together(tmp_path: Path) -> None:
    file = write_wav(tmp_path / "call.wav", tone(300, True), tone(900, False))
    mix, left = Track(file, ""), Track(file, "", 0)
    found = load_tracks(file, [mix, left])
    assert float(np.abs(found[left].samples[SAMPLE_RATE : 2 * SAMPLE_RATE]).max()) == 0
    assert float(np.abs(found[mix].samples[SAMPLE_RATE : 2 * SAMPLE_RATE]).max()) > 0.1


def test_the_recording_is_found(tmp_path: Path) -> None:
    """By the name beside the transcript, in the folder of --audio, or as --audio says."""
    (tmp_path / "sound").mkdir()
    (tmp_path / "text").mkdir()
    recording = write_wav(tmp_path / "sound" / "talk.wav", tone(300, True))
    subtitles = tmp_path / "text" / "talk.srt"
    subtitles.write_text("1\n00:00:01,000 --> 00:00:03,000\nHello there.\n", encoding="utf-8")
    with pytest.raises(InputError, match="--audio"):
        read_meetings(Sources((subtitles,)))
    for audio in (recording, recording.parent):
        (found,) = read_meetings(Sources((subtitles,), audio=audio))
        assert found.mix is not None and found.mix.path == recording
    write_wav(tmp_path / "text" / "talk.wav", tone(900, True))
    (found,) = read_meetings(Sources((tmp_path / "text",)))
    assert found.mix is not None and found.mix.path == tmp_path / "text" / "talk.wav"


def test_one_recording_is_not_that_of_two_transcripts(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "a.wav", tone(300, True))
    for name in ("a", "b"):
        replace(channels_transcript(None), meta=Meta("en", 9.0)).save(tmp_path / f"{name}.json")
    with pytest.raises(InputError, match="--audio is one file, but there are 2 transcripts"):
        read_meetings(Sources((tmp_path / "a.json", tmp_path / "b.json"), audio=recording))


def test_a_changed_recording_is_not_taken(tmp_path: Path) -> None:
    """The transcript names its hash; the error says how to give another file."""
    write_wav(tmp_path / "call.wav", tone(300, True))
    made = Transcript((), Meta("en", 9.0, RecordingFile("call.wav", "sha256:0")))
    made.save(tmp_path / "call.json")
    with pytest.raises(InputError, match=r"call.wav was not found\nGive the recording"):
        read_meetings(Sources((tmp_path / "call.json",)))
