"""Copies of the audio that an earlier run wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.earlier_copy import earlier_copy
from meetscribe.podcast.episode import EpisodeOptions, make_episode
from meetscribe.podcast.output import write_episode
from tests.podcast.episodes import audio, episode, ffmpeg_chapters, packets


def test_chapters_of_an_earlier_copy_are_updated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audio stays the same; a copy of another length is reported, and an edited copy is ignored."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    talk = episode(("bread",), sentences=1)
    source = audio(tmp_path / "source.mp3", talk.duration)
    write_episode(make_episode(talk), tmp_path, "show", audio=source)
    made = make_episode(talk, EpisodeOptions(chapters=(Chapter(0.0, "New"),)))
    copy, notices = earlier_copy(made, tmp_path, "show")
    assert copy == tmp_path / "show.chapters.mp3" and notices == ()
    write_episode(made, tmp_path, "show", audio=copy)
    assert [title for _, title in ffmpeg_chapters(copy)] == ["New"] and packets(copy) == packets(source)
    longer, (notice,) = earlier_copy(make_episode(talk, EpisodeOptions(duration=60.0)), tmp_path, "show")
    assert longer is None and "show.chapters.mp3 still has the chapters of an earlier run" in notice.text
    copy.write_bytes(copy.read_bytes() + b"edited")
    assert earlier_copy(made, tmp_path, "show") == (None, ())
