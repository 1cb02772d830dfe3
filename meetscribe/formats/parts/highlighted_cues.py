"""Subtitles that show a text once per word, with that word underlined, as Whisper and whisperX write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from meetscribe.formats.parts.parsed_cues import ParsedCue
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Seconds

_MARK = re.compile(r"</?u>", re.IGNORECASE)
_MARKED = re.compile(r"<u>([^<>]*)</u>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _HighlightedCue:
    """A cue without its marks; `underlined` is the index of the first underlined word, None unless one passage is."""

    cue: ParsedCue
    underlined: int | None

    @property
    def words(self) -> list[str]:
        """The words on all lines."""
        return split_words(" ".join(self.cue.lines))

    def continues(self, before: _HighlightedCue) -> bool:
        """Return whether the cue repeats the text of `before`, with a later word underlined or with none.

        Whisper writes a cue without underlining between two words that do not follow each other directly.
        """
        if "".join(self.words) != "".join(before.words):
            return False
        if self.underlined is None:
            return before.underlined is not None and before.underlined < len(before.words) - 1
        return before.underlined is None or before.underlined < self.underlined


def merge_highlighted(cues: Sequence[ParsedCue]) -> list[ParsedCue]:
    """Merge cues that differ only in the underlined word; each underlined word gets the times of its cue.

    If no two cues do, underlining is emphasis, and is removed.
    """
    runs: list[list[_HighlightedCue]] = []
    for shown in map(_without_marks, cues):
        if runs and shown.continues(_previous(runs[-1], shown)):
            runs[-1].append(shown)
        else:
            runs.append([shown])
    if not any(len(_with_underline(run)) > 1 for run in runs):
        return [shown.cue for run in runs for shown in run]
    return [_merged(run) for run in runs]


def _without_marks(cue: ParsedCue) -> _HighlightedCue:
    """Return the cue without marks; underlined words count only if there is one passage of them."""
    text = " ".join(cue.lines)
    lines = tuple(filter(None, (_MARK.sub("", line) for line in cue.lines)))
    marked = list(_MARKED.finditer(text))
    underlined = None
    if len(marked) == 1 and marked[0][1].strip():
        prefix, passage = text[: marked[0].start()] + marked[0][1], marked[0][1]
        underlined = len(split_words(prefix)) - len(split_words(passage))
    return _HighlightedCue(replace(cue, lines=lines), underlined)


def _previous(run: Sequence[_HighlightedCue], shown: _HighlightedCue) -> _HighlightedCue:
    """Return the cue of a run with which to compare the next cue.

    For a cue with an underlined word, this is the last one with an underlined word, otherwise the last one.
    """
    return run[-1] if shown.underlined is None else (_with_underline(run) or run)[-1]


def _with_underline(run: Sequence[_HighlightedCue]) -> Sequence[_HighlightedCue]:
    """Return the cues of a run that have an underlined word."""
    return [shown for shown in run if shown.underlined is not None]


def _merged(run: Sequence[_HighlightedCue]) -> ParsedCue:
    """Return the cues of a text as one, with the times of the underlined words."""
    times: list[tuple[Seconds | None, Seconds | None]] = [(None, None)] * len(run[0].words)
    for shown in run:
        if shown.underlined is not None and shown.underlined < len(times):
            times[shown.underlined] = shown.cue.start, shown.cue.end
    known = any(start is not None for start, _ in times)
    starts, ends = (tuple(side) for side in zip(*times, strict=True)) if known else ((), ())
    return replace(run[0].cue, end=run[-1].cue.end, starts=starts, ends=ends)
