"""What openai-whisper and its port to MLX share, whose modules have the same names; loading is each engine's."""

from __future__ import annotations

import importlib
import threading
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe import weights
from meetscribe.asr.engines.sampling import SampledToken, TokenSampler
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WINDOW, WhisperEngine
from meetscribe.asr.whisper.languages import LANGUAGES
from meetscribe.asr.whisper.tokens import TimedText, prompt_tokens, words_from_pieces
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import WeightsError
from meetscribe.transcript import JSON, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.settings import AsrSettings

_VOCABULARIES = (51864, 51865, 51866)  # English only, multilingual, and that with Cantonese
_FRAME = 160  # samples between the rows of a spectrogram


class OpenaiWhisperBase(WhisperEngine):
    """An engine on `library`, "whisper" or "mlx_whisper"; one call at a time, for the library keeps its state
    in the model.

    `beams` says whether it can search for the best of several wordings.
    """

    def __init__(
        self, library: str, model: Any, settings: AsrSettings, made_by: Mapping[str, JSON], beams: bool = True
    ) -> None:
        """Raises SettingsError for what the model cannot do, WeightsError for one with a vocabulary of its own."""
        self._library = library
        self._model = model
        self._beams = beams
        self._half = made_by["compute_type"] == "float16"
        self._lock = threading.Lock()
        path = Path(settings.model)
        if model.dims.n_vocab not in _VOCABULARIES:
            raise WeightsError(
                f"{path.name} has {model.dims.n_vocab} tokens of its own, which this engine cannot write",
                "Use it with the engine faster-whisper or transformers.",
            )
        self._tokenizer = self._module("tokenizer").get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages
        )
        known = tuple(code for code in self._tokenizer.all_language_codes if code in LANGUAGES)
        languages = (weights.trained_languages(path) or known) if model.is_multilingual else ("en",)
        super().__init__(settings, languages, made_by)

    @abstractmethod
    def _spectrogram(self, clip: npt.NDArray[np.float32]) -> Any:
        """The spectrogram, for the library, of a clip of 30 s, in the precision that the model computes in."""

    @abstractmethod
    def _stacked(self, spectrograms: Sequence[Any]) -> Any:
        """The spectrograms as one array of the library."""

    @abstractmethod
    def _numpy(self, logits: Any) -> npt.NDArray[np.float32]:
        """An array of the library as one of NumPy."""

    @abstractmethod
    def _extended(self, tokens: Any, drawn: SampledToken, total: Any) -> tuple[Any, ...]:
        """What the library's decoders return: the tokens `(1, tokens)` with one more, whether that ends the
        text, and if the library asks for it the sum of the log-probabilities.
        """

    def _running(self) -> AbstractContextManager[object]:
        """What must be so while the model runs."""
        return nullcontext()

    def _module(self, name: str) -> Any:
        """A module of the library."""
        return importlib.import_module(f"{self._library}.{name}")

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._tokenizer.encode(text))

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        with self._lock, self._running():
            _, found = self._module("decoding").detect_language(self._model, self._spectrograms(clips), self._tokenizer)
        return list(found)

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        alone = decoding.temperature > 0 or (self._beams and decoding.beam_size > 1)
        if alone and len(clips) > 1:  # openai-whisper searches in one clip at a time only
            return [heard for clip in clips for heard in self._decode([clip], decoding)]
        with self._lock, self._running():
            results = self._task(decoding).run(self._model.encoder(self._spectrograms(clips)))
            return [self._heard(result, len(clip), decoding) for clip, result in zip(clips, results, strict=True)]

    def _heard(self, result: Any, samples: int, decoding: DecodingOptions) -> DecodingResult:
        """What the library found in a clip of so many samples."""
        text = [token for token in result.tokens if token < self._tokenizer.eot]
        words = self._words(result.audio_features, text, samples, decoding) if decoding.word_times and text else ()
        written = self._tokenizer.decode(text).strip()
        return DecodingResult(written, words, float(result.avg_logprob), float(result.no_speech_prob))

    def _task(self, decoding: DecodingOptions) -> Any:
        """The library's task of decoding a batch; for one clip alone if tokens are to be drawn."""
        numerals = self._suppressed_numerals(decoding, self._tokenizer.decode, self._tokenizer.eot)
        library = self._module("decoding")
        options = library.DecodingOptions(
            task=decoding.task,
            language=decoding.language,
            beam_size=decoding.beam_size
            if self._beams and not decoding.temperature and decoding.beam_size > 1
            else None,
            prompt=prompt_tokens(self._encode_text, decoding) or None,
            suppress_tokens=[-1, *numerals],
            without_timestamps=True,
            fp16=self._half,
        )
        task = library.DecodingTask(self._model, options)
        if decoding.temperature > 0:
            task.decoder = self._drawing(library.GreedyDecoder, TokenSampler(decoding.temperature, decoding.seed))
        return task

    def _drawing(self, greedy: type[Any], drawer: TokenSampler) -> Any:
        """The library's greedy decoder, but that it draws: the library's own drawing has no seed for each call."""
        extended, to_numpy = self._extended, self._numpy

        class Drawing(greedy):  # type: ignore[misc]  # the library has no types
            """Draws the next token of one clip."""

            def update(self, tokens: Any, logits: Any, sum_logprobs: Any) -> tuple[Any, ...]:
                """As the library promises."""
                return extended(tokens, drawer.draw(to_numpy(logits[0])), sum_logprobs)

        return Drawing(0.0, self._tokenizer.eot)

    def _words(self, encoded: Any, text: list[int], samples: int, decoding: DecodingOptions) -> tuple[Word, ...]:
        """The words with the times at which the model attends to them."""
        tokenizer = self._module("tokenizer").get_tokenizer(
            self._model.is_multilingual,
            num_languages=self._model.num_languages,
            language=decoding.language,
            task=decoding.task,
        )
        frames = max(samples // _FRAME, 2)
        align = self._module("timing").find_alignment
        found = align(_Encoded(self._model, encoded[None]), tokenizer, text, encoded, frames)
        parts = (TimedText(each.word, float(each.start), float(each.end), float(each.probability)) for each in found)
        return words_from_pieces(parts, samples / SAMPLE_RATE)

    def _spectrograms(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """The spectrograms of the clips, each followed by silence up to 30 s."""
        import numpy as np

        return self._stacked([self._spectrogram(np.pad(clip, (0, WINDOW - len(clip)))) for clip in clips])


class _Encoded:
    """A model for `find_alignment` that has listened already, as listening is most of the work."""

    def __init__(self, model: Any, encoded: Any) -> None:
        self._model = model
        self._encoded = encoded

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def __call__(self, spectrogram: Any, tokens: Any) -> Any:
        """The logits of openai-whisper."""
        return self._model.decoder(tokens, self._encoded)

    def forward_with_cross_qk(self, spectrogram: Any, tokens: Any) -> tuple[Any, Any]:
        """The logits of mlx-whisper, and the attention."""
        logits, _, attention = self._model.decoder(tokens, self._encoded)
        return logits, attention
