"""The stages of one recording in order, with fake models."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.settings import AsrSettings
from meetscribe.audio import load_audio
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError, InputError, NoSpeechError, SettingsError, WeightsError
from meetscribe.models.resolution import Models
from meetscribe.pipeline import STAGES
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeDiarizer, fake_recognizer
from meetscribe.timeline import DetectedSpeech, Diarization, Span
from meetscribe.transcript import RecordingFile, Segment, Transcript
from tests.support.fake_models import NAMES, NO_CACHE, FakeModels, failing
from tests.support.notices import notices


def incomplete(fakes: FakeModels, **settings: Any) -> IncompleteRunError:
    """Return the error of a run in which a stage fails."""
    with pytest.raises(IncompleteRunError) as error:
        fakes.run(**settings)
    return error.value


def silent(fakes: FakeModels) -> None:
    """Remove all speech from the meeting."""
    fakes.meeting = replace(fakes.meeting, transcript=fakes.meeting.transcript.with_meta(turns=()))


def loader_of(diarize: Callable[..., Diarization]) -> Callable[..., Any]:
    """Return a loader of a diarizer with this method."""

    class Diarizer:
        def diarize(self, *arguments: Any) -> Diarization:
            return diarize(*arguments)

    return lambda *arguments: Diarizer()


def test_words_have_times_and_speakers(fakes: FakeModels) -> None:
    """Every word of the meeting has its speaker and is at most 40 ms from its true time."""
    transcript = fakes.run()
    truth = fakes.meeting.transcript
    assert [(w.text, w.speaker) for w in transcript.words] == [(w.text, w.speaker) for w in truth.words]
    assert all(abs(a.start - b.start) <= 0.04 for a, b in zip(transcript.words, truth.words, strict=True))
    assert (transcript.turns, transcript.exclusive) == (truth.turns, truth.exclusive)
    assert transcript.duration == pytest.approx(truth.duration, abs=0.001)
    assert transcript.language == "en"
    assert transcript.meta.warnings == ()
    assert Transcript.from_json(transcript.to_json()) == transcript


def test_every_stage_reports_progress_from_0_to_1(fakes: FakeModels) -> None:
    """The stages run one after the other, and the progress of each never falls; profiles are off by default."""
    fakes.run()
    assert (*dict.fromkeys(stage for stage, _ in fakes.progress), "profiles") == STAGES
    for stage in STAGES[:-1]:
        shares = [share for name, share in fakes.progress if name == stage]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert fakes.progress == sorted(fakes.progress, key=lambda step: STAGES.index(step[0]))


def test_models_are_fetched_first(fakes: FakeModels) -> None:
    """If a model is missing, nothing is decoded and nothing is loaded."""
    fakes.models = failing(WeightsError("missing"))
    with pytest.raises(WeightsError):
        fakes.run()
    assert fakes.calls == []


@pytest.mark.parametrize("content", [None, b""])
def test_a_missing_recording_is_reported_before_models_are_fetched(fakes: FakeModels, content: bytes | None) -> None:
    fakes.audio = load_audio
    fakes.recording.unlink()
    if content is not None:
        fakes.recording.write_bytes(content)
    with pytest.raises(InputError):
        fakes.run()
    assert fakes.calls == []


def test_silence_is_an_error(fakes: FakeModels) -> None:
    """Without speech there is no transcript, and the recogniser is not loaded."""
    silent(fakes)
    with pytest.raises(NoSpeechError, match=r"^there is no speech in meeting.wav\n"):
        fakes.run()
    assert "recognizer" not in fakes.calls


def test_an_empty_transcript_may_be_allowed(fakes: FakeModels) -> None:
    """With `run.allow_empty` the transcript is empty and valid, and has its source and provenance."""
    silent(fakes)
    transcript = fakes.run(run=replace(NO_CACHE, allow_empty=True))
    assert (transcript.segments, transcript.language) == ((), "und")
    assert transcript.meta.warnings == ("there is no speech in meeting.wav",)
    assert transcript.recording is not None and transcript.recording.name == "meeting.wav"
    assert transcript.meta.provenance.asr is None
    assert Transcript.from_json(transcript.to_json()) == transcript
    assert fakes.run(run=replace(NO_CACHE, allow_empty=True), asr=AsrSettings(language="de")).language == "de"


def test_noise_without_words_is_no_speech(fakes: FakeModels) -> None:
    """If no word is recognised in the chunks, the run fails before diarization."""
    empty = fake_recognizer(fakes.meeting, ())
    fakes.recognizer = lambda *arguments: empty
    with pytest.raises(NoSpeechError, match="sounded like speech, but no words were recognised"):
        fakes.run()
    assert "diarizer" not in fakes.calls
    assert fakes.run(run=replace(NO_CACHE, allow_empty=True)).segments == ()


def test_a_translation_is_not_aligned(fakes: FakeModels) -> None:
    fakes.run(asr=AsrSettings(task="translate"))
    assert not any("aligner" in call for call in fakes.calls)
    assert "alignment" not in dict(fakes.progress)


def test_stages_can_be_switched_off(fakes: FakeModels) -> None:
    """Without alignment the times are interpolated, without diarization there are no speakers."""
    transcript = fakes.run(alignment=AlignmentSettings(enabled=False), diarization=DiarizationSettings(enabled=False))
    assert {(word.timing, word.speaker) for word in transcript.words} == {("interpolated", None)}
    assert not {"alignment", "diarization"} & (
        dict(fakes.progress).keys() | transcript.meta.provenance.to_json().keys()
    )
    assert transcript.segments and transcript.meta.warnings == ()


def test_the_aligner_of_a_detected_language_is_fetched_after_transcription(fakes: FakeModels) -> None:
    del fakes.names["alignment"]
    transcript = fakes.run()
    assert "aligner_model en" in fakes.calls
    assert {word.timing for word in transcript.words} == {"aligned"}
    assert transcript.meta.provenance.to_json()["alignment"] == {"models": {"en": "letters"}, "pad": 0.2}


def test_a_language_without_aligner_is_only_a_warning(fakes: FakeModels) -> None:
    del fakes.names["alignment"]
    fakes.aligner_model = lambda *arguments: None
    transcript = fakes.run()
    assert transcript.speakers == fakes.meeting.transcript.speakers
    assert "no aligner is known for en" in transcript.meta.warnings[0]


@pytest.mark.parametrize(
    "error",
    [
        WeightsError("no aligner\nat all", "Fetch it."),
        RuntimeError("CUDA out of memory\nstack"),
        MemoryError(),
    ],
)
def test_alignment_may_fail(fakes: FakeModels, error: Exception) -> None:
    """Words that could not be aligned keep their times, and still get their speakers."""
    fakes.aligner = failing(error)
    raised = incomplete(fakes)
    assert raised.exit_code == 6
    assert raised.__cause__ is error
    assert {word.timing for word in raised.transcript.words} == {"interpolated"}
    assert raised.transcript.speakers == fakes.meeting.transcript.speakers
    assert raised.transcript.meta.provenance.alignment is None
    assert raised.transcript.meta.warnings == (raised.message,)
    assert raised.message.startswith("alignment failed: ")
    assert raised.remedy == getattr(error, "remedy", "")


def test_diarization_may_fail(fakes: FakeModels) -> None:
    """Without diarization words keep their times; the error can be sent between processes."""
    fakes.diarizer = failing(WeightsError("no pipeline", "Fetch it."))
    raised = incomplete(fakes)
    assert raised.transcript.speakers == ()
    assert {word.timing for word in raised.transcript.words} == {"aligned"}
    assert raised.transcript.meta.provenance.diarization is None
    assert (raised.message, raised.remedy) == ("diarization failed: no pipeline", "Fetch it.")
    copy = pickle.loads(pickle.dumps(raised))
    assert (str(copy), copy.transcript) == (str(raised), raised.transcript)


def test_two_stages_may_fail(fakes: FakeModels) -> None:
    fakes.aligner = failing(WeightsError("one"))
    fakes.diarizer = failing(OSError("two"))
    raised = incomplete(fakes)
    assert raised.message == "alignment failed: one\ndiarization failed: two"
    assert [w.text for w in raised.transcript.words] == [w.text for w in fakes.meeting.transcript.words]


@pytest.mark.parametrize("loader", ["aligner", "diarizer"])
@pytest.mark.parametrize("kind", [ValueError, TypeError, NotImplementedError, RecursionError, ZeroDivisionError])
def test_a_programming_error_does_not_lose_the_words(
    fakes: FakeModels, loader: str, kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """The transcript is delivered, the notice names the error, and the traceback is logged and chained."""
    error = kind("a bug")
    setattr(fakes, loader, failing(error))
    raised = incomplete(fakes)
    assert [w.text for w in raised.transcript.words] == [w.text for w in fakes.meeting.transcript.words]
    (notice,) = raised.transcript.meta.notices
    stage = {"aligner": "alignment", "diarizer": "diarization"}[loader]
    assert notice.text == raised.message == f"{stage} failed: {kind.__name__}: a bug"
    assert (notice.code, notice.data) == (
        "run.stage-failed",
        {"stage": stage, "reason": f"{kind.__name__}: a bug", "error": kind.__name__},
    )
    assert "--debug" in raised.remedy
    assert raised.__cause__ is error
    (record,) = (record for record in caplog.records if record.name == "meetscribe.pipeline")
    assert record.exc_info is not None and record.exc_info[1] is error and "in fail" in caplog.text


def test_the_programming_error_is_chained_rather_than_a_foreseen_one(fakes: FakeModels) -> None:
    """With --debug the traceback of the bug is shown, whichever stage failed first."""
    bug = KeyError("a bug")
    fakes.aligner, fakes.diarizer = failing(WeightsError("no aligner")), failing(bug)
    raised = incomplete(fakes)
    assert raised.__cause__ is bug
    assert raised.message == "alignment failed: no aligner\ndiarization failed: KeyError: 'a bug'"


def test_a_bug_in_attribution_does_not_lose_the_words(fakes: FakeModels) -> None:
    """Without attribution the words keep their times and the turns are left out."""

    class Turns(tuple[Any, ...]):
        def __iter__(self) -> Any:
            raise ValueError("a bug")

    found = Diarization((), ())
    object.__setattr__(found, "turns", Turns())
    fakes.diarizer = loader_of(lambda *arguments: found)
    raised = incomplete(fakes)
    assert [w.text for w in raised.transcript.words] == [w.text for w in fakes.meeting.transcript.words]
    assert "attribution failed: ValueError: a bug" in raised.message


def test_a_bug_in_the_cache_does_not_lose_the_words(
    fakes: FakeModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that cannot be stored is delivered all the same, with a notice."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    undisturbed = fakes.run()
    with fakes.session(Settings(run=RunSettings(device="cpu"))) as session:
        session.store.save = failing(TypeError("a bug"))  # type: ignore[method-assign]
        transcript = session.run(fakes.recording)
    assert transcript.segments == undisturbed.segments
    assert {notice.code for notice in transcript.meta.notices} == {"run.not-cached"}
    assert transcript.meta.warnings[0] == "the result of speech could not be cached: TypeError: a bug"


@pytest.mark.parametrize("call", ["align", "diarize", "run"])
def test_a_bug_in_the_cache_is_reported_without_speakers_or_words_too(
    fakes: FakeModels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Alignment alone, diarization alone and a run without words have the notice as well."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path))
    truth = fakes.meeting.transcript
    if call == "run":
        silent(fakes)
    with fakes.session(Settings(run=RunSettings(device="cpu", allow_empty=True))) as session:
        session.store.save = failing(TypeError("a bug"))  # type: ignore[method-assign]
        given = (truth, fakes.recording) if call == "align" else (fakes.recording,)
        transcript = getattr(session, call)(*given)
    assert "run.not-cached" in {notice.code for notice in transcript.meta.notices}


@pytest.mark.parametrize("stage", ["alignment", "diarization", "attribution"])
def test_an_error_of_the_caller_ends_the_run(fakes: FakeModels, stage: str) -> None:
    """What the progress function raises, to cancel a run for instance, is no failure of the stage."""

    class Cancelled(Exception):
        pass

    def progress(name: str, done: float) -> None:
        if name == stage:
            raise Cancelled

    with fakes.session() as session, pytest.raises(Cancelled):
        session.run(fakes.recording, progress)


def test_transcription_that_fails_is_an_error(fakes: FakeModels) -> None:
    """Before there are words there is nothing to deliver."""
    fakes.recognizer = failing(WeightsError("broken"))
    with pytest.raises(WeightsError):
        fakes.run()


def test_a_diarization_without_speakers_is_a_warning(fakes: FakeModels) -> None:
    fakes.diarizer = loader_of(lambda *arguments: Diarization((), ()))
    assert fakes.run().meta.warnings == ("no speakers were found",)


def test_words_have_ids_of_the_recording(fakes: FakeModels) -> None:
    """Ids are hash and position, and a second run gives the same ones."""
    transcript = fakes.run()
    assert transcript.recording and transcript.recording.hash
    prefix = transcript.recording.hash.removeprefix("sha256:")[:12]
    ids = [word.id for word in transcript.words]
    assert sorted(ids, key=lambda id: int(str(id).partition("-")[2])) == [f"{prefix}-{n}" for n in range(len(ids))]
    assert [word.id for word in fakes.run().words] == ids


def test_the_transcript_has_its_provenance(fakes: FakeModels, tmp_path: Path) -> None:
    """Models are recorded by name, with versions and changed settings; no secret, and no path but the recording's."""
    weights = tmp_path / "weights"
    weights.mkdir()
    transcript = fakes.run(
        asr=AsrSettings(model=str(weights), vocabulary=("Ünal",)),
        diarization=DiarizationSettings(token="hf_secret", speakers=3),
    )
    made_by: Any = transcript.meta.provenance.to_json()
    assert made_by["settings"] == {
        "asr": {"model": weights.name, "vocabulary": ["Ünal"]},
        "diarization": {"speakers": 3},
        "run": {"device": "cpu", "cache": False},
    }
    assert made_by["asr"]["model"] == "small"
    assert made_by["alignment"]["models"] == {"en": "letters"}
    assert made_by["diarization"]["embedder"] == "voices"
    assert made_by["diarization"]["voiceprints"] == "fake-4"
    assert made_by["diarization"]["pipeline"] == "bundled"
    assert "hf_secret" not in transcript.to_json()
    assert transcript.recording and transcript.recording.path == str(fakes.recording)
    assert str(tmp_path) not in transcript.with_meta(recording=None).to_json()


def test_a_replaced_model_is_a_warning(fakes: FakeModels) -> None:
    fakes.models = lambda settings, *arguments: Models(settings, NAMES, notices("not the best one"))
    assert fakes.run().meta.warnings == ("not the best one",)


def test_offline_reaches_the_loader_of_the_diarizer(fakes: FakeModels, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an offline run the hub's library may not ask either; its settings for the process are not changed."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    seen: list[tuple[object, bool]] = []

    def load(settings: object, device: object, offline: bool) -> FakeDiarizer:
        seen.append((offline, constants.HF_HUB_OFFLINE))
        return FakeDiarizer(fakes.meeting)

    fakes.diarizer = load
    for offline in (True, False):
        fakes.run(run=replace(NO_CACHE, offline=offline))
    assert seen == [(True, False), (False, False)]


def test_without_an_aligner_words_have_times_inside_the_speech(fakes: FakeModels) -> None:
    """The times of the engine are bounded by the speech of the detector, found once."""
    (first, *others) = fakes.meeting.speech
    middle = Span(first.start + 0.1 * first.duration, first.end - 0.1 * first.duration)
    whole = fakes.meeting.speech
    fakes.speech = lambda *given: DetectedSpeech(whole, (middle, *others))
    transcript = fakes.run(alignment=AlignmentSettings(enabled=False))
    words = [word for word in transcript.words if first.overlap(word.span) > 0]
    assert words
    onset = 0.03  # before which detectors do not find speech
    assert all(middle.start - onset - 0.001 <= word.start <= word.end <= middle.end + 0.001 for word in words)
    assert [word.text for word in transcript.words] == [word.text for word in fakes.meeting.transcript.words]


def test_missed_speech_is_transcribed_in_a_second_pass(fakes: FakeModels) -> None:
    """Speech that only the segmentation model finds is recognised, aligned and listed as a finding."""
    fakes.detected_speech = fakes.meeting.speech[:-1]
    transcript = fakes.run()
    truth = fakes.meeting.transcript
    assert [(w.text, w.speaker) for w in transcript.words] == [(w.text, w.speaker) for w in truth.words]
    assert transcript.words[-1].timing == "aligned"
    (finding,) = transcript.meta.findings
    assert finding.kind == "recovered"
    assert fakes.meeting.speech[-1].overlap(finding.span) > 0
    assert fakes.calls.count("recognizer") == 1


def test_speech_activity_alone_is_enough(fakes: FakeModels) -> None:
    """If the speech detector finds nothing, the speech activity is transcribed, in the detected language."""
    fakes.detected_speech = ()
    transcript = fakes.run(asr=AsrSettings(min_uncovered=0.2))
    assert [w.text for w in transcript.words] == [w.text for w in fakes.meeting.transcript.words]
    assert transcript.language == "en"
    assert transcript.meta.provenance.asr is not None


def test_the_second_pass_can_be_switched_off(fakes: FakeModels) -> None:
    """With `asr.coverage` off, missed speech stays missing."""
    fakes.detected_speech = fakes.meeting.speech[:-1]
    transcript = fakes.run(asr=AsrSettings(coverage=False))
    assert len(transcript.words) < len(fakes.meeting.transcript.words)
    assert fakes.calls.count("recognizer") == 1


def test_speech_activity_is_computed_only_if_it_is_used(fakes: FakeModels) -> None:
    fakes.run(asr=AsrSettings(coverage=False, quality=False))
    assert "speech_activity" not in fakes.calls


def test_any_transcript_can_be_aligned(fakes: FakeModels) -> None:
    """Words get the times of the recording; segments and speakers stay; another recording is reported."""
    truth = fakes.meeting.transcript
    shifted = truth.with_segments(
        Segment(tuple(replace(word, start=segment.start, end=segment.end) for word in segment.words))
        for segment in truth.segments
    ).with_meta(recording=RecordingFile("other.wav", "sha256:1"))
    aligned = fakes.session().align(shifted, fakes.recording)
    assert [(w.text, w.speaker) for w in aligned.words] == [(w.text, w.speaker) for w in truth.words]
    assert all(abs(a.start - b.start) <= 0.04 for a, b in zip(aligned.words, truth.words, strict=True))
    assert [len(segment.words) for segment in aligned.segments] == [len(segment.words) for segment in truth.segments]
    assert aligned.meta.warnings == ("the transcript was made from a different file than meeting.wav",)


def test_a_transcript_without_a_language_cannot_be_aligned(fakes: FakeModels) -> None:
    """Without a language there is no aligner; the settings may name the language."""
    unknown = fakes.meeting.transcript.with_meta(language="und")
    with pytest.raises(SettingsError, match="the language of the transcript is unknown"):
        fakes.session().align(unknown, fakes.recording)
    named = Settings(run=NO_CACHE, asr=AsrSettings(language="en"))
    assert fakes.session(named).align(unknown, fakes.recording).language == "en"


def test_a_recording_can_be_diarized_without_transcription(fakes: FakeModels) -> None:
    """The transcript has the turns and their provenance, but no words."""
    transcript = fakes.session().diarize(fakes.recording)
    assert transcript.turns == fakes.meeting.transcript.turns
    assert transcript.words == () and transcript.language == "und"
    assert transcript.meta.provenance.diarization is not None
    assert transcript.meta.provenance.diarization.voiceprints == "fake-4"
    assert fakes.calls == ["models", "audio", "diarizer"]
