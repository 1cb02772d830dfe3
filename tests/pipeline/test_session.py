"""Many recordings with models loaded once, and the cached results of earlier runs, with fake models."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pytest

from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.planning import Machine
from meetscribe.asr.settings import AsrSettings
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio import Audio, Recording
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError, InputError, WeightsError
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.runtime.threads import torch_threads
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeDiarizer
from meetscribe.timeline import Diarization, Span, Turn
from meetscribe.vad.settings import VadSettings
from tests.support.fake_models import MODEL_LOADERS, FakeModels, failing
from tests.support.notices import notices

CACHED = RunSettings(device="cpu")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cached results, empty."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "stages"


def computed(fakes: FakeModels, **settings: Any) -> set[str]:
    """Return what a run with these settings computes."""
    fakes.calls.clear()
    fakes.run(**{"run": CACHED, **settings})
    return {call.split()[0] for call in fakes.calls} - {"models", "aligner_model"}


@pytest.mark.parametrize(("memory", "loads"), [(10**12, 1), (10**6, 3)])
def test_models_are_loaded_once_for_all_recordings(fakes: FakeModels, memory: int, loads: int) -> None:
    """With enough memory the second recording loads nothing; otherwise each recording loads every model."""
    paths = []
    for number in range(3):
        paths.append(fakes.recording.with_name(f"{number}.wav"))
        paths[-1].write_bytes(bytes([number]))
    fakes.machine = lambda device: Machine("cpu", 2, memory)
    with fakes.session() as session:
        transcripts = [session.run(path) for path in paths]
    names = [transcript.recording and transcript.recording.name for transcript in transcripts]
    assert names == [
        "0.wav",
        "1.wav",
        "2.wav",
    ]
    assert fakes.calls.count("models") == 1
    assert [fakes.calls.count(name) for name in MODEL_LOADERS] == [loads] * 3


@pytest.mark.parametrize("cached", [True, False])
def test_the_next_recording_can_be_prepared(fakes: FakeModels, cached: bool) -> None:
    """It is decoded and, if results are cached, its speech is detected; its run continues from there."""
    with fakes.session(Settings(run=replace(CACHED, cache=cached))) as session:
        session.run(fakes.recording)
        following = fakes.recording.with_name("next.wav")
        following.write_bytes(b"next")
        recording = session.open(following)
        fakes.calls.clear()
        session.prepare(recording)
        assert fakes.calls == ["audio", "speech"][: 1 + cached]
        fakes.calls.clear()
        session.run(recording)
        assert "audio" not in fakes.calls and ("speech" in fakes.calls) is not cached


def test_the_next_recording_is_prepared_on_as_many_threads_as_the_settings_say(fakes: FakeModels) -> None:
    """As the one that runs; otherwise the workers of a batch take more processors than they were given."""
    following, detect, threads = fakes.recording.with_name("next.wav"), fakes.speech, list[int]()
    following.write_bytes(b"next")

    def speech(*given: Any) -> Any:
        threads.append(torch_threads())
        return detect(*given)

    fakes.speech = speech
    with fakes.session(Settings(run=replace(CACHED, threads=3))) as session:
        session.run(fakes.recording)
        session.prepare(session.open(following))
    assert threads == [3, 3]


def test_a_session_survives_a_failed_recording(fakes: FakeModels) -> None:
    with fakes.session(Settings(run=CACHED)) as session:
        with pytest.raises(InputError):
            session.run(fakes.recording.with_name("none.wav"))
        assert session.run(fakes.recording).speakers == fakes.meeting.transcript.speakers


def test_a_second_run_computes_nothing(fakes: FakeModels) -> None:
    """Not even the recording is decoded, and the transcript is the same."""
    first = fakes.run(run=CACHED)
    assert computed(fakes) == set()
    assert fakes.run(run=CACHED) == first
    assert fakes.run(run=replace(CACHED, cache=False)).segments == first.segments


def test_a_cached_stage_reports_only_its_end(fakes: FakeModels) -> None:
    """Progress distinguishes cached from computed stages: a cached one ends without having begun."""
    fakes.run(run=CACHED)
    fakes.progress.clear()
    fakes.run(run=CACHED)
    for stage in ("speech", "segmentation", "transcription", "alignment", "diarization"):
        assert [share for name, share in fakes.progress if name == stage] == [1.0]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"diarization": DiarizationSettings(speakers=2)}, {"audio", "diarizer"}),
        ({"diarization": DiarizationSettings(token="hf_other", batch_size=3)}, set()),
        ({"attribution": AttributionSettings(pause=0.2)}, set()),
        ({"alignment": AlignmentSettings(char_times=True)}, {"audio", "aligner"}),
        ({"alignment": AlignmentSettings(batch_size=2)}, set()),
        ({"asr": AsrSettings(batch_size=1, workers=2)}, set()),
        ({"asr": AsrSettings(beam_size=2)}, {"audio", "recognizer"}),  # the fake recognises the same words
        ({"vad": VadSettings(pad=0.1)}, {"audio", "speech"}),
        ({"run": replace(CACHED, threads=1)}, set()),
        ({"run": replace(CACHED, cache=False)}, {"audio", "speech", "speech_activity", *MODEL_LOADERS}),
    ],
)
def test_only_what_changed_is_computed(fakes: FakeModels, changed: dict[str, Any], expected: set[str]) -> None:
    """A stage runs again if its settings or its inputs have changed; settings of speed do not count."""
    fakes.run(run=CACHED)
    assert computed(fakes, **changed) == expected


def test_models_are_identified_by_content(fakes: FakeModels, tmp_path: Path) -> None:
    """The same model in another folder is the same; a changed one is not."""
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(content)
    fakes.run(run=CACHED, asr=AsrSettings(model=str(tmp_path / "a")))
    assert computed(fakes, asr=AsrSettings(model=str(tmp_path / "b"))) == set()
    assert "recognizer" in computed(fakes, asr=AsrSettings(model=str(tmp_path / "c")))


def test_recordings_are_identified_by_content(fakes: FakeModels) -> None:
    """A renamed recording is the same, and the transcript has the new name; changed bytes are another recording."""
    fakes.run(run=CACHED)
    copy = fakes.recording.with_name("copy.wav")
    shutil.copy(fakes.recording, copy)
    fakes.recording = copy
    assert computed(fakes) == set()
    source = fakes.run(run=CACHED).recording
    assert source is not None and source.name == "copy.wav"
    fakes.recording.write_bytes(b"something else")
    assert {"speech", "recognizer"} <= computed(fakes)


def test_a_file_that_changes_while_it_is_read_is_an_error(fakes: FakeModels) -> None:
    """A cached result must belong to the bytes that were hashed."""
    recording = Recording(fakes.recording, lambda path, progress: fakes.audio(path, progress))
    fakes.recording.write_bytes(b"it grows")
    with pytest.raises(InputError, match="was changed while it was read"):
        recording.audio()


@pytest.mark.parametrize(
    ("stage", "error"),
    [("recognizer", ZeroDivisionError), ("aligner", IncompleteRunError), ("diarizer", IncompleteRunError)],
)
def test_after_a_failure_the_next_run_continues(fakes: FakeModels, stage: str, error: type[Exception]) -> None:
    """Stages before the failed one are not computed again, and the result is that of an undisturbed run."""
    undisturbed = fakes.run(run=replace(CACHED, cache=False))
    working = getattr(fakes, stage)
    setattr(fakes, stage, failing(ZeroDivisionError()))
    with pytest.raises(error):
        fakes.run(run=CACHED)
    setattr(fakes, stage, working)
    again = computed(fakes)
    assert stage in again and not again & {"speech", *MODEL_LOADERS[: MODEL_LOADERS.index(stage)]}
    assert fakes.run(run=CACHED).segments == undisturbed.segments


def test_only_the_failed_stage_runs_again(fakes: FakeModels) -> None:
    """The remedy names the stage; the next run computes just that."""
    working = fakes.diarizer
    fakes.diarizer = failing(WeightsError("no pipeline", "Fetch it."))
    with pytest.raises(IncompleteRunError) as error:
        fakes.run(run=CACHED)
    again = "The same command computes diarization again, and loads the cached results of other stages."
    assert error.value.remedy == f"Fetch it.\n{again}"
    fakes.diarizer = working
    assert computed(fakes) == {"audio", "diarizer"}


def test_a_damaged_cache_is_ignored(fakes: FakeModels, cache: Path) -> None:
    """Whatever the files contain, the transcript is the same."""
    first = fakes.run(run=CACHED)
    for number, file in enumerate(sorted(path for path in cache.rglob("*") if path.is_file())):
        file.write_bytes([b"", b"\xff\n{}", file.read_bytes()[:-3], b"{}\n{}"][number % 4])
    assert fakes.run(run=CACHED) == first


def test_the_second_pass_is_cached_too(fakes: FakeModels) -> None:
    """Missed speech that was transcribed in a second pass is not transcribed again in the next run."""
    fakes.detected_speech = fakes.meeting.speech[:-1]
    first = fakes.run(run=CACHED)
    assert first.meta.findings
    assert computed(fakes) == set()
    assert fakes.run(run=CACHED) == first


class SilentDiarizer(FakeDiarizer):
    """A diarizer that finds no speakers."""

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        return Diarization((), (), notices=notices("nobody"))


def test_a_diarization_without_speakers_is_cached(fakes: FakeModels) -> None:
    fakes.diarizer = lambda *arguments: SilentDiarizer(fakes.meeting)
    first = fakes.run(run=CACHED)
    fakes.diarizer = failing(AssertionError("not cached"))
    assert computed(fakes) == set()
    assert fakes.run(run=CACHED) == first


class DoubtfulDiarizer(FakeDiarizer):
    """A diarizer that adds another speaker to every second turn, who begins slightly earlier."""

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        found = super().diarize(audio, progress)
        following = dict(zip(found.speakers, (*found.speakers[1:], found.speakers[0]), strict=True))
        added = [Turn(max(0.0, t.start - 0.05), t.end, following[t.speaker]) for t in found.turns[::2]]
        return replace(found, turns=(*found.turns, *added))


class WithoutVoiceprints(DoubtfulDiarizer):
    """A doubtful diarizer that cannot compute voiceprints."""

    def voiceprints(self, audio: Audio, groups: Sequence[Sequence[Span]]) -> npt.NDArray[Any]:
        raise RuntimeError("no voiceprints")


CHECKED = AttributionSettings(voiceprints=True, voiceprint_seconds=0.2)


def test_cached_turns_are_attributed_like_fresh_ones(fakes: FakeModels) -> None:
    """Cached turns have no voiceprints: the diarizer is loaded again to compute those that attribution needs."""

    def load(*arguments: object) -> FakeDiarizer:
        fakes.calls.append("diarizer")
        return DoubtfulDiarizer(fakes.meeting)

    fakes.diarizer = load
    first = fakes.run(run=CACHED, attribution=CHECKED)
    assert computed(fakes, attribution=CHECKED) == {"audio", "diarizer"}
    assert fakes.run(run=CACHED, attribution=CHECKED) == first
    assert "voice" in {word.speaker_source for word in first.words}
    assert computed(fakes) == set()


def test_words_keep_their_speakers_if_voiceprints_fail(fakes: FakeModels) -> None:
    """The run reports that the check by voiceprints failed; the segments are those of a run without it."""
    fakes.diarizer = lambda *arguments: WithoutVoiceprints(fakes.meeting)
    with pytest.raises(IncompleteRunError, match="attribution failed: no voiceprints") as error:
        fakes.run(run=CACHED, attribution=CHECKED)
    assert error.value.transcript.segments == fakes.run(run=CACHED).segments
