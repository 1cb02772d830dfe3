"""Recordings with one microphone per speaker become one transcript, with the microphones as speakers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from click.testing import CliRunner

from meetscribe.audio import load_audio, load_channels
from meetscribe.cli.application import application
from meetscribe.diarization import DiarizationSettings
from meetscribe.errors import IncompleteRunError, InputError, SettingsError
from meetscribe.evaluation import cpwer, der, normalize
from meetscribe.formats.rttm import read_rttm
from meetscribe.pipeline import Session
from meetscribe.pipeline.channels import merge, run_channels, run_speakers
from meetscribe.settings import load_settings
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from tests.support.fake_models import failing
from tests.support.microphones import cut_tracks, with_crosstalk, write_wav

SAMPLES = Path(__file__).parents[2] / "samples"
CONFIG = SAMPLES / "offline.toml"
RATE = 16000
SECONDS = 14
BLEED = -15.0  # decibels
TRUTH = [json.loads(line) for line in (SAMPLES / "interview.words.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = [row for row in TRUTH if row["end"] < SECONDS - 1]


@pytest.fixture(scope="module")
def microphones() -> dict[str, npt.NDArray[np.float32]]:
    """The interview from two microphones: each has its speaker, and the other one 15 dB weaker and a little later."""
    samples = load_audio(SAMPLES / "interview.flac").samples[: SECONDS * RATE]
    speakers = sorted({row["speaker"] for row in WORDS})
    turns = [Turn(row["start"], row["end"], row["speaker"]) for row in TRUTH]
    tracks = cut_tracks(samples, turns, [[speaker] for speaker in speakers])
    return dict(zip(speakers, with_crosstalk(tracks, BLEED), strict=True))


def word_error_rate(transcript: Transcript) -> float:
    """Return the share of words that are wrong or attributed to the wrong speaker (cpWER)."""
    reference: dict[str, list[str]] = {}
    hypothesis: dict[str, list[str]] = {}
    for row in WORDS:
        reference.setdefault(row["speaker"], []).extend(normalize(row["word"]))
    for word in transcript.words:
        if word.end < SECONDS - 1:
            hypothesis.setdefault(word.speaker or "", []).extend(normalize(word.text))
    return cpwer(reference, hypothesis).rate or 0.0


def check(transcript: Transcript) -> None:
    """Check a transcript of the two microphones."""
    assert word_error_rate(transcript) < 0.12
    assert [s.start for s in transcript.segments] == sorted(s.start for s in transcript.segments)
    assert {word.speaker_source for word in transcript.words} == {"turn"}
    assert {turn.speaker for turn in transcript.turns} == set(transcript.speakers)


def test_each_channel_is_a_speaker(microphones: dict[str, npt.NDArray[np.float32]], tmp_path: Path) -> None:
    call = write_wav(tmp_path / "call.wav", *microphones.values())
    transcript = run_channels(call, load_settings(CONFIG, {}))
    check(transcript)
    assert set(transcript.speakers) == {"SPEAKER_00", "SPEAKER_01"}
    assert transcript.recording is not None and transcript.recording.name == "call.wav"


def test_each_file_is_a_speaker_with_its_name(microphones: dict[str, npt.NDArray[np.float32]], tmp_path: Path) -> None:
    names = ["anna", "ben"]
    files = [write_wav(tmp_path / f"{n}.wav", m) for n, m in zip(names, microphones.values(), strict=True)]
    arguments = ["run", *map(str, files), "--per-speaker", "--config", str(CONFIG), "-o", str(tmp_path), "-f", "json"]
    done = CliRunner().invoke(application, arguments)
    assert done.exit_code == 0, done.output
    transcript = Transcript.load(tmp_path / "anna.json")
    check(transcript)
    assert set(transcript.speakers) == {"anna", "ben"}
    assert "anna:" in done.stdout and "ben:" in done.stdout


def test_several_speakers_can_share_a_channel(tmp_path: Path) -> None:
    """Two channels with two speakers each: the labels name the channel, and the turns are right."""
    samples = load_audio(SAMPLES / "planning.flac").samples[: 26 * RATE]
    found = read_rttm((SAMPLES / "planning.rttm").read_bytes(), "planning")
    turns = [turn for turn in found if turn.end < 26]
    rooms = (("sally", "kurt"), ("diana", "robert"))
    call = write_wav(tmp_path / "call.wav", *with_crosstalk(cut_tracks(samples, turns, rooms), BLEED))
    transcript = run_channels(call, load_settings(CONFIG, {"diarization.speakers_each": "auto"}))
    assert sorted(transcript.speakers) == ["SPEAKER_00.1", "SPEAKER_00.2", "SPEAKER_01.1", "SPEAKER_01.2"]
    assert (der(turns, transcript.turns, collar=0.25).rate or 0) < 0.04
    of_channels = [replace(turn, speaker=turn.speaker.split(".")[0]) for turn in transcript.turns]
    of_rooms = [replace(turn, speaker=f"SPEAKER_0{int(turn.speaker in rooms[1])}") for turn in turns]
    assert (der(of_rooms, of_channels, collar=0.25).rate or 0) < 0.04
    assert any(word.overlap for word in transcript.words)


def test_labels_in_a_shared_file_are_unique() -> None:
    """A label is skipped if another file has it as its name."""
    words = (Word("Yes.", 1.0, 1.4, speaker="SPEAKER_00"), Word("No.", 3.0, 3.4, speaker="SPEAKER_01"))
    turns = tuple(Turn(word.start, word.end, word.speaker or "") for word in words)
    room = Transcript(tuple(Segment((word,)) for word in words), Meta("en", 9.0, turns=turns))
    alone = Transcript((Segment((Word("Yes.", 1.1, 1.4),)),), Meta("en", 9.0))
    merged = merge({"room": room, "room.1": alone}, RecordingFile("room.wav, room.1.wav"))
    assert merged.speakers == ("room.2", "room.1", "room.3")
    assert [word.overlap for word in merged.words] == [True, True, False]
    assert [turn.speaker for turn in merged.turns] == ["room.2", "room.1", "room.3"]


def test_words_in_another_language_than_most() -> None:
    """Each word of a microphone keeps its language; the transcript has that of most words."""

    def track(language: str, *words: Word) -> Transcript:
        return Transcript((Segment(words),), Meta(language, 9.0))

    anna = track("en", Word("Yes.", 1.0, 1.4), Word("Oui.", 2.0, 2.4, language="fr"), Word("No.", 3.0, 3.4))
    ben = track("de", Word("Ja.", 5.0, 5.4), Word("Well.", 6.0, 6.4, language="en"))
    merged = merge({"anna": anna, "ben": ben}, RecordingFile("anna.wav, ben.wav"))
    assert merged.language == "en"
    assert [word.language for word in merged.words] == [None, "fr", None, "de", None]
    silent = Transcript((), Meta("und", 9.0))
    assert merge({"anna": silent, "ben": ben}, RecordingFile("anna.wav, ben.wav")).language == "de"


@pytest.mark.parametrize("each", ["0", "two", "1,", "-1", ""])
def test_speakers_each_must_be_numbers_or_auto(each: str) -> None:
    with pytest.raises(SettingsError, match="speakers_each"):
        DiarizationSettings(speakers_each=each)


def test_speakers_each_must_fit_the_number_of_channels(tmp_path: Path) -> None:
    left, right = np.linspace(0, 0.5, RATE, dtype=np.float32), np.full(RATE, 0.2, np.float32)
    call = write_wav(tmp_path / "call.wav", left, right)
    with pytest.raises(SettingsError, match="3 channels or files, but there are 2"):
        run_channels(call, load_settings(CONFIG, {"diarization.speakers_each": "1,2,auto"}))
    done = CliRunner().invoke(application, ["run", str(call), "--speakers-each", "2"])
    assert done.exit_code == 2 and "--channels split" in done.output


def test_channels_are_decoded_separately(tmp_path: Path) -> None:
    left, right = np.full(RATE, 0.25, np.float32), np.linspace(-0.5, 0.5, RATE, dtype=np.float32)
    found = load_channels(write_wav(tmp_path / "two.wav", left, right))
    assert len(found) == 2
    np.testing.assert_allclose(found[0].samples[100:-100], left[100:-100], atol=1e-3)
    np.testing.assert_allclose(found[1].samples[100:-100], right[100:-100], atol=1e-3)


def test_a_single_channel_and_equal_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one channel"):
        run_channels(SAMPLES / "standup.flac", load_settings(CONFIG, {}))
    with pytest.raises(SettingsError, match="named after its speaker"):
        run_speakers([tmp_path / "a.wav", tmp_path / "b" / "a.wav"])


def test_a_failed_stage_is_reported_before_missing_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without words the speech may be in the failed stage, as in a run of one recording."""
    error = IncompleteRunError("coverage failed: full memory", "Free some.", Transcript((), Meta("en", 1.0)))
    monkeypatch.setattr(Session, "run", failing(error))
    left, right = np.linspace(0, 0.5, RATE, dtype=np.float32), np.full(RATE, 0.2, np.float32)
    call = write_wav(tmp_path / "call.wav", left, right)
    with pytest.raises(IncompleteRunError, match="coverage failed: full memory") as raised:
        run_channels(call, load_settings(CONFIG, {}))
    assert raised.value.transcript.words == ()


def test_per_speaker_and_split_channels_exclude_each_other() -> None:
    done = CliRunner().invoke(application, ["run", "a.wav", "b.wav", "--per-speaker", "--channels", "split"])
    assert done.exit_code == 2 and "--per-speaker" in done.output
