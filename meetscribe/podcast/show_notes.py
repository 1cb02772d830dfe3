"""Show notes as Markdown: central quotes, chapters with times, speakers, and mentioned links."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.markup.escaping import escape_markdown
from meetscribe.podcast.episode import Episode
from meetscribe.podcast.notes_wording import NotesWording, wording_of
from meetscribe.timeline import Seconds


def show_notes(episode: Episode) -> str:
    """Return the show notes of an episode in Markdown.

    Each chapter is a line with a time and a title, which podcast platforms turn into a link. The summary quotes the
    most central sentences. Headings are in the language of the episode if `notes_wording` has it, else in English.
    """
    words = wording_of(episode.transcript.language)
    lines = [f"# {escape_markdown(episode.title)}", *_summary(episode, words), *_chapters(episode, words)]
    return "\n".join([*lines, *_speakers(episode, words), *_links(episode, words)]) + "\n"


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


def _summary(episode: Episode, words: NotesWording) -> Iterator[str]:
    if episode.summary:
        yield from ("", f"## {words.summary}", "")
        for quote in episode.summary:
            speaker = f"{escape_markdown(quote.speaker)}: " if quote.speaker else ""
            yield f"- {speaker}“{escape_markdown(quote.text)}” ({hms(quote.start)})"


def _chapters(episode: Episode, words: NotesWording) -> Iterator[str]:
    if episode.listed_chapters:
        yield from ("", f"## {words.chapters}", "")
        yield from (f"- {hms(chapter.start)} {escape_markdown(chapter.title)}" for chapter in episode.listed_chapters)


def _speakers(episode: Episode, words: NotesWording) -> Iterator[str]:
    if episode.speakers:
        yield from ("", f"## {words.speakers}", "")
        for speaker in episode.speakers:
            role = f", {words.role(speaker.role)}" if speaker.role else ""
            yield f"- {escape_markdown(speaker.name)}{role} ({words.share_text(speaker.share)})"


def _links(episode: Episode, words: NotesWording) -> Iterator[str]:
    if episode.links:
        yield from ("", f"## {words.links}", "")
        yield from (f"- <{link.url}> ({hms(link.start)})" for link in episode.links)
