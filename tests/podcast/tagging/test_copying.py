"""Chapters in every container: read back by three readers, with the audio unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError, OutputError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.copying import can_tag, write_tagged_copy
from tests.podcast.episodes import audio, ffmpeg_chapters, ffmpeg_tags, packets
from tests.support.recordings import tone, write

CHAPTERS = (Chapter(0.0, "Intro — “Üben” & mehr"), Chapter(1.25, "Zweiter Teil", 2.5), Chapter(2.5, "日本語の章"))
EXPECTED = [(chapter.start, chapter.title) for chapter in CHAPTERS]
KINDS = ("mp3", "m4a", "mp4", "ogg", "opus")


@pytest.fixture(scope="module", params=KINDS)
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return audio and its copy with chapters."""
    folder = tmp_path_factory.mktemp("audio")
    source = audio(folder / f"source.{request.param}")
    target = folder / f"copy.{request.param}"
    write_tagged_copy(source, target, CHAPTERS, 3.0)
    return source, target


def test_the_audio_is_the_same(copied: tuple[Path, Path]) -> None:
    """Each packet has the same bytes and the same time; other tags are kept."""
    source, target = copied
    assert packets(source) == packets(target)
    assert ffmpeg_tags(target).items() >= {"title": "Kept", "artist": "Änne"}.items()
    assert target.stat().st_mode & 0o777 == 0o600


def test_ffmpeg_reads_the_chapters(copied: tuple[Path, Path]) -> None:
    assert ffmpeg_chapters(copied[1]) == EXPECTED


def test_chapters_are_replaced(copied: tuple[Path, Path], tmp_path: Path) -> None:
    """A copy of a copy has the new chapters only."""
    again = tmp_path / copied[1].name
    write_tagged_copy(copied[1], again, CHAPTERS[:2], 3.0)
    assert ffmpeg_chapters(again) == EXPECTED[:2]
    assert packets(again) == packets(copied[0])


def test_mutagen_reads_the_chapters(copied: tuple[Path, Path]) -> None:
    mutagen = pytest.importorskip("mutagen", reason="mutagen is GPL, so it is optional")
    file = mutagen.File(copied[1])
    if copied[1].suffix == ".mp3":
        found = [(one.start_time / 1000, str(one.sub_frames["TIT2"])) for one in file.tags.getall("CHAP")]
        contents = file.tags.getall("CTOC")[0]
        assert contents.child_element_ids == [one.element_id for one in file.tags.getall("CHAP")]
    elif copied[1].suffix in (".m4a", ".mp4"):
        found = [(one.start, one.title) for one in file.chapters]
    else:
        times = [file.tags[f"chapter{number:03}"][0] for number in (1, 2, 3)]
        assert times == ["00:00:00.000", "00:00:01.250", "00:00:02.500"]
        found = [(start, file.tags[f"chapter{number:03}name"][0]) for number, (start, _) in enumerate(EXPECTED, 1)]
    assert found == EXPECTED


def test_a_third_reader_reads_the_chapters(copied: tuple[Path, Path]) -> None:
    """MediaInfo reads MP4 (both forms of chapters) and Ogg, eyeD3 reads MP3."""
    if copied[1].suffix == ".mp3":
        eyed3 = pytest.importorskip("eyed3", reason="eyeD3 is GPL, so it is optional")
        tag = eyed3.load(str(copied[1])).tag
        assert [(one.times.start / 1000, one.title) for one in tag.chapters] == EXPECTED
        assert list(next(iter(tag.table_of_contents)).child_ids) == [one.element_id for one in tag.chapters]
        return
    media_info = pytest.importorskip("pymediainfo").MediaInfo
    if not media_info.can_parse():
        pytest.skip("the library of MediaInfo cannot be loaded")
    menus = [track.to_data() for track in media_info.parse(str(copied[1])).tracks if track.track_type == "Menu"]
    expected = dict(zip(("00_00_00000", "00_00_01250", "00_00_02500"), (title for _, title in EXPECTED), strict=True))
    assert len(menus) == (2 if copied[1].suffix in (".m4a", ".mp4") else 1)
    assert all(menu.items() >= expected.items() for menu in menus)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sources")
    return {kind: audio(folder / f"source.{kind}", 0.3) for kind in ("mp3", "m4a", "ogg")}


titles = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=120)
starts = st.lists(st.integers(1, 86_400_000), max_size=254, unique=True)


@settings(deadline=None, max_examples=15)
@given(kind=st.sampled_from(["mp3", "m4a", "ogg"]), later=starts, title=titles)
def test_any_chapters_are_read_back(sources: dict[str, Path], kind: str, later: list[int], title: str) -> None:
    """Up to 255 chapters with any titles, at any millisecond of a day, are read back in order; none is lost."""
    chapters = [Chapter(at / 1000, f"{number} {title}"[:80]) for number, at in enumerate([0, *sorted(later)])]
    target = sources[kind].with_name(f"copy.{kind}")
    write_tagged_copy(sources[kind], target, chapters[::-1], 90_000.0)
    found = ffmpeg_chapters(target)
    assert found == [(one.start, one.title) for one in chapters]
    assert packets(target) == packets(sources[kind])


def test_titles_are_one_line(sources: dict[str, Path]) -> None:
    """Control characters could end a comment or a frame early."""
    target = sources["ogg"].with_name("lines.ogg")
    write_tagged_copy(sources["ogg"], target, [Chapter(0.0, "A\n\x00B"), Chapter(0.1, "\x1b")], 0.3)
    assert ffmpeg_chapters(target) == [(0.0, "A B"), (0.1, "Chapter 2")]


def test_containers_are_recognised_by_content(tmp_path: Path) -> None:
    """Other containers are refused, whatever their name."""
    wave = write(tmp_path / "a.wav", tone(16_000, 1, 0.1))
    named = wave.rename(tmp_path / "a.mp3")
    assert not can_tag(named)
    with pytest.raises(InputError, match=r"a\.mp3: its container is unknown\nChapters are written for MP3"):
        write_tagged_copy(named, tmp_path / "b.mp3", CHAPTERS, 3.0)
    assert not (tmp_path / "b.mp3").exists()
    assert not can_tag(audio(tmp_path / "raw.aac", 0.1))
    with pytest.raises(InputError, match="cannot be read"):
        can_tag(tmp_path / "missing.mp3")


def test_the_source_is_never_replaced(tmp_path: Path) -> None:
    source = audio(tmp_path / "a.mp3", 0.2)
    before = source.read_bytes()
    with pytest.raises(OutputError, match="is the episode itself"):
        write_tagged_copy(source, tmp_path / "." / "a.mp3", CHAPTERS, 3.0)
    for chapters in ([], [Chapter(0.0, "x")] * 256):
        with pytest.raises(InputError, match="cannot hold"):
            write_tagged_copy(source, tmp_path / "b.mp3", chapters, 3.0)
    with pytest.raises(OutputError, match="No such file"):
        write_tagged_copy(source, tmp_path / "none" / "b.mp3", CHAPTERS, 3.0)
    assert source.read_bytes() == before


@pytest.mark.parametrize("kind", ["mp3", "m4a", "ogg"])
def test_damaged_files_are_refused_or_copied(kind: str, tmp_path: Path) -> None:
    """A file cut off anywhere near its start, or with a damaged byte there, gives an error with a remedy or a copy."""
    source = audio(tmp_path / f"a.{kind}", 0.3)
    data = source.read_bytes()
    damaged = [data[:length] for length in range(12, 200, 7)]
    damaged += [data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :] for at in (*range(4, 300, 3), len(data) - 900)]
    outcomes = set()
    for content in damaged:
        source.write_bytes(content)
        target = tmp_path / f"b.{kind}"
        target.unlink(missing_ok=True)
        try:
            write_tagged_copy(source, target, CHAPTERS, 3.0)
            outcomes.add("copied")
        except InputError as error:
            assert error.remedy and not target.exists()
            outcomes.add("refused")
    assert "refused" in outcomes
