"""What every engine promises: first of a fake, then of each real one with random and with trained weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from meetscribe.asr import ENGINES, LANGUAGES, AsrSettings, Recognizer, load_recognizer
from meetscribe.asr.ctranslate import rising
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.devices import Device
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.progress import Progress, ignore_progress
from meetscribe.timeline import Span
from meetscribe.transcript import JSON, Meta, Segment, Source, Transcript, Word

WEIGHTS = Path(__file__).parent.parent.parent / "samples" / "weights" / "asr"
CHUNKS = (Span(0.5, 3.0), Span(3.0, 5.25), Span(7.0, 9.5))
CPU = Device("cpu")

Load = Callable[[AsrSettings], Recognizer]


class FakeRecognizer:
    """An engine that always hears two words."""

    def __init__(self, settings: AsrSettings) -> None:
        self.settings = settings

    def transcribe(self, audio: Audio, chunks: Sequence[Span], progress: Progress) -> Transcript:
        """Two words in each chunk."""
        language = self.settings.language or ("en" if chunks else "und")
        segments = []
        for chunk in chunks:
            middle = (chunk.start + chunk.end) / 2
            words = (
                Word("hello", chunk.start, middle, "interpolated"),
                Word("there.", middle, chunk.end, "interpolated"),
            )
            segments.append(Segment(words))
        progress(1.0)
        made: dict[str, JSON] = {
            "engine": "fake",
            "version": "0",
            "model": "none",
            "language": language,
            "task": self.settings.task,
        }
        written = "en" if self.settings.task == "translate" else language
        return Transcript(
            tuple(segments),
            Meta(
                written,
                audio.duration,
                Source(audio.name, audio.hash),
                warnings=audio.warnings,
                made_by={"asr": made},
            ),
        )


def noise() -> Audio:
    """Ten seconds of something."""
    samples = 0.1 * np.random.default_rng(0).standard_normal(10 * SAMPLE_RATE)
    return Audio(samples.astype(np.float32), "noise.wav", "sha256:0", ("a warning of the recording",))


@pytest.fixture(params=["fake", *(f"{engine} {weights}" for engine in ENGINES for weights in ("random", "trained"))])
def load(request: pytest.FixtureRequest) -> Load:
    """How to load each engine with given settings; settings of the engine and the model are replaced."""
    if request.param == "fake":
        return FakeRecognizer
    engine, weights = request.param.split()
    if weights == "random":
        model = request.getfixturevalue("tiny_whisper")
    else:
        if not (WEIGHTS / "config.json").is_file():
            pytest.skip(f"there are no weights in {WEIGHTS}")
        model = request.getfixturevalue("trained_whisper")

    def loaded(settings: AsrSettings) -> Recognizer:
        values = {name: getattr(settings, name) for name in ("language", "task", "beam_size", "prompt", "vocabulary")}
        return load_recognizer(AsrSettings(engine=engine, model=str(model), batch_size=2, **values), CPU, threads=1)

    return loaded


def test_words_lie_in_their_chunks_in_order(load: Load) -> None:
    """A segment is from one chunk; its words follow one another inside it."""
    transcript = load(AsrSettings(language="en", beam_size=1)).transcribe(noise(), CHUNKS, ignore_progress)
    starts = []
    for segment in transcript.segments:
        (chunk,) = (chunk for chunk in CHUNKS if chunk.start <= segment.start and segment.end <= chunk.end)
        starts.append(chunk.start)
        assert all(before.end <= after.start for before, after in pairwise(segment.words))
        for word in segment.words:
            assert word.text.split() == [word.text]
            assert word.timing in ("interpolated", "engine")
            assert word.speaker is None
    assert starts == sorted(set(starts))


def test_what_is_known_about_the_recording_is_kept(load: Load) -> None:
    """Language, length, source and warnings are there, and how it was made."""
    audio = noise()
    transcript = load(AsrSettings(language="en", beam_size=1)).transcribe(audio, CHUNKS[:1], ignore_progress)
    assert transcript.language == "en"
    assert transcript.duration == 10.0
    assert transcript.source == Source("noise.wav", "sha256:0")
    assert transcript.meta.warnings == audio.warnings
    made = transcript.meta.made_by["asr"]
    assert isinstance(made, dict)
    assert {"engine", "version", "model", "language", "task"} <= set(made)
    assert "/" not in str(made["model"])


def test_progress_rises_to_one(load: Load) -> None:
    """Progress never falls, and ends at 1."""
    seen: list[float] = []
    load(AsrSettings(language="en", beam_size=1)).transcribe(noise(), CHUNKS, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


@pytest.mark.parametrize(("language", "expected"), [(None, "und"), ("de", "de")])
def test_no_speech_is_no_segments(load: Load, language: str | None, expected: str) -> None:
    """Without chunks there are no segments, and the language is the set one or unknown."""
    transcript = load(AsrSettings(language=language)).transcribe(noise(), (), ignore_progress)
    assert transcript.segments == ()
    assert transcript.language == expected


def test_the_language_is_detected_once(load: Load) -> None:
    """Left out, the language is one that Whisper knows."""
    transcript = load(AsrSettings(beam_size=1)).transcribe(noise(), CHUNKS, ignore_progress)
    assert transcript.language in LANGUAGES


def test_a_translation_is_english(load: Load) -> None:
    """The language is that of the text; that of the speech is in how it was made."""
    settings = AsrSettings(language="de", task="translate", beam_size=1)
    transcript = load(settings).transcribe(noise(), CHUNKS[:1], ignore_progress)
    assert transcript.language == "en"
    made = transcript.meta.made_by["asr"]
    assert isinstance(made, dict)
    assert (made["language"], made["task"]) == ("de", "translate")


def test_an_engine_can_be_used_again(load: Load) -> None:
    """A second recording gives what it would have given first."""
    recognizer = load(AsrSettings(language="en", beam_size=1))
    first = recognizer.transcribe(noise(), CHUNKS, ignore_progress)
    recognizer.transcribe(noise(), CHUNKS[:1], ignore_progress)
    assert recognizer.transcribe(noise(), CHUNKS, ignore_progress) == first


class TestRealEngines:
    """What only engines with a model promise."""

    @pytest.fixture(params=list(ENGINES))
    def engine(self, request: pytest.FixtureRequest) -> str:
        """Each engine."""
        return str(request.param)

    def test_prompt_and_vocabulary_reach_the_model(self, engine: str, tiny_whisper: Path) -> None:
        """The same model writes something else when it is given hints."""
        texts = set()
        for hints in ({}, {"prompt": "Ein Gespräch."}, {"vocabulary": ("Quarzuhr", "Köln")}):
            settings = AsrSettings(engine=engine, model=str(tiny_whisper), language="de", beam_size=1, **hints)
            transcript = load_recognizer(settings, CPU, 1).transcribe(noise(), CHUNKS[:1], ignore_progress)
            texts.add(transcript.text)
            made = transcript.meta.made_by["asr"]
            assert isinstance(made, dict)
            assert made["vocabulary"] == list(settings.vocabulary)
        assert len(texts) == 3

    def test_language_and_task_reach_the_model(self, engine: str, tiny_whisper: Path) -> None:
        """The same model writes something else in another language or task."""
        texts = set()
        for language, task in (("de", "transcribe"), ("fr", "transcribe"), ("de", "translate")):
            settings = AsrSettings(engine=engine, model=str(tiny_whisper), language=language, task=task, beam_size=1)
            texts.add(load_recognizer(settings, CPU, 1).transcribe(noise(), CHUNKS[:1], ignore_progress).text)
        assert len(texts) == 3

    def test_hints_that_do_not_fit_are_refused(self, engine: str, tiny_whisper: Path) -> None:
        """Hints beyond Whisper's context raise instead of being cut."""
        settings = AsrSettings(engine=engine, model=str(tiny_whisper), vocabulary=("Wort",) * 200)
        with pytest.raises(SettingsError, match="too long"):
            load_recognizer(settings, CPU, 1)

    def test_a_language_that_the_model_does_not_know_is_refused(self, engine: str, tiny_whisper: Path) -> None:
        """Cantonese came with large-v3; older models have no token for it."""
        with pytest.raises(SettingsError, match="cantonese"):
            load_recognizer(AsrSettings(engine=engine, model=str(tiny_whisper), language="yue"), CPU, 1)

    def test_a_directory_without_a_model_is_refused(self, engine: str, tmp_path: Path) -> None:
        """A directory that is no model says what is missing, without asking the network."""
        with pytest.raises(WeightsError, match=r"no model\.bin"):
            load_recognizer(AsrSettings(engine=engine, model=str(tmp_path)), CPU, 1)

    def test_a_damaged_model_is_refused(self, engine: str, tiny_whisper: Path, tmp_path: Path) -> None:
        """A model that cannot be read is an error of weights."""
        for file in tiny_whisper.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes()[:1000] if file.suffix == ".bin" else file.read_bytes())
        with pytest.raises(WeightsError, match="cannot be loaded"):
            load_recognizer(AsrSettings(engine=engine, model=str(tmp_path)), CPU, 1)

    def test_nothing_is_printed(self, engine: str, tiny_whisper: Path, capfd: pytest.CaptureFixture[str]) -> None:
        """Standard output is for data: an engine writes nothing there."""
        settings = AsrSettings(engine=engine, model=str(tiny_whisper), beam_size=1)
        load_recognizer(settings, CPU, 1).transcribe(noise(), CHUNKS[:1], ignore_progress)
        assert capfd.readouterr().out == ""


def test_a_model_must_be_named() -> None:
    """What "auto" means is decided elsewhere."""
    with pytest.raises(SettingsError, match="name a model"):
        load_recognizer(AsrSettings(), CPU)


def test_a_compute_type_that_the_device_lacks_is_refused(tiny_whisper: Path) -> None:
    """A processor does not compute in float16."""
    with pytest.raises(SettingsError, match="float16"):
        load_recognizer(AsrSettings(model=str(tiny_whisper), compute_type="float16"), CPU)


def test_rising_is_clamped() -> None:
    """What an engine reports out of range or out of order is mended."""
    seen: list[float] = []
    report = rising(seen.append)
    for done in (0.2, 0.1, 1.4, 0.9):
        report(done)
    assert seen == [0.2, 0.2, 1.0, 1.0]
