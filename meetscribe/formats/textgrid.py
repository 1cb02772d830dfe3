"""Praat's TextGrid: an interval tier per speaker and one of its words; both text forms of Praat are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.praat_spellings import spell, unspell
from meetscribe.formats.parts.tiers import WORDS, Interval, make_tiers, segments_from_tiers
from meetscribe.transcript import Transcript

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|(?<![^\s])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![^\s])|(<exists>|<absent>)')
_REMEDY = "Save the file in Praat as a text file, long or short."


def matches(document: Document) -> bool:
    """Return whether the file has the header of a TextGrid."""
    return re.match(r'(File type = )?"ooTextFile( short)?"\s+(Object class = )?"TextGrid"', document.head) is not None


def read(document: Document) -> Transcript:
    """Read each interval tier as a speaker ("?" is unknown), except tiers of words, which give the word times.

    Point tiers and tiers of phones are skipped. Raises InputError if the file is truncated or invalid.
    """
    tokens = _tokens(document)
    try:
        if next(tokens).startswith("ooTextFile"):  # followed by the class
            next(tokens)
        next(tokens)  # the start of the file
        end = float(next(tokens))
        exists = next(tokens)
        tiers = [_tier(tokens) for _ in range(int(float(next(tokens))))] if exists == "<exists>" else []
    except (StopIteration, RuntimeError) as error:
        raise InputError(f"{document.name}: the TextGrid is truncated", _REMEDY) from error
    except (ValueError, OverflowError) as error:
        raise InputError(f"{document.name}: {error}", _REMEDY) from error
    return assemble(segments_from_tiers([tier for tier in tiers if tier]), duration=max(0.0, end))


def _tokens(document: Document) -> Iterator[str]:
    """Yield the strings, numbers and flags of the file; Praat ignores everything else."""
    for match in _TOKEN.finditer(document.text):
        text, number, flag = match.groups()
        yield unspell(text.replace('""', '"')) if text is not None else number or flag


def _tier(tokens: Iterator[str]) -> tuple[str, list[Interval]] | None:
    """Return a tier's name and intervals; None for a point tier."""
    kind, name = next(tokens), next(tokens)
    next(tokens), next(tokens)  # start and end of the tier
    count = int(float(next(tokens)))
    if kind != "IntervalTier":
        for _ in range(2 * count):
            next(tokens)
        return None
    intervals = [(float(next(tokens)), float(next(tokens)), next(tokens)) for _ in range(count)]
    times = ((round(max(0.0, start) * 1000), round(max(0.0, end) * 1000), text) for start, end, text in intervals)
    return name, [Interval(start_ms, max(start_ms, end_ms), text) for start_ms, end_ms, text in times]


def write(transcript: Transcript, *, words: bool = True) -> str:
    """Write Praat's long text form: a tier per speaker and, with `words`, one of its words, named "NAME - words".

    A tier holds one interval at a time. Where utterances of one speaker overlap, the later one starts at the end of the
    earlier one; if it ends within the earlier one, its text is appended to that of the earlier one.
    """
    tiers: list[tuple[str, list[Interval]]] = []
    for name, (outer, inner) in make_tiers(transcript).items():
        tiers += [(name, outer), (f"{name}{WORDS}", inner)] if words else [(name, outer)]
    ends = [intervals[-1].end_ms for _, intervals in tiers if intervals]
    end_ms = max([round(transcript.duration * 1000), 1, *ends])
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {_time(end_ms)}"]
    lines += ["tiers? <exists>", f"size = {len(tiers)}", "item []:"]
    for number, (name, intervals) in enumerate(tiers, start=1):
        lines += _tier_lines(number, name, list(_tiled(intervals, end_ms)), end_ms)
    return "\n".join(lines) + "\n"


def _tier_lines(number: int, name: str, intervals: list[Interval], end_ms: int) -> list[str]:
    lines = [f"    item [{number}]:", '        class = "IntervalTier"', f'        name = "{_quoted(name)}"']
    lines += ["        xmin = 0", f"        xmax = {_time(end_ms)}", f"        intervals: size = {len(intervals)}"]
    for position, interval in enumerate(intervals, start=1):
        lines += [f"        intervals [{position}]:", f"            xmin = {_time(interval.start_ms)}"]
        lines += [f"            xmax = {_time(interval.end_ms)}", f'            text = "{_quoted(interval.text)}"']
    return lines


def _tiled(intervals: list[Interval], end_ms: int) -> Iterator[Interval]:
    """Yield the intervals with empty ones between them, to cover the whole duration."""
    now_ms = 0
    for interval in intervals:
        if interval.start_ms > now_ms:
            yield Interval(now_ms, interval.start_ms, "")
        yield interval
        now_ms = interval.end_ms
    if now_ms < end_ms:
        yield Interval(now_ms, end_ms, "")


def _quoted(text: str) -> str:
    return spell(text).replace('"', '""')


def _time(time_ms: int) -> str:
    return f"{time_ms / 1000:.3f}".rstrip("0").rstrip(".")
