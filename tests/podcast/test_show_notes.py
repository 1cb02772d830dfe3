"""Show notes as Markdown."""

from __future__ import annotations

import pytest

from meetscribe.podcast.episode import Episode, EpisodeOptions, make_episode
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.podcast.show_notes import chapter_lines, hms, show_notes
from tests.podcast.episodes import episode, said

OPTIONS = EpisodeOptions(PodcastSettings(60.0, 300.0, hosts=("Anna",)))


@pytest.fixture(scope="module")
def made() -> Episode:
    talk = episode()
    closing = said("Anna", talk.duration, *"Find us at example dot org slash garden.".split())
    return make_episode(talk.with_segments([*talk.segments, closing]), OPTIONS)


def test_all_sections(made: Episode) -> None:
    """Summary with quotes, chapters with times, speakers with roles and shares, links."""
    text = show_notes(made)
    assert text.startswith("# Soil, stars and sourdough\n\n## In this episode\n\n- ")
    assert "## Chapters\n\n- 00:00:00 " in text
    assert "- Anna, host (" in text and "- Ben, guest (" in text
    assert text.endswith(f"## Links mentioned\n\n- <https://example.org/garden> ({hms(made.links[0].start)})\n")


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("es", ("## En este episodio", "## Capítulos", "\u00a0% del tiempo de palabra")),
        ("de", ("## In dieser Folge", "Anna, Moderation (", "Ben, Gast (")),
        ("pt-BR", ("## Neste episódio",)),
        ("ja", ("## In this episode",)),
    ],
)
def test_headings_are_in_the_language_of_the_episode(language: str, phrases: tuple[str, ...]) -> None:
    """Other languages have English ones."""
    text = show_notes(make_episode(episode().with_meta(language=language), OPTIONS))
    assert all(phrase in text for phrase in phrases)


def test_players_recognise_the_chapters(made: Episode) -> None:
    """Another program finds the chapters in the notes and in the printed lines."""
    tools = pytest.importorskip("podcast_chapter_tools")
    section = show_notes(made).partition("## Chapters")[2].partition("##")[0].replace("- ", "")
    for text in (section, "\n".join(chapter_lines(made))):
        found = tools.extract_description_chapters(text)
        assert [int(one.start) for one in found] == [int(one.start) for one in made.chapters]


def test_hostile_texts_are_escaped() -> None:
    """Names, titles and quotes cannot add links, markup or lines."""
    talk = episode(speakers=("[x](javascript:1)", "<b>"), sentences=3, title="# T\n<script>")
    text = show_notes(make_episode(talk))
    assert "](" not in text.replace("\\]\\(", "").replace("\\](", "") and "<script>" not in text.replace("\\<", "")
    assert text.splitlines()[0] == "# \\# T \\<script\\>"


def test_an_empty_episode_has_a_title_only() -> None:
    assert show_notes(make_episode(episode().with_segments([]))) == "# Soil, stars and sourdough\n"
