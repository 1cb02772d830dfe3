"""Plain text: a line per utterance, in the default layout or in the layout of a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import colon_label
from meetscribe.formats.parts.parsed_cues import ParsedCue, divide_cue
from meetscribe.formats.parts.templates import format_lines
from meetscribe.formats.parts.timed_lines import TimedBlock, parse_timed_lines, starts_with_time
from meetscribe.formats.parts.utterances import paragraphs as speaker_paragraphs
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.languages import code_of
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import SECONDS_PER_CHARACTER, Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.utterances import utterances

_HEADER_LINES = 40
"""Maximum number of lines before the first time that count as a header."""

_DAY: Seconds = 24 * 3600.0
_OTTER_DATE = re.compile(r"\w{3}, (\w{3} \d{1,2}, \d{4} \d{1,2}:\d{2} ?[AP]M)\b.*")


def matches(document: Document) -> bool:
    """Return whether the file starts with a line with a time, such as `[0:01:02.3] Anna: Good morning.`."""
    return starts_with_time(document.head.partition("\n")[0])


def read(document: Document) -> Transcript:
    """Read lines with times, each until the next one starts; raises InputError naming the line.

    The time may also be beside the name or alone above the text, and lines may give their end. The text before a colon
    is a name if `split_name` accepts it, or if it is repeated; on lines in the layout of `write`, names that
    `split_name` does not accept are in brackets. On a line that gives its end, as in Whisper's console output, only
    text in brackets is a name, or repeated text before a colon that `split_name` does not accept. Times of day, as in
    Zoom's files, are counted from the first. A header is reported; Otter's gives the title and the date.
    """
    found = parse_timed_lines(document.text)
    header = found.header
    if header and (len(found.blocks) < 2 or len(header) > _HEADER_LINES):
        raise InputError(
            f"{document.name}, line {header[0][0]}: no time before the text",
            "Write lines as: [0:01:02.3] Anna: Good morning.",
        )
    _count_from_first(found.blocks, document)
    transcript = assemble(_segments(found.blocks), code_of(found.language) if found.language else None)
    return _with_header(transcript, header, document) if header else transcript


def _with_header(transcript: Transcript, header: Sequence[tuple[int, str]], document: Document) -> Transcript:
    """Report the lines before the first time; return the transcript with the title and date of Otter's header."""
    first, last = header[0][0], header[-1][0]
    lines = f"line {first} is" if first == last else f"lines {first} to {last} are"
    problem = f": {lines} before the first time and not part of the transcript: {header[0][1][:40]!r}"
    document.notice("formats.skipped-text", problem, {"line": first, "lines": len(header)})
    date = _OTTER_DATE.fullmatch(header[1][1]) if len(header) > 1 else None
    if date is None:
        return transcript
    try:
        recorded = datetime.strptime(date[1].replace(" AM", "AM").replace(" PM", "PM"), "%b %d, %Y %I:%M%p")
    except ValueError:
        return transcript
    return transcript.with_meta(title=header[0][1], recorded_at=recorded.isoformat(timespec="minutes"))


def _count_from_first(blocks: Sequence[TimedBlock], document: Document) -> None:
    """Convert times of day to times since the first one, also across midnight, and report this."""
    # Times before one o'clock at the start are more likely times in the recording.
    if not blocks or not all(block.clock for block in blocks) or blocks[0].start < 3600:
        return
    first = before = blocks[0].start
    days = 0
    for block in blocks:
        days += block.start < before - _DAY / 2
        before = block.start
        block.start += days * _DAY - first
    problem = f": the times are times of day; they were counted from the first, {clock(first)}"
    document.notice("formats.clock-times", problem, {"line": 1})


def _segments(found: Sequence[TimedBlock]) -> Iterator[Segment | None]:
    """Yield the segments, each until the next one starts."""
    lasts = [SECONDS_PER_CHARACTER * sum(len(rest) for _, rest in block.parts) for block in found[-1:]]
    ends = [*(after.start for _, after in pairwise(found)), *(found[-1].start + last for last in lasts)]
    for block, after in zip(found, ends, strict=True):
        end = max(block.start, after if block.end is None else block.end)
        yield from divide_cue(ParsedCue(block.start, end, ()), block.parts)


def write(transcript: Transcript, *, template: str = "", paragraphs: bool = False) -> str:
    """Write lines such as `[0:01:02.3] Anna: Good morning.`, or lines laid out by a template.

    A name that does not look like one, or has a colon, is put in brackets; "?" precedes text that looks like a name.

    A `template`, such as `{start:short} {speaker}: {text}`, has the fields number, speaker and text, and the times
    start, end and duration in the styles {start}, {start:short}, :srt, :vtt, :s or :ms. With `paragraphs`, there is a
    line per paragraph of a speaker, not per utterance.
    """
    segments: Iterator[Segment] = speaker_paragraphs(transcript) if paragraphs else utterances(transcript)
    if template:
        return "".join(f"{line}\n" for line in format_lines(transcript, segments, template))
    return "".join(f"{_line(transcript, utterance)}\n" for utterance in segments)


def _line(transcript: Transcript, utterance: Segment) -> str:
    label = colon_label(speaker_name(transcript, utterance), one_line(utterance.text))
    return f"[{clock(utterance.start)}] {label}"
