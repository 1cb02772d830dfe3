"""The transcript in paragraphs of one speaker, with the offset of each word in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetscribe.formats.parts.utterances import paragraphs
from meetscribe.markup.escaping import xml_text
from meetscribe.text.joining import space_between
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Finding, Transcript, Word


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of one speaker: `texts` are the displayed words, `offsets` their offsets in `text`.

    Offsets are in UTF-16 code units, as in JavaScript. `findings` are the doubtful passages in the paragraph.
    """

    number: int
    words: tuple[Word, ...]
    texts: tuple[str, ...]
    offsets: tuple[int, ...]
    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def speaker(self) -> str | None:
        """The name of the speaker, None if unknown."""
        return self.words[0].speaker

    @property
    def start(self) -> Seconds:
        """The start of the first word."""
        return self.words[0].start

    @property
    def end(self) -> Seconds:
        """The latest end of a word."""
        return max(word.end for word in self.words)

    @property
    def anchor(self) -> str:
        """The id of the paragraph in a page."""
        return f"p{self.number}"


def paragraphs_of(edited: Transcript) -> tuple[Paragraph, ...]:
    """Return the paragraphs of an edited transcript in its order; see `formats.parts.utterances.paragraphs`."""
    findings = [finding for finding in edited.meta.findings if finding.kind in ("suspect", "recovered", "speaker")]
    return tuple(_paragraph(number, one.words, findings) for number, one in enumerate(paragraphs(edited), start=1))


def _paragraph(number: int, words: Sequence[Word], findings: Sequence[Finding]) -> Paragraph:
    texts = tuple(xml_text(word.text) for word in words)
    starts, text = _joined(texts)
    span = Span(words[0].start, max(words[0].start, *(word.end for word in words)))
    doubtful = tuple(one for one in findings if one.span.overlap(span) > 0)
    return Paragraph(number, tuple(words), texts, starts, text, doubtful)


def _joined(texts: Sequence[str]) -> tuple[tuple[int, ...], str]:
    """Return the offset of each text, and all texts joined as by `join_words`."""
    parts, offsets, length = [], [], 0
    for text, space in zip(texts, _spaces(texts), strict=True):
        if space:
            parts.append(" ")
            length += 1
        offsets.append(length)
        parts.append(text)
        length += utf16_length(text)
    return tuple(offsets), "".join(parts)


def _spaces(texts: Sequence[str]) -> Iterator[bool]:
    """Yield for each text whether a space precedes it."""
    before = ""
    for text in texts:
        yield bool(before and text and space_between(before, text))
        before = text or before


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units.

    >>> utf16_length("a"), utf16_length("😀")
    (1, 2)
    """
    return len(text) + sum(character > "\uffff" for character in text)
