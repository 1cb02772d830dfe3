"""A page that shows two transcripts word by word, their errors in colour; it holds all that it needs.

Nothing that is said is taken as a mark: all text is escaped, and the page forbids every script and style but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import groupby

from meetscribe.evaluation.aligned import Cell, align_words
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.evaluation.scoring import METRICS, EvaluationSettings, Scores, Unknown
from meetscribe.evaluation.sides import Side
from meetscribe.markup.colors import color_of
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, Turn
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock

_CLASSES = {"correct": "c", "substituted": "s", "deleted": "d", "inserted": "i"}
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_LEGEND = (
    ("c", "right"),
    ("s", "another word"),
    ("d", "missing"),
    ("i", "invented"),
    ("w", "of the wrong speaker"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A recording's two transcripts, their scores, the address of what is heard, and what is scored (None: all)."""

    name: str
    reference: Transcript
    hypothesis: Transcript
    scores: Scores
    sound: str | None = None
    within: Sequence[Span] | None = None


def make_page(compared: Sequence[Compared], settings: EvaluationSettings) -> str:
    """The page, in HTML; the scores are those given, the words are aligned as WER aligns them."""
    sections = [_Section(one, settings) for one in compared]
    speakers = max((len(section.places) for section in sections), default=0)
    style, script = _asset("page.css") + _colors(speakers), _asset("page.js")
    title = _safe(compared[0].name) if len(compared) == 1 else f"{len(compared)} recordings"
    legend = " ".join(f'<span class="key {mark}">{text}</span>' for mark, text in _LEGEND)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Errors in {title}</title>\n<style>{style}</style>\n</head>\n<body>\n<header>\n"
        f"<h1>Errors in {title}</h1>\n"
        '<p class="settings">Above what is said by the reference, below what was found; '
        f"{escape(str(settings))}.</p>\n"
        f'<p class="bar">{legend} <label><input type="checkbox" id="errors"> only turns with errors</label> '
        "<span><kbd>n</kbd> next error <kbd>p</kbd> the one before</span></p>\n"
        f"</header>\n<main>\n{''.join(section.html() for section in sections)}"
        f"<footer>Made by meetscribe.</footer>\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


class _Section:
    """A recording on the page."""

    def __init__(self, compared: Compared, settings: EvaluationSettings) -> None:
        normalization = find_normalization(settings.normalization)
        self._compared = compared
        self._reference = Side(compared.reference, normalization, compared.within)
        self._hypothesis = Side(compared.hypothesis, normalization, compared.within)
        self._cells, self._match = align_words(self._reference.words, self._hypothesis.words)
        names = [turn.speaker for turn in self._reference.turns]
        found = [self._as(turn.speaker) for turn in self._hypothesis.turns]
        self.places = {name: place for place, name in enumerate(dict.fromkeys([*names, *found]))}

    def html(self) -> str:
        """The section: scores, who speaks when, and the words turn by turn."""
        compared = self._compared
        sound = f'<audio controls preload="metadata" src="{escape(compared.sound)}"></audio>' if compared.sound else ""
        return (
            f'<section{" class=sounds" if sound else ""}>\n<h2 dir="auto">{_safe(compared.name)}</h2>\n'
            f'<ul class="tiles">{"".join(_tiles(compared.scores))}</ul>\n{self._who()}'
            f'<div class="top">{sound}<div class="lanes">{"".join(self._lanes())}</div></div>\n'
            f"{''.join(self._turns())}</section>\n"
        )

    def _who(self) -> str:
        """Who of the hypothesis is taken for whom of the reference, where their names differ."""
        named = ((found, name) for found, name in self._match.items() if found != name and found and name)
        pairs = ", ".join(f"<bdi>{_safe(found)}</bdi> is <bdi>{_safe(name)}</bdi>" for found, name in named)
        return f'<p class="settings">{pairs}</p>\n' if pairs else ""

    def _as(self, found: str) -> str:
        """The name by the reference of a speaker of the hypothesis; without one, the own."""
        return self._match.get(found, found)

    def _lanes(self) -> Iterator[str]:
        """For each speaker when they speak, above by the reference, below by the hypothesis; and where errors are."""
        length = max([1.0, self._compared.reference.duration, self._compared.hypothesis.duration])
        for name, place in self.places.items():
            spoken = [turn for turn in self._reference.turns if turn.speaker == name]
            found = [turn for turn in self._hypothesis.turns if self._as(turn.speaker) == name]
            bars = [*_bars(spoken, length, "r", 0), *_bars(found, length, "h", 8)]
            yield f'<span dir="auto">{_safe(name)}</span>{_svg(f"k{place}", bars, length)}'
        marks = (
            f'<rect class="{_mark(cell)}" x="{_on(cell.start, length)}" y="0" width="1.2" height="15"/>'
            for cell in self._cells
            if cell.kind != "correct" or cell.wrong_speaker
        )
        yield f"<span>errors</span>{_svg('marks', marks, length)}"

    def _turns(self) -> Iterator[str]:
        """The words of each turn by the reference; what was invented stands with what is said before."""
        speaker: str | None = None
        led = []
        for cell in self._cells:
            speaker = cell.speaker if cell.speaker is not None else speaker
            led.append((speaker, cell))
        for name, run in groupby(led, key=lambda pair: pair[0]):
            yield self._turn(name, [cell for _, cell in run])

    def _turn(self, name: str | None, cells: Sequence[Cell]) -> str:
        found = {self._as(cell.found_speaker): None for cell in cells if cell.found_speaker}
        others = [other for other in found if other != name]
        right = all(cell.kind == "correct" and not cell.wrong_speaker for cell in cells)
        heard = "".join(f'<cite class="heard{self._color(other)}" dir="auto">{_safe(other)}</cite>' for other in others)
        return (
            f'<div class="turn{" right" if right else ""}{self._color(name)}"><div class="who">'
            f'<cite dir="auto">{_safe(name or "nobody")}</cite>{heard}'
            f"<time>{clock(cells[0].start)}</time></div>\n"
            f'<div class="words" dir="auto">{"".join(map(_word, cells))}</div></div>\n'
        )

    def _color(self, name: str | None) -> str:
        return f" k{self.places[name]}" if name in self.places else ""


def _word(cell: Cell) -> str:
    """A word above the one that was found."""
    said, found = _safe(cell.said), _safe(cell.found)
    return f'<span class="p {_mark(cell)}" data-t="{cell.start:.3f}"><b>{said}</b><u>{found}</u></span>\n'


def _mark(cell: Cell) -> str:
    """The class of a cell."""
    return f"{_CLASSES[cell.kind]}{' w' if cell.wrong_speaker else ''}"


def _tiles(scores: Scores) -> Iterator[str]:
    """The scores that are known, with what they are made of."""
    for name, score in scores.items():
        if not isinstance(score, Unknown):
            metric = METRICS[name]
            shown = escape(metric.shown(score.rate))
            yield f'<li title="{escape(score.detail)}"><strong>{shown}</strong><span>{metric.title}</span></li>'


def _bars(turns: Iterable[Turn], length: Seconds, kind: str, y: int) -> Iterator[str]:
    for turn in turns:
        width = max(0.4, 1000 * turn.duration / length)
        yield f'<rect class="{kind}" x="{_on(turn.start, length)}" y="{y}" width="{width:.2f}" height="7"/>'


def _svg(classes: str, shapes: Iterable[str], length: Seconds) -> str:
    """Shapes on a thousand units of the recording's length."""
    frame = f'viewBox="0 0 1000 15" preserveAspectRatio="none" data-length="{length:.3f}"'
    return f'<svg class="{classes}" {frame} role="img" aria-hidden="true">{"".join(shapes)}</svg>'


def _on(time: Seconds, length: Seconds) -> str:
    return f"{1000 * time / length:.2f}"


def _colors(speakers: int) -> str:
    """A colour for each speaker, darker on white than on black."""
    light = "".join(f".k{place} {{ --k: {color_of(place, 0.36)}; }}\n" for place in range(speakers))
    dark = "".join(f".k{place} {{ --k: {color_of(place, 0.68)}; }}\n" for place in range(speakers))
    return f"{light}@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _policy(style: str, script: str) -> str:
    """What the page may do: its own style and script, told by their hashes, and the sound."""
    own = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for name, text in _named(style, script)
    }
    return (
        f"default-src 'none'; style-src 'sha256-{own['style']}'; script-src 'sha256-{own['script']}'; "
        "media-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )


def _named(style: str, script: str) -> Iterable[tuple[str, str]]:
    return {"style": style, "script": script}.items()


def _asset(name: str) -> str:
    return files("meetscribe.report").joinpath("assets", name).read_text(encoding="utf-8")


def _safe(text: str) -> str:
    """The text on one line as it stands between tags, without what turns the direction of the text around it."""
    return escape(one_line(text).translate(_TURNS))
