"""Lines of text as a template lays them out; only the fields named here are filled in, so no template runs code."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.cues import timestamp
from meetscribe.formats.parts.parsed_cues import UNKNOWN
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock

TIMES: dict[str, Callable[[Seconds], str]] = {
    "": clock,
    "srt": lambda time: timestamp(round(time * 1000), ","),
    "vtt": lambda time: timestamp(round(time * 1000), "."),
    "short": lambda time: clock(int(time))[:-2],
    "s": lambda time: f"{time:.3f}",
    "ms": lambda time: str(round(time * 1000)),
}
"""How times are spelled: {start} 0:01:02.4, {start:srt} 00:01:02,350, {start:vtt}, {start:short} 0:01:02, {start:s}
62.350, {start:ms} 62350."""

TIME_FIELDS = ("start", "end", "duration")
TEXT_FIELDS = ("speaker", "text", "number")

_ESCAPES = {"\\n": "\n", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class LineTemplate:
    """A text with fields in it: pairs of what stands before a field and the field, with how it is spelled."""

    parts: tuple[tuple[str, str | None, str], ...]

    def fill(self, times: Mapping[str, Seconds], texts: Mapping[str, str]) -> str:
        """The text with the fields filled in: times spelled as asked for, texts as they are."""
        return "".join(
            before + ("" if name is None else TIMES[spelling](times[name]) if name in times else texts[name])
            for before, name, spelling in self.parts
        )


def format_lines(
    transcript: Transcript, spoken: Iterable[Segment], template: str, escape: Callable[[str], str] = str
) -> Iterator[str]:
    """What is said, each as the template lays it out; names and texts are on one line, and go through `escape`.

    The fields are number (from 1), start, end and duration, speaker ("?" for one who is not known) and text. Raises
    SettingsError for a template that cannot be.
    """
    parsed = parse_template(template)
    for number, one in enumerate(spoken, start=1):
        times = {"start": one.start, "end": one.end, "duration": one.end - one.start}
        texts = {"speaker": escape(speaker_name(transcript, one) or UNKNOWN), "text": escape(one_line(one.text))}
        yield parsed.fill(times, texts | {"number": str(number)})


def parse_template(text: str) -> LineTemplate:
    r"""The template that a text describes; `\n` and `\t` in it are a line's end and a tab, `{{` is a brace.

    Raises SettingsError for a field or a spelling that does not exist, naming the nearest, and for an odd brace.

    >>> parse_template("{start:short} {speaker}: {text}").fill({"start": 62.35}, {"speaker": "Anna", "text": "Yes."})
    '0:01:02 Anna: Yes.'
    """
    for escape, character in _ESCAPES.items():
        text = text.replace(escape, character)
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise SettingsError(f"the template {text!r} cannot be read: {error}", "A brace itself is {{ or }}.") from error
    return LineTemplate(
        tuple((before, name, _checked(name, spelling, bang)) for before, name, spelling, bang in parsed)
    )


def _checked(name: str | None, spelling: str | None, conversion: str | None) -> str:
    """How a field is spelled, if there is such a field."""
    if name is None:
        return ""
    if name not in TIME_FIELDS + TEXT_FIELDS or conversion:
        raise SettingsError(f"a template has no field {{{name}}}", nearest(name, TIME_FIELDS + TEXT_FIELDS))
    spellings = tuple(TIMES) if name in TIME_FIELDS else ("",)
    if spelling not in spellings:
        raise SettingsError(f"{{{name}}} cannot be spelled {spelling!r}", nearest(spelling or "", spellings[1:]))
    return spelling or ""
