"""The files of an episode: valid by their specifications, with times in the episode, never replaced silently."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from meetscribe import formats
from meetscribe.errors import InputError, OutputError
from meetscribe.formats.chapters import read_chapters
from meetscribe.podcast.episode import Episode, EpisodeOptions, make_episode
from meetscribe.podcast.output import SUFFIXES, episode_files, plan_files, summary_json, write_episode
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.podcast.shifts import Shift
from meetscribe.transcript.utterances import utterances
from tests.formats.test_schemas import CHAPTERS, PODCAST
from tests.podcast.episodes import audio, episode, ffmpeg_chapters, packets

SETTINGS = PodcastSettings(60.0, 300.0)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))


EPISODES = {
    "two hosts": lambda: make_episode(episode(), EpisodeOptions(SETTINGS)),
    "interview": lambda: make_episode(episode(speakers=("Anna", "Guest", "Guest", "Guest")), EpisodeOptions(SETTINGS)),
    "short": lambda: make_episode(episode(("bread",), sentences=1)),
    "three hours": lambda: make_episode(episode(("garden", "space", "bread", "trains") * 15, sentences=48)),
    "cut": lambda: make_episode(episode(), EpisodeOptions(SETTINGS, (Shift(30, -20), Shift(100, 45)))),
}


@pytest.fixture(scope="module", params=EPISODES)
def made(request: pytest.FixtureRequest) -> Episode:
    """Return an episode of each kind."""
    return EPISODES[request.param]()


@pytest.fixture(scope="module")
def contents(made: Episode) -> dict[str, bytes]:
    files = episode_files(made, "ep")
    assert tuple(name.name.removeprefix("ep") for name in files) == SUFFIXES
    return {name.name.removeprefix("ep"): data for name, data in files.items()}


def test_json_is_valid(contents: dict[str, bytes]) -> None:
    """Transcript and chapters are valid by the schemas of the podcast namespace."""
    jsonschema = pytest.importorskip("jsonschema")
    for suffix, schema in ((".podcast.json", PODCAST), (".chapters.json", CHAPTERS)):
        jsonschema.Draft202012Validator(schema).validate(json.loads(contents[suffix]))


def test_times_are_monotone_and_within_the_episode(made: Episode, contents: dict[str, bytes]) -> None:
    segments = json.loads(contents[".podcast.json"])["segments"]
    chapters = json.loads(contents[".chapters.json"])["chapters"]
    for rows in (segments, chapters):
        assert all(one["startTime"] <= after["startTime"] for one, after in pairwise(rows))
        assert all(0 <= one["startTime"] < one["endTime"] <= made.duration + 0.001 for one in rows)
    assert chapters[0]["startTime"] == 0 and chapters[-1]["endTime"] == made.duration


def test_segments_are_short_and_have_speakers(contents: dict[str, bytes]) -> None:
    """Every segment has a speaker and fits on two lines of captions; no word is lost."""
    segments = json.loads(contents[".podcast.json"])["segments"]
    assert all(
        one["speaker"] and len(one["body"]) <= 2 * 65 and one["endTime"] - one["startTime"] <= 7 for one in segments
    )


@pytest.mark.parametrize("suffix", [".vtt", ".srt", ".podcast.json"])
def test_transcripts_keep_all_words_and_speakers(made: Episode, contents: dict[str, bytes], suffix: str) -> None:
    read = formats.read(contents[suffix], f"ep{suffix}")
    expected = [
        (name, word) for one in utterances(made.transcript) for name in [one.speaker] for word in one.text.split()
    ]
    assert [(word.speaker, word.text) for word in read.words] == expected


def test_captions_have_the_width_that_players_expect(contents: dict[str, bytes]) -> None:
    """WebVTT has at most 65 columns, SubRip 32; every WebVTT cue has a voice."""
    vtt, srt = contents[".vtt"].decode(), contents[".srt"].decode()
    cues = [block.split("\n", 1)[1] for block in vtt.split("\n\n") if "-->" in block]
    assert all(cue.startswith("<v ") for cue in cues)
    plain = (line.partition(">")[2] if line.startswith("<v ") else line for cue in cues for line in cue.split("\n"))
    assert max(len(line.removesuffix("</v>")) for line in plain) <= 65
    assert max(map(len, srt.splitlines())) <= 32


def test_a_copy_with_chapters(tmp_path: Path) -> None:
    """The audio keeps its packets; other files have mode 0600; the tags for the feed are returned."""
    source = audio(tmp_path / "show.mp3", 2.0)
    made = make_episode(episode(("bread",), sentences=1), EpisodeOptions(duration=2.0))
    published = write_episode(made, tmp_path / "out", "show", base_url="https://example.org", audio=source)
    copy = tmp_path / "out" / "show.chapters.mp3"
    assert published.files[-1] == copy and packets(copy) == packets(source)
    assert [title for _, title in ffmpeg_chapters(copy)] == [chapter.title for chapter in made.chapters]
    assert {file.stat().st_mode & 0o777 for file in published.files} == {0o600}
    assert published.tags[0].attributes["url"] == "https://example.org/show.vtt"


def test_other_members_of_given_chapters(tmp_path: Path) -> None:
    """Links and images are written again; a hidden chapter is in the JSON only, and continues the one before it."""
    rows = [
        {"startTime": 0.0, "title": "One", "endTime": 1.0, "img": "https://example.org/\ud800.png"},
        {"startTime": 1.0, "title": "Hidden", "endTime": 1.5, "toc": False, "url": "https://example.org"},
        {"startTime": 1.5, "title": "Two", "endTime": 2.0},
    ]
    given = read_chapters(json.dumps({"version": "1.2.0", "chapters": rows}).encode())
    made = make_episode(episode(("bread",), sentences=1), EpisodeOptions(chapters=given, duration=2.0))
    assert [(chapter.title, chapter.end) for chapter in made.listed_chapters] == [("One", 1.5), ("Two", 2.0)]
    files = {name.suffixes[-2]: data.decode() for name, data in episode_files(made, "ep").items() if name.suffixes[1:]}
    written = json.loads(files[".chapters"])["chapters"]
    assert written[1:] == rows[1:] and written[0]["img"].startswith("https://example.org/")
    assert "Hidden" not in files[".psc"] + files[".notes"] and "Two" in files[".psc"]
    copy = write_episode(made, tmp_path, "ep", audio=audio(tmp_path / "source.mp3", 2.0)).files[-1]
    assert [title for _, title in ffmpeg_chapters(copy)] == ["One", "Two"]


def test_edited_files_are_kept(tmp_path: Path) -> None:
    """What is as written is replaced; a file that was edited is not, before anything is written."""
    made = make_episode(episode(sentences=4))
    write_episode(made, tmp_path, "sub/show")
    edited = tmp_path / "sub" / "show.chapters.json"
    edited.write_text(edited.read_text().replace("title", "title "))
    (tmp_path / "sub" / "show.vtt").unlink()
    with pytest.raises(OutputError, match=r"show\.chapters\.json was not written by meetscribe, or was edited since"):
        write_episode(made, tmp_path, "sub/show")
    assert not (tmp_path / "sub" / "show.vtt").exists()
    write_episode(made, tmp_path, "sub/show", overwrite=True)
    write_episode(made, tmp_path, "sub/show")


def test_planning(tmp_path: Path) -> None:
    """Audio of other containers has no copy; missing audio is an error at once."""
    assert len(plan_files(tmp_path, "a", None)) == len(SUFFIXES)
    assert len(plan_files(tmp_path, "a", audio(tmp_path / "b.wav", 0.1))) == len(SUFFIXES)
    assert plan_files(tmp_path, "a", audio(tmp_path / "b.opus", 0.1))[-1] == tmp_path / "a.chapters.opus"
    with pytest.raises(InputError, match="cannot be read"):
        plan_files(tmp_path, "a", tmp_path / "missing.mp3")


def test_the_summary_is_json(made: Episode) -> None:
    values: dict[str, Any] = json.loads(json.dumps(summary_json(made, [Path("a.vtt")])))
    assert values["files"] == ["a.vtt"] and len(values["chapters"]) == len(made.chapters)
