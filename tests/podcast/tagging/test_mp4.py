"""MP4: chunks stay where they are, wherever `moov` is; other boxes and tracks are kept."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import pytest

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.mp4 import write_mp4
from meetscribe.podcast.tagging.mp4_boxes import Box, top_level
from meetscribe.podcast.tagging.mp4_chapters import chapter_list
from tests.podcast.episodes import audio, ffmpeg_chapters, packets
from tests.support.recordings import tone, write

CHAPTERS = [Chapter(0.0, "One", 1.0), Chapter(1.0, "Two", 3.0)]


def written(data: bytes, chapters: list[Chapter] = CHAPTERS) -> bytes:
    target = BytesIO()
    write_mp4(BytesIO(data), target, chapters)
    return target.getvalue()


def kinds(data: bytes) -> list[bytes]:
    return [box.kind for box in top_level(BytesIO(data), len(data))]


def remuxed(source: Path, target: Path, options: dict[str, str]) -> Path:
    """Write the packets of a file again, with other options of the container."""
    with av.open(str(source)) as old, av.open(str(target), "w", options=options) as new:
        stream = new.add_stream_from_template(old.streams.audio[0])
        for packet in old.demux(old.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    return target


def test_moov_before_and_after_the_audio(tmp_path: Path) -> None:
    """The places of the chunks follow if `moov` grows before them."""
    late = audio(tmp_path / "late.m4a", 1.0)
    early = remuxed(late, tmp_path / "early.m4a", {"movflags": "faststart"})
    orders = []
    for path in (late, early):
        copy = tmp_path / f"copy-{path.name}"
        copy.write_bytes(written(path.read_bytes()))
        orders.append([kind for kind in kinds(copy.read_bytes()) if kind in (b"moov", b"mdat")])
        assert packets(copy) == packets(path)
        assert ffmpeg_chapters(copy) == [(0.0, "One"), (1.0, "Two")]
    assert orders == [[b"mdat", b"moov", b"mdat"], [b"moov", b"mdat", b"mdat"]]


def test_video_and_unknown_boxes_are_kept(tmp_path: Path) -> None:
    """A video keeps its pictures; a box that nobody knows stays, also one that lasts to the end of the file."""
    video = write(tmp_path / "a.mp4", tone(48_000, 1, 1.0), "aac", 48_000, video=True)
    data = video.read_bytes() + Box(b"wxyz", b"kept").to_bytes() + bytes(4) + b"freeto the end"
    copy = tmp_path / "b.mp4"
    copy.write_bytes(written(data))
    assert kinds(copy.read_bytes())[-3:] == [b"wxyz", b"free", b"mdat"]
    with av.open(str(copy)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 10
    assert packets(copy) == packets(video)


def test_an_earlier_text_track_is_removed(tmp_path: Path) -> None:
    """Only one track of chapters is there after several copies, and the file hardly grows."""
    data = audio(tmp_path / "a.m4a", 0.3).read_bytes()
    once = written(data)
    twice = written(once)
    moovs = [
        next(box.read(BytesIO(one)) for box in top_level(BytesIO(one), len(one)) if box.kind == b"moov")
        for one in (once, twice)
    ]
    assert [sum(box.kind == b"trak" for box in moov.children) for moov in moovs] == [2, 2]
    assert len(twice) - len(once) < 100  # the titles of before


def test_fragments_and_damaged_files_are_refused(tmp_path: Path) -> None:
    source = audio(tmp_path / "a.m4a", 0.5)
    fragmented = remuxed(source, tmp_path / "f.m4a", {"movflags": "frag_keyframe+empty_moov"})
    with pytest.raises(InputError, match="fragments") as caught:
        written(fragmented.read_bytes())
    assert "ffmpeg" in caught.value.remedy
    with pytest.raises(InputError, match="damaged"):
        written(source.read_bytes()[:-5])
    silent = Box(b"moov", b"").with_children([])
    with pytest.raises(InputError, match="no audio"):
        written(Box(b"ftyp", b"M4A ").to_bytes() + silent.to_bytes())


def test_long_titles_are_cut_between_characters() -> None:
    """The list holds 255 bytes of a title; the text track holds all of it."""
    content = chapter_list([Chapter(0.0, "é" * 200, 1.0)]).content
    assert content[9 + 8] == 254 and content[9 + 9 :].decode() == "é" * 127
