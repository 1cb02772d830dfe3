"""Tokens and words of Whisper: prompt tokens, suppressed tokens, and words from timed pieces of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from meetscribe.asr.protocol import DecodingOptions
from meetscribe.errors import SettingsError
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word

_MAX_PROMPT = 223  # tokens: half of Whisper's context, less one; a longer prompt would be truncated
_NUMERALS = set("0123456789%$£")


class TimedText(NamedTuple):
    """A piece of text with times: part of a word, or a word with the space before it."""

    text: str
    start: Seconds
    end: Seconds
    probability: float


def prompt_tokens(encode: Callable[[str], Sequence[int]], options: DecodingOptions) -> list[int]:
    """Return the tokens of the vocabulary and the prompt, which precede the transcript.

    Raises SettingsError if they do not fit.
    """
    hints = (", ".join(options.vocabulary), (options.prompt or "").strip())
    tokens = [token for hint in hints if hint for token in encode(f" {hint}")]
    if len(tokens) > _MAX_PROMPT:
        raise SettingsError(
            f"asr.prompt and asr.vocabulary are too long: {len(tokens)} tokens of at most {_MAX_PROMPT}",
            "Shorten them.",
        )
    return tokens


def numeral_tokens(decode: Callable[[list[int]], str], end_of_text: int) -> list[int]:
    """Return the text tokens that contain a digit, %, $ or £, as whisperX does.

    All text tokens are lower than `end_of_text`.
    """
    return [token for token in range(end_of_text) if _NUMERALS.intersection(decode([token]))]


def words_from_pieces(pieces: Iterable[TimedText], duration: Seconds) -> tuple[Word, ...]:
    """Return the words of a clip of this duration, in order, inside the clip and without overlap.

    Punctuation does not lengthen a word, because its attention covers the following pause.
    """
    words: list[Word] = []
    previous_end = 0.0
    for group in _groups([piece for piece in pieces if piece.text.strip()]):
        texts = split_words("".join(piece.text for piece in group))
        spoken = [piece for piece in group if any(map(str.isalnum, piece.text))] or group
        start = min(max(spoken[0].start, previous_end), duration)
        end = min(max(start, *(piece.end for piece in spoken)), duration)
        probability = sum(piece.probability for piece in group) / len(group)
        for text, at in zip(texts, spread(texts, Span(start, end)), strict=True):
            words.append(Word(text, at.start, at.end, "engine", probability=min(max(probability, 0.0), 1.0)))
        previous_end = end
    return tuple(words)


def _groups(pieces: Sequence[TimedText]) -> list[list[TimedText]]:
    """Group the pieces that form one written word, such as " well" and "-known"."""
    groups: list[list[TimedText]] = []
    for piece in pieces:
        before = "".join(other.text for other in groups[-1]) if groups else ""
        words = split_words(before)
        if groups and split_words(before + piece.text)[: len(words)] != words:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups
