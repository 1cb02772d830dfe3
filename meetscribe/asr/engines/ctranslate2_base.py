"""What the engines on CTranslate2 share: where a model runs, decoding at any temperature, and word times."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.asr.engines.sampling import TokenSampler, sample_text
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.languages import LANGUAGES
from meetscribe.asr.whisper.tokens import TimedText, prompt_tokens, words_from_pieces
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import Notice, SettingsError, WeightsError, first_line, nearest
from meetscribe.runtime.threads import keep_torch_threads

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_FRAME = 160  # samples between the rows of a spectrogram
_FRAMES = 3000  # of the spectrogram that Whisper hears
_CONTEXT = 400  # samples of the transform: so much silence ends a spectrogram in rows of nothing but silence
_LOOKAHEAD = 16  # tokens to ask for at once when they are drawn


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and how a model runs; `notices` says what could not be as asked."""

    device: str
    index: int
    compute_type: str
    notices: tuple[Notice, ...] = ()


def place(settings: AsrSettings, device: Device) -> Placement:
    """Where the model is to run; raises SettingsError if CTranslate2 cannot run there in this way."""
    kind = "cuda" if device.kind == "cuda" else "cpu"
    if kind == "cuda":
        import torch  # noqa: F401  # before ctranslate2: it brings the cuDNN that both are to share
    import ctranslate2

    if kind == "cuda" and ctranslate2.get_cuda_device_count() <= device.index:
        raise SettingsError(
            f"CTranslate2 cannot use {device}", "Use --device cpu, or install CUDA 12 with cuDNN 9 for it."
        )
    supported = ctranslate2.get_supported_compute_types(kind, device.index)
    compute_type = settings.compute_type
    if compute_type == "auto":
        preferred = "float16" if kind == "cuda" else "int8"
        compute_type = preferred if preferred in supported else "float32"
    if compute_type not in supported:
        raise SettingsError(f"{device} cannot compute in {compute_type}: {nearest(compute_type, sorted(supported))}")
    text = "transcribed on the processor: CTranslate2 cannot use an Apple graphics card"
    note = Notice("asr.device", text, {"device": str(device), "engine": "CTranslate2"})
    return Placement(
        device=kind,
        index=device.index if kind == "cuda" else 0,
        compute_type=compute_type,
        notices=(note,) if device.kind == "mps" else (),
    )


def load(kind: Any, settings: AsrSettings, placement: Placement, plan: DecodingPlan) -> Any:
    """The model as `kind`, which is faster-whisper's `WhisperModel` or made from it.

    Raises WeightsError if it cannot be loaded.
    """
    with _model_errors(settings.model), keep_torch_threads():
        model = kind(
            settings.model,
            device=placement.device,
            device_index=placement.index,
            compute_type=placement.compute_type,
            cpu_threads=plan.threads,
            num_workers=plan.workers,
        )
    if model.model.n_mels != model.feature_extractor.mel_filters.shape[0]:
        raise WeightsError(
            f"the model {settings.model} needs {model.model.n_mels} mel bands, but does not say so",
            "Put its preprocessor_config.json beside model.bin.",
        )
    return model


class CTranslate2Whisper(WhisperEngine):
    """An engine around faster-whisper's `WhisperModel`; as many calls at once run as the model has workers."""

    def __init__(self, model: Any, settings: AsrSettings, placement: Placement) -> None:
        """Raises SettingsError for what the model cannot do."""
        self._model = model
        self._on_card = placement.device == "cuda"
        package = "whisperx" if settings.engine == "whisperx" else "faster-whisper"
        made_by = {
            "version": version(package),
            "device": placement.device,
            "compute_type": placement.compute_type,
        }
        super().__init__(settings, _languages(model, Path(settings.model)), made_by)
        self._notices = placement.notices

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        found = self._model.model.detect_language(self._encode(clips))
        return [{token[2:-2]: probability for token, probability in each} for each in found]

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        if decoding.temperature > 0 and len(clips) > 1:
            return [heard for clip in clips for heard in self._decode([clip], decoding)]
        tokenizer = self._tokenizer(decoding)
        encoded = self._encode(clips)
        results = self._generate(encoded, len(clips), tokenizer, decoding)
        times = self._align(encoded, clips, [tokens for tokens, _, _ in results], tokenizer, decoding)
        return [
            DecodingResult(tokenizer.decode(tokens).strip(), words, log_probability, no_speech_probability)
            for (tokens, log_probability, no_speech_probability), words in zip(results, times, strict=True)
        ]

    def _encode(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """What the model hears in the clips, a CTranslate2 array `(clips, 1500, width)`.

        On a processor one clip after the other: the attention of several would need new memory of the system each
        time, and takes longer than theirs one by one.
        """
        import ctranslate2
        import numpy as np

        features = self._features(clips)
        if self._on_card or len(clips) == 1:
            return self._model.encode(features)
        encoded = [np.asarray(self._model.encode(features[place : place + 1])) for place in range(len(clips))]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))

    def _generate(
        self, encoded: Any, count: int, tokenizer: Any, decoding: DecodingOptions
    ) -> list[tuple[list[int], float | None, float]]:
        """The text tokens of each clip, their mean log-probability and the probability that nobody speaks."""
        prompt = self._model.get_prompt(tokenizer, prompt_tokens(self._encode_text, decoding), without_timestamps=True)
        suppressed = self._suppressed(tokenizer, decoding)
        if decoding.temperature > 0:
            return [self._draw(encoded, prompt, suppressed, tokenizer.eot, decoding)]
        results = self._model.model.generate(
            encoded,
            [prompt] * count,
            beam_size=decoding.beam_size,
            max_length=self._model.max_length,
            suppress_tokens=suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )
        found = []
        for result in results:
            tokens = list(result.sequences_ids[0])
            # The score is per token, so none is known of a text without any; the end of the text is one more.
            mean = float(result.scores[0]) * len(tokens) / (len(tokens) + 1) if tokens else None
            found.append((tokens, mean, float(result.no_speech_prob)))
        return found

    def _draw(
        self, encoded: Any, prompt: list[int], suppressed: list[int], end: int, decoding: DecodingOptions
    ) -> tuple[list[int], float | None, float]:
        """As `_generate` for one clip, with tokens drawn at random.

        CTranslate2 cannot be given a seed for each call, so it only says how likely every token is.
        """
        no_speech_probability: list[float] = []
        limit = min(self._model.max_length // 2, self._model.max_length - len(prompt))

        def likeliest(prefix: Sequence[int]) -> list[npt.NDArray[np.float32]]:
            import numpy as np

            wanted = min(len(prefix) + _LOOKAHEAD, limit)
            result = self._model.model.generate(
                encoded,
                [[*prompt, *prefix]],
                beam_size=1,
                # CTranslate2 writes, with the prefix, as much as fits behind the prompt, but at most half of this.
                max_length=max(2 * wanted, len(prompt) + wanted),
                suppress_tokens=suppressed,
                return_logits_vocab=True,
                return_no_speech_prob=True,
            )[0]
            no_speech_probability.append(float(result.no_speech_prob))
            return [np.array(step) for step in result.logits[0][len(prefix) :]]

        drawer = TokenSampler(decoding.temperature, decoding.seed)
        tokens, log_probability = sample_text(likeliest, end, limit, drawer)
        return tokens, log_probability, no_speech_probability[0]

    def _align(
        self,
        encoded: Any,
        clips: Sequence[npt.NDArray[np.float32]],
        texts: Sequence[Sequence[int]],
        tokenizer: Any,
        decoding: DecodingOptions,
    ) -> list[tuple[Any, ...]]:
        """The words of each clip with the times at which the model attends to them, none if not asked for."""
        if not decoding.word_times or not any(texts):
            return [() for _ in clips]
        frames = [max(len(clip) // _FRAME, 2) for clip in clips]
        text_tokens = [[token for token in tokens if token < tokenizer.eot] for tokens in texts]
        found = self._model.find_alignment(tokenizer, text_tokens, encoded, frames)
        keys = ("word", "start", "end", "probability")
        return [
            words_from_pieces((TimedText(*(word[key] for key in keys)) for word in words), len(clip) / SAMPLE_RATE)
            for words, clip in zip(found, clips, strict=True)
        ]

    def _features(self, clips: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """The spectrograms `(clips, bands, 3000)` of the clips, each followed by silence up to 30 s."""
        import numpy as np

        rows = []
        for clip in clips:
            row = self._model.feature_extractor(np.pad(clip, (0, _CONTEXT)))[:, :_FRAMES]
            rows.append(np.pad(row, ((0, 0), (0, _FRAMES - row.shape[1])), mode="edge"))
        return np.stack(rows)

    def _tokenizer(self, decoding: DecodingOptions) -> Any:
        """A tokenizer for the language and the task."""
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, task=decoding.task, language=decoding.language)

    def _suppressed(self, tokenizer: Any, decoding: DecodingOptions) -> list[int]:
        """The tokens that must not be written: signs that are not speech, and numerals if they are not wanted."""
        from faster_whisper.transcribe import get_suppressed_tokens

        numerals = self._suppressed_numerals(decoding, tokenizer.decode, tokenizer.eot)
        return [*get_suppressed_tokens(tokenizer, [-1]), *numerals]


@contextmanager
def _model_errors(model: str) -> Iterator[None]:
    """Turn what is raised by loading `model` into a WeightsError that says what to do."""
    if Path(model).is_dir():
        missing = [
            name for name in ("model.bin", "config.json", "tokenizer.json") if not (Path(model) / name).is_file()
        ]
        if missing:
            raise WeightsError(
                f"{model} is no Whisper model for CTranslate2: it has no {' and no '.join(missing)}",
                "Convert one of Transformers with: meetscribe weights convert DIRECTORY --to ctranslate2",
            )
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise WeightsError(
            f"the Whisper model {model} cannot be loaded: {first_line(error)}",
            "Check its name and the connection, or give the directory of a model converted for CTranslate2.",
        ) from error


def _languages(model: Any, directory: Path) -> tuple[str, ...]:
    """The languages of a model: those its configuration lists, else all that it has a token for."""
    if not model.model.is_multilingual:
        return ("en",)
    config = directory / "config.json"
    listed = json.loads(config.read_text(encoding="utf-8")).get("lang_ids") if config.is_file() else None
    tokens = {code: model.hf_tokenizer.token_to_id(f"<|{code}|>") for code in LANGUAGES}
    return tuple(code for code, token in tokens.items() if token is not None and (not listed or token in listed))
