"""The evaluation page: reference and hypothesis word by word, with errors in colour, in one HTML file.

All text is escaped, and the page's Content Security Policy allows only its own script and style.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from meetscribe.evaluation.inputs import ScoringInput
from meetscribe.evaluation.normalization import find_normalization
from meetscribe.evaluation.scoring import METRICS, EvaluationSettings, Scores, UnknownScore
from meetscribe.evaluation.word_alignment import AlignedWord, align_words
from meetscribe.markup.colors import color_rules
from meetscribe.markup.escaping import escape_markup
from meetscribe.markup.page import make_page, source_hash
from meetscribe.report.assets import asset
from meetscribe.timeline import Seconds, Span, Turn
from meetscribe.transcript import Transcript
from meetscribe.transcript.display import clock

# CSS classes. Others are "p" for a pair of words, "r" and "h" for bars of reference and hypothesis, "kN" for the colour
# of a speaker, and "right" for a turn without errors.
_CLASSES = {"correct": "c", "substituted": "s", "deleted": "d", "inserted": "i"}
_LEGEND = (
    ("c", "correct"),
    ("s", "substituted"),
    ("d", "deleted"),
    ("i", "inserted"),
    ("w", "wrong speaker"),
)
_ON_LIGHT, _ON_DARK = 0.36, 0.68  # the lightness of the speakers' colours


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two transcripts of a recording, their scores, the URL of the audio, and the scored regions (None: all)."""

    name: str
    reference: Transcript
    hypothesis: Transcript
    scores: Scores
    audio_url: str | None = None
    within: Sequence[Span] | None = None


def make_evaluation_page(comparisons: Sequence[Comparison], settings: EvaluationSettings) -> str:
    """Return the page as HTML, a section per recording; words are aligned as for the WER, scores are not recomputed."""
    sections = [_Section(comparison, settings) for comparison in comparisons]
    speakers = max((len(section.indices) for section in sections), default=0)
    style, script = asset("evaluation.css") + _color_style(speakers), asset("evaluation.js")
    recordings = escape_markup(comparisons[0].name) if len(comparisons) == 1 else f"{len(comparisons)} recordings"
    title = f"Errors in {recordings}"
    body = (
        f"{_header(title, settings)}<main>\n{''.join(section.html() for section in sections)}"
        f"<footer>Made by meetscribe.</footer>\n</main>\n<script>{script}</script>\n"
    )
    return make_page(title, body, style, _policy(style, script))


def _header(title: str, settings: EvaluationSettings) -> str:
    """Return the head of the page: title, settings, legend and keys."""
    legend = " ".join(f'<span class="key {mark}">{text}</span>' for mark, text in _LEGEND)
    return (
        f"<header>\n<h1>{title}</h1>\n"
        f'<p class="settings">Upper line: reference. Lower line: hypothesis. {escape_markup(str(settings))}.</p>\n'
        f'<p class="bar">{legend} <label><input type="checkbox" id="errors"> only turns with errors</label> '
        "<span><kbd>n</kbd> next error <kbd>p</kbd> previous error</span></p>\n</header>\n"
    )


class _Section:
    """The section of one recording."""

    def __init__(self, comparison: Comparison, settings: EvaluationSettings) -> None:
        normalization = find_normalization(settings.normalization)
        self._comparison = comparison
        self._reference = ScoringInput(comparison.reference, normalization, comparison.within)
        self._hypothesis = ScoringInput(comparison.hypothesis, normalization, comparison.within)
        # _reference_names: the reference name of each speaker of the hypothesis that has a match
        self._words, self._reference_names = align_words(self._reference.words, self._hypothesis.words)
        names = [turn.speaker for turn in self._reference.turns]
        others = [self._reference_name(turn.speaker) for turn in self._hypothesis.turns]
        self.indices = {name: index for index, name in enumerate(dict.fromkeys([*names, *others]))}

    def html(self) -> str:
        """Return the section: scores, lanes of the speakers, and the words by turn."""
        comparison = self._comparison
        url = comparison.audio_url
        audio = f'<audio controls preload="metadata" src="{escape_markup(url)}"></audio>' if url else ""
        return (
            f'<section{" class=sounds" if audio else ""}>\n<h2 dir="auto">{escape_markup(comparison.name)}</h2>\n'
            f'<ul class="tiles">{"".join(_tiles(comparison.scores))}</ul>\n{self._matched_speakers()}'
            f'<div class="top">{audio}<div class="lanes">{"".join(self._lanes())}</div></div>\n'
            f"{''.join(self._turns())}</section>\n"
        )

    def _matched_speakers(self) -> str:
        """Return the pairs of matched speakers with different names, as HTML."""
        renamed = ((found, name) for found, name in self._reference_names.items() if found != name and found and name)
        pairs = ", ".join(
            f"<bdi>{escape_markup(found)}</bdi> is <bdi>{escape_markup(name)}</bdi>" for found, name in renamed
        )
        return f'<p class="settings">{pairs}</p>\n' if pairs else ""

    def _reference_name(self, found: str) -> str:
        """Return the reference name matched with a speaker of the hypothesis, or the speaker's own name."""
        return self._reference_names.get(found, found)

    def _lanes(self) -> Iterator[str]:
        """Yield one lane per speaker, reference above hypothesis, and a lane of errors."""
        duration = max([1.0, self._comparison.reference.duration, self._comparison.hypothesis.duration])
        for name, index in self.indices.items():
            expected = [turn for turn in self._reference.turns if turn.speaker == name]
            found = [turn for turn in self._hypothesis.turns if self._reference_name(turn.speaker) == name]
            bars = [*_bars(expected, duration, "r", 0), *_bars(found, duration, "h", 8)]
            yield f'<span dir="auto">{escape_markup(name)}</span>{_svg(f"k{index}", bars, duration)}'
        marks = (
            f'<rect class="{_mark(word)}" x="{_x(word.start, duration)}" y="0" width="1.2" height="15"/>'
            for word in self._words
            if word.kind != "correct" or word.wrong_speaker
        )
        yield f"<span>errors</span>{_svg('marks', marks, duration)}"

    def _turns(self) -> Iterator[str]:
        """Yield the words of each turn of the reference; inserted words belong to the preceding turn."""
        speaker: str | None = None
        words = []
        for word in self._words:
            speaker = word.reference_speaker if word.reference_speaker is not None else speaker
            words.append((speaker, word))
        for name, run in groupby(words, key=lambda pair: pair[0]):
            yield self._turn(name, [word for _, word in run])

    def _turn(self, name: str | None, words: Sequence[AlignedWord]) -> str:
        found = {self._reference_name(word.hypothesis_speaker): None for word in words if word.hypothesis_speaker}
        others = [other for other in found if other != name]
        correct = all(word.kind == "correct" and not word.wrong_speaker for word in words)
        cites = "".join(
            f'<cite class="heard{self._color(other)}" dir="auto">{escape_markup(other)}</cite>' for other in others
        )
        return (
            f'<div class="turn{" right" if correct else ""}{self._color(name)}"><div class="who">'
            f'<cite dir="auto">{escape_markup(name or "unknown")}</cite>{cites}'
            f"<time>{clock(words[0].start)}</time></div>\n"
            f'<div class="words" dir="auto">{"".join(map(_word, words))}</div></div>\n'
        )

    def _color(self, name: str | None) -> str:
        return f" k{self.indices[name]}" if name in self.indices else ""


def _word(word: AlignedWord) -> str:
    """Return a word of the reference above the aligned word of the hypothesis."""
    expected, found = escape_markup(word.reference), escape_markup(word.hypothesis)
    return f'<span class="p {_mark(word)}" data-t="{word.start:.3f}"><b>{expected}</b><u>{found}</u></span>\n'


def _mark(word: AlignedWord) -> str:
    """Return the CSS classes of an aligned word."""
    return f"{_CLASSES[word.kind]}{' w' if word.wrong_speaker else ''}"


def _tiles(scores: Scores) -> Iterator[str]:
    """Yield a list item for each known score, with its details as a tooltip."""
    for name, score in scores.items():
        if not isinstance(score, UnknownScore):
            metric = METRICS[name]
            rate = escape_markup(metric.format(score.rate))
            yield (f'<li title="{escape_markup(score.detail)}"><strong>{rate}</strong><span>{metric.title}</span></li>')


def _bars(turns: Iterable[Turn], duration: Seconds, kind: str, y: int) -> Iterator[str]:
    for turn in turns:
        width = max(0.4, 1000 * turn.duration / duration)
        yield f'<rect class="{kind}" x="{_x(turn.start, duration)}" y="{y}" width="{width:.2f}" height="7"/>'


def _svg(classes: str, shapes: Iterable[str], duration: Seconds) -> str:
    """Return shapes on a timeline 1000 units wide."""
    frame = f'viewBox="0 0 1000 15" preserveAspectRatio="none" data-length="{duration:.3f}"'
    return f'<svg class="{classes}" {frame} role="img" aria-hidden="true">{"".join(shapes)}</svg>'


def _x(time: Seconds, duration: Seconds) -> str:
    return f"{1000 * time / duration:.2f}"


def _color_style(speakers: int) -> str:
    """Return the CSS of the speakers' colours, darker on a light page than on a dark page."""
    on_light = "".join(f"{rule}\n" for rule in color_rules(speakers, ".k", "--k", _ON_LIGHT))
    on_dark = "".join(f"{rule}\n" for rule in color_rules(speakers, ".k", "--k", _ON_DARK))
    return f"{on_light}@media (prefers-color-scheme: dark) {{ {on_dark} }}\n"


def _policy(style: str, script: str) -> str:
    """Return the page's Content Security Policy: its own style and script by hash, and audio."""
    return (
        f"default-src 'none'; style-src {source_hash(style)}; script-src {source_hash(script)}; "
        "media-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )
