"""Tiers, as phoneticians annotate: for each speaker intervals that do not overlap; their spelling is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from meetscribe.formats.parts.building import ParsedWord, segment_from_text, segment_from_words
from meetscribe.formats.parts.parsed_cues import UNKNOWN
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.text.whitespace import one_line, without_whitespace
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript

WORDS = " - words"
"""What the name of a tier of words ends with, after that of its speaker (the Montreal Forced Aligner's habit)."""

_PHONES = " - phones"
_ALONE = {"words": WORDS, "phones": _PHONES}
"""The tiers of a file of one speaker, whom they do not name, and what they are the same as."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A text from `start_ms` to `end_ms`, which is later."""

    start_ms: int
    end_ms: int
    text: str


def make_tiers(transcript: Transcript) -> dict[str, tuple[list[Interval], list[Interval]]]:
    """For each name, "?" being who is not known, the intervals of utterances and of words, in order of time."""
    said: dict[str, list[Segment]] = {}
    for one in utterances(transcript):
        said.setdefault(_tier_name(speaker_name(transcript, one) or UNKNOWN), []).append(one)
    return {
        name: (
            without_overlaps((one.start, one.end, one_line(one.text)) for one in spoken),
            without_overlaps((word.start, word.end, one_line(word.text)) for one in spoken for word in one.words),
        )
        for name, spoken in said.items()
    }


def _tier_name(name: str) -> str:
    """The name, with an underscore where it would be taken for that of a tier of words or phones."""
    return f"{name}_" if name in _ALONE or name.endswith((WORDS, _PHONES)) else name


def without_overlaps(timed: Iterable[tuple[Seconds, Seconds, str]]) -> list[Interval]:
    """Texts with times as intervals of a tier, each at least a millisecond long.

    One that starts before the one before ends begins there; of two at one time the texts are put together.

    >>> without_overlaps([(0.0, 2.0, "a"), (1.0, 3.0, "b"), (1.5, 2.5, "c")])
    [Interval(start_ms=0, end_ms=2000, text='a'), Interval(start_ms=2000, end_ms=3000, text='b c')]
    """
    found: list[Interval] = []
    for start, end, text in sorted(timed, key=lambda one: one[:2]):
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
    """The segments of tiers by name, in order of time; tiers of words give the times of the words.

    A tier that has words only, as aligners write it, is cut into segments where nothing is said; tiers of phones
    are passed over.
    """
    named = ((_ALONE.get(name, name), tier) for name, tier in tiers)
    kept = [(name, list(_spoken(tier))) for name, tier in named if not name.endswith(_PHONES)]
    words = {name.removesuffix(WORDS): tier for name, tier in kept if name.endswith(WORDS)}
    plain = [(name, tier) for name, tier in kept if not name.endswith(WORDS)]
    known = {name for name, _ in plain}
    plain += [(name, _runs(tier)) for name, tier in words.items() if name not in known]
    found: list[Segment] = []
    for name, tier in plain:
        speaker = None if name == UNKNOWN else one_line(name) or None
        found.extend(one for one in _segments(tier, words.get(name, []), speaker) if one)
    return iter(sorted(found, key=lambda segment: segment.start))


def _spoken(tier: list[Interval]) -> Iterator[Interval]:
    """The intervals in which something is said, their texts on one line."""
    lines = (Interval(one.start_ms, one.end_ms, one_line(one.text)) for one in tier)
    return (one for one in lines if one.text)


def _segments(tier: list[Interval], words: list[Interval], speaker: str | None) -> Iterator[Segment | None]:
    """The segments of a tier, with the words that lie in each; its text where those are not it."""
    place = 0
    for one in tier:
        own: list[Interval] = []
        while place < len(words) and words[place].start_ms < one.end_ms:
            own.append(words[place])
            place += 1
        start, end = one.start_ms / 1000, one.end_ms / 1000
        if own and without_whitespace("".join(word.text for word in own)) == without_whitespace(one.text):
            heard = [ParsedWord(word.text, word.start_ms / 1000, word.end_ms / 1000, speaker) for word in own]
            yield segment_from_words(heard, start, end)
        else:
            yield segment_from_text(one.text, start, end, speaker)


def _runs(words: list[Interval]) -> list[Interval]:
    """The stretches of words without a pause."""
    runs: list[Interval] = []
    for word in words:
        if runs and word.start_ms <= runs[-1].end_ms:
            runs[-1] = Interval(runs[-1].start_ms, word.end_ms, f"{runs[-1].text} {word.text}")
        else:
            runs.append(word)
    return runs
