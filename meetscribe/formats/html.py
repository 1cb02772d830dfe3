"""A page to read, print and send: one file without scripts, in which nothing that is said is taken as a mark."""

from __future__ import annotations

from meetscribe.formats.parts.building import cut_at_sentences
from meetscribe.formats.parts.utterances import named, paragraphs
from meetscribe.markup.colors import ON_DARK, ON_LIGHT, color_of
from meetscribe.markup.escaping import marked_up
from meetscribe.text.languages import UNKNOWN, name_of
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock

_STYLE = """\
:root { color-scheme: light dark; --text: #1f2328; --faint: #626a73; --page: #fff; --found: #fff1b8; --mark: #b4bac1; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7eb; --faint: #9aa3ad; --page: #15181c; --found: #55480f; --mark: #565e68; }
}
body { font: 1.0625rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1.25rem;
       color: var(--text); background: var(--page); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.5rem; }
.facts { color: var(--faint); font-size: 0.875rem; margin: 0 0 2.5rem; }
.facts bdi { display: inline-block; margin-right: 0.4em; }
.turn { display: grid; grid-template: "time name" auto "time text" auto / 4rem 1fr; column-gap: 1rem;
        margin: 0 0 1.1rem; break-inside: avoid; }
.turn > * { border-left: 3px solid var(--mark); padding-left: 0.9rem; margin: 0; }
cite, .facts bdi { color: var(--mark); font-weight: 600; font-style: normal; }
cite { grid-area: name; }
.turn p { grid-area: text; }
time { grid-area: time; color: var(--faint); font-size: 0.8125rem; line-height: 1.6875rem; text-align: right;
       font-variant-numeric: tabular-nums; }
.turn > time { border: 0; padding: 0; }
a { color: inherit; text-decoration: none; }
time a:hover { text-decoration: underline; }
a:target { background: var(--found); }
@media (max-width: 32rem) {
  body { margin: 1.5rem auto; }
  .turn { grid-template: "name time" auto "text text" auto / auto 1fr; column-gap: 0.5rem; }
  .turn > time { text-align: left; }
}
@media print {
  :root { color-scheme: light; --text: #000; --faint: #555; --page: #fff; --found: #fff; --mark: #888; }
  body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
  .turn { margin-bottom: 0.7rem; }
}
"""


def write(transcript: Transcript, *, times: bool = True) -> str:
    """The transcript as HTML: a block per speaker with name, start and text, each speaker in a colour.

    Every sentence has an anchor `ts_START_END_SPEAKER` in milliseconds, as noScribe's editor reads them, and every
    time is a link to its place; without `times` the starts are not shown. The page is made for light and dark
    screens and for paper, and forbids itself scripts and anything from elsewhere.
    """
    title = marked_up(transcript.source.name if transcript.source else "Transcript")
    names: dict[str, int] = {}
    blocks = "".join(_block(transcript, one, names, times) for one in paragraphs(transcript))
    return (
        f'<!DOCTYPE html>\n<html lang="{marked_up(transcript.language)}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}{_colors(len(names))}</style>\n</head>\n<body>\n"
        f'<h1 dir="auto">{title}</h1>\n<p class="facts">{_facts(transcript, names)}</p>\n{blocks}</body>\n</html>\n'
    )


def _colors(count: int) -> str:
    """The colours of so many speakers, dark on a light page and light on a dark one."""
    dark, light = (
        [f".s{place} {{ --mark: {color_of(place, lightness)}; }}" for place in range(count)]
        for lightness in (ON_LIGHT, ON_DARK)
    )
    inside = "\n".join(f"  {rule}" for rule in light)
    return "\n".join(dark) + f"\n@media screen and (prefers-color-scheme: dark) {{\n{inside}\n}}\n" if count else ""


def _facts(transcript: Transcript, names: dict[str, int]) -> str:
    """How long it is, in which language, and who speaks."""
    who = "".join(f'<bdi class="s{place}">{marked_up(name)}</bdi> ' for name, place in names.items())
    language = "" if transcript.language == UNKNOWN else name_of(transcript.language).title()
    return " · ".join(filter(None, [_clock(transcript.duration), marked_up(language), who.strip()]))


def _block(transcript: Transcript, one: Segment, names: dict[str, int], times: bool) -> str:
    """What a speaker says at a stretch; `names` numbers the speakers as they come."""
    name = named(transcript, one)
    place = names.setdefault(name, len(names)) if name else None
    marks = f" s{place}" if place is not None else ""
    speaker = "S--" if place is None else f"S{place:02}"
    sentences = [(_anchor(sentence, speaker), sentence) for sentence in cut_at_sentences(one.words)]
    said = " ".join(
        f'<a name="{anchor}" id="{anchor}">{marked_up(sentence.text)}</a>' for anchor, sentence in sentences
    )
    who = f'<cite dir="auto">{marked_up(name)}:</cite> ' if name else ""
    link = f'<a href="#{sentences[0][0]}">{_clock(one.start)}</a>'
    when = f'<time datetime="PT{one.start:.3f}S">{link}</time>' if times else ""
    return f'<div class="turn{marks}">{who}{when}\n<p dir="auto">{said}</p></div>\n'


def _anchor(sentence: Segment, speaker: str) -> str:
    return f"ts_{round(sentence.start * 1000)}_{round(sentence.end * 1000)}_{speaker}"


def _clock(time: Seconds) -> str:
    """The time in whole seconds, as one looks for it."""
    return clock(int(time))[:-2]
