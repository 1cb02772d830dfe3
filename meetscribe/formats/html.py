"""A page to read, print and send: one file without scripts, in which nothing that is said is taken as a mark."""

from __future__ import annotations

from meetscribe.formats.building import cut_at_sentences
from meetscribe.formats.markup import marked_up
from meetscribe.formats.speech import named, paragraphs
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.colors import color_of
from meetscribe.transcript.display import clock

_STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em;
       color: #222; background: #fff; }
h1 { font-size: 1.3em; }
.facts, time { color: #666; font-size: 0.85em; }
.turn { margin: 0 0 1em; padding-left: 0.8em; border-left: 4px solid #bbb; break-inside: avoid; }
.turn p { margin: 0; }
cite { font-style: normal; font-weight: 600; }
a { color: inherit; text-decoration: none; }
a:target { background: #ffe9a8; }
"""


def write(transcript: Transcript, *, times: bool = True) -> str:
    """The transcript as HTML: a block per speaker with name, start and text, each speaker in a colour.

    Every sentence has an anchor `ts_START_END_SPEAKER` in milliseconds, as noScribe's editor reads them; without
    `times` the starts are not shown. The page forbids itself scripts and anything from elsewhere.
    """
    title = marked_up(transcript.source.name if transcript.source else "Transcript")
    names: dict[str, int] = {}
    blocks = "".join(_block(transcript, one, names, times) for one in paragraphs(transcript))
    colors = "".join(
        f".s{place} {{ border-color: {color_of(place, 0.6)}; }} .s{place} cite {{ color: {color_of(place, 0.3)}; }}\n"
        for place in names.values()
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{marked_up(transcript.language)}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}{colors}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{title}</h1>\n<p class="facts">{_facts(transcript, names)}</p>\n{blocks}</body>\n</html>\n'
    )


def _facts(transcript: Transcript, names: dict[str, int]) -> str:
    """How long it is, in which language, and who speaks."""
    facts = [
        clock(transcript.duration),
        transcript.language,
        ", ".join(f"<bdi>{marked_up(name)}</bdi>" for name in names),
    ]
    return " · ".join(filter(None, facts))


def _block(transcript: Transcript, one: Segment, names: dict[str, int], times: bool) -> str:
    """What a speaker says at a stretch; `names` numbers the speakers as they come."""
    name = named(transcript, one)
    place = names.setdefault(name, len(names)) if name else None
    marks = f" s{place}" if place is not None else ""
    anchor = "S--" if place is None else f"S{place:02}"
    said = " ".join(_sentence(sentence, anchor) for sentence in cut_at_sentences(one.words))
    who = f'<cite dir="auto">{marked_up(name)}:</cite> ' if name else ""
    when = f"<time>{clock(one.start)}</time>" if times else ""
    return f'<div class="turn{marks}">{who}{when}\n<p dir="auto">{said}</p></div>\n'


def _sentence(sentence: Segment, anchor: str) -> str:
    start_ms, end_ms = round(sentence.start * 1000), round(sentence.end * 1000)
    name = f"ts_{start_ms}_{end_ms}_{anchor}"
    return f'<a name="{name}" id="{name}">{marked_up(sentence.text)}</a>'
