"""Clips whose words cannot be right, decoded again one by one: the temperature ladder of Whisper, repeatable.

Radford et al., 2022, section 4.5; what is doubted is said in judging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import ClipFacts, Doubt, check_result
from meetscribe.asr.quality.repetition import normalize_text, similarity

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings

Decode: TypeAlias = Callable[[DecodingOptions], DecodingResult]
"""One clip decoded."""

_SAME = 0.6  # from this similarity on two texts are the same words heard twice

_WEIGHT = {"few words": 3, "repetition": 2, "compression": 2, "rate": 2, "stock phrase": 2}
"""How bad a reason is; the others count 1."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one decoding heard, and the reasons to doubt it."""

    heard: DecodingResult
    reasons: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class FallbackResult:
    """What is taken for heard in a clip, out of all attempts, the first one first."""

    attempts: tuple[Attempt, ...]
    taken: Attempt

    @property
    def confirmed(self) -> bool:
        """Whether most of the other attempts heard about the same words."""
        others = [attempt for attempt in self.attempts if attempt is not self.taken]
        alike = sum(similarity(attempt.heard.text, self.taken.heard.text) >= _SAME for attempt in others)
        return bool(others) and alike > len(others) / 2


def decode_with_fallback(
    first: DecodingResult, clip: ClipFacts, decode: Decode, asked: DecodingOptions, settings: AsrSettings
) -> FallbackResult:
    """What is heard in a clip, decoded again as long as there is reason to doubt it and a temperature is left.

    `decode` is to make a quiet clip louder.

    The first attempt without doubts is taken; one that hears nothing, only where no voice is. Of several doubted
    ones it is that with the least grave reasons, hearing nothing being the gravest, then the likeliest, then the
    coolest. An echo of the hints that is heard
    without them too is no echo: the first attempt is taken, for it is spelt as the hints are.
    """
    attempts = [Attempt(first, check_result(first, clip, settings))]
    # Nothing that listens for voices hears them in so quiet a clip; what it says of them is not evidence.
    unaided = replace(clip, hints="", peak=1.0, speech_activity=None if clip.quiet else clip.speech_activity)
    for decoding in fallback_options(asked, settings, louder=clip.quiet):
        if not attempts[-1].reasons:
            break
        heard = decode(decoding)
        reasons = check_result(heard, unaided, settings)
        if normalize_text(first.text) and not normalize_text(heard.text) and clip.speech_activity != ():
            reasons = (Doubt("few words", clip.speech),)
        attempts.append(Attempt(heard, reasons))
    taken = attempts[-1] if not attempts[-1].reasons else min(attempts, key=_badness)
    echoed = [reason.kind for reason in attempts[0].reasons] == ["echo"]
    if echoed and taken is not attempts[0] and similarity(first.text, taken.heard.text) >= _SAME:
        taken = attempts[0] = Attempt(first, ())
    return FallbackResult(tuple(attempts), taken)


def fallback_options(
    asked: DecodingOptions, settings: AsrSettings, *, louder: bool = False
) -> Iterator[DecodingOptions]:
    """The decodings to try after `asked`, without hints; none that would only repeat it, unless it is `louder`."""
    unaided = replace(asked, prompt=None, vocabulary=())
    for temperature in settings.temperatures:
        decoding = replace(unaided, temperature=temperature)
        if louder or decoding != asked:
            yield decoding


def _badness(attempt: Attempt) -> tuple[bool, int, float]:
    """How bad a doubted attempt is; of equals the first is the best."""
    doubts = sum(_WEIGHT.get(reason.kind, 1) for reason in attempt.reasons)
    return not normalize_text(attempt.heard.text), doubts, -(attempt.heard.log_probability or 0.0)


def discarded_text(verdict: FallbackResult) -> str:
    """The text that the first attempt heard and the one that is taken does not, if that heard nothing at all."""
    return "" if normalize_text(verdict.taken.heard.text) else verdict.attempts[0].heard.text
