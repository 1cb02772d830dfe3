"""The stages put together, with fakes in the place of the models."""

from __future__ import annotations

import gc
import pickle
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from meetscribe import pipeline
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr import Recognizer
from meetscribe.asr.planning import Machine
from meetscribe.asr.settings import AsrSettings
from meetscribe.audio import Audio, Recording, load_audio
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import IncompleteRunError, InputError, NoSpeechError, SettingsError, WeightsError
from meetscribe.models.resolution import Models
from meetscribe.pipeline import STAGES, engines
from meetscribe.runtime.devices import Device
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing import FakeAligner, FakeDiarizer, SyntheticMeeting, fake_recognizer, synthetic_meeting
from meetscribe.timeline import Diarization, Span
from meetscribe.transcript import Segment, Source, Transcript
from tests.support.notices import notices

NAMES = {"asr": "small", "alignment": "letters", "embedder": "voices"}
ON_CPU = RunSettings(device="cpu", cache=False)
LOADING = ("load_recognizer", "load_aligner", "load_diarizer")
REPLACED = ("prepare_models", "prepare_aligner", "load_audio", "detect_speech", "detect_speech_activity", *LOADING)


class Office:
    """Everything that the pipeline loads, replaced; `calls` says what was used, in order."""

    def __init__(self, meeting: SyntheticMeeting, recording: Path) -> None:
        self.meeting = meeting
        self.recording = recording
        self.calls: list[str] = []
        self.names = dict(NAMES)
        self.aligner: Any = FakeAligner()
        self.told: list[tuple[str, float]] = []
        self.speech: tuple[Span, ...] | None = None  # where it is not that of the meeting

    def prepare_models(self, settings: Settings, device: object, progress: Callable[[float], None]) -> Models:
        self.calls.append("prepare_models")
        return Models(settings, self.names)

    def prepare_aligner(self, settings: Settings, language: str) -> tuple[str, str] | None:
        self.calls.append(f"prepare_aligner {language}")
        return ("letters", "letters")

    def load_audio(self, recording: Path, progress: object, settings: object = None) -> Audio:
        self.calls.append("load_audio")
        return replace(self.meeting.audio(), hash=Recording(recording, load_audio).hash)

    def detect_speech(self, audio: Audio, settings: object, progress: object) -> object:
        self.calls.append("detect_speech")
        return self.meeting.speech if self.speech is None else self.speech

    def detect_speech_activity(self, audio: Audio, progress: object) -> object:
        self.calls.append("detect_speech_activity")
        return self.meeting.speech

    def load_recognizer(self, settings: object, device: object, plan: object) -> Recognizer:
        self.calls.append("load_recognizer")
        return fake_recognizer(self.meeting)

    def load_aligner(self, model: str, language: str, device: object) -> object:
        self.calls.append(f"load_aligner {model}")
        return self.aligner

    def load_diarizer(self, settings: object, device: object) -> FakeDiarizer:
        self.calls.append("load_diarizer")
        return FakeDiarizer(self.meeting)

    def run(self, **settings: Any) -> Transcript:
        given = Settings(**{"run": ON_CPU, **settings})
        return pipeline.run(self.recording, given, progress=lambda *step: self.told.append(step))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    recording = tmp_path / "meeting.wav"
    recording.write_bytes(b"anything")
    office = Office(synthetic_meeting(seed=5), recording)
    for name in REPLACED:
        place = engines if name in LOADING else pipeline
        monkeypatch.setattr(place, name, lambda *args, called=name: getattr(office, called)(*args))
    return office


def failing(error: BaseException) -> Callable[..., Any]:
    """A function that raises."""

    def fail(*args: object, **options: object) -> Any:
        raise error

    return fail


def incomplete(office: Office, **settings: Any) -> IncompleteRunError:
    """The error of a run that loses a stage."""
    with pytest.raises(IncompleteRunError) as error:
        office.run(**settings)
    return error.value


def test_who_said_what_and_when(office: Office) -> None:
    """The transcript has every word with the speaker who said it, where it was said."""
    transcript = office.run()
    truth = office.meeting.transcript
    assert [(w.text, w.speaker) for w in transcript.words] == [(w.text, w.speaker) for w in truth.words]
    assert all(abs(a.start - b.start) <= 0.04 for a, b in zip(transcript.words, truth.words, strict=True))
    assert (transcript.turns, transcript.exclusive) == (truth.turns, truth.exclusive)
    assert transcript.duration == pytest.approx(truth.duration, abs=0.001)
    assert transcript.language == "en"
    assert transcript.meta.warnings == ()
    assert Transcript.from_json(transcript.to_json()) == transcript


def test_stages_tell_how_far_they_are(office: Office) -> None:
    """Every stage is told from 0 to 1, never falling, one after the other."""
    office.run()
    assert tuple(dict.fromkeys(stage for stage, _ in office.told)) == STAGES
    for stage in STAGES:
        done = [share for told, share in office.told if told == stage]
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0.0, 1.0)
    assert office.told == sorted(office.told, key=lambda step: STAGES.index(step[0]))


def test_models_are_made_sure_of_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model nothing is decoded and nothing is loaded."""
    monkeypatch.setattr(pipeline, "prepare_models", failing(WeightsError("missing")))
    with pytest.raises(WeightsError):
        office.run()
    assert office.calls == []


@pytest.mark.parametrize("content", [None, b""])
def test_a_recording_that_is_not_there_is_known_before_models(
    office: Office, content: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing or empty file fails before any model is looked for."""
    from meetscribe.audio import load_audio

    monkeypatch.setattr(pipeline, "load_audio", load_audio)
    office.recording.unlink()
    if content is not None:
        office.recording.write_bytes(content)
    with pytest.raises(InputError):
        office.run()
    assert office.calls == []


def test_silence_is_an_error(office: Office) -> None:
    """Where nobody speaks there is no transcript, and no model is loaded."""
    office.meeting = replace(office.meeting, transcript=office.meeting.transcript.with_meta(turns=()))
    with pytest.raises(NoSpeechError, match=r"^nobody speaks in meeting.wav\n"):
        office.run()
    assert not any(call.startswith("load_r") for call in office.calls)


def test_silence_may_be_allowed(office: Office) -> None:
    """With allow_empty the transcript is empty, valid, and says of what and by what it was made."""
    office.meeting = replace(office.meeting, transcript=office.meeting.transcript.with_meta(turns=()))
    transcript = office.run(run=replace(ON_CPU, allow_empty=True))
    assert (transcript.segments, transcript.language) == ((), "und")
    assert transcript.meta.warnings == ("nobody speaks in meeting.wav",)
    assert transcript.source is not None and transcript.source.name == "meeting.wav"
    assert transcript.meta.provenance.asr is None
    assert Transcript.from_json(transcript.to_json()) == transcript
    assert office.run(run=replace(ON_CPU, allow_empty=True), asr=AsrSettings(language="de")).language == "de"


def test_noise_without_words_is_no_speech(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What sounds like speech but holds no words is no transcript; nobody is looked for in it."""
    empty = fake_recognizer(office.meeting, ())
    monkeypatch.setattr(engines, "load_recognizer", lambda *args: empty)
    with pytest.raises(NoSpeechError, match="sounded like speech, but no word was recognised"):
        office.run()
    assert "load_diarizer" not in office.calls
    assert office.run(run=replace(ON_CPU, allow_empty=True)).segments == ()


def test_a_translation_is_not_aligned(office: Office) -> None:
    """Words that were not spoken are not looked for in the sound."""
    office.run(asr=AsrSettings(task="translate"))
    assert not any("aligner" in call for call in office.calls)
    assert "alignment" not in dict(office.told)


def test_stages_can_be_switched_off(office: Office) -> None:
    """Without alignment times are estimates, without diarization there are no speakers; segments are cut."""
    transcript = office.run(alignment=AlignmentSettings(enabled=False), diarization=DiarizationSettings(enabled=False))
    assert {(word.timing, word.speaker) for word in transcript.words} == {("interpolated", None)}
    assert not {"alignment", "diarization"} & (dict(office.told).keys() | transcript.meta.provenance.to_json().keys())
    assert transcript.segments and transcript.meta.warnings == ()


def test_the_aligner_waits_for_the_language(office: Office) -> None:
    """Where the language was not known before, its aligner is fetched after transcription."""
    del office.names["alignment"]
    transcript = office.run()
    assert "prepare_aligner en" in office.calls
    assert {word.timing for word in transcript.words} == {"aligned"}
    assert transcript.meta.provenance.to_json()["alignment"] == {"models": {"en": "letters"}, "pad": 0.2}


def test_a_language_without_aligner_is_only_a_warning(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    del office.names["alignment"]
    monkeypatch.setattr(pipeline, "prepare_aligner", lambda *args: None)
    transcript = office.run()
    assert transcript.speakers == office.meeting.transcript.speakers
    assert "no aligner is known for en" in transcript.meta.warnings[0]


@pytest.mark.parametrize(
    "error",
    [
        WeightsError("no aligner\nat all", "Fetch it."),
        RuntimeError("CUDA out of memory\nstack"),
        MemoryError(),
    ],
)
def test_alignment_may_fail(office: Office, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that could not be aligned keep their times, and still get their speakers."""
    monkeypatch.setattr(engines, "load_aligner", failing(error))
    raised = incomplete(office)
    assert raised.exit_code == 6
    assert raised.__cause__ is error
    assert {word.timing for word in raised.transcript.words} == {"interpolated"}
    assert raised.transcript.speakers == office.meeting.transcript.speakers
    assert raised.transcript.meta.provenance.alignment is None
    assert raised.transcript.meta.warnings == (raised.message,)
    assert raised.message.startswith("alignment failed: ")
    assert raised.remedy == getattr(error, "remedy", "")


def test_diarization_may_fail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without diarization words keep their times; the error can be sent between processes."""
    monkeypatch.setattr(engines, "load_diarizer", failing(WeightsError("no pipeline", "Fetch it.")))
    raised = incomplete(office)
    assert raised.transcript.speakers == ()
    assert {word.timing for word in raised.transcript.words} == {"aligned"}
    assert raised.transcript.meta.provenance.diarization is None
    assert (raised.message, raised.remedy) == ("diarization failed: no pipeline", "Fetch it.")
    copy = pickle.loads(pickle.dumps(raised))
    assert (str(copy), copy.transcript) == (str(raised), raised.transcript)


def test_both_may_fail(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "load_aligner", failing(WeightsError("one")))
    monkeypatch.setattr(engines, "load_diarizer", failing(OSError("two")))
    raised = incomplete(office)
    assert raised.message == "alignment failed: one\ndiarization failed: two"
    assert [w.text for w in raised.transcript.words] == [w.text for w in office.meeting.transcript.words]


def test_a_mistake_in_the_code_is_not_hidden(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a model can fail with is made good; anything else is raised as it is."""
    monkeypatch.setattr(engines, "load_diarizer", failing(TypeError("a bug")))
    with pytest.raises(TypeError):
        office.run()


def test_transcription_that_fails_is_an_error(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before there are words there is nothing to keep."""
    monkeypatch.setattr(engines, "load_recognizer", failing(WeightsError("broken")))
    with pytest.raises(WeightsError):
        office.run()


@pytest.mark.parametrize("fails", [False, True])
def test_a_model_is_gone_before_the_next_is_loaded(
    office: Office, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they do not fit together, each model's memory is free when the next is loaded, also after a failure."""
    alive: list[weakref.ref[object]] = []

    class Heavy:
        language, model = "en", "heavy"

        def __init__(self) -> None:
            self.itself = self  # in a circle, as networks are
            alive.append(weakref.ref(self))

        def with_language(self, language: str) -> Any:
            return self

        def transcribe(self, *args: Any) -> Transcript:
            return fake_recognizer(office.meeting).transcribe(*args)

        def diarize(self, *args: Any) -> Diarization:
            return FakeDiarizer(office.meeting).diarize(*args)

        def __getattr__(self, name: str) -> Any:
            if fails and name == "emissions":
                raise RuntimeError("out of memory")
            return getattr(FakeAligner(), name)

    def load(*args: object) -> Heavy:
        assert [ref() for ref in alive] == [None] * len(alive)
        return Heavy()

    gc.disable()  # only what the pipeline does counts
    try:
        for name in LOADING:
            monkeypatch.setattr(engines, name, load)
        monkeypatch.setattr(engines, "inspect_machine", lambda device: Machine("cpu", 2, 1_000_000_000))
        if fails:
            incomplete(office)
        else:
            office.run()
    finally:
        gc.enable()
    assert len(alive) == 3


def test_nobody_found_is_a_warning(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeDiarizer, "diarize", lambda *args: Diarization((), ()))
    assert office.run().meta.warnings == ("no speakers were found",)


def test_a_transcript_says_what_it_was_made_by(office: Office, tmp_path: Path) -> None:
    """Models by name, versions, and the settings that were changed; no secret and no path of this machine."""
    transcript = office.run(
        asr=AsrSettings(model=str(tmp_path), vocabulary=("Ünal",)),
        diarization=DiarizationSettings(token="hf_secret", speakers=3),
    )
    made_by: Any = transcript.meta.provenance.to_json()
    assert made_by["settings"] == {
        "asr": {"model": tmp_path.name, "vocabulary": ["Ünal"]},
        "diarization": {"speakers": 3},
        "run": {"device": "cpu", "cache": False},
    }
    assert made_by["asr"]["model"] == "small"
    assert made_by["alignment"]["models"] == {"en": "letters"}
    assert made_by["diarization"]["embedder"] == "voices"
    assert made_by["diarization"]["voiceprints"] == "fake-4"
    assert made_by["diarization"]["pipeline"] == "bundled"
    assert "hf_secret" not in transcript.to_json()
    assert str(tmp_path) not in transcript.to_json()


def test_what_had_to_be_replaced_is_a_warning(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pipeline, "prepare_models", lambda settings, *args: Models(settings, NAMES, notices("not the best one"))
    )
    assert office.run().meta.warnings == ("not the best one",)


def test_offline_holds_for_the_libraries_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a run is offline the hub's library may not ask either, and afterwards it may again."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    seen: list[bool] = []

    def load_audio(*args: object) -> Audio:
        seen.append(constants.HF_HUB_OFFLINE)
        raise InputError("enough")

    monkeypatch.setattr(pipeline, "load_audio", load_audio)
    for offline in (True, False):
        with pytest.raises(InputError):
            office.run(run=replace(ON_CPU, offline=offline))
    assert seen == [True, False]
    assert constants.HF_HUB_OFFLINE is False


def test_a_voice_without_words_is_listened_to_again(office: Office) -> None:
    """What the speech detector misses, and another ear hears, is recognised on a second try, aligned, and listed."""
    office.speech = office.meeting.speech[:-1]
    transcript = office.run()
    truth = office.meeting.transcript
    assert [(w.text, w.speaker) for w in transcript.words] == [(w.text, w.speaker) for w in truth.words]
    assert transcript.words[-1].timing == "aligned"
    (finding,) = transcript.meta.findings
    assert finding.kind == "recovered"
    assert office.meeting.speech[-1].overlap(finding.span) > 0
    assert office.calls.count("load_recognizer") == 1


def test_voices_alone_are_enough(office: Office) -> None:
    """Where the speech detector hears nobody at all, voices are recognised all the same, in their language."""
    office.speech = ()
    transcript = office.run(asr=AsrSettings(min_uncovered=0.2))
    assert [w.text for w in transcript.words] == [w.text for w in office.meeting.transcript.words]
    assert transcript.language == "en"
    assert transcript.meta.provenance.asr is not None


def test_nobody_listens_again_if_that_is_not_wanted(office: Office) -> None:
    """Without asr.coverage what was missed stays so."""
    office.speech = office.meeting.speech[:-1]
    transcript = office.run(asr=AsrSettings(coverage=False))
    assert len(transcript.words) < len(office.meeting.transcript.words)
    assert office.calls.count("load_recognizer") == 1


def test_no_other_ear_is_asked_for_nothing(office: Office) -> None:
    """Voices are looked for only where somebody uses them."""
    office.run(asr=AsrSettings(coverage=False, quality=False))
    assert "detect_speech_activity" not in office.calls


def test_any_transcript_is_aligned(office: Office) -> None:
    """The words of a transcript are put where they are heard; segments and speakers stay, a strange file is named."""
    truth = office.meeting.transcript
    shifted = truth.with_segments(
        Segment(tuple(replace(word, start=segment.start, end=segment.end) for word in segment.words))
        for segment in truth.segments
    ).with_meta(source=Source("other.wav", "sha256:1"))
    aligned = pipeline.align_to(shifted, office.recording, Settings(run=ON_CPU))
    assert [(w.text, w.speaker) for w in aligned.words] == [(w.text, w.speaker) for w in truth.words]
    assert all(abs(a.start - b.start) <= 0.04 for a, b in zip(aligned.words, truth.words, strict=True))
    assert [len(segment.words) for segment in aligned.segments] == [len(segment.words) for segment in truth.segments]
    assert aligned.meta.warnings == ("the transcript was made from another file than meeting.wav",)


def test_a_transcript_without_a_language_cannot_be_aligned(office: Office) -> None:
    """Without a language nobody knows which aligner to take; the settings may say it."""
    unknown = office.meeting.transcript.with_meta(language="und")
    with pytest.raises(SettingsError, match="does not say its language"):
        pipeline.align_to(unknown, office.recording, Settings(run=ON_CPU))
    said = Settings(run=ON_CPU, asr=AsrSettings(language="en"))
    assert pipeline.align_to(unknown, office.recording, said).language == "en"


class Card:
    """A graphics card that fails at its first kernel, for the stages that are loaded by `names`."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self.loaded: list[tuple[str, str]] = []
        monkeypatch.setattr(pipeline, "resolve_device", lambda name: Device("cuda"))
        monkeypatch.setattr(engines, "inspect_machine", lambda device: Machine(device.kind, 2))
        for name in LOADING:
            monkeypatch.setattr(engines, name, partial(self.load, name, getattr(office, name), name in names))

    def load(self, name: str, load: Callable[..., Any], fails: bool, *arguments: Any) -> Any:
        (device,) = (argument for argument in arguments if isinstance(argument, Device))
        self.loaded.append((name, str(device)))
        if fails and device.kind == "cuda":
            raise RuntimeError("CUDA error: no kernel image is available for execution on the device\nmore")
        return load(*arguments)


@pytest.mark.parametrize("name", LOADING)
def test_a_card_that_fails_is_left_and_said_once(office: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whichever stage meets it, the words are those of an undisturbed run; later stages stay on the processor."""
    undisturbed = office.run()
    card = Card(office, monkeypatch, name, "load_diarizer")
    transcript = office.run(asr=AsrSettings(compute_type="float16"))
    assert transcript.segments == undisturbed.segments
    (warning,) = (text for text in transcript.meta.warnings if "cuda:0" in text)
    assert warning.endswith("from there on: CUDA error: no kernel image is available for execution on the device")
    assert card.loaded[-1] == ("load_diarizer", "cpu")
    assert card.loaded[card.loaded.index((name, "cuda:0")) + 1] == (name, "cpu")


def test_a_card_that_fails_ends_the_run_if_that_is_wanted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pays for a card may want to know that it is not used."""
    card = Card(office, monkeypatch, "load_recognizer")
    with pytest.raises(RuntimeError, match="no kernel image"):
        office.run(run=RunSettings(cpu_fallback=False, cache=False))
    assert card.loaded == [("load_recognizer", "cuda:0")]


def test_other_failures_on_a_card_are_no_reason_to_leave_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with the model is wrong on the processor, too."""
    card = Card(office, monkeypatch)
    monkeypatch.setattr(engines, "load_recognizer", failing(WeightsError("the model is damaged")))
    with pytest.raises(WeightsError):
        office.run()
    assert card.loaded == []
