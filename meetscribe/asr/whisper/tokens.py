"""Whisper's text: hints that go before it, tokens that must not be in it, and its words; no model is run here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from meetscribe.asr.protocol import DecodingOptions
from meetscribe.errors import SettingsError
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word

_MAX_HINTS = 223  # tokens: half of Whisper's context, less one; what is beyond would be cut
_NUMERALS = set("0123456789%$£")


class TimedText(NamedTuple):
    """A piece of text as an engine times it: part of a word, or one with the space before it."""

    text: str
    start: Seconds
    end: Seconds
    probability: float


def prompt_tokens(encode: Callable[[str], Sequence[int]], decoding: DecodingOptions) -> list[int]:
    """The vocabulary and then the prompt as tokens, for the place before the transcript.

    Raises SettingsError if they do not fit there.
    """
    hints = (", ".join(decoding.vocabulary), (decoding.prompt or "").strip())
    tokens = [token for hint in hints if hint for token in encode(f" {hint}")]
    if len(tokens) > _MAX_HINTS:
        raise SettingsError(
            f"asr.prompt and asr.vocabulary are too long: {len(tokens)} tokens of at most {_MAX_HINTS}",
            "Keep what matters most.",
        )
    return tokens


def numeral_tokens(decode: Callable[[list[int]], str], end_of_text: int) -> list[int]:
    """The text tokens, all before `end_of_text`, with a digit or a sign of money or per cent in them."""
    return [token for token in range(end_of_text) if _NUMERALS.intersection(decode([token]))]


def words_from_pieces(parts: Iterable[TimedText], duration: Seconds) -> tuple[Word, ...]:
    """The words of a clip that lasts `duration`, one after the other within it, none before the last one ends."""
    words: list[Word] = []
    reached = 0.0
    for group in _groups([part for part in parts if part.text.strip()]):
        texts = split_words("".join(part.text for part in group))
        start = min(max(group[0].start, reached), duration)
        end = min(max(start, *(part.end for part in group)), duration)
        probability = sum(part.probability for part in group) / len(group)
        for text, at in zip(texts, spread(texts, Span(start, end)), strict=True):
            words.append(Word(text, at.start, at.end, "engine", probability=min(max(probability, 0.0), 1.0)))
        reached = end
    return tuple(words)


def _groups(parts: Sequence[TimedText]) -> list[list[TimedText]]:
    """The parts, those put together that share a word when written, such as " well" and "-known"."""
    groups: list[list[TimedText]] = []
    for part in parts:
        before = "".join(other.text for other in groups[-1]) if groups else ""
        words = split_words(before)
        if groups and split_words(before + part.text)[: len(words)] != words:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups
