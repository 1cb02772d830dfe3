"""Episodes of a feed published from their transcripts, and the copy of the feed."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from meetscribe.audio.opening import file_hash
from meetscribe.errors import OutputError
from meetscribe.podcast.episode import EpisodeOptions
from meetscribe.podcast.feed.document import read_feed
from meetscribe.podcast.feed.media import plan_feed
from meetscribe.podcast.feed.publishing import FeedOptions, is_transcribed, publish_feed, with_title_and_date
from meetscribe.podcast.settings import PodcastSettings
from meetscribe.transcript import RecordingFile
from tests.podcast.episodes import episode
from tests.podcast.feed.feeds import FEED


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a feed, media of two episodes, and the transcript of one of them."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    for folder in ("media/s1", "out/s1"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    for name in ("media/s1/one a.mp3", "media/three.mp3"):
        (tmp_path / name).write_bytes(name.encode())
    episode(title=None).save(tmp_path / "out" / "s1" / "one a.json")
    return tmp_path


def publish(place: Path, base_url: str = "", overwrite: bool = False) -> tuple[list[str], bytes]:
    feed = read_feed(place / "feed.xml")
    planned = plan_feed(feed, place / "media")
    stems = {one.recording: PurePath("s1/one a" if one.number == 0 else "three") for one in planned if one.recording}
    options = FeedOptions(place / "out", EpisodeOptions(PodcastSettings(60.0, 300.0, base_url, ("Anna",))), overwrite)
    results, copy = publish_feed(feed, planned, stems, options)
    assert copy == place / "out" / "feed.xml"
    return [one.reason for one in results], copy.read_bytes()


def test_tags_are_written_into_a_copy(place: Path) -> None:
    """Files are addressed beside the audio; the other episodes say why they were left; the source is untouched."""
    reasons, copy = publish(place)
    assert reasons[0] == "" and reasons[2] == "it is not transcribed" and reasons[1] == "it has a transcript"
    assert b'<podcast:transcript url="https://example.org/audio/s1/one%20a.vtt" type="text/vtt"' in copy
    assert b'<podcast:person role="guest">Ben</podcast:person>' in copy
    assert (place / "feed.xml").read_text(encoding="utf-8") == FEED
    assert (
        (place / "out" / "s1" / "one a.notes.md")
        .read_text(encoding="utf-8")
        .startswith("# One & all".replace("&", "\\&"))
    )
    feedparser = pytest.importorskip("feedparser")
    assert feedparser.parse(copy).entries[0]["podcast_chapters"]["type"] == "application/json+chapters"


def test_an_address_of_ones_own(place: Path) -> None:
    _, copy = publish(place, "https://cdn.example.org/t")
    assert b'url="https://cdn.example.org/t/s1/one%20a.chapters.json"' in copy


def test_a_second_run_gives_the_same(place: Path) -> None:
    """Names given in the meantime are taken over, without a model."""
    _, first = publish(place)
    assert publish(place)[1] == first
    file = place / "out" / "s1" / "one a.json"
    episode(title=None).rename({"Ben": "Benno"}).save(file, force=True)
    assert b">Benno</podcast:person>" in publish(place)[1]


def test_edited_files_stop_their_episode_only(place: Path) -> None:
    publish(place)
    (place / "out" / "s1" / "one a.vtt").write_text("edited")
    reasons, copy = publish(place)
    assert "edited since" in reasons[0] and b'podcast:transcript url="https://example.org/audio/s1' not in copy
    assert publish(place, overwrite=True)[0][0] == ""


def test_neither_the_feed_itself_nor_an_edited_copy_is_replaced(place: Path) -> None:
    publish(place)
    (place / "out" / "feed.xml").write_text("edited")
    with pytest.raises(OutputError, match="edited since"):
        publish(place)
    feed = read_feed(place / "feed.xml")
    with pytest.raises(OutputError, match="is the feed itself"):
        publish_feed(feed, [], {}, FeedOptions(place))


def test_facts_of_the_feed(place: Path) -> None:
    """Title and date come from the feed; an impossible date is left out, and a known one is kept."""
    item = read_feed(place / "feed.xml").items[0]
    meta = with_title_and_date(episode(), item).meta
    assert (meta.title, meta.recorded_at) == ("One & all", "2026-11-27T10:00:00+01:00")
    assert with_title_and_date(episode().with_meta(recorded_at="2020-01-01"), item).meta.recorded_at == "2020-01-01"
    undated = read_feed(place / "feed.xml").items[2]
    assert with_title_and_date(episode(), undated).meta.recorded_at is None


def test_transcripts_are_recognised_by_the_digest(place: Path) -> None:
    recording, file = place / "media" / "three.mp3", place / "out" / "three.json"
    assert not is_transcribed(recording, file)
    episode().save(file)
    assert not is_transcribed(recording, file)
    with recording.open("rb") as data:
        own = RecordingFile("three.mp3", file_hash(data))
    episode().with_meta(recording=own).save(file, force=True)
    assert is_transcribed(recording, file)
