"""Decode one window with the checks of the batch pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import ClipFacts, Doubt, check_result, has_low_confidence
from meetscribe.asr.quality.hallucinations import filter_hallucinations
from meetscribe.asr.quality.temperature_fallback import decode_with_fallback
from meetscribe.asr.word_times import words_in_chunk
from meetscribe.audio import SAMPLE_RATE
from meetscribe.live.protocols import Hypothesis, Window
from meetscribe.timeline import Seconds, Span, cut, total
from meetscribe.transcript import Word

if TYPE_CHECKING:
    from meetscribe.asr.protocol import Engine
    from meetscribe.asr.settings import AsrSettings

# The durations and the probability below are chosen by hand.
_FALLBACKS = 3
"""The number of temperatures for a final window; more would delay the next speaker."""
_UNHEARD: Seconds = 1.5
"""The least speech after the last word of a window for which this audio is decoded separately."""
_PASSED_OVER: Seconds = 2.0
"""The least speech between two words for which a window is decoded again without its context."""
_SPOKEN: Seconds = 0.3
"""The least speech of an utterance without words that is decoded again without its context."""
_SPOKEN_SO_FAR: Seconds = 0.8
"""The same, while the utterance can still grow."""
_BELIEVED = 0.5
"""The least mean probability at which words found only without the context are used."""
_LONGEST_WORD: Seconds = 1.2
"""The length above which a word is assumed to cover other audio too."""
_CONTINUATIONS = 3
"""The largest number of times that the audio after the last word is decoded separately."""
_SERIOUS = frozenset({"compression", "repetition", "rate", "echo", "known phrase", "silence", "confidence"})
"""Checks that keep the words of a window pending."""
_REPEATING = frozenset({"compression", "repetition"})
"""Checks that fail if words repeat themselves."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """The hypothesis about a window, its language, and the text that was removed from it."""

    hypothesis: Hypothesis
    language: str
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamState:
    """The state of a stream: its language, the committed text before a window, and the end of all committed words."""

    language: str
    prompt: str | None = None
    committed_until: Seconds = 0.0


def decode_window(engine: Engine, window: Window, settings: AsrSettings, state: StreamState) -> Decoding:
    """Return the words of a window.

    Without `settings.quality`, a window is decoded once. Otherwise, its words are checked. Those of a window that is
    neither final nor full are doubtful if a check in `_SERIOUS` fails, unless only committed words repeat themselves.
    If a check fails on a final or full window, `decode_with_fallback` decodes it again at higher temperatures and
    without the prompt, unless only single words are outside speech. Then `filter_hallucinations` removes confirmed
    hallucinations: the rounds of a loop after the second, and words outside speech. A quiet window always fails the
    check of its level and is decoded again, also at the first temperature and without checking the level; unlike in the
    batch pipeline, it is not amplified.

    In the same way, any window that has context is decoded again without it if the words are doubtful or missing
    somewhere, and the audio after the last word is decoded separately if the words end before the speech does.
    """
    decoding = _decode(engine, window, settings, state)
    if window.earlier and settings.quality and _needs_decoding_alone(window, decoding.hypothesis):
        alone = _decode(engine, window.alone, settings, state)
        if _is_unreliable(window, decoding.hypothesis) or _is_probable(alone.hypothesis):
            window, decoding = window.alone, alone
    if not settings.quality or decoding.hypothesis.doubtful:
        return decoding
    words, removed = decoding.hypothesis.words, decoding.removed
    for _ in range(_CONTINUATIONS):
        kept, rest = _unheard(window, words, state.committed_until)
        if rest is None:
            break
        further = _decode(engine, rest, settings, replace(state, prompt=None))
        if further.hypothesis.doubtful or len(further.hypothesis.words) <= len(words) - kept:
            break
        words, removed = (*words[:kept], *further.hypothesis.words), (*removed, *further.removed)
    return replace(decoding, hypothesis=replace(decoding.hypothesis, words=words), removed=removed)


def _needs_decoding_alone(window: Window, hypothesis: Hypothesis) -> bool:
    """Return whether the context of a window hinders its recognition, so that words are wrong or missing."""
    spoken = total(window.alone.speech) >= (_SPOKEN if window.final else _SPOKEN_SO_FAR)
    return _is_unreliable(window, hypothesis) or (spoken and _has_no_new_words(window, hypothesis))


def _has_no_new_words(window: Window, hypothesis: Hypothesis) -> bool:
    """Return whether a hypothesis has no words after the context of the window."""
    return not any(word.middle > window.new.start for word in hypothesis.words)


def _is_probable(hypothesis: Hypothesis) -> bool:
    """Return whether words found only without the context are probable enough to be used."""
    probabilities = [word.probability or 0.0 for word in hypothesis.words]
    return bool(probabilities) and sum(probabilities) / len(probabilities) >= _BELIEVED


def _is_unreliable(window: Window, hypothesis: Hypothesis) -> bool:
    """Return whether a hypothesis is doubtful, or has no words where there is much speech."""
    starts = [max(word.start, word.end - _LONGEST_WORD) for word in hypothesis.words]
    ends = [word.end for word in hypothesis.words]
    gaps = zip([window.span.start, *ends], [*starts, window.span.end], strict=True)
    speech = (total(cut(window.speech, within=Span(start, end))) for start, end in gaps if start < end)
    return hypothesis.doubtful or any(seconds >= _PASSED_OVER for seconds in speech)


def _unheard(window: Window, words: Sequence[Word], committed: Seconds) -> tuple[int, Window | None]:
    """Return the number of words to keep, and the audio after them as a window if it contains much speech.

    A last word that is too long for one word covers following speech, so the audio then starts with it, but not before
    the end of the committed words.
    """
    if not words:
        return 0, None
    last, end = words[-1], window.span.end
    kept = len(words) - (last.duration > _LONGEST_WORD)
    rest = Span(min(max(last.end if kept == len(words) else last.start, committed), end), end)
    speech = tuple(cut(window.speech, within=rest))
    if total(speech) < _UNHEARD:
        return len(words), None
    skipped = min(len(window.samples), round((rest.start - window.span.start) * SAMPLE_RATE))
    return kept, replace(window, start=window.start + skipped, samples=window.samples[skipped:], speech=speech)


def _decode(engine: Engine, window: Window, settings: AsrSettings, state: StreamState) -> Decoding:
    """Decode a window: once if it can still grow, otherwise with temperature fallback and hallucination filter."""
    options = _options(settings, state.language, state.prompt)
    first = engine.decode([window.samples], options)[0]
    clip = _clip(window, options)
    if not settings.quality:
        return Decoding(_hypothesis(window, first), state.language)
    if not (window.final or window.full):
        doubtful = _is_doubtful(first, clip, settings, state.committed_until - window.span.start)
        return Decoding(_hypothesis(window, first, doubtful), state.language)
    limited = replace(settings, temperatures=settings.temperatures[:_FALLBACKS])
    fallback = decode_with_fallback(
        first, clip, lambda again: engine.decode([window.samples], again)[0], options, limited
    )
    result, removed, doubts = filter_hallucinations(fallback, clip, limited)
    texts = [each.text for each in removed]
    if result.text and _is_no_speech(result, doubts, clip, limited):
        texts, result = [*texts, result.text], DecodingResult("")
    return Decoding(_hypothesis(window, result), state.language, tuple(texts))


def _is_doubtful(result: DecodingResult, clip: ClipFacts, settings: AsrSettings, committed: Seconds) -> bool:
    """Return whether a check of the words fails; those of the first `committed` seconds may repeat themselves."""
    doubts = {doubt.kind for doubt in check_result(result, clip, settings)} & _SERIOUS
    if not doubts <= _REPEATING or not result.words:
        return bool(doubts)
    words = tuple(word for word in result.words if word.end > committed)
    rest = replace(result, text=" ".join(word.text for word in words), words=words)
    return any(doubt.kind in _REPEATING for doubt in check_result(rest, clip, settings))


def _is_no_speech(result: DecodingResult, doubts: Sequence[Doubt], clip: ClipFacts, settings: AsrSettings) -> bool:
    """Return whether the text is a hallucination.

    It is if there is no speech activity, if it is a known phrase, or if its confidence is low and the engine finds it
    probable that there is no speech.
    """
    if clip.speech_activity == () or any(doubt.kind == "known phrase" for doubt in doubts):
        return True
    threshold, no_speech = settings.no_speech_threshold, result.no_speech_probability
    unlikely = any(doubt.kind == "confidence" for doubt in doubts) and has_low_confidence(result, settings)
    return unlikely and threshold is not None and no_speech is not None and no_speech > threshold


def _options(settings: AsrSettings, language: str, prompt: str | None) -> DecodingOptions:
    """Return the options of the first decoding; the prompt of the settings precedes the committed text."""
    joined = " ".join(text for text in (settings.prompt, prompt) if text)
    return DecodingOptions(
        language,
        task=settings.task,
        beam_size=settings.beam_size,
        temperature=settings.temperatures[0],
        seed=settings.seed,
        prompt=joined or None,
        vocabulary=settings.vocabulary,
        numerals=settings.numerals,
    )


def _clip(window: Window, options: DecodingOptions) -> ClipFacts:
    """Return the facts about a window, with times from its start."""
    start = window.span.start
    activity = tuple(Span(span.start - start, span.end - start) for span in window.speech)
    peak = max(window.samples.max(initial=0.0), -window.samples.min(initial=0.0))
    return ClipFacts(window.span.duration, activity, options.prompt or "", options.vocabulary, float(peak))


def _hypothesis(window: Window, result: DecodingResult, doubtful: bool = False) -> Hypothesis:
    """Return the words of a result with times in the session."""
    words = words_in_chunk(result, window.span, cut(window.speech, within=window.span))
    return Hypothesis(words, window.span, window.final, doubtful, window.provisional)
