"""Annotation tiers: per speaker, intervals that do not overlap (Praat, ELAN)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meetscribe.formats.parts.building import ParsedWord, segment_from_text, segment_from_words
from meetscribe.formats.parts.names import UNKNOWN
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line, without_whitespace
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.utterances import utterances

WORDS = " - words"
"""Suffix of a tier of words after the speaker's name, as in the output of the Montreal Forced Aligner."""

_PHONES = " - phones"
_UNNAMED_TIERS = {"words": WORDS, "phones": _PHONES}
"""The names of tiers in files with a single unnamed speaker, and the equivalent suffixes."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Text in the half-open span from `start_ms` to `end_ms`; only a span read from a file may be empty."""

    start_ms: int
    end_ms: int
    text: str


def make_tiers(transcript: Transcript) -> dict[str, tuple[list[Interval], list[Interval]]]:
    """Return for each speaker ("?" if unknown) the intervals of utterances and of words, in order of time."""
    by_speaker: dict[str, list[Segment]] = {}
    for utterance in utterances(transcript):
        by_speaker.setdefault(_tier_name(speaker_name(transcript, utterance) or UNKNOWN), []).append(utterance)
    return {
        name: (
            without_overlaps((utterance.start, utterance.end, one_line(utterance.text)) for utterance in spoken),
            without_overlaps(
                (word.start, word.end, one_line(word.text)) for utterance in spoken for word in utterance.words
            ),
        )
        for name, spoken in by_speaker.items()
    }


def _tier_name(name: str) -> str:
    """Return the name, with an underscore appended if it is reserved for tiers of words or phones."""
    return f"{name}_" if name in _UNNAMED_TIERS or name.endswith((WORDS, _PHONES)) else name


def without_overlaps(timed: Iterable[tuple[Seconds, Seconds, str]]) -> list[Interval]:
    """Return timed texts as intervals that do not overlap, each at least a millisecond long.

    An interval that starts before the end of the previous one is cut to start there if it ends later; otherwise, its
    text is appended to the previous one.

    >>> without_overlaps([(0.0, 2.0, "a"), (1.0, 3.0, "b"), (1.5, 2.5, "c")])
    [Interval(start_ms=0, end_ms=2000, text='a'), Interval(start_ms=2000, end_ms=3000, text='b c')]
    """
    found: list[Interval] = []
    for start, end, text in sorted(timed, key=lambda interval: interval[:2]):
        if not text:
            continue
        start_ms, end_ms = round(start * 1000), round(end * 1000)
        if found and end_ms <= found[-1].end_ms and start_ms < found[-1].end_ms:
            last = found[-1]
            found[-1] = Interval(last.start_ms, last.end_ms, f"{last.text} {text}")
            continue
        start_ms = max(start_ms, found[-1].end_ms) if found else start_ms
        found.append(Interval(start_ms, max(end_ms, start_ms + 1), text))
    return found


def segments_from_tiers(tiers: Iterable[tuple[str, list[Interval]]]) -> Iterator[Segment]:
    """Return the segments of named tiers in order of time; tiers of words give the word times.

    A speaker with only a tier of words, as in the output of aligners, has a segment per run of words without a pause.
    Tiers of phones are skipped.
    """
    named = ((_UNNAMED_TIERS.get(name, name), tier) for name, tier in tiers)
    kept = [(name, list(_spoken(tier))) for name, tier in named if not name.endswith(_PHONES)]
    words = {name.removesuffix(WORDS): tier for name, tier in kept if name.endswith(WORDS)}
    plain = [(name, tier) for name, tier in kept if not name.endswith(WORDS)]
    known = {name for name, _ in plain}
    plain += [(name, _runs(tier)) for name, tier in words.items() if name not in known]
    found: list[Segment] = []
    for name, tier in plain:
        speaker = None if name == UNKNOWN else one_line(name) or None
        found.extend(segment for segment in _segments(tier, words.get(name, []), speaker) if segment)
    return iter(sorted(found, key=lambda segment: segment.start))


def _spoken(tier: list[Interval]) -> Iterator[Interval]:
    """Return the intervals that have text, on one line."""
    lines = (Interval(interval.start_ms, interval.end_ms, one_line(interval.text)) for interval in tier)
    return (interval for interval in lines if interval.text)


def _segments(tier: list[Interval], words: list[Interval], speaker: str | None) -> Iterator[Segment | None]:
    """Yield the segments of a tier with their words, or with the text of the tier if the words differ from it."""
    index = 0
    for interval in tier:
        inside: list[Interval] = []
        while index < len(words) and words[index].start_ms < interval.end_ms:
            inside.append(words[index])
            index += 1
        start, end = interval.start_ms / 1000, interval.end_ms / 1000
        if inside and without_whitespace("".join(word.text for word in inside)) == without_whitespace(interval.text):
            parsed = [ParsedWord(word.text, word.start_ms / 1000, word.end_ms / 1000, speaker) for word in inside]
            yield segment_from_words(parsed, start, end)
        else:
            yield segment_from_text(interval.text, start, end, speaker)


def _runs(words: list[Interval]) -> list[Interval]:
    """Merge words without a pause between them."""
    runs: list[Interval] = []
    for word in words:
        if runs and word.start_ms <= runs[-1].end_ms:
            runs[-1] = Interval(runs[-1].start_ms, word.end_ms, f"{runs[-1].text} {word.text}")
        else:
            runs.append(word)
    return runs
