"""Tags of every version and notation: frames are kept, chapters are replaced."""

from __future__ import annotations

from io import BytesIO

import pytest

from meetscribe.errors import InputError
from meetscribe.formats.chapters import Chapter
from meetscribe.podcast.tagging.id3 import is_mp3, write_id3

AUDIO = bytes.fromhex("fffb9064") + bytes(range(256)) * 4
CHAPTERS = [Chapter(0.0, "Ünë", 60.0), Chapter(60.0, "Two", 120.0)]


def sized(number: int, syncsafe: bool) -> bytes:
    if not syncsafe:
        return number.to_bytes(4, "big")
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: str, content: bytes, syncsafe: bool = False, flags: bytes = b"\0\0") -> bytes:
    return name.encode() + sized(len(content), syncsafe) + flags + content


def tag(version: int, body: bytes, flags: int = 0) -> bytes:
    return b"ID3" + bytes([version, 0, flags]) + sized(len(body), True) + body


def written(data: bytes) -> bytes:
    target = BytesIO()
    write_id3(BytesIO(data), target, CHAPTERS)
    return target.getvalue()


def names(data: bytes) -> list[bytes]:
    """Return the names of the frames, by a reader that knows nothing but their headers."""
    place, end, found = 10, 10 + int.from_bytes(data[6:10], "big"), []
    while data[place]:
        found.append(data[place : place + 4])
        size = data[place + 4 : place + 8]
        length = sum(byte << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=True))
        place += 10 + (length if data[3] == 4 else int.from_bytes(size, "big"))
    assert place < end
    return found


@pytest.mark.parametrize("version", [3, 4])
def test_frames_are_kept(version: int) -> None:
    """Frames keep their order and bytes, also private ones; earlier chapters go; the audio follows."""
    syncsafe = version == 4
    kept = frame("TIT2", b"\0Title", syncsafe) + frame("PRIV", bytes(200), syncsafe)
    data = tag(version, kept + frame("CHAP", b"old\0" + bytes(16), syncsafe) + bytes(40)) + AUDIO
    out = written(data)
    assert out[3] == version and kept in out and b"old" not in out and out.endswith(AUDIO)
    assert names(out) == [b"TIT2", b"PRIV", b"CTOC", b"CHAP", b"CHAP"]


def test_a_file_without_a_tag_gets_one() -> None:
    out = written(AUDIO + b"TAG" + bytes(125))
    assert out.startswith(b"ID3\x03") and out.endswith(AUDIO + b"TAG" + bytes(125))
    assert "Ünë".encode("utf-16-le") in out


def test_sizes_that_some_programs_write() -> None:
    """ID3v2.4 with sizes of eight bits per byte is read as meant, and written as it should be."""
    data = tag(4, frame("PRIV", bytes(300), syncsafe=False) + frame("TIT2", b"\0Title", syncsafe=False)) + AUDIO
    assert frame("PRIV", bytes(300), syncsafe=True) in written(data)


def test_unsynchronisation_and_extended_headers() -> None:
    """In version 3 the tag is decoded; in version 4 each frame is marked; extended headers are left out."""
    body = frame("PRIV", b"\xff\x00\xe0") + bytes(10)
    assert frame("PRIV", b"\xff\xe0") in written(
        tag(3, frame("PRIV", b"\xff\xe0").replace(b"\xff", b"\xff\0") + bytes(9), 0x80) + AUDIO
    )
    marked = frame("PRIV", b"\xff\x00\xe0", syncsafe=True, flags=b"\0\x02")
    assert marked in written(tag(4, body, 0x80) + AUDIO)
    extended = (6).to_bytes(4, "big") + bytes(6)
    assert names(written(tag(3, extended + frame("TIT2", b"\0x"), 0x40) + AUDIO))[0] == b"TIT2"
    footer = b"3DI" + bytes(7)
    assert written(tag(4, frame("TIT2", b"\0x", True), 0x10) + footer + AUDIO).endswith(bytes(10) + AUDIO)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (tag(2, b"TT2\0\0\2\0x"), "ID3v2.2, which has no chapters"),
        (tag(3, bytes(20))[:20], "longer than the file"),
        (tag(3, frame("TIT2", b"\0x")[:-1] + b"nonsense"), "damaged"),
        (tag(4, b"!!!!" + bytes(20)), "damaged"),
    ],
)
def test_tags_that_cannot_be_kept_are_refused(data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        written(data + (AUDIO if problem != "longer than the file" else b""))
    assert "tag editor" in caught.value.remedy


def test_recognition() -> None:
    assert is_mp3(AUDIO) and is_mp3(b"ID3\x03") and not is_mp3(b"") and not is_mp3(b"RIFF")
