"""An HTML page for reading and printing: one file without scripts, with all text escaped."""

from __future__ import annotations

from meetscribe.formats.parts.meeting import meeting_title
from meetscribe.formats.parts.utterances import paragraphs, speaker_name
from meetscribe.markup.colors import ON_DARK, ON_LIGHT, color_rules
from meetscribe.markup.escaping import escape_markup
from meetscribe.markup.page import make_page
from meetscribe.text.languages import UNKNOWN, name_of
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import clock
from meetscribe.transcript.word_runs import split_into_sentences

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
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
    """Write an HTML page: a block per paragraph with name, start and text, each speaker in a colour.

    Every sentence has an anchor `ts_START_END_SPEAKER` in milliseconds, which noScribe's editor reads, and every
    start is a link to its sentence; without `times` the starts are hidden. The page has styles for light and dark
    screens and for print. Its security policy allows no scripts and no other files.
    """
    title = escape_markup(meeting_title(transcript))
    indices: dict[str, int] = {}
    blocks = "".join(_block(transcript, paragraph, indices, times) for paragraph in paragraphs(transcript))
    heading = f'<h1 dir="auto">{title}</h1>\n<p class="facts">{_facts(transcript, indices)}</p>\n'
    style = _STYLE + _color_style(len(indices))
    return make_page(title, heading + blocks, style, _POLICY, escape_markup(transcript.language))


def _color_style(count: int) -> str:
    """Return the CSS of the speakers' colours: dark on a light page, light on a dark page."""
    if not count:
        return ""
    on_light = "\n".join(color_rules(count, ".s", "--mark", ON_LIGHT))
    on_dark = "\n".join(f"  {rule}" for rule in color_rules(count, ".s", "--mark", ON_DARK))
    return f"{on_light}\n@media screen and (prefers-color-scheme: dark) {{\n{on_dark}\n}}\n"


def _facts(transcript: Transcript, indices: dict[str, int]) -> str:
    """Return the line under the title: date, duration, language and speakers."""
    speakers = "".join(f'<bdi class="s{index}">{escape_markup(name)}</bdi> ' for name, index in indices.items())
    date = escape_markup(transcript.meta.recorded_at or "")
    language = "" if transcript.language == UNKNOWN else name_of(transcript.language).title()
    return " · ".join(filter(None, [date, _clock(transcript.duration), escape_markup(language), speakers.strip()]))


def _block(transcript: Transcript, paragraph: Segment, indices: dict[str, int], times: bool) -> str:
    """Return the block of a paragraph; `indices` numbers the speakers in order of appearance."""
    name = speaker_name(transcript, paragraph)
    index = indices.setdefault(name, len(indices)) if name else None
    color = "" if index is None else f" s{index}"
    speaker = "S--" if index is None else f"S{index:02}"
    sentences = [(_anchor(sentence, speaker), sentence) for sentence in split_into_sentences(paragraph.words)]
    text = " ".join(
        f'<a name="{anchor}" id="{anchor}">{escape_markup(sentence.text)}</a>' for anchor, sentence in sentences
    )
    cite = f'<cite dir="auto">{escape_markup(name)}:</cite> ' if name else ""
    link = f'<a href="#{sentences[0][0]}">{_clock(paragraph.start)}</a>'
    start = f'<time datetime="PT{paragraph.start:.3f}S">{link}</time>' if times else ""
    return f'<div class="turn{color}">{cite}{start}\n<p dir="auto">{text}</p></div>\n'


def _anchor(sentence: Segment, speaker: str) -> str:
    return f"ts_{round(sentence.start * 1000)}_{round(sentence.end * 1000)}_{speaker}"


def _clock(time: Seconds) -> str:
    """Format a time without tenths, such as 0:01:02."""
    return clock(int(time))[:-2]
