"""Recordings of the episodes of a feed: found below two folders only."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.podcast.feed.document import Feed, parse_feed
from meetscribe.podcast.feed.media import plan_feed
from tests.podcast.feed.feeds import FEED


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return the folder of a feed, beside a folder of media and a file that is not to be read."""
    for name in ("feed/four.mp3", "media/s1/one a.mp3", "media/one a.mp3", "media/two.mp3", "secret.mp3"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def feed_of(place: Path, text: str = FEED) -> Feed:
    return parse_feed(text.encode(), place / "feed" / "feed.xml")


def one_item(address: str) -> str:
    return f'<rss><channel><item><title>T</title><enclosure url="{address}"/></item></channel></rss>'


def test_files_are_found_by_the_end_of_their_address(place: Path) -> None:
    """The longest common end wins; a relative address is beside the feed; others are explained."""
    planned = plan_feed(feed_of(place), place / "media")
    assert [one.recording and one.recording.relative_to(place).as_posix() for one in planned] == [
        "media/s1/one a.mp3",
        None,
        None,
        "feed/four.mp3",
    ]
    assert [one.reason for one in planned] == [
        "",
        "it has a transcript",
        "there is no local file three.mp3 (--media)",
        "",
    ]
    (place / "media" / "s1" / "one a.mp3").unlink()
    assert plan_feed(feed_of(place), place / "media")[0].recording == place / "media" / "one a.mp3"


def test_the_folder_of_the_feed_is_searched(place: Path) -> None:
    """A file below --media comes first; without --media, only the folder of the feed counts."""
    planned = plan_feed(feed_of(place))
    assert [one.recording is not None for one in planned] == [False, False, False, True]
    beside = place / "feed" / "one a.mp3"
    beside.write_bytes(b"x")
    assert plan_feed(feed_of(place))[0].recording == beside
    assert plan_feed(feed_of(place), place / "media")[0].recording == place / "media" / "s1" / "one a.mp3"


@pytest.mark.parametrize(
    "address",
    [
        "../secret.mp3",
        "https://example.org/../../secret.mp3",
        "https://example.org/%2e%2e/secret.mp3",
        "file:///etc/passwd",
        "file://host/etc/passwd",
        "//host/secret.mp3",
        "/etc/passwd",
        "",
        "a%00b.mp3",
        "https://example.org/..%2fsecret.mp3",
        "https://example.org/link.mp3",
        "https://[bad",
    ],
)
def test_no_other_file_is_read(place: Path, address: str) -> None:
    """Addresses with "..", of other folders, or that lead outside by a link, have no recording."""
    (place / "media" / "link.mp3").symlink_to(place / "secret.mp3")
    (one,) = plan_feed(feed_of(place, one_item(address)), place / "media")
    assert one.recording is None and one.reason


def test_a_file_address_below_the_folders(place: Path) -> None:
    uri = (place / "media" / "s1" / "one a.mp3").as_uri()
    (one,) = plan_feed(feed_of(place, one_item(uri)), place / "media")
    assert one.recording == place / "media" / "s1" / "one a.mp3"


def test_a_file_that_fits_two_episodes_is_of_none(place: Path) -> None:
    """Feeds that call every file audio.mp3 must not get the words of another episode."""
    items = "".join(f'<item><title>{n}</title><enclosure url="https://x.org/{n}/two.mp3"/></item>' for n in "ab")
    planned = plan_feed(feed_of(place, f"<rss><channel>{items}</channel></rss>"), place / "media")
    assert [(one.recording, one.reason) for one in planned] == [(None, "two.mp3 fits several episodes")] * 2
