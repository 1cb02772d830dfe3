"""The base class of engines that run Whisper models: checks of clips and options, and the model's properties."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.asr.clips import check_clips
from meetscribe.asr.languages import check_language
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.tokens import numeral_tokens, prompt_tokens
from meetscribe.errors import Notice, SettingsError
from meetscribe.transcript import AsrRecord

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.settings import AsrSettings


class WhisperEngine(ABC):
    """An `Engine` without the model itself: subclasses implement `_encode_text`, `_detect` and `_decode`.

    `languages` are those of the model, in the order of their tokens. Raises SettingsError for settings that the model
    does not support.
    """

    def __init__(self, settings: AsrSettings, languages: Sequence[str], record: AsrRecord) -> None:
        path = Path(settings.model)
        # A converted `.pt` file is always "model.pt", so its folder is the name. In a transcript, the pipeline replaces
        # this name by that in the settings.
        self._model_name = path.parent.name if path.suffix == ".pt" else path.name if path.is_dir() else settings.model
        self._languages = tuple(languages)
        self._record = replace(record, engine=settings.engine, model=self._model_name)
        self._notices: tuple[Notice, ...] = ()
        self._numerals: list[int] | None = None
        self._check(
            DecodingOptions(
                settings.language or languages[0],
                settings.task,
                settings.beam_size,
                prompt=settings.prompt,
                vocabulary=settings.vocabulary,
            )
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the model supports."""
        return self._languages

    @property
    def record(self) -> AsrRecord:
        """The provenance."""
        return self._record

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Notices of deviations from the settings."""
        return self._notices

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """Return the probability of each language for each clip; raises ValueError as `decode` does."""
        check_clips(clips)
        if len(self.languages) == 1 or not clips:
            return [{self.languages[0]: 1.0} for _ in clips]
        return [_normalized(probabilities, self.languages) for probabilities in self._detect(clips)]

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Return the text of each clip.

        Raises SettingsError for an option that the model cannot honour, and ValueError for an array that is not of
        the shape `(samples,)`, or longer than the 30 s that Whisper processes.
        """
        check_clips(clips)
        self._check(options)
        not_empty = [clip for clip in clips if len(clip)]
        results = iter(self._decode(not_empty, options) if not_empty else [])
        return [next(results) if len(clip) else DecodingResult("") for clip in clips]

    def _check(self, options: DecodingOptions) -> None:
        """Raise SettingsError for options that the model does not support."""
        if self.languages == ("en",) and options.task == "translate":
            raise SettingsError(
                f"the model {self._model_name} supports English only, and cannot translate",
                "Use a model without .en in its name, or leave the language and the task out.",
            )
        check_language(options.language, self._model_name, self.languages)
        prompt_tokens(self._encode_text, options)

    def _suppressed_numerals(self, options: DecodingOptions, decode: Callable[[list[int]], str], eot: int) -> list[int]:
        """Return the tokens to suppress so that no numerals are written."""
        if options.numerals:
            return []
        if self._numerals is None:
            self._numerals = numeral_tokens(decode, eot)
        return self._numerals

    @abstractmethod
    def _encode_text(self, text: str) -> Sequence[int]:
        """Return the tokens of a text."""

    @abstractmethod
    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        """Return the probabilities of languages for each clip; there is at least one clip."""

    @abstractmethod
    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Return the result of each clip; there is at least one clip, and none is empty."""


def _normalized(probabilities: Mapping[str, float], languages: Sequence[str]) -> dict[str, float]:
    """Return the probabilities of `languages` only, normalised to a sum of 1."""
    known = {language: max(float(probabilities.get(language, 0.0)), 0.0) for language in languages}
    total = sum(known.values())
    return {language: value / total if total else 1 / len(known) for language, value in known.items()}
