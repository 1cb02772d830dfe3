"""Given chapters, such as edited ones: fitted to the published episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.errors import Notice
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.shifts import Shift, shift_chapters
from meetscribe.text.counting import counted
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript.display import clock

_SLACK: Seconds = 1.0  # tolerated distance between the end of the last chapter and that of the episode


def fit_chapters(
    chapters: Sequence[Chapter], transcribed: Seconds, shifts: Sequence[Shift], duration: Seconds
) -> tuple[tuple[Chapter, ...], tuple[Notice, ...]]:
    """Return given chapters in order, each with a title and an end, and notices about their times.

    Chapters that end with the transcript before its shifts, at `transcribed`, are shifted too; others already have the
    times of the published episode, which ends at `duration`. Those that begin after its end are left out.
    """
    ordered = sorted(chapters, key=lambda chapter: chapter.start)
    notices: tuple[Notice, ...] = ()
    if shifts and not _ends_at(ordered, duration):
        if _ends_at(ordered, transcribed):
            ordered = list(shift_chapters(ordered, shifts))
        else:
            notices = (_not_shifted(transcribed),)
    return _completed(ordered, duration), (*notices, *_late(ordered, duration))


def _ends_at(chapters: Sequence[Chapter], time: Seconds) -> bool:
    """Return whether the last end of chapters is at a time."""
    end = max((chapter.end for chapter in chapters if chapter.end is not None), default=None)
    return end is not None and abs(end - time) <= _SLACK


def _not_shifted(transcribed: Seconds) -> Notice:
    """Return a notice for chapters that are not known to have the times before the shifts."""
    text = "the given chapters were not shifted, so their times must be those of the published audio; chapters that "
    text += f"end with the transcript, at {clock(transcribed)}, are shifted too"
    return Notice("podcast.unshifted", text, {"transcript": round(transcribed, 3)})


def _late(chapters: Sequence[Chapter], duration: Seconds) -> tuple[Notice, ...]:
    """Return a notice if chapters begin after the end of the episode."""
    late = [chapter for chapter in chapters if chapter.start >= duration]
    if not late:
        return ()
    listed = ", ".join(f"{clock(chapter.start)} {one_line(chapter.title)}".rstrip() for chapter in late)
    text = f"left out because the episode ends at {clock(duration)}: {counted(len(late), 'chapter')} ({listed})"
    return (Notice("podcast.late-chapters", text, {"chapters": [chapter.start for chapter in late]}),)


def _completed(chapters: Sequence[Chapter], duration: Seconds) -> tuple[Chapter, ...]:
    """Return the chapters that begin before the end of the episode, each with a title and an end."""
    kept = [chapter for chapter in chapters if chapter.start < duration]
    ends = [*(chapter.start for chapter in kept[1:]), duration]
    return tuple(
        replace(
            chapter,
            title=one_line(chapter.title) or f"Chapter {number}",
            end=min(chapter.end if chapter.end is not None else end, duration),
        )
        for number, (chapter, end) in enumerate(zip(kept, ends, strict=True), 1)
    )
