"""Shared code of the engines on openai-whisper and its port to MLX, whose modules have the same names."""

from __future__ import annotations

import importlib
import threading
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from meetscribe import weights
from meetscribe.asr.clips import MAX_SAMPLES
from meetscribe.asr.engines.sampling import SampledToken, TokenSampler
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.tokens import TimedText, prompt_tokens, words_from_pieces
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import WeightsError
from meetscribe.text.languages import NAMES
from meetscribe.transcript import AsrRecord, Word

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings

_VOCABULARIES = (51864, 51865, 51866)  # English only, multilingual, multilingual with Cantonese
_FRAME = 160  # samples per frame of a spectrogram


class OpenaiWhisperBase(WhisperEngine):
    """An engine on `library`, "whisper" or "mlx_whisper", with a lock, because both store state in the model.

    `beam_search` states whether the library supports beam search.
    """

    def __init__(
        self, library: str, model: Any, settings: AsrSettings, record: AsrRecord, *, beam_search: bool = True
    ) -> None:
        """Raise SettingsError for settings that the model does not support, WeightsError for an extended vocabulary."""
        self._library = library
        self._model = model
        self._beam_search = beam_search
        self._half = record.compute_type == "float16"
        self._lock = threading.Lock()
        path = Path(settings.model)
        if model.dims.n_vocab not in _VOCABULARIES:
            raise WeightsError(
                f"{path.name} has a vocabulary of {model.dims.n_vocab} tokens, which this engine does not support",
                "Use it with the engine faster-whisper or transformers.",
            )
        self._tokenizer = self._module("tokenizer").get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages
        )
        known = tuple(code for code in self._tokenizer.all_language_codes if code in NAMES)
        languages = (weights.trained_languages(path) or known) if model.is_multilingual else ("en",)
        super().__init__(settings, languages, record)

    @abstractmethod
    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> Any:
        """Return the spectrogram of a clip of 30 s, as an array of the library in the precision of the model."""

    @abstractmethod
    def _stacked(self, spectrograms: Sequence[Any]) -> Any:
        """Return the spectrograms as one array of the library."""

    @abstractmethod
    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        """Return an array of the library as a NumPy array."""

    @abstractmethod
    def _extended(self, tokens: Any, sampled: SampledToken, total: Any) -> tuple[Any, ...]:
        """Return the values that the library's decoders return after a step.

        These are the tokens `(1, tokens)` with the sampled one, whether it ends the text, and, if the library expects
        it, the sum of the log probabilities.
        """

    def _running(self) -> AbstractContextManager[object]:
        """Return the context in which the model runs."""
        return nullcontext()

    def _module(self, name: str) -> Any:
        """Return a module of the library."""
        return importlib.import_module(f"{self._library}.{name}")

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._tokenizer.encode(text))

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        with self._lock, self._running():
            detect = self._module("decoding").detect_language
            _, probabilities = detect(self._model, self._spectrograms(clips), self._tokenizer)
        return list(probabilities)

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        one_by_one = options.temperature > 0 or (self._beam_search and options.beam_size > 1)
        if one_by_one and len(clips) > 1:  # the beam search of openai-whisper takes one clip at a time
            return [result for clip in clips for result in self._decode([clip], options)]
        with self._lock, self._running():
            results = self._task(options).run(self._model.encoder(self._spectrograms(clips)))
            return [self._result(result, len(clip), options) for clip, result in zip(clips, results, strict=True)]

    def _result(self, result: Any, samples: int, options: DecodingOptions) -> DecodingResult:
        """Convert the library's result for a clip of `samples` samples."""
        tokens = [token for token in result.tokens if token < self._tokenizer.eot]
        words = self._words(result.audio_features, tokens, samples, options) if options.word_times and tokens else ()
        text = self._tokenizer.decode(tokens).strip()
        return DecodingResult(text, words, float(result.avg_logprob), float(result.no_speech_prob))

    def _task(self, options: DecodingOptions) -> Any:
        """Return the library's task that decodes a batch; a batch of one clip for sampling."""
        numerals = self._suppressed_numerals(options, self._tokenizer.decode, self._tokenizer.eot)
        search = self._beam_search and not options.temperature and options.beam_size > 1
        library = self._module("decoding")
        library_options = library.DecodingOptions(
            task=options.task,
            language=options.language,
            beam_size=options.beam_size if search else None,
            prompt=prompt_tokens(self._encode_text, options) or None,
            suppress_tokens=[-1, *numerals],
            without_timestamps=True,
            fp16=self._half,
        )
        task = library.DecodingTask(self._model, library_options)
        if options.temperature > 0:
            task.decoder = self._sampling_decoder(
                library.GreedyDecoder, TokenSampler(options.temperature, options.seed)
            )
        return task

    def _sampling_decoder(self, greedy: type[Any], sampler: TokenSampler) -> Any:
        """Return the library's greedy decoder with seeded sampling; the library does not support a seed per call."""
        extended, to_numpy = self._extended, self._numpy

        class SamplingDecoder(greedy):  # type: ignore[misc]  # the library has no types
            """Samples the next token of one clip."""

            def update(self, tokens: Any, logits: Any, sum_logprobs: Any) -> tuple[Any, ...]:
                """Append the next token, as the library's decoders do."""
                return extended(tokens, sampler.sample(to_numpy(logits[0])), sum_logprobs)

        return SamplingDecoder(0.0, self._tokenizer.eot)

    def _words(self, encoded: Any, tokens: list[int], samples: int, options: DecodingOptions) -> tuple[Word, ...]:
        """Return the words of a text, given by its tokens, with times from cross-attention."""
        tokenizer = self._module("tokenizer").get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=options.language,
            task=options.task,
        )
        frames = max(samples // _FRAME, 2)  # two are one frame of the encoder
        align = self._module("timing").find_alignment
        aligned = align(_EncodedModel(self._model, encoded[None]), tokenizer, tokens, encoded, frames)
        pieces = (TimedText(each.word, float(each.start), float(each.end), float(each.probability)) for each in aligned)
        return words_from_pieces(pieces, samples / SAMPLE_RATE)

    def _spectrograms(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """Return the spectrograms of the clips, each padded with silence to 30 s."""
        return self._stacked([self._spectrogram(np.pad(clip, (0, MAX_SAMPLES - len(clip)))) for clip in clips])


class _EncodedModel:
    """A model for `find_alignment` that reuses the encoder output, because encoding takes most of the time."""

    def __init__(self, model: Any, encoded: Any) -> None:
        self._model = model
        self._encoded = encoded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def __call__(self, spectrogram: Any, tokens: Any) -> Any:
        """Return the logits, as the model of openai-whisper does."""
        return self._model.decoder(tokens, self._encoded)

    def forward_with_cross_qk(self, spectrogram: Any, tokens: Any) -> tuple[Any, Any]:
        """Return the logits and the cross-attention, as the model of mlx-whisper does."""
        logits, _, attention = self._model.decoder(tokens, self._encoded)
        return logits, attention
