"""Ogg: comments of any size, pages that are numbered again, and files of several streams."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.ogg import _crc, write_ogg
from tests.podcast.episodes import audio, ffmpeg_chapters, ffmpeg_tags, packets
from tests.support.recordings import tone, write

FEW = [Chapter(0.0, "One"), Chapter(1.0, "Two")]
MANY = [Chapter(number / 100, f"{number} {'long title ' * 40}") for number in range(255)]
"""Chapters that need several pages."""


def written(path: Path, chapters: list[Chapter], target: Path) -> Path:
    with path.open("rb") as source, target.open("wb") as copy:
        write_ogg(source, copy, chapters)
    return target


def pages(path: Path) -> list[tuple[bytes, int]]:
    """Return the serial and the number of each page, checking its checksum by the definition."""
    data, place, found = path.read_bytes(), 0, []
    while place < len(data):
        count = data[place + 26]
        end = place + 27 + count + sum(data[place + 27 : place + 27 + count])
        page = data[place:end]
        assert int.from_bytes(page[22:26], "little") == slow_crc(page[:22] + bytes(4) + page[26:])
        found.append((page[14:18], int.from_bytes(page[18:22], "little")))
        place = end
    return found


def slow_crc(page: bytes) -> int:
    """Compute the checksum of RFC 3533 bit by bit."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x04C11DB7 if register & 0x80000000 else 0)
            register &= 0xFFFFFFFF
    return register


def test_the_checksum_is_that_of_the_specification() -> None:
    rng = random.Random(1)
    for length in (0, 1, 27, 300):
        page = rng.randbytes(length)
        assert _crc(page) == slow_crc(page)


@pytest.mark.parametrize("kind", ["ogg", "opus"])
def test_comments_of_several_pages(kind: str, tmp_path: Path) -> None:
    """More header pages move the numbers of the others, fewer move them back; no page is missing or doubled."""
    source = audio(tmp_path / f"a.{kind}", 1.0)
    large = written(source, MANY, tmp_path / f"b.{kind}")
    small = written(large, FEW, tmp_path / f"c.{kind}")
    assert len(pages(large)) > len(pages(source))
    for path in (large, small):
        numbers = [number for _, number in pages(path)]
        assert numbers == list(range(len(numbers)))
        assert packets(path) == packets(source)
    assert len(ffmpeg_chapters(large)) == 255
    assert ffmpeg_chapters(small) == [(0.0, "One"), (1.0, "Two")]
    assert ffmpeg_tags(small)["title"] == "Kept"


def test_only_the_first_link_of_a_chain_is_changed(tmp_path: Path) -> None:
    """The second of two files in one is copied as it is."""
    first, second = audio(tmp_path / "a.ogg", 0.3), audio(tmp_path / "b.opus", 0.3)
    chained = tmp_path / "c.ogg"
    chained.write_bytes(first.read_bytes() + second.read_bytes())
    assert written(chained, FEW, tmp_path / "d.ogg").read_bytes().endswith(second.read_bytes())


def test_other_codecs_and_damaged_headers_are_refused(tmp_path: Path) -> None:
    """FLAC in Ogg has no chapters here; a file that ends within its headers is damaged."""
    flac = write(tmp_path / "a.oga", tone(16_000, 1, 0.2), "flac")
    with pytest.raises(InputError, match="neither Ogg Vorbis nor Opus"):
        written(flac, FEW, tmp_path / "b.oga")
    data = audio(tmp_path / "a.ogg", 0.2).read_bytes()
    for content in (data[:100], data.replace(b"\x03vorbis", b"\x03vorbit", 1)):
        with pytest.raises(InputError, match="headers are damaged"):
            write_ogg(BytesIO(content), BytesIO(), FEW)
