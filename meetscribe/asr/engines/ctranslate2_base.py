"""Shared code of the engines on CTranslate2: loading, decoding at any temperature, word times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from meetscribe.asr.engines.placement import Placement, unsupported_device
from meetscribe.asr.engines.sampling import TokenSampler, sample_text
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.tokens import TimedText, prompt_tokens, words_from_pieces
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import SettingsError, WeightsError, first_line, nearest
from meetscribe.runtime.threads import keep_torch_threads
from meetscribe.text.languages import NAMES
from meetscribe.transcript import AsrRecord

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_FRAME = 160  # samples per frame of a spectrogram
_FRAMES = 3000  # frames of Whisper's window
_CONTEXT = 400  # samples of the Fourier transform; padding by this much silence makes the last frames silent
_KEPT = 8  # clips of language detection whose encoder output is kept: at most 61 MB for a large model


def place_on_ctranslate2(settings: AsrSettings, device: Device) -> Placement:
    """Return the placement of the model; raises SettingsError if CTranslate2 does not support the device or type."""
    kind = "cuda" if device.kind == "cuda" else "cpu"
    if kind == "cuda":
        import torch  # noqa: F401  # before ctranslate2, so that both use torch's cuDNN
    import ctranslate2

    if kind == "cuda" and ctranslate2.get_cuda_device_count() <= device.index:
        raise SettingsError(
            f"CTranslate2 cannot use {device}", "Use --device cpu, or install CUDA 12 with cuDNN 9 for it."
        )
    supported = ctranslate2.get_supported_compute_types(kind, device.index)
    return Placement(
        device=kind,
        compute_type=_compute_type(settings.compute_type, device, supported),
        index=device.index if kind == "cuda" else 0,
        notices=(unsupported_device(device, "CTranslate2"),) if device.kind == "mps" else (),
    )


def _compute_type(wanted: str, device: Device, supported: Collection[str]) -> str:
    """Return the compute type for the setting; raises SettingsError if the device does not support it."""
    if wanted == "auto":
        preferred = "float16" if device.kind == "cuda" else "int8"
        return preferred if preferred in supported else "float32"
    if wanted not in supported:
        raise SettingsError(
            f"{device} does not support the compute type {wanted}: {nearest(wanted, sorted(supported))}"
        )
    return wanted


def load_model(model_class: Any, settings: AsrSettings, placement: Placement, plan: DecodingPlan) -> Any:
    """Load the model as `model_class`, which is faster-whisper's `WhisperModel` or a subclass of it.

    Raises WeightsError if it cannot be loaded.
    """
    with _model_errors(settings.model), keep_torch_threads():
        model = model_class(
            settings.model,
            device=placement.device,
            device_index=placement.index,
            compute_type=placement.compute_type,
            cpu_threads=plan.threads,
            num_workers=plan.workers,
        )
    if model.model.n_mels != (configured := model.feature_extractor.mel_filters.shape[0]):
        raise WeightsError(
            f"the model {settings.model} needs {model.model.n_mels} mel bands, but is configured for {configured}",
            "Put its preprocessor_config.json beside model.bin.",
        )
    return model


class CTranslate2Whisper(WhisperEngine):
    """An engine on faster-whisper's `WhisperModel`, which runs one call per worker in parallel."""

    def __init__(self, model: Any, settings: AsrSettings, placement: Placement) -> None:
        """Raise SettingsError for settings that the model does not support."""
        self._model = model
        self._on_gpu = placement.device == "cuda"
        self._encoded: dict[bytes, npt.NDArray[np.float32]] = {}
        record = AsrRecord(
            version=version("whisperx" if settings.engine == "whisperx" else "faster-whisper"),
            device=placement.device,
            compute_type=placement.compute_type,
        )
        super().__init__(settings, _languages(model, Path(settings.model)), record)
        self._notices = placement.notices

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        encoded = self._encode(clips)
        if not self._on_gpu:
            self._keep(clips, np.asarray(encoded))
        probabilities = self._model.model.detect_language(encoded)
        return [{token[2:-2]: probability for token, probability in each} for each in probabilities]

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        if options.temperature > 0 and len(clips) > 1:
            return [result for clip in clips for result in self._decode([clip], options)]
        tokenizer = self._tokenizer(options)
        encoded = self._encode(clips)
        results = self._generate(encoded, len(clips), tokenizer, options)
        times = self._align(encoded, clips, [tokens for tokens, _, _ in results], tokenizer, options)
        return [
            DecodingResult(tokenizer.decode(tokens).strip(), words, log_probability, no_speech_probability)
            for (tokens, log_probability, no_speech_probability), words in zip(results, times, strict=True)
        ]

    def _encode(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """Return the encoder output of the clips, a CTranslate2 array `(clips, 1500, width)`.

        On a CPU, clips are encoded one by one: attention over a batch would allocate new memory each time, and takes
        longer. Clips from language detection are not encoded again.
        """
        if self._on_gpu:
            return self._model.encode(self._features(clips))
        import ctranslate2

        kept = [self._encoded.pop(_digest(clip), None) if self._encoded else None for clip in clips]
        encoded = [
            np.asarray(self._model.encode(self._features([clip]))) if row is None else row[None]
            for clip, row in zip(clips, kept, strict=True)
        ]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))

    def _keep(self, clips: Sequence[npt.NDArray[np.float32]], encoded: npt.NDArray[np.float32]) -> None:
        """Keep the encoder output of a few clips, `(clips, 1500, width)`, for their decoding."""
        for clip, row in zip(clips, encoded, strict=True):
            self._encoded[_digest(clip)] = row.copy()
        for oldest in list(self._encoded)[:-_KEPT]:
            self._encoded.pop(oldest, None)

    def _generate(
        self, encoded: Any, count: int, tokenizer: Any, options: DecodingOptions
    ) -> list[tuple[list[int], float | None, float]]:
        """Return the text tokens, their mean log probability and the no-speech probability of each clip.

        The log probability of an empty text is None at temperature 0.
        """
        prompt = self._model.get_prompt(tokenizer, prompt_tokens(self._encode_text, options), without_timestamps=True)
        suppressed = self._suppressed(tokenizer, options)
        if options.temperature > 0:
            return [self._sample(encoded, prompt, suppressed, tokenizer.eot, options)]
        results = self._model.model.generate(
            encoded,
            [prompt] * count,
            beam_size=options.beam_size,
            max_length=self._model.max_length,
            suppress_tokens=suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        texts = []
        for result in results:
            tokens = list(result.sequences_ids[0])
            # CTranslate2 divides the sum by the number of tokens, which is 0 for an empty text; `DecodingResult` counts
            # the end of the text as well.
            mean = float(result.scores[0]) * len(tokens) / (len(tokens) + 1) if tokens else None
            texts.append((tokens, mean, float(result.no_speech_prob)))
        return texts

    def _sample(
        self, encoded: Any, prompt: list[int], suppressed: list[int], end: int, options: DecodingOptions
    ) -> tuple[list[int], float | None, float]:
        """Return the sampled text tokens, their mean log probability and the no-speech probability of one clip.

        An empty text has a log probability too, that of its end.
        CTranslate2 does not support a seed per call, so tokens are sampled here from its logits.
        """
        no_speech: list[float] = []
        limit = min(self._model.max_length // 2, self._model.max_length - len(prompt))

        def continue_greedily(prefix: Sequence[int], count: int) -> list[npt.NDArray[np.float32]]:
            result = self._continue(encoded, prompt, prefix, len(prefix) + count, suppressed)
            no_speech.append(float(result.no_speech_prob))
            return [np.array(step) for step in result.logits[0][len(prefix) :]]

        sampler = TokenSampler(options.temperature, options.seed)
        tokens, log_probability = sample_text(continue_greedily, end, limit, sampler)
        return tokens, log_probability, no_speech[0]

    def _continue(
        self, encoded: Any, prompt: Sequence[int], prefix: Sequence[int], length: int, suppressed: list[int]
    ) -> Any:
        """Return CTranslate2's greedy result for one clip: `prefix` continued to `length` tokens, with logits."""
        (result,) = self._model.model.generate(
            encoded,
            [[*prompt, *prefix]],
            beam_size=1,
            # CTranslate2 takes the tokens after Whisper's special tokens as the beginning of the text, so its text and
            # its logits include `prefix`. The text is at most half of `max_length`, and prompt and text together at
            # most `max_length`.
            max_length=max(2 * length, len(prompt) + length),
            suppress_tokens=suppressed,
            return_logits_vocab=True,
            return_no_speech_prob=True,
        )
        return result

    def _align(
        self,
        encoded: Any,
        clips: Sequence[npt.NDArray[np.float32]],
        texts: Sequence[Sequence[int]],
        tokenizer: Any,
        options: DecodingOptions,
    ) -> list[tuple[Any, ...]]:
        """Return the words of each clip with times from cross-attention; none unless requested."""
        if not options.word_times or not any(texts):
            return [() for _ in clips]
        frames = [max(len(clip) // _FRAME, 2) for clip in clips]  # two are one frame of the encoder
        text_tokens = [[token for token in tokens if token < tokenizer.eot] for tokens in texts]
        aligned = self._model.find_alignment(tokenizer, text_tokens, encoded, frames)
        keys = ("word", "start", "end", "probability")
        return [
            words_from_pieces((TimedText(*(word[key] for key in keys)) for word in words), len(clip) / SAMPLE_RATE)
            for words, clip in zip(aligned, clips, strict=True)
        ]

    def _features(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """Return the spectrograms `(clips, bands, 3000)` of the clips, each padded with silence to 30 s."""
        rows = []
        for clip in clips:
            row = self._model.feature_extractor(np.pad(clip, (0, _CONTEXT)))[:, :_FRAMES]
            # Repeat the last frame, which is silent: computing the spectrogram of 30 s of samples takes longer.
            rows.append(np.pad(row, ((0, 0), (0, _FRAMES - row.shape[1])), mode="edge"))
        return np.stack(rows)

    def _tokenizer(self, options: DecodingOptions) -> Any:
        """Return a tokenizer for the language and the task."""
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, task=options.task, language=options.language)

    def _suppressed(self, tokenizer: Any, options: DecodingOptions) -> list[int]:
        """Return the tokens to suppress: symbols that are not speech, and numerals unless they are allowed."""
        from faster_whisper.transcribe import get_suppressed_tokens

        numerals = self._suppressed_numerals(options, tokenizer.decode, tokenizer.eot)
        return [*get_suppressed_tokens(tokenizer, [-1]), *numerals]


def _digest(clip: npt.NDArray[np.float32]) -> bytes:
    """Return a digest of the samples."""
    return hashlib.blake2b(np.ascontiguousarray(clip).data, digest_size=16).digest()


@contextmanager
def _model_errors(model: str) -> Iterator[None]:
    """Raise WeightsError with a remedy for errors while `model` is loaded."""
    if Path(model).is_dir():
        missing = [
            name for name in ("model.bin", "config.json", "tokenizer.json") if not (Path(model) / name).is_file()
        ]
        if missing:
            raise WeightsError(
                f"{model} is not a Whisper model for CTranslate2: it has no {' and no '.join(missing)}",
                "Convert a Transformers model with: meetscribe weights convert DIRECTORY --to ctranslate2",
            )
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise WeightsError(
            f"the Whisper model {model} cannot be loaded: {first_line(error)}",
            "Check its name and the connection, or give the directory of a model converted for CTranslate2.",
        ) from error


def _languages(model: Any, directory: Path) -> tuple[str, ...]:
    """Return the languages in the configuration of the model, else all languages with a token."""
    if not model.model.is_multilingual:
        return ("en",)
    config = directory / "config.json"
    listed = json.loads(config.read_text(encoding="utf-8")).get("lang_ids") if config.is_file() else None
    tokens = {code: model.hf_tokenizer.token_to_id(f"<|{code}|>") for code in NAMES}
    return tuple(code for code, token in tokens.items() if token is not None and (not listed or token in listed))
