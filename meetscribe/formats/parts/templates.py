"""Format lines with a user's template; only known fields are filled in, so a template cannot run code."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from meetscribe.errors import SettingsError, nearest
from meetscribe.formats.parts.cues import timestamp
from meetscribe.formats.parts.names import UNKNOWN
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
"""Styles of times: {start} 0:01:02.4, {start:srt} 00:01:02,350, {start:vtt} 00:01:02.350, {start:short} 0:01:02,
{start:s} 62.350, {start:ms} 62350."""

TIME_FIELDS = ("start", "end", "duration")
TEXT_FIELDS = ("speaker", "text", "number")

_ESCAPES = {"\\n": "\n", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class LineTemplate:
    """A parsed template: triples of literal text, field name and time style.

    The field name is None where no field follows the text: at the end and after a literal brace.
    """

    parts: tuple[tuple[str, str | None, str], ...]

    def fill(self, times: Mapping[str, Seconds], texts: Mapping[str, str]) -> str:
        """Return the text with times formatted in their styles and texts inserted unchanged."""
        return "".join(
            before + ("" if name is None else TIMES[style](times[name]) if name in times else texts[name])
            for before, name, style in self.parts
        )


def format_lines(
    transcript: Transcript, spoken: Iterable[Segment], template: str, escape: Callable[[str], str] = str
) -> Iterator[str]:
    """Yield each segment formatted with the template; names and texts are on one line and escaped with `escape`.

    Fields are number (from 1), start, end and duration, speaker ("?" if unknown) and text. Raises SettingsError for an
    invalid template.
    """
    parsed = parse_template(template)
    for number, segment in enumerate(spoken, start=1):
        times = {"start": segment.start, "end": segment.end, "duration": segment.end - segment.start}
        texts = {
            "speaker": escape(speaker_name(transcript, segment) or UNKNOWN),
            "text": escape(one_line(segment.text)),
        }
        yield parsed.fill(times, texts | {"number": str(number)})


def parse_template(text: str) -> LineTemplate:
    r"""Parse a template; `\n` and `\t` in it are a line break and a tab, `{{` is a literal brace.

    Raises SettingsError for an unknown field or style, naming the nearest, and for an unmatched brace.

    >>> parse_template("{start:short} {speaker}: {text}").fill({"start": 62.35}, {"speaker": "Anna", "text": "Yes."})
    '0:01:02 Anna: Yes.'
    """
    for escape, character in _ESCAPES.items():
        text = text.replace(escape, character)
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError as error:
        raise SettingsError(f"invalid template {text!r}: {error}", "Write a literal brace as {{ or }}.") from error
    return LineTemplate(
        tuple((before, name, _checked(name, style, conversion)) for before, name, style, conversion in parsed)
    )


def _checked(name: str | None, style: str | None, conversion: str | None) -> str:
    """Return the time style of a field; raises SettingsError if there is no such field or style."""
    if name is None:
        return ""
    if name not in TIME_FIELDS + TEXT_FIELDS or conversion:
        raise SettingsError(f"templates have no field {{{name}}}", nearest(name, TIME_FIELDS + TEXT_FIELDS))
    styles = tuple(TIMES) if name in TIME_FIELDS else ("",)
    if style not in styles:
        raise SettingsError(f"{{{name}}} has no style {style!r}", nearest(style or "", styles[1:]))
    return style or ""
