"""Networks of the wav2vec2 family compute emissions, one by one and in batches; most have random weights here."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.alignment import AlignmentSettings, align, load_aligner
from meetscribe.alignment.wav2vec2 import Wav2Vec2
from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.errors import WeightsError
from meetscribe.runtime.devices import Device
from meetscribe.text.splitting import spread
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word

CPU = Device("cpu")
SAMPLES = Path(__file__).parents[2] / "samples"
VOCABULARY = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ'"]


def make(directory: Path, norm: str) -> Path:
    """Save a tiny network with normalisation "group" or "layer" in the format of Transformers."""
    import torch
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    torch.manual_seed(0)
    config = Wav2Vec2Config(  # type: ignore[no-untyped-call]
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        conv_dim=(8,) * 7,
        feat_extract_norm=norm,
        do_stable_layer_norm=norm == "layer",
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=2,
        pad_token_id=0,
    )
    directory.mkdir()
    (directory / "vocab.json").write_text(json.dumps({token: column for column, token in enumerate(VOCABULARY)}))
    vocabulary = str(directory / "vocab.json")
    tokenizer = Wav2Vec2CTCTokenizer(vocabulary, word_delimiter_token="|")  # type: ignore[no-untyped-call]
    extractor = Wav2Vec2FeatureExtractor(do_normalize=norm == "layer")  # type: ignore[no-untyped-call]
    processor = Wav2Vec2Processor(extractor, tokenizer)  # type: ignore[no-untyped-call]
    processor.save_pretrained(directory)
    Wav2Vec2ForCTC(config).save_pretrained(directory)
    return directory


@pytest.fixture(scope="module", params=["group", "layer"])
def aligner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Wav2Vec2:
    """Return a network of each kind."""
    loaded = load_aligner(str(make(tmp_path_factory.mktemp("aligner") / "tiny", request.param)), "en", CPU)
    assert loaded is not None
    return loaded


def clips() -> list[npt.NDArray[np.float32]]:
    """Return noise of different lengths, one shorter than a frame."""
    rng = np.random.default_rng(0)
    return [(0.1 * rng.standard_normal(n) + 0.01).astype(np.float32) for n in (100, 1600, 5000, 16_000)]


def test_the_properties_of_a_network(aligner: Wav2Vec2) -> None:
    """Letters are in lower case, the blank is the padding token, and only the last part of the path is recorded."""
    assert aligner.dictionary["a"] == VOCABULARY.index("A")
    assert aligner.blank == 0
    assert aligner.stride == 320
    assert aligner.language == "en"
    assert aligner.model == "tiny"
    assert aligner.normalize == aligner.batched == (aligner.network.config.feat_extract_norm == "layer")


def test_emissions_are_log_probabilities(aligner: Wav2Vec2) -> None:
    """Each clip has one frame per stride, whose probabilities sum to 1."""
    for clip, log_probs in zip(clips(), aligner.emissions(clips()), strict=True):
        assert log_probs.shape == (max(1, (len(clip) - 400) // 320 + 1), len(VOCABULARY))
        assert log_probs.dtype == np.float32
        np.testing.assert_allclose(np.exp(log_probs).sum(axis=1), 1, atol=1e-4)


def test_a_batch_gives_the_same_emissions_as_single_clips(aligner: Wav2Vec2) -> None:
    """The padding of a batch does not change the emissions."""
    together = aligner.emissions(clips())
    for clip, log_probs in zip(clips(), together, strict=True):
        np.testing.assert_allclose(log_probs, aligner.emissions([clip])[0], atol=1e-3)


def test_clips_are_prepared_as_transformers_does(aligner: Wav2Vec2) -> None:
    """Clips are normalised if the preprocessor of the network does it."""
    from transformers import Wav2Vec2FeatureExtractor

    extractor = Wav2Vec2FeatureExtractor(do_normalize=aligner.normalize)  # type: ignore[no-untyped-call]
    clip = clips()[-1]
    expected = extractor(clip, sampling_rate=SAMPLE_RATE).input_values[0]
    np.testing.assert_allclose(aligner.prepare(clip), expected, atol=1e-5)


def test_a_real_recording_is_aligned(aligner: Wav2Vec2) -> None:
    """Words are in order, even with random weights."""
    found = {path.name: Path(str(path.locate())) for path in files("pyannote-audio") or () if "sample" in path.parts}
    audio = load_audio(found["sample.wav"])
    words = [
        Word(text, 7 + n, 8 + n, "interpolated") for n, text in enumerate(["Well,", "it's", "20", "—", "or", "so."])
    ]
    given = Transcript((Segment(tuple(words)),), Meta("en", audio.duration))
    result = align(given, audio, lambda language: aligner, AlignmentSettings())
    assert [word.timing for word in result.words] == ["aligned"] * 3 + ["interpolated"] + ["aligned"] * 2
    assert all(before.end <= after.start for before, after in pairwise(result.words))
    assert result.words[0].start >= 6.8
    assert result.words[-1].end <= 13.2 + 1 / SAMPLE_RATE


@pytest.mark.parametrize("name", ["standup", "interview"])
def test_words_of_a_sample_are_aligned(name: str) -> None:
    """With trained weights the median error is under 0.03 s, the 90th percentile under 0.15 s."""
    if not (SAMPLES / "weights" / "aligner" / "config.json").is_file() or not (SAMPLES / f"{name}.flac").is_file():
        pytest.skip(f"there is no sample {name} or no weights in {SAMPLES}")
    lines = (SAMPLES / f"{name}.words.jsonl").read_text(encoding="utf-8").splitlines()
    truth = sorted((json.loads(line) for line in lines), key=lambda word: float(word["start"]))
    audio = load_audio(SAMPLES / f"{name}.flac")
    segments = []
    for first in range(0, len(truth), 40):
        group = truth[first : first + 40]
        texts = [word["word"] for word in group]
        spans = spread(texts, Span(group[0]["start"], max(word["end"] for word in group)))
        words = [Word(text, span.start, span.end, "interpolated") for text, span in zip(texts, spans, strict=True)]
        segments.append(Segment(tuple(words)))
    aligner = load_aligner(str(SAMPLES / "weights" / "aligner"), "en", CPU)
    result = align(
        Transcript(tuple(segments), Meta("en", audio.duration)), audio, lambda language: aligner, AlignmentSettings()
    )
    errors = sorted(
        abs(found - float(true))
        for word, known in zip(result.words, truth, strict=True)
        for found, true in ((word.start, known["start"]), (word.end, known["end"]))
    )
    assert errors[len(errors) // 2] < 0.03
    assert errors[len(errors) * 9 // 10] < 0.15


def test_a_directory_without_a_model_is_an_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It raises WeightsError, and nothing is printed."""
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_aligner(str(tmp_path), "en", CPU)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("file", ["model.safetensors", "vocab.json", "config.json"])
def test_a_damaged_model_is_an_error(file: str, tmp_path: Path) -> None:
    model = shutil.copytree(SAMPLES / "weights" / "aligner", tmp_path / "aligner")
    (model / file).write_bytes((model / file).read_bytes()[:200])
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_aligner(str(model), "en", CPU)


def test_a_model_that_is_not_an_aligner_is_an_error() -> None:
    """Transformers would initialise the missing weights randomly."""
    with pytest.raises(WeightsError, match=r"is not an aligner: .* lm_head"):
        load_aligner(str(SAMPLES / "weights" / "asr"), "en", CPU)


def test_a_language_without_an_aligner() -> None:
    """The result is None, without an error."""
    assert load_aligner("auto", "yue", CPU) is None
