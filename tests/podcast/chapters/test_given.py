"""Given chapters: order, titles, ends, and shifts."""

from __future__ import annotations

from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.chapters.given import fit_chapters
from meetscribe.podcast.shifts import Shift


def test_chapters_are_completed() -> None:
    """They are put in order; those after the end are left out, which a notice reports."""
    given = (Chapter(60.0, "Two\n\x1b", 70.0), Chapter(0.0, ""), Chapter(5000.0, "Beyond"))
    chapters, notices = fit_chapters(given, 100.0, (), 100.0)
    assert chapters == (Chapter(0.0, "Chapter 1", 60.0), Chapter(60.0, "Two", 70.0))
    (late,) = notices
    assert late.code == "podcast.late-chapters" and late.data == {"chapters": [5000.0]}
    assert "1 chapter (1:23:20.0 Beyond)" in late.text


def test_chapters_of_the_transcript_are_shifted() -> None:
    """They end with the transcript, not with the published audio."""
    given = (Chapter(0.0, "One", 60.0), Chapter(60.0, "Two", 100.0))
    chapters, notices = fit_chapters(given, 100.3, [Shift(30.0, -20.0)], 80.2)
    assert chapters == (Chapter(0.0, "One", 40.0), Chapter(40.0, "Two", 80.0)) and notices == ()
    assert fit_chapters(chapters, 100.3, [Shift(30.0, -20.0)], 80.2) == (chapters, ())


def test_chapters_without_an_end_are_not_shifted() -> None:
    chapters, (notice,) = fit_chapters((Chapter(0.0, "One"), Chapter(60.0, "Two")), 100.0, [Shift(30.0, -20.0)], 80.0)
    assert [chapter.start for chapter in chapters] == [0.0, 60.0]
    assert notice.code == "podcast.unshifted" and "end with the transcript, at 0:01:40.0," in notice.text
