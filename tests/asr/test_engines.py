"""What every engine promises: first of a fake, then of each real one, with trained and with random weights."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe import weights
from meetscribe.asr import AsrSettings
from meetscribe.asr.engines.ctranslate2_base import CTranslate2Whisper
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import ENGINES, DecodingOptions, DecodingResult, Engine, load_engine
from meetscribe.asr.whisper.base import WINDOW, WhisperEngine
from meetscribe.asr.whisper.tokens import TimedText, words_from_pieces
from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.errors import MeetscribeError, SettingsError, WeightsError
from meetscribe.evaluation import normalize
from meetscribe.runtime.devices import Device
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Span

Samples = npt.NDArray[np.float32]

SAMPLES = Path(__file__).parents[2] / "samples"
SENTENCE = "There was a delay in the station and the keyboard stopped."
NAMES = ["fake", *ENGINES]
CPU, PLAN = Device("cpu"), DecodingPlan(workers=2, threads=1, batch_size=4)
ENGLISH = DecodingOptions("en", beam_size=1)
"""Without beam search, which not every engine has."""


class FakeEngine(WhisperEngine):
    """An engine that hears the same sentence in whatever sounds, but for what the decoding says."""

    def __init__(self, settings: AsrSettings) -> None:
        super().__init__(settings, ("de", "en"), {"version": "0", "device": "cpu", "compute_type": "none"})

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(text.encode())

    def _detect(self, clips: Sequence[Samples]) -> list[dict[str, float]]:
        return [{"en": 3.0, "de": 0.1} for _ in clips]

    def _decode(self, clips: Sequence[Samples], decoding: DecodingOptions) -> list[DecodingResult]:
        return [self._hear(clip, decoding) for clip in clips]

    def _hear(self, clip: Samples, decoding: DecodingOptions) -> DecodingResult:
        if not clip.any():
            return DecodingResult("", log_probability=-1.0, no_speech_probability=0.9)
        told = [decoding.task, decoding.prompt, *decoding.vocabulary] if decoding != ENGLISH else []
        drawn = [f"draw {decoding.seed}"] if decoding.temperature else []
        text = " ".join(filter(None, [SENTENCE, *(told if decoding.temperature == 0 else drawn)]))
        if decoding.language != "en":
            text = f"{decoding.language} {text}"
        duration = len(clip) / SAMPLE_RATE
        parts = split_words(text)
        timed = [TimedText(f" {part}", 0.2 * at, 0.2 * at + 0.1, 0.9) for at, part in enumerate(parts)]
        return DecodingResult(text, words_from_pieces(timed, duration) if decoding.word_times else (), -0.1, 0.01)


def clip(start: float, end: float) -> Samples:
    """A part of the stand-up."""
    return load_audio(SAMPLES / "standup.flac").slice(Span(start, end))


@pytest.fixture(scope="session")
def sentence() -> Samples:
    """SENTENCE, which nobody talks over."""
    lines = (SAMPLES / "standup.stm").read_text().splitlines()
    _, _, _, start, end, _ = next(line for line in lines if SENTENCE in line).split(maxsplit=5)
    return clip(float(start) - 0.2, float(end) + 0.2)


def loaded(name: str, directory: Path, **settings: Any) -> Engine:
    """An engine with a model of Transformers, converted for it."""
    if name == "fake":
        return FakeEngine(AsrSettings(model=str(directory), **settings))
    model = weights.converted(directory, ENGINES[name].layout)
    settings = {"compute_type": "float32", **settings}
    return load_engine(AsrSettings(engine=name, model=str(model), **settings), CPU, PLAN)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A place for what is converted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEETSCRIBE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", params=NAMES)
def name(request: pytest.FixtureRequest, cache: None) -> str:
    """Each engine."""
    return str(request.param)


@pytest.fixture(scope="session")
def engine(name: str) -> Engine:
    """Each engine with the sample weights."""
    return loaded(name, SAMPLES / "weights" / "asr")


@pytest.fixture(scope="session")
def clips(sentence: Samples) -> dict[str, Samples]:
    """What clips can be like."""
    return {
        "sentence": sentence,
        "empty": np.zeros(0, np.float32),
        "tenth of a second": sentence[16000:17600],
        "silence": np.zeros(2 * SAMPLE_RATE, np.float32),
        "30 s": clip(60.0, 90.0),
    }


@pytest.fixture(scope="session")
def heard(engine: Engine, clips: dict[str, Samples]) -> dict[str, DecodingResult]:
    """What an engine hears in them, in one batch."""
    return dict(zip(clips, engine.decode(list(clips.values()), ENGLISH), strict=True))


class TestTrained:
    """With weights that know the words of the samples."""

    def test_what_is_said_is_heard(self, heard: dict[str, DecodingResult]) -> None:
        """At most three words in ten of the sentence are missing or wrong."""
        words, found = normalize(SENTENCE), normalize(heard["sentence"].text)
        assert len(set(found) & set(words)) >= 0.7 * len(set(words))
        assert len(found) <= 1.3 * len(words)

    def test_words_lie_in_their_clip_in_order(
        self, heard: dict[str, DecodingResult], clips: dict[str, Samples]
    ) -> None:
        """They are the words of the text, with times within the clip, each after the one before it."""
        assert len(clips["30 s"]) == WINDOW
        for name, found in heard.items():
            if found.words:
                assert [word.text for word in found.words] == split_words(found.text)
                assert all(before.end <= after.start for before, after in pairwise(found.words))
                assert found.words[0].start >= 0 and found.words[-1].end <= len(clips[name]) / SAMPLE_RATE
                assert {word.timing for word in found.words} == {"engine"}
                assert all(word.score is None and word.probability is not None for word in found.words)

    def test_words_are_timed_where_they_are_said(self, name: str, heard: dict[str, DecodingResult]) -> None:
        """Every engine but whisperX measures times; the sentence begins after 0.2 s and lasts 3.2 s."""
        words = heard["sentence"].words
        assert bool(words) == (name != "whisperx")
        if words:
            assert words[0].start < 0.6 and 2.0 < words[-1].end <= 3.61

    def test_nothing_is_heard_in_nothing(self, heard: dict[str, DecodingResult]) -> None:
        """An empty clip has no text, and nothing is claimed of it."""
        assert heard["empty"] == DecodingResult("")

    def test_how_sure_it_is(self, name: str, heard: dict[str, DecodingResult]) -> None:
        """It is surer of a sentence than that silence is speech."""
        said, silence = heard["sentence"], heard["silence"]
        assert said.log_probability is not None and -1 < said.log_probability < 0
        if name != "whisperx":
            assert said.no_speech_probability is not None and silence.no_speech_probability is not None
            assert 0 <= said.no_speech_probability < 0.1 < 0.5 < silence.no_speech_probability <= 1

    def test_a_batch_is_heard_as_its_clips_are(
        self, engine: Engine, heard: dict[str, DecodingResult], clips: dict[str, Samples]
    ) -> None:
        """What else is decoded makes no difference, from two threads at once either."""
        names = ["sentence", "silence"]
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda name: engine.decode([clips[name]], ENGLISH)[0], names))
        for name, alone in zip(names, found, strict=True):
            together = heard[name]
            assert alone.text == together.text
            assert [word.start for word in alone.words] == pytest.approx([word.start for word in together.words])
            assert alone.log_probability == pytest.approx(together.log_probability, abs=1e-3)
            assert alone.no_speech_probability == pytest.approx(together.no_speech_probability, abs=1e-3)

    def test_a_seed_repeats(self, engine: Engine, sentence: Samples) -> None:
        """The same seed draws the same tokens, whatever was decoded before or is meanwhile; another one others."""
        drawn = replace(ENGLISH, temperature=1.0, seed=3, word_times=False)
        (first,) = engine.decode([sentence], drawn)
        with ThreadPoolExecutor(2) as pool:
            again, other = pool.map(lambda seed: engine.decode([sentence], replace(drawn, seed=seed))[0], (3, 4))
        assert again.text == first.text != other.text
        assert again.log_probability == pytest.approx(first.log_probability)

    def test_languages_are_told_apart(self, engine: Engine, clips: dict[str, Samples]) -> None:
        """The probabilities of the languages that the model was trained on add up to 1."""
        assert set(engine.languages) == {"de", "en"}
        (said,) = engine.detect([clips["sentence"]])
        assert set(said) == set(engine.languages)
        assert sum(said.values()) == pytest.approx(1.0)
        assert said["en"] > 0.9

    @pytest.mark.parametrize("shape", [(WINDOW + 1,), (2, SAMPLE_RATE), (SAMPLE_RATE, 1)])
    def test_what_is_no_clip_is_refused(self, engine: Engine, shape: tuple[int, ...]) -> None:
        """Nothing is cut off in silence, and channels are not put one behind the other."""
        for call in (lambda clips: engine.decode(clips, ENGLISH), engine.detect):
            with pytest.raises(ValueError, match="clip must"):
                call([np.zeros(shape, np.float32)])

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"language": "fr"}, "french"),
            ({"prompt": "word " * 300}, "too long"),
            ({"vocabulary": ("w",) * 300}, "too"),
        ],
    )
    def test_what_it_cannot_do_is_refused(
        self, engine: Engine, sentence: Samples, wrong: dict[str, Any], reason: str
    ) -> None:
        """It raises, rather than to do something else."""
        with pytest.raises(SettingsError, match=reason):
            engine.decode([sentence], replace(ENGLISH, **wrong))

    def test_no_clips_are_no_work(self, engine: Engine) -> None:
        """Nothing in, nothing out."""
        assert engine.decode([], ENGLISH) == [] == engine.detect([])

    def test_where_it_comes_from(self, name: str, engine: Engine) -> None:
        """Provenance names engine, version, model, device and precision; no path."""
        made = dict(engine.made_by)
        assert {"engine", "version", "model", "device", "compute_type"} <= set(made)
        assert not any("/" in str(value) for value in made.values())
        assert name == "fake" or (made["engine"], made["compute_type"]) == (name, "float32")


@pytest.fixture(scope="session")
def told(name: str, tiny_whisper: Path) -> tuple[dict[str, str], str]:
    """What each engine writes with random weights for each way to decode, and what it printed."""
    noise = (0.1 * np.random.default_rng(0).standard_normal(SAMPLE_RATE)).astype(np.float32)
    ways: dict[str, DecodingOptions] = {
        "": ENGLISH,
        "language": replace(ENGLISH, language="de"),
        "task": replace(ENGLISH, task="translate"),
        "prompt": replace(ENGLISH, prompt="Ein Gespräch."),
        "vocabulary": replace(ENGLISH, vocabulary=("Quarzuhr", "Köln")),
    }
    capture = pytest.MonkeyPatch()
    capture.setattr(socket.socket, "connect", lambda self, address: pytest.fail(f"connects to {address}"))
    try:
        engine = loaded(name, tiny_whisper)
        found = {way: engine.decode([noise], replace(decoding, word_times=False))[0] for way, decoding in ways.items()}
        plain = engine.decode([noise], replace(ENGLISH, numerals=False, word_times=False))[0]
    finally:
        capture.undo()
    assert not any(each.words for each in (*found.values(), plain))
    return {way: each.text for way, each in found.items()}, plain.text


class TestRandom:
    """With weights to which every token of the prompt matters."""

    def test_language_task_and_hints_reach_the_model(self, told: tuple[dict[str, str], str]) -> None:
        """The same model writes something else in another language or task, and with a prompt or a vocabulary."""
        texts, _ = told
        assert len(set(texts.values())) == len(texts)

    def test_numerals_can_be_unwanted(self, name: str, told: tuple[dict[str, str], str]) -> None:
        """Then there is no digit in the text, nor a sign of money."""
        assert not set("0123456789%$£") & set(told[1])


class TestLoading:
    """What can be wrong before anything is heard."""

    @pytest.fixture(params=list(ENGINES))
    def real(self, request: pytest.FixtureRequest, cache: None) -> str:
        """Each engine but the fake."""
        return str(request.param)

    def test_a_directory_without_a_model_is_refused(self, real: str, tmp_path: Path) -> None:
        """It is said to be none, without asking the network."""
        with pytest.raises(WeightsError, match="model"):
            load_engine(AsrSettings(engine=real, model=str(tmp_path)), CPU, PLAN)

    def test_a_damaged_model_is_refused(self, real: str, tiny_whisper: Path, tmp_path: Path) -> None:
        """A model that cannot be read is an error of weights."""
        made = weights.converted(tiny_whisper, ENGINES[real].layout)
        for file in (made,) if made.is_file() else made.iterdir():
            large = file.suffix in (".bin", ".safetensors", ".pt")
            (tmp_path / file.name).write_bytes(file.read_bytes()[:1000] if large else file.read_bytes())
        model = tmp_path / made.name if made.is_file() else tmp_path
        with pytest.raises(WeightsError, match="cannot be loaded"):
            load_engine(AsrSettings(engine=real, model=str(model)), CPU, PLAN)

    @pytest.mark.parametrize(
        "wrong",
        [{"language": "yue"}, {"vocabulary": ("Wort",) * 300}, {"compute_type": "int16"}],
    )
    def test_settings_that_cannot_be_honoured_are_refused(
        self, real: str, tiny_whisper: Path, wrong: dict[str, Any]
    ) -> None:
        """Cantonese came with large-v3; hints must fit; not every device computes in everything."""
        if "compute_type" in wrong and ENGINES[real].layout == "ctranslate2":
            wrong = {"compute_type": "float16"}
        with pytest.raises(SettingsError):
            loaded(real, tiny_whisper, **wrong)

    def test_a_beam_that_mlx_lacks_is_refused(self, cache: None, tiny_whisper: Path) -> None:
        """Nobody asked for the default; anything else was."""
        with pytest.raises(SettingsError, match="beam"):
            loaded("mlx-whisper", tiny_whisper, beam_size=3)

    def test_a_device_that_an_engine_cannot_use_is_warned_of(self, real: str, tiny_whisper: Path) -> None:
        """It computes on the processor then, and says so."""
        if real == "transformers":
            pytest.skip("uses every device")
        model = weights.converted(tiny_whisper, ENGINES[real].layout)
        engine = load_engine(AsrSettings(engine=real, model=str(model), compute_type="float32"), Device("mps"), PLAN)
        assert "processor" in engine.notices[0].text

    def test_torch_computes_on_as_many_threads_as_before(self, real: str, tiny_whisper: Path) -> None:
        """What comes after the recogniser needs them, and an engine's own number is its own."""
        import torch

        before = torch.get_num_threads()
        try:
            torch.set_num_threads(3)
            loaded(real, tiny_whisper)
            assert torch.get_num_threads() == 3
        finally:
            torch.set_num_threads(before)

    def test_a_model_must_be_named(self) -> None:
        """What "auto" means is decided elsewhere."""
        with pytest.raises(SettingsError, match="name a model"):
            load_engine(AsrSettings(), CPU, PLAN)

    def test_an_engine_that_is_not_installed_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The error names what installs it."""

        def absent(name: str) -> Any:
            raise ModuleNotFoundError("No module named 'whisper'", name="whisper")

        monkeypatch.setattr("importlib.import_module", absent)
        with pytest.raises(MeetscribeError, match=r"pip install openai-whisper"):
            load_engine(AsrSettings(engine="openai-whisper", model="x"), CPU, PLAN)


def test_beam_search_is_honoured(cache: None, sentence: Samples) -> None:
    """Wider beams find a wording that is as likely or likelier."""
    for name in ("faster-whisper", "openai-whisper", "transformers"):
        engine = loaded(name, SAMPLES / "weights" / "asr")
        narrow, wide = (
            engine.decode([sentence], replace(ENGLISH, beam_size=size, word_times=False))[0].log_probability
            for size in (1, 4)
        )
        assert narrow is not None and wide is not None and wide >= narrow - 1e-3


def test_a_processor_hears_clips_one_by_one_and_writes_them_together(cache: None, sentence: Samples) -> None:
    """The attention of several at once takes more memory, and longer."""
    engine = loaded("faster-whisper", SAMPLES / "weights" / "asr")
    assert isinstance(engine, CTranslate2Whisper)
    encode, sizes = engine._model.encode, []

    def counted(features: npt.NDArray[np.float32]) -> Any:
        sizes.append(len(features))
        return encode(features)

    engine._model.encode = counted
    clips = [sentence, sentence[: len(sentence) // 2], sentence]
    first, half, last = engine.decode(clips, ENGLISH)
    assert sizes == [1, 1, 1]
    assert first == last and first.text.startswith(half.text.split()[0])
