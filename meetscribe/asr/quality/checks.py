"""Whether what is heard in a clip can be right, by the text, the engine's doubts and the speech in it; pure.

Compression ratio, mean log probability and no-speech probability are judged as in Whisper (Radford et al., 2022,
section 4.5). What follows from a judgement is decided in retrying and removal.
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
    "level", "compression", "doubt", "rate", "repetition", "echo", "silence", "stock phrase", "few words"
]

QUIET = 0.02
"""A clip is very quiet if no sample is larger: -34 dB."""

SPEECH_MARGIN: Seconds = 0.5
"""A word this near to a voice may be that voice's: engines place words no better."""

_LETTER: Seconds = 1 / 30  # nobody says more letters in a second
_SYLLABLE: Seconds = 1 / 15  # nor more signs of scripts that write a syllable each
_SYLLABIC = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL", "ETHIOPIC")
_MUCH_SPEECH: Seconds = 2.5  # so much without a word is strange
_LEAST_SHARE = 0.06  # of the speech that the fastest speaker would need for the words
_ECHO_WORDS = 3
_ECHO_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text is doubted, and by which number."""

    kind: Kind
    number: float

    def __str__(self) -> str:
        return _SAID[self.kind].format(self.number)


_SAID: dict[Kind, str] = {
    "level": "very quiet: {:.0f} dB at most",
    "compression": "compression ratio {:.1f}",
    "doubt": "mean log probability {:.2f}",
    "rate": "too much text for the speech: at least {:.1f} times what can be said in it",
    "repetition": "the same words {:.0f} times over",
    "echo": "{:.0f} words one after the other as in the prompt or the vocabulary",
    "silence": "{:.0f} words where no voice is heard",
    "stock phrase": "nothing but {:.0f} words of a stock phrase that Whisper invents",
    "few words": "hardly a word in {:.1f} s of speech",
}


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is known of a clip before anything is recognised in it.

    `speech_activity` holds spans in seconds from the start of the clip, which may reach SPEECH_MARGIN beyond its
    edges; None if it was not detected. `hints` is the text that the engine was given along, `peak` the largest sample.
    """

    duration: Seconds
    speech_activity: tuple[Span, ...] | None = None
    hints: str = ""
    peak: float = 1.0

    @property
    def quiet(self) -> bool:
        """Whether it is so quiet that engines hear less than there is."""
        return 0 < self.peak < QUIET

    @property
    def speech(self) -> Seconds:
        """How long anybody speaks in it, as far as that is known."""
        return (
            self.duration if self.speech_activity is None else overlap(Span(0.0, self.duration), self.speech_activity)
        )


def check_result(heard: DecodingResult, clip: ClipFacts, settings: AsrSettings) -> tuple[Doubt, ...]:
    """The reasons to doubt what is heard, none if it may be right."""
    found = [Doubt("level", 20 * math.log10(clip.peak)) if clip.quiet else None]
    if not normalize_text(heard.text):
        found.append(_few_words("", clip))
        return tuple(reason for reason in found if reason is not None)
    found += [
        _compression(heard.text, settings.compression_ratio_threshold),
        _doubt(heard.log_probability, settings.log_prob_threshold),
        _rate(heard.text, clip),
        _repetition(heard.text),
        _echo(heard.text, clip.hints),
        _silence(heard, clip),
        _few_words(heard.text, clip),
    ]
    reasons = tuple(reason for reason in found if reason is not None)
    invented = is_low_confidence(heard, settings) or any(reason.kind in ("silence", "rate") for reason in reasons)
    if invented and is_known_phrase(heard.text):
        reasons += (Doubt("stock phrase", len(normalize_words(heard.text))),)
    return reasons


def is_low_confidence(heard: DecodingResult, settings: AsrSettings) -> bool:
    """Whether the engine itself does not believe in the words, or in any speech."""
    unlikely = _doubt(heard.log_probability, settings.log_prob_threshold) is not None
    threshold = settings.no_speech_threshold
    return unlikely or (
        threshold is not None and heard.no_speech_probability is not None and heard.no_speech_probability > threshold
    )


def compression_ratio(text: str) -> float:
    """By how much zlib makes the text shorter; high for text that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def minimum_duration(text: str) -> Seconds:
    """How long the fastest speaker needs for the text: by its letters, or by the signs of syllabic scripts."""
    return sum(_cost(character) for character in text)


def words_outside_speech(heard: DecodingResult, clip: ClipFacts) -> list[int]:
    """The indices of the words that the engine places farther than SPEECH_MARGIN from any voice; all, if it places none
    and no voice is near; none if voices were not looked for.
    """
    if clip.speech_activity is None:
        return []
    if not heard.words:
        return [] if clip.speech_activity else list(range(len(split_words(heard.text))))
    speech_activity = clip.speech_activity
    return [
        index
        for index, word in enumerate(heard.words)
        if all(word.span.gap(voice) > SPEECH_MARGIN for voice in speech_activity)
    ]


def _compression(text: str, threshold: float | None) -> Doubt | None:
    ratio = compression_ratio(text)
    return Doubt("compression", ratio) if threshold is not None and ratio > threshold else None


def _doubt(log_probability: float | None, threshold: float | None) -> Doubt | None:
    if threshold is None or log_probability is None or log_probability >= threshold:
        return None
    return Doubt("doubt", log_probability)


def _rate(text: str, clip: ClipFacts) -> Doubt | None:
    """Text that could not be said in the time; each stretch of speech may be longer than it was measured."""
    stretches = 1 if clip.speech_activity is None else len(clip.speech_activity)
    available = min(clip.duration, clip.speech + SPEECH_MARGIN * stretches) if stretches else clip.duration
    needed = minimum_duration(text)
    return Doubt("rate", needed / available) if available > 0 and needed > available else None


def _repetition(text: str) -> Doubt | None:
    rounds = max_repetitions(normalize_words(text))
    return Doubt("repetition", rounds) if rounds else None


def _echo(text: str, hints: str) -> Doubt | None:
    if not hints:
        return None
    words = normalize_words(text)
    run = longest_common_run(words, normalize_words(hints))
    return Doubt("echo", run) if run >= max(_ECHO_WORDS, _ECHO_SHARE * len(words)) else None


def _silence(heard: DecodingResult, clip: ClipFacts) -> Doubt | None:
    far = words_outside_speech(heard, clip)
    return Doubt("silence", len(far)) if far else None


def _few_words(text: str, clip: ClipFacts) -> Doubt | None:
    if (
        clip.speech_activity is None
        or clip.speech < _MUCH_SPEECH
        or minimum_duration(text) >= _LEAST_SHARE * clip.speech
    ):
        return None
    return Doubt("few words", clip.speech)


@lru_cache(maxsize=4096)
def _cost(character: str) -> Seconds:
    """The least time that a character takes when it is said."""
    if not character.isalnum():
        return 0.0
    return _SYLLABLE if unicodedata.name(character, "").startswith(_SYLLABIC) else _LETTER
