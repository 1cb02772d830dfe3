"""Recordings with a microphone for each speaker become one transcript, whose speakers are those of the microphones."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner

from meetscribe.audio import load_audio, load_channels
from meetscribe.channels import run_channels, run_speakers
from meetscribe.cli.application import application
from meetscribe.errors import InputError, SettingsError
from meetscribe.evaluation import cpwer, normalize
from meetscribe.settings import load_settings
from meetscribe.transcript import Transcript

SAMPLES = Path(__file__).parents[1] / "samples"
CONFIG = SAMPLES / "offline.toml"
RATE = 16000
SECONDS = 24
BLEED = 10 ** (-15 / 20)
TRUTH = [json.loads(line) for line in (SAMPLES / "interview.words.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = [row for row in TRUTH if row["end"] < SECONDS - 1]


def write(file: Path, *channels: npt.NDArray[np.float32]) -> Path:
    """A WAV file of some channels."""
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(len(channels))
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes((np.stack(channels, axis=1) * 32767).round().astype("<i2").tobytes())
    return file


@pytest.fixture(scope="module")
def microphones() -> dict[str, npt.NDArray[np.float32]]:
    """The interview as two microphones hear it: each its speaker, and the other one 15 dB weaker, a little later."""
    samples = load_audio(SAMPLES / "interview.flac").samples[: SECONDS * RATE]
    own = {}
    for speaker in sorted({row["speaker"] for row in WORDS}):
        mask = np.zeros(len(samples), np.float32)
        for row in TRUTH:
            if row["speaker"] == speaker:
                mask[max(0, round((row["start"] - 0.1) * RATE)) : round((row["end"] + 0.1) * RATE)] = 1
        own[speaker] = samples * mask
    first, second = own
    over = {first: np.roll(own[second], 60), second: np.roll(own[first], 60)}
    return {speaker: (own[speaker] + BLEED * over[speaker]).astype(np.float32) for speaker in own}


def mistakes(transcript: Transcript) -> float:
    """The share of words that are wrong or another's."""
    spoken: dict[str, list[str]] = {}
    heard: dict[str, list[str]] = {}
    for row in WORDS:
        spoken.setdefault(row["speaker"], []).extend(normalize(row["word"]))
    for word in transcript.words:
        if word.end < SECONDS - 1:
            heard.setdefault(word.speaker or "", []).extend(normalize(word.text))
    return cpwer(spoken, heard).rate or 0.0


def check(transcript: Transcript) -> None:
    """What holds of a transcript of the two microphones."""
    assert mistakes(transcript) < 0.12
    assert [s.start for s in transcript.segments] == sorted(s.start for s in transcript.segments)
    assert {word.speaker_source for word in transcript.words} == {"turn"}
    assert {turn.speaker for turn in transcript.turns} == set(transcript.speakers)


def test_each_channel_is_a_speaker(microphones: dict[str, npt.NDArray[np.float32]], tmp_path: Path) -> None:
    call = write(tmp_path / "call.wav", *microphones.values())
    transcript = run_channels(call, load_settings(CONFIG, {}))
    check(transcript)
    assert set(transcript.speakers) == {"SPEAKER_00", "SPEAKER_01"}
    assert transcript.source is not None and transcript.source.name == "call.wav"


def test_each_file_is_a_speaker_and_named_so(microphones: dict[str, npt.NDArray[np.float32]], tmp_path: Path) -> None:
    names = ["anna", "ben"]
    files = [write(tmp_path / f"{n}.wav", m) for n, m in zip(names, microphones.values(), strict=True)]
    arguments = ["run", *map(str, files), "--per-speaker", "--config", str(CONFIG), "-o", str(tmp_path), "-f", "json"]
    done = CliRunner().invoke(application, arguments)
    assert done.exit_code == 0, done.output
    transcript = Transcript.load(tmp_path / "anna.json")
    check(transcript)
    assert set(transcript.speakers) == {"anna", "ben"}
    assert "anna:" in done.stdout and "ben:" in done.stdout


def test_channels_are_decoded_apart(tmp_path: Path) -> None:
    left, right = np.full(RATE, 0.25, np.float32), np.linspace(-0.5, 0.5, RATE, dtype=np.float32)
    found = load_channels(write(tmp_path / "two.wav", left, right))
    assert len(found) == 2
    np.testing.assert_allclose(found[0].samples[100:-100], left[100:-100], atol=1e-3)
    np.testing.assert_allclose(found[1].samples[100:-100], right[100:-100], atol=1e-3)


def test_what_has_one_microphone_or_two_of_one_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one channel"):
        run_channels(SAMPLES / "standup.flac", load_settings(CONFIG, {}))
    with pytest.raises(SettingsError, match="named after its speaker"):
        run_speakers([tmp_path / "a.wav", tmp_path / "b" / "a.wav"])


def test_one_way_to_say_who_speaks_is_enough() -> None:
    done = CliRunner().invoke(application, ["run", "a.wav", "b.wav", "--per-speaker", "--channels", "split"])
    assert done.exit_code == 2 and "--per-speaker" in done.output
