"""Plain text without times, such as reference texts: words and, if lines name them, speakers."""

from __future__ import annotations

from meetscribe.errors import InputError
from meetscribe.formats.converting import detect_format, format_by_suffix
from meetscribe.formats.parts.building import assemble, segment_from_text
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.names import UNKNOWN, naming_of, split_name
from meetscribe.formats.parts.timed_lines import parse_timed_lines
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.word_ids import with_word_ids

_MIN_NAMED_SHARE = 1 / 3
"""If at least this share of the lines have names, or a name is repeated, the text names its speakers."""


def is_plain_text(document: Document) -> bool:
    """Return whether a file is text without times in no known format."""
    row = format_by_suffix(document.name)
    if document.is_binary or document.head.startswith(("{", "[{", "<")) or not (row is None or row.name == "txt"):
        return False
    try:
        if detect_format(document).name != "txt":
            return False
    except InputError:  # no format matches, or several
        pass
    return bool(document.text.strip()) and not parse_timed_lines(document.text).blocks


def read_plain_text(document: Document) -> Transcript:
    """Read a segment per line; all words have the time 0, and a notice reports this.

    A name before a colon is the speaker if names are repeated or frequent. If the text names the speaker of each
    line (see `naming_of`), a line without a name has no speaker; otherwise a name holds until the next name or `?`.
    """
    lines = [line.strip() for line in document.text.split("\n") if line.strip()]
    naming = naming_of(lines, expect_each=True)
    names = [name for line in lines if (name := split_name(line, naming.known)[0])]
    named = len(set(names)) < len(names) or len(names) >= _MIN_NAMED_SHARE * len(lines)
    segments: list[Segment | None] = []
    speaker: str | None = None
    for line in lines:
        name, rest = split_name(line, naming.known) if named else (None, line)
        if name is not None or naming.each:
            speaker = None if name == UNKNOWN else name
        segments.append(segment_from_text(rest, 0.0, 0.0, speaker))
    problem = ": a text without times; scores that need times are unknown"
    document.notice("formats.no-times", problem, {"lines": len(lines)})
    return with_word_ids(assemble(segments).with_notices(*document.notices))
