"""Show notes as Markdown: central quotes, chapters with times, speakers, and mentioned links."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.markup.escaping import escape_markdown
from meetscribe.podcast.episode import Episode
from meetscribe.timeline import Seconds


def show_notes(episode: Episode) -> str:
    """Return the show notes of an episode in Markdown.

    Each chapter is a line with a time and a title, which podcast platforms turn into a link. The summary quotes the
    most central sentences.
    """
    lines = [f"# {escape_markdown(episode.title)}", *_summary(episode), *_chapters(episode), *_speakers(episode)]
    return "\n".join([*lines, *_links(episode)]) + "\n"


def chapter_lines(episode: Episode) -> Iterator[str]:
    """Yield a line per chapter: its start, in the form that players recognise, and its title."""
    for chapter in episode.listed_chapters:
        yield f"{hms(chapter.start)} {chapter.title}"


def hms(time: Seconds) -> str:
    """Return a time as hours, minutes and whole seconds.

    >>> hms(3723.9)
    '01:02:03'
    """
    minutes, seconds = divmod(int(time), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def _summary(episode: Episode) -> Iterator[str]:
    if episode.summary:
        yield from ("", "## In this episode", "")
        for quote in episode.summary:
            speaker = f"{escape_markdown(quote.speaker)}: " if quote.speaker else ""
            yield f"- {speaker}“{escape_markdown(quote.text)}” ({hms(quote.start)})"


def _chapters(episode: Episode) -> Iterator[str]:
    if episode.listed_chapters:
        yield from ("", "## Chapters", "")
        yield from (f"- {hms(chapter.start)} {escape_markdown(chapter.title)}" for chapter in episode.listed_chapters)


def _speakers(episode: Episode) -> Iterator[str]:
    if episode.speakers:
        yield from ("", "## Speakers", "")
        for speaker in episode.speakers:
            role = f", {speaker.role}" if speaker.role else ""
            yield f"- {escape_markdown(speaker.name)}{role} ({speaker.share:.0%} of the talk time)"


def _links(episode: Episode) -> Iterator[str]:
    if episode.links:
        yield from ("", "## Links mentioned", "")
        yield from (f"- <{link.url}> ({hms(link.start)})" for link in episode.links)
