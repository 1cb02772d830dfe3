"""Temperature fallback: decode doubtful clips again at increasing temperatures, reproducibly.

Radford et al., 2022, section 4.5. The checks are those of `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import ClipFacts, Doubt, check_result, words_outside_speech
from meetscribe.asr.quality.repetition import normalize_text, similarity
from meetscribe.text.splitting import split_words

if TYPE_CHECKING:
    from meetscribe.asr.settings import AsrSettings

Decode: TypeAlias = Callable[[DecodingOptions], DecodingResult]
"""Decodes the clip with other options; it may amplify a quiet clip first, as `asr.decoding` does."""

_SAME = 0.6  # similarity from which two texts count as equal; chosen by hand

_WEIGHT = {"few words": 3, "repetition": 2, "compression": 2, "rate": 2, "known phrase": 2}
"""The severity of a doubt; that of all others is 1."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one decoding, and the doubts about it."""

    result: DecodingResult
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class FallbackResult:
    """All attempts at a clip in order, and the chosen one."""

    attempts: tuple[Attempt, ...]
    chosen: Attempt

    @property
    def confirmed(self) -> bool:
        """Whether most of the other attempts have about the same words as the chosen one."""
        others = [attempt for attempt in self.attempts if attempt is not self.chosen]
        alike = sum(similarity(attempt.result.text, self.chosen.result.text) >= _SAME for attempt in others)
        return bool(others) and alike > len(others) / 2


def decode_with_fallback(
    first: DecodingResult, clip: ClipFacts, decode: Decode, options: DecodingOptions, settings: AsrSettings
) -> FallbackResult:
    """Decode a clip again while its result is doubtful and temperatures remain, and choose an attempt.

    The first attempt without doubts is chosen. After a first attempt with text, an empty result counts as doubtful
    unless no speech was detected near the clip. If all attempts are doubtful, the one with the least severe doubts is
    chosen, where an empty result is the most severe; then the most likely one, then the earliest. If the first attempt
    echoes the prompt, but an attempt without the prompt has the same words, the first is chosen, because it has the
    spelling of the prompt.
    """
    attempts = [Attempt(first, check_result(first, clip, settings))]
    # Detectors can miss the speech in a very quiet clip, so the checks of further attempts ignore its speech activity;
    # only the rule for empty results, below, uses it.
    activity = None if clip.quiet else clip.speech_activity
    # Further attempts have no prompt or vocabulary. `decode` may have amplified the clip, so its level is not checked.
    without_hints = replace(clip, prompt="", vocabulary=(), peak=1.0, speech_activity=activity)
    for fallback in fallback_options(options, settings, quiet=clip.quiet):
        if not _needs_another(attempts[-1], clip):
            break
        result = decode(fallback)
        doubts = check_result(result, without_hints, settings)
        if normalize_text(first.text) and not normalize_text(result.text) and clip.speech_activity != ():
            doubts = (Doubt("few words", clip.speech),)
        attempts.append(Attempt(result, doubts))
    return _choose(attempts)


def _needs_another(attempt: Attempt, clip: ClipFacts) -> bool:
    """Return whether a result is so doubtful that the clip is decoded again.

    Single words outside detected speech do not suffice: they are often real, such as a soft "Hmm.", and another
    decoding finds them again.
    """
    words = attempt.result.words or split_words(attempt.result.text)
    all_outside = len(words_outside_speech(attempt.result, clip)) == len(words)
    return any(doubt.kind != "silence" or all_outside for doubt in attempt.doubts)


def _choose(attempts: list[Attempt]) -> FallbackResult:
    """Choose an attempt; an echo of the prompt that another attempt confirms is not doubtful."""
    first = attempts[0]
    chosen = attempts[-1] if not attempts[-1].doubts else min(attempts, key=_severity)
    echoed = [doubt.kind for doubt in first.doubts] == ["echo"]
    if echoed and chosen is not first and similarity(first.result.text, chosen.result.text) >= _SAME:
        chosen = Attempt(first.result, ())
        attempts = [chosen, *attempts[1:]]
    return FallbackResult(tuple(attempts), chosen)


def fallback_options(
    options: DecodingOptions, settings: AsrSettings, *, quiet: bool = False
) -> Iterator[DecodingOptions]:
    """Yield the options of further attempts after `options`, without prompt and vocabulary.

    Options equal to the first ones are left out, unless the clip is `quiet`: it may be amplified now.
    """
    without_hints = replace(options, prompt=None, vocabulary=())
    for temperature in settings.temperatures:
        fallback = replace(without_hints, temperature=temperature)
        if quiet or fallback != options:
            yield fallback


def discarded_text(fallback: FallbackResult) -> str:
    """Return the text of the first attempt if a later one without words was chosen, else ""."""
    first, chosen = fallback.attempts[0], fallback.chosen
    return "" if chosen is first or normalize_text(chosen.result.text) else first.result.text


def _severity(attempt: Attempt) -> tuple[bool, int, float]:
    """Return the sort key of doubtful attempts, lowest for the best."""
    doubts = sum(_WEIGHT.get(doubt.kind, 1) for doubt in attempt.doubts)
    return not normalize_text(attempt.result.text), doubts, -(attempt.result.log_probability or 0.0)
