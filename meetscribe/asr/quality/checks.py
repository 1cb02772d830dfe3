"""Check decoded text for signs of errors: repetition, low confidence, impossible speed, words outside speech.

Compression ratio, mean log probability and no-speech probability are used as in Whisper (Radford et al., 2022,
section 4.5). `temperature_fallback` and `hallucinations` act on the result.
"""

from __future__ import annotations

import math
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from meetscribe.asr.quality.known_phrases import is_known_phrase
from meetscribe.asr.quality.repetition import longest_common_run, max_repetitions, normalize_text, normalize_words
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds, Span, overlap

if TYPE_CHECKING:
    from meetscribe.asr.protocol import DecodingResult
    from meetscribe.asr.settings import AsrSettings

Kind: TypeAlias = Literal[
    "level", "compression", "confidence", "rate", "repetition", "echo", "silence", "known phrase", "few words"
]

QUIET = 0.02
"""The peak amplitude below which a clip is very quiet: -34 dB."""

SPEECH_MARGIN: Seconds = 0.5
"""The largest distance of a word from the speech that it belongs to: word times of engines are not more precise."""

_LETTER: Seconds = 1 / 30  # shortest duration of a letter
_SYLLABLE: Seconds = 1 / 15  # shortest duration of a character of a syllabic script
_SYLLABIC = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL", "ETHIOPIC")
# The next four numbers were chosen by hand.
_MUCH_SPEECH: Seconds = 2.5  # duration of speech from which words are expected
_LEAST_SHARE = 0.06  # least share of the speech that words spoken at the fastest rate must fill
_ECHO_WORDS = 3  # least length of an echo
_ECHO_SHARE = 0.5  # least share of the text that an echo makes up


@dataclass(frozen=True, slots=True)
class Doubt:
    """A failed check, with the measured value (see `_TEXTS` for its unit)."""

    kind: Kind
    number: float

    def __str__(self) -> str:
        return _TEXTS[self.kind].format(self.number)


_TEXTS: dict[Kind, str] = {
    "level": "very quiet: peak at {:.0f} dB",
    "compression": "compression ratio {:.1f}",
    "confidence": "mean log probability {:.2f}",
    "rate": "too much text for the speech: {:.1f} times what can be spoken in that time",
    "repetition": "the same words {:.0f} times in a row",
    "echo": "{:.0f} words of the prompt or the vocabulary",
    "silence": "{:.0f} words outside detected speech",
    "known phrase": "only a known hallucination of Whisper, of {:.0f} words",
    "few words": "almost no words in {:.1f} s of speech",
}


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """The facts about a clip that are known before decoding.

    `speech_activity` holds spans in seconds from the start of the clip, which may reach SPEECH_MARGIN beyond its
    edges; None if speech activity was not detected. `prompt` and `vocabulary` were given to the engine, and `peak` is
    the largest amplitude.
    """

    duration: Seconds
    speech_activity: tuple[Span, ...] | None = None
    prompt: str = ""
    vocabulary: tuple[str, ...] = ()
    peak: float = 1.0

    @property
    def quiet(self) -> bool:
        """Whether the clip is so quiet that engines may miss speech; False for a clip of zeros, which has none."""
        return 0 < self.peak < QUIET

    @property
    def speech(self) -> Seconds:
        """The duration of speech in the clip; the whole duration if speech activity was not detected."""
        if self.speech_activity is None:
            return self.duration
        return overlap(Span(0.0, self.duration), self.speech_activity)


def check_result(result: DecodingResult, clip: ClipFacts, settings: AsrSettings) -> tuple[Doubt, ...]:
    """Return a doubt for each check that a result fails; a known phrase is one only if another sign confirms it."""
    doubts = [Doubt("level", 20 * math.log10(clip.peak)) if clip.quiet else None]
    if not normalize_text(result.text):
        doubts.append(_few_words("", clip))
        return tuple(doubt for doubt in doubts if doubt is not None)
    doubts += [
        _compression(result.text, settings.compression_ratio_threshold),
        _confidence(result.log_probability, settings.log_prob_threshold),
        _rate(result.text, clip),
        _repetition(result.text),
        _echo(result.text, clip),
        _silence(result, clip),
        _few_words(result.text, clip),
    ]
    failed = tuple(doubt for doubt in doubts if doubt is not None)
    suspicious = has_low_confidence(result, settings) or any(doubt.kind in ("silence", "rate") for doubt in failed)
    if suspicious and is_known_phrase(result.text):
        failed += (Doubt("known phrase", len(normalize_words(result.text))),)
    return failed


def has_low_confidence(result: DecodingResult, settings: AsrSettings) -> bool:
    """Return whether the engine reports a low log probability, or a high no-speech probability."""
    unlikely = _confidence(result.log_probability, settings.log_prob_threshold) is not None
    threshold, no_speech = settings.no_speech_threshold, result.no_speech_probability
    return unlikely or (threshold is not None and no_speech is not None and no_speech > threshold)


def compression_ratio(text: str) -> float:
    """Return the ratio by which zlib compresses the text; repetitive text has a high ratio."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def minimum_duration(text: str) -> Seconds:
    """Return the time in which the fastest speaker can speak a text, by its letters or syllabic characters."""
    return sum(_character_duration(character) for character in text)


def words_outside_speech(result: DecodingResult, clip: ClipFacts) -> list[int]:
    """Return the indices of the words that lie farther than SPEECH_MARGIN from any speech.

    Without word times, these are all words if there is no speech near the clip, otherwise none. If speech activity was
    not detected, there are none.
    """
    activity = clip.speech_activity
    if activity is None:
        return []
    if not result.words:
        return [] if activity else list(range(len(split_words(result.text))))
    return [
        index
        for index, word in enumerate(result.words)
        if all(word.span.gap(active) > SPEECH_MARGIN for active in activity)
    ]


def _compression(text: str, threshold: float | None) -> Doubt | None:
    ratio = compression_ratio(text)
    return Doubt("compression", ratio) if threshold is not None and ratio > threshold else None


def _confidence(log_probability: float | None, threshold: float | None) -> Doubt | None:
    if threshold is None or log_probability is None or log_probability >= threshold:
        return None
    return Doubt("confidence", log_probability)


def _rate(text: str, clip: ClipFacts) -> Doubt | None:
    """Return a doubt if the text needs more time than the speech and SPEECH_MARGIN for each detected span.

    Text where no speech was detected may take the whole clip: the check "silence" covers it.
    """
    count = 1 if clip.speech_activity is None else len(clip.speech_activity)
    available = min(clip.duration, clip.speech + SPEECH_MARGIN * count) if count else clip.duration
    needed = minimum_duration(text)
    return Doubt("rate", needed / available) if available > 0 and needed > available else None


def _repetition(text: str) -> Doubt | None:
    count = max_repetitions(normalize_words(text))
    return Doubt("repetition", count) if count else None


def _echo(text: str, clip: ClipFacts) -> Doubt | None:
    """Return a doubt if consecutive words of the hints, or any words of the vocabulary, make up much of a text."""
    terms = " ".join(clip.vocabulary)
    if not (clip.prompt or terms):
        return None
    words, known = normalize_words(text), set(normalize_words(terms))
    run = longest_common_run(words, normalize_words(f"{clip.prompt} {terms}"))
    copied = max(run, sum(word in known for word in words))
    return Doubt("echo", copied) if copied >= max(_ECHO_WORDS, _ECHO_SHARE * len(words)) else None


def _silence(result: DecodingResult, clip: ClipFacts) -> Doubt | None:
    outside = words_outside_speech(result, clip)
    return Doubt("silence", len(outside)) if outside else None


def _few_words(text: str, clip: ClipFacts) -> Doubt | None:
    if clip.speech_activity is None or clip.speech < _MUCH_SPEECH:
        return None
    return Doubt("few words", clip.speech) if minimum_duration(text) < _LEAST_SHARE * clip.speech else None


@lru_cache(maxsize=4096)
def _character_duration(character: str) -> Seconds:
    """Return the shortest duration of a spoken character."""
    if not character.isalnum():
        return 0.0
    return _SYLLABLE if unicodedata.name(character, "").startswith(_SYLLABIC) else _LETTER
