"""The protocol of a speech recognition engine, and the values that it receives and returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from meetscribe.errors import Notice
from meetscribe.transcript import AsrRecord, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class DecodingOptions:
    """The options of one decoding call.

    At `temperature` 0, the engine returns the most likely text, by beam search if it supports that. Above 0, it
    samples tokens; the sample depends only on `seed`, the clip and the temperature, not on earlier calls.
    """

    language: str
    task: str = "transcribe"
    beam_size: int = 5
    temperature: float = 0.0
    seed: int = 0
    prompt: str | None = None
    vocabulary: tuple[str, ...] = ()
    numerals: bool = True  # False: write numbers in words, without digits
    word_times: bool = True  # whether to measure word times, if the engine can


@dataclass(frozen=True, slots=True)
class DecodingResult:
    """The text of one clip.

    `words` have times from the start of the clip, do not overlap, and have the timing "engine". They are empty if the
    engine cannot measure times or `word_times` is off. `log_probability` is the mean per token, the end of
    the text included, in nats, and `no_speech_probability` the probability that the clip contains no speech; each is
    None if it is unknown.
    """

    text: str
    words: tuple[Word, ...] = ()
    log_probability: float | None = None
    no_speech_probability: float | None = None


class Engine(Protocol):
    """A loaded speech recognition model.

    Clips are float32 arrays of shape `(samples,)` at 16 000 Hz, at most 30 s long. Several threads may call an
    engine at once; an engine whose library does not allow this takes a lock.
    """

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that the loaded model supports, such as ("en",)."""
        ...

    @property
    def record(self) -> AsrRecord:
        """The provenance: engine, version, model (without its path), device and compute type."""
        ...

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Notices of deviations from the settings, such as another device."""
        ...

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """Return the probability of each of `languages` for each clip; the probabilities of a clip add up to 1."""
        ...

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Return the result of each clip, in order; an empty clip has an empty text.

        Raises SettingsError for an option that the engine or its model cannot honour, ValueError for an array that
        is not a clip.
        """
        ...
