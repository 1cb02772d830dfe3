"""An engine unlike Whisper: other languages, no weights, no beam search, no sampling.

It counts zero crossings and returns them as digits. It is the example for a new engine, and it shows that the rest of
meetscribe does not depend on Whisper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from meetscribe.asr.clips import check_clips
from meetscribe.asr.engine_table import NEUTRAL, EngineEntry
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import Notice, SettingsError
from meetscribe.transcript import AsrRecord, Word

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

ENTRY = EngineEntry(
    factory="meetscribe.testing.digit_engine:DigitEngine",
    languages=("eo", "ia"),
    requires=("numpy",),
    versions=("numpy",),
    unsupported=frozenset(NEUTRAL),
    word_times="exact",
)
"""The row in the table of engines, registered by an entry point in the group "meetscribe.engines"."""

_DIGITS = {
    "eo": ("nul", "unu", "du", "tri", "kvar", "kvin", "ses", "sep", "ok", "naŭ"),
    "ia": ("zero", "un", "duo", "tres", "quatro", "cinque", "sex", "septe", "octo", "nove"),
}
_FRAME = SAMPLE_RATE // 2  # samples
_SILENCE = 0.001  # root mean square


class DigitEngine:
    """An Engine that returns a digit for each half second of sound: the last digit of its zero crossings."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        self.languages = ENTRY.languages
        self.record = AsrRecord(
            engine=settings.engine, version=version("numpy"), model="digits", device="cpu", compute_type="float32"
        )
        self.notices: tuple[Notice, ...] = ()

    def detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        """Return a higher probability for Interlingua if most samples are negative."""
        check_clips(clips)
        shares = [float(np.signbit(clip).mean()) if len(clip) else 0.5 for clip in clips]
        return [{"eo": 1 - share, "ia": share} for share in shares]

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        """Return the digits of each clip.

        Raises SettingsError for an option that the engine cannot honour, ValueError for an array that is not a clip.
        """
        _check_options(options)
        check_clips(clips)
        return [_decode(clip, options) for clip in clips]


def _decode(clip: npt.NDArray[np.float32], options: DecodingOptions) -> DecodingResult:
    words = tuple(_words(clip, _DIGITS[options.language]))
    return DecodingResult(" ".join(word.text for word in words), words if options.word_times else ())


def _words(clip: npt.NDArray[np.float32], digits: Sequence[str]) -> Iterator[Word]:
    """Yield a digit as a word for each half second that is not silent."""
    for start in range(0, len(clip) - _FRAME + 1, _FRAME):
        frame = clip[start : start + _FRAME]
        if np.sqrt(np.mean(frame**2)) >= _SILENCE:
            crossings = int(np.count_nonzero(np.diff(np.signbit(frame))))
            text, begin = digits[crossings % len(digits)], start / SAMPLE_RATE
            yield Word(text, begin, begin + _FRAME / SAMPLE_RATE, "engine", probability=1.0)


def _check_options(options: DecodingOptions) -> None:
    """Raise SettingsError for an option that the engine cannot honour."""
    if options.language not in _DIGITS:
        raise SettingsError(f"the digit engine does not support the language {options.language}")
    neutral = DecodingOptions(options.language, beam_size=1, seed=options.seed, word_times=options.word_times)
    if options != neutral:
        raise SettingsError(f"the digit engine decodes only with {neutral}, not with {options}")
