"""What all engines on a Whisper share: checks of clips and settings, and what is known of the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.languages import LANGUAGES
from meetscribe.asr.whisper.tokens import numeral_tokens, prompt_tokens
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import Notice, SettingsError
from meetscribe.transcript import JSON

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.asr.settings import AsrSettings

WINDOW = 30 * SAMPLE_RATE
"""The samples of a clip that Whisper hears; shorter ones are followed by silence."""


class WhisperEngine(ABC):
    """An `Engine` but for running the model; `languages` as the engine promises them, none left out."""

    def __init__(self, settings: AsrSettings, languages: Sequence[str], made_by: Mapping[str, JSON]) -> None:
        path = Path(settings.model)
        self._model_name = path.parent.name if path.suffix == ".pt" else path.name if path.is_dir() else settings.model
        self._languages = tuple(languages)
        self._made_by = {"engine": settings.engine, "model": self._model_name, **made_by}
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
        """The codes of the languages that the model knows."""
        return self._languages

    @property
    def made_by(self) -> Mapping[str, JSON]:
        """For provenance."""
        return self._made_by

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What could not be as asked for."""
        return self._notices

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """The probability of each language, for each clip; raises ValueError as `decode` does."""
        _check_clips(clips)
        if len(self.languages) == 1 or not clips:
            return [{self.languages[0]: 1.0} for _ in clips]
        return [_shares(found, self.languages) for found in self._detect(clips)]

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        """What is heard in each clip, as `Engine` promises.

        Raises ValueError for a clip that is no row of samples, or longer than 30 s, of which Whisper would
        not hear the rest.
        """
        _check_clips(clips)
        self._check(decoding)
        sounding = [clip for clip in clips if len(clip)]
        heard = iter(self._decode(sounding, decoding) if sounding else [])
        return [next(heard) if len(clip) else DecodingResult("") for clip in clips]

    def _check(self, decoding: DecodingOptions) -> None:
        """Raise SettingsError for what the model cannot do."""
        if self.languages == ("en",) and (decoding.language != "en" or decoding.task == "translate"):
            cannot = "cannot translate" if decoding.task == "translate" else f"not {decoding.language}"
            raise SettingsError(
                f"the model {self._model_name} knows English only, and {cannot}",
                "Use a model without .en in its name, or leave the language and the task out.",
            )
        if decoding.language not in self.languages:
            raise SettingsError(
                f"the model {self._model_name} does not know {LANGUAGES.get(decoding.language, decoding.language)}",
                "Use a newer one, such as large-v3, or one that was made for this language.",
            )
        prompt_tokens(self._encode_text, decoding)

    def _suppressed_numerals(
        self, decoding: DecodingOptions, decode: Callable[[list[int]], str], eot: int
    ) -> list[int]:
        """The tokens that must not be written because they are numerals."""
        if decoding.numerals:
            return []
        if self._numerals is None:
            self._numerals = numeral_tokens(decode, eot)
        return self._numerals

    @abstractmethod
    def _encode_text(self, text: str) -> Sequence[int]:
        """The text as the model's tokens."""

    @abstractmethod
    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> Sequence[Mapping[str, float]]:
        """The probabilities of languages in each clip, of which there is at least one."""

    @abstractmethod
    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        """What is heard in clips of which none is empty, and which are at least one."""


def _check_clips(clips: Sequence[npt.NDArray[np.float32]]) -> None:
    """Raise ValueError unless every clip is a row of samples that Whisper can hear whole."""
    for clip in clips:
        if clip.ndim != 1:
            raise ValueError(f"a clip must be a row of samples (samples,), not of shape {clip.shape}")
        if len(clip) > WINDOW:
            raise ValueError(f"a clip must not be longer than 30 s, but lasts {len(clip) / SAMPLE_RATE:.2f} s")


def _shares(found: Mapping[str, float], languages: Sequence[str]) -> dict[str, float]:
    """The probabilities of `languages` alone, which add up to 1."""
    known = {language: max(float(found.get(language, 0.0)), 0.0) for language in languages}
    total = sum(known.values())
    return {language: value / total if total else 1 / len(known) for language, value in known.items()}
