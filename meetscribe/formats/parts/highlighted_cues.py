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
class _Shown:
    """A cue without its marks, and the index of the first underlined word, None if no word is underlined."""

    cue: ParsedCue
    place: int | None

    @property
    def words(self) -> list[str]:
        """The words on all lines."""
        return split_words(" ".join(self.cue.lines))

    def continues(self, before: _Shown) -> bool:
        """Return whether the cue shows the text of the cue before again: with a later word underlined, or with none.

        Whisper writes a cue without underlining before a word that does not begin at the end of the word before.
        """
        if "".join(self.words) != "".join(before.words):
            return False
        if self.place is None:
            return before.place is not None and before.place < len(before.words) - 1
        return before.place is None or before.place < self.place


def merge_highlighted(cues: Sequence[ParsedCue]) -> list[ParsedCue]:
    """Merge cues that differ only in the underlined word; each underlined word gets the times of its cue.

    If no two cues do, underlining is emphasis, and is removed.
    """
    runs: list[list[_Shown]] = []
    for shown in map(_without_marks, cues):
        if runs and shown.continues(_last_word(runs[-1], shown)):
            runs[-1].append(shown)
        else:
            runs.append([shown])
    if not any(len(_underlined(run)) > 1 for run in runs):
        return [shown.cue for run in runs for shown in run]
    return [_merged(run) for run in runs]


def _without_marks(cue: ParsedCue) -> _Shown:
    """Return the cue without marks; underlined words count only if there is one passage of them."""
    text = " ".join(cue.lines)
    lines = tuple(filter(None, (_MARK.sub("", line) for line in cue.lines)))
    marked = list(_MARKED.finditer(text))
    place = None
    if len(marked) == 1 and marked[0][1].strip():
        until, own = text[: marked[0].start()] + marked[0][1], marked[0][1]
        place = len(split_words(until)) - len(split_words(own))
    return _Shown(replace(cue, lines=lines), place)


def _last_word(run: Sequence[_Shown], shown: _Shown) -> _Shown:
    """Return the last cue of a run, or for a cue with an underlined word, the last one that has one too."""
    return run[-1] if shown.place is None else (_underlined(run) or run)[-1]


def _underlined(run: Sequence[_Shown]) -> Sequence[_Shown]:
    """Return the cues of a run that have an underlined word."""
    return [shown for shown in run if shown.place is not None]


def _merged(run: Sequence[_Shown]) -> ParsedCue:
    """Return the cues of a text as one, with the times of the underlined words."""
    times: list[tuple[Seconds | None, Seconds | None]] = [(None, None)] * len(run[0].words)
    for shown in run:
        if shown.place is not None and shown.place < len(times):
            times[shown.place] = shown.cue.start, shown.cue.end
    known = any(start is not None for start, _ in times)
    starts, ends = (tuple(side) for side in zip(*times, strict=True)) if known else ((), ())
    return replace(run[0].cue, end=run[-1].cue.end, starts=starts, ends=ends)
