"""Many recordings with models loaded once, and what earlier runs have kept, with fakes in the place of the models."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.planning import Machine
from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio import Audio, Recording
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError, InputError, WeightsError
from meetscribe.pipeline import Session, engines
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeDiarizer
from meetscribe.timeline import Diarization, Turn
from meetscribe.vad.settings import VadSettings
from tests.pipeline.test_pipeline import LOADING, Office, failing, office
from tests.support.notices import notices

__all__ = ["office"]

KEPT = RunSettings(device="cpu")
DECODED = "load_audio"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stages"


def steps(office: Office, **settings: Any) -> set[str]:
    """What a run with these settings computes."""
    office.calls.clear()
    office.run(**{"run": KEPT, **settings})
    return {call.split()[0] for call in office.calls} - {"prepare_models", "prepare_aligner"}


def test_models_are_loaded_once_for_all_recordings(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is room, the second recording loads nothing; where there is none, models take turns."""
    paths = []
    for number in range(3):
        paths.append(office.recording.with_name(f"{number}.wav"))
        paths[-1].write_bytes(bytes([number]))
    for memory, loads in ((10**12, 1), (10**6, 3)):
        monkeypatch.setattr(engines, "inspect_machine", lambda device, memory=memory: Machine("cpu", 2, memory))
        office.calls.clear()
        with Session(Settings(run=replace(KEPT, cache=False))) as session:
            transcripts = [session.run(path) for path in paths]
        assert [transcript.source and transcript.source.name for transcript in transcripts] == [
            "0.wav",
            "1.wav",
            "2.wav",
        ]
        assert office.calls.count("prepare_models") == 1
        assert [sum(call.startswith(name) for call in office.calls) for name in LOADING] == [loads] * 3


@pytest.mark.parametrize("kept", [True, False])
def test_the_next_recording_is_made_ready_meanwhile(office: Office, kept: bool) -> None:
    """It is decoded, and if it is kept where speech is, that is found; its run goes on from there."""
    with Session(Settings(run=replace(KEPT, cache=kept))) as session:
        session.run(office.recording)
        following = office.recording.with_name("next.wav")
        following.write_bytes(b"next")
        recording = session.open(following)
        office.calls.clear()
        session.prepare(recording)
        assert office.calls == ["load_audio", "detect_speech"][: 1 + kept]
        office.calls.clear()
        session.run(recording)
        assert "load_audio" not in office.calls and ("detect_speech" in office.calls) is not kept


def test_a_recording_that_fails_leaves_the_session_whole(office: Office) -> None:
    """The next recording is made as if nothing had happened."""
    with Session(Settings(run=KEPT)) as session:
        with pytest.raises(InputError):
            session.run(office.recording.with_name("none.wav"))
        assert session.run(office.recording).speakers == office.meeting.transcript.speakers


def test_a_second_run_computes_nothing(office: Office) -> None:
    """Not even the recording is decoded, and the transcript is the same."""
    first = office.run(run=KEPT)
    assert steps(office) == set()
    assert office.run(run=KEPT) == first
    assert office.run(run=replace(KEPT, cache=False)).segments == first.segments


def test_a_kept_stage_is_told_as_done_at_once(office: Office) -> None:
    """Who watches can tell what is made from what was there: it ends without having begun."""
    office.run(run=KEPT)
    office.told.clear()
    office.run(run=KEPT)
    for stage in ("speech", "segmentation", "transcription", "alignment", "diarization"):
        assert [share for told, share in office.told if told == stage] == [1.0]


@pytest.mark.parametrize(
    ("changed", "computed"),
    [
        ({"diarization": DiarizationSettings(speakers=2)}, {DECODED, "load_diarizer"}),
        ({"diarization": DiarizationSettings(token="hf_other", batch_size=3)}, set()),
        ({"attribution": AttributionSettings(pause=0.2)}, set()),
        ({"alignment": AlignmentSettings(char_times=True)}, {DECODED, "load_aligner"}),
        ({"alignment": AlignmentSettings(batch_size=2)}, set()),
        ({"asr": AsrSettings(batch_size=1, workers=2)}, set()),
        ({"asr": AsrSettings(beam_size=2)}, {DECODED, "load_recognizer"}),  # the fake hears the same words
        ({"vad": VadSettings(pad=0.1)}, {DECODED, "detect_speech"}),
        ({"run": replace(KEPT, threads=1)}, set()),
        ({"run": replace(KEPT, cache=False)}, {DECODED, "detect_speech", "detect_speech_activity", *LOADING}),
    ],
)
def test_only_what_changed_is_computed(office: Office, changed: dict[str, Any], computed: set[str]) -> None:
    """A stage runs again if its settings or what it is given have changed; what makes it faster does not count."""
    office.run(run=KEPT)
    assert steps(office, **changed) == computed


def test_weights_count_by_what_is_in_them(office: Office, tmp_path: Path) -> None:
    """The same model in another folder is the same; a changed one is not."""
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(content)
    office.run(run=KEPT, asr=AsrSettings(model=str(tmp_path / "a")))
    assert steps(office, asr=AsrSettings(model=str(tmp_path / "b"))) == set()
    assert "load_recognizer" in steps(office, asr=AsrSettings(model=str(tmp_path / "c")))


def test_the_recording_counts_by_its_bytes(office: Office) -> None:
    """Under another name it is the same, and the transcript says the name; with other bytes it is another."""
    office.run(run=KEPT)
    copy = office.recording.with_name("copy.wav")
    shutil.copy(office.recording, copy)
    office.recording = copy
    assert steps(office) == set()
    source = office.run(run=KEPT).source
    assert source is not None and source.name == "copy.wav"
    office.recording.write_bytes(b"something else")
    assert {"detect_speech", "load_recognizer"} <= steps(office)


def test_a_file_that_changes_while_it_is_read_is_an_error(office: Office) -> None:
    """What is kept under a recording's hash was made of just these bytes."""
    recording = Recording(office.recording, lambda path, progress: office.load_audio(path, progress))
    office.recording.write_bytes(b"it grows")
    with pytest.raises(InputError, match="was changed while it was read"):
        recording.audio()


@pytest.mark.parametrize("stage", ["load_recognizer", "load_aligner", "load_diarizer"])
def test_after_a_failure_the_next_run_goes_on(office: Office, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages before the one that failed are not run again, and the result is that of an undisturbed run."""
    undisturbed = office.run(run=replace(KEPT, cache=False))
    working: Callable[..., Any] = getattr(engines, stage)
    monkeypatch.setattr(engines, stage, failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        office.run(run=KEPT)
    monkeypatch.setattr(engines, stage, working)
    computed = steps(office)
    assert stage in computed and not computed & {"detect_speech", *LOADING[: LOADING.index(stage)]}
    assert office.run(run=KEPT).segments == undisturbed.segments


def test_what_failed_is_said_to_run_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy names the stage; the next run does just that."""
    working = getattr(engines, "load_diarizer")  # noqa: B009 - it is imported there
    monkeypatch.setattr(engines, "load_diarizer", failing(WeightsError("no pipeline", "Fetch it.")))
    with pytest.raises(IncompleteRunError) as error:
        office.run(run=KEPT)
    assert error.value.remedy == "Fetch it.\nThe same command again runs diarization alone: all else is kept."
    monkeypatch.setattr(engines, "load_diarizer", working)
    assert steps(office) == {DECODED, "load_diarizer"}


def test_a_damaged_cache_is_no_obstacle(office: Office, cache: Path) -> None:
    """Whatever is in the files, the transcript is the same."""
    first = office.run(run=KEPT)
    for number, file in enumerate(sorted(path for path in cache.rglob("*") if path.is_file())):
        file.write_bytes([b"", b"\xff\n{}", file.read_bytes()[:-3], b"{}\n{}"][number % 4])
    assert office.run(run=KEPT) == first


def test_a_second_try_is_kept_too(office: Office) -> None:
    """What is heard where words were missing is not listened to again in the next run."""
    office.speech = office.meeting.speech[:-1]
    first = office.run(run=KEPT)
    assert first.meta.findings
    assert steps(office) == set()
    assert office.run(run=KEPT) == first


def test_nobody_found_is_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeDiarizer, "diarize", lambda *args: Diarization((), (), notices=notices("nobody")))
    first = office.run(run=KEPT)
    assert steps(office) == set()
    assert office.run(run=KEPT) == first


class DoubtfulDiarizer(FakeDiarizer):
    """A diarizer that has somebody else talk over every turn."""

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        found = super().diarize(audio, progress)
        following = dict(zip(found.speakers, (*found.speakers[1:], found.speakers[0]), strict=True))
        inside = [Turn(t.start + 0.05, t.end, following[t.speaker]) for t in found.turns[::2] if t.duration > 0.1]
        return replace(found, turns=(*found.turns, *inside))


VOICE = AttributionSettings(voice=True, voice_sound=0.2)


def test_voices_say_the_same_of_turns_that_were_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that finds its turns on disk, without voiceprints, loads the diarizer again for its ears alone."""

    def load(settings: object, device: object) -> FakeDiarizer:
        office.calls.append("load_diarizer")
        return DoubtfulDiarizer(office.meeting)

    monkeypatch.setattr(office, "load_diarizer", load)
    first = office.run(run=KEPT, attribution=VOICE)
    assert steps(office, attribution=VOICE) == {DECODED, "load_diarizer"}
    assert office.run(run=KEPT, attribution=VOICE) == first
    assert "voice" in {word.speaker_source for word in first.words}
    assert steps(office) == set()


def test_words_keep_their_speakers_if_nobody_can_listen_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run says that the second opinion failed; all else is as without it."""
    monkeypatch.setattr(office, "load_diarizer", lambda *_: DoubtfulDiarizer(office.meeting))
    monkeypatch.setattr(FakeDiarizer, "voiceprints", failing(RuntimeError("deaf")))
    with pytest.raises(IncompleteRunError, match="attribution failed: deaf") as error:
        office.run(run=KEPT, attribution=VOICE)
    assert error.value.transcript.segments == office.run(run=KEPT).segments
