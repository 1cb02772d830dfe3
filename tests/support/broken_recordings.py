"""Damaged and unusual recordings, with the expected result of decoding them; see `CASES`."""

from __future__ import annotations

import os
import socket
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.stream import Disposition

from meetscribe.audio import AudioSettings
from tests.support.recordings import tone, write


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of fault, a function that writes the file into a folder, and the expected result.

    With `error`, an error that matches it; otherwise `seconds` of sound, and a notice that contains `notice`.
    """

    kind: str
    make: Callable[[Path], Path | str]
    error: str = ""
    seconds: float = 0.0
    notice: str = ""
    settings: AudioSettings = field(default_factory=AudioSettings)


def riff(
    sound: bytes,
    rate: int = 16_000,
    channels: int = 1,
    bits: int = 16,
    tag: int = 1,
    size: int | None = None,
    align: int | None = None,
) -> bytes:
    """Return a WAV file; `size` is the declared size of its data, `align` that of a frame."""
    align = channels * bits // 8 if align is None else align
    head = struct.pack("<HHIIHH", tag, channels, rate, (rate * align) % 2**32, align % 2**16, bits)
    size = len(sound) if size is None else size
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", size) + sound
    return b"RIFF" + struct.pack("<I", min(size + 36, 2**32 - 1)) + body


def pcm(signal: Any, kind: str = "<i2") -> bytes:
    """Return a signal `(channels, frames)` or `(frames,)` in [-1, 1] as interleaved samples."""
    signal = np.atleast_2d(signal).T
    if kind == "<i3":
        whole = (signal * (2**23 - 1)).astype("<i4")
        return bytes(whole.view(np.uint8).reshape(*whole.shape, 4)[..., :3].tobytes())
    if kind == "u1":
        return bytes((signal * 127 + 128).astype(np.uint8).tobytes())
    scale = float(np.iinfo(kind).max) if np.dtype(kind).kind == "i" else 1.0
    return bytes((signal * scale).astype(kind).tobytes())


SOUND = pcm(tone(16_000, 1, 1.0))


def file(name: str, content: bytes | str) -> Callable[[Path], Path]:
    """Return a function that writes the content into a file with this name."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def wav(sound: bytes = SOUND, **head: Any) -> Callable[[Path], Path]:
    """Return a function that writes a WAV file."""
    return file("sound.wav", riff(sound, **head))


def recording(suffix: str, codec: str, rate: int, **more: Any) -> Callable[[Path], Path]:
    """Return a function that writes a second of a tone."""
    return lambda folder: write(folder / f"sound.{suffix}", tone(rate, 1, 1.0), codec, rate, **more)


def changed(
    make: Callable[[Path], Path], change: Callable[[bytearray], bytes | bytearray | None]
) -> Callable[[Path], Path]:
    """Return a function that writes a file and changes its bytes."""

    def changing(folder: Path) -> Path:
        path = make(folder)
        data = bytearray(path.read_bytes())
        path.write_bytes(change(data) or data)
        return path

    return changing


def cut(make: Callable[[Path], Path], share: float) -> Callable[[Path], Path]:
    """Return a function that writes the first part of a file."""
    return changed(make, lambda data: data[: round(len(data) * share)])


def patched(make: Callable[[Path], Path], mark: bytes, skip: int, new: bytes) -> Callable[[Path], Path]:
    """Return a function that writes a file with bytes replaced, `skip` bytes after the last mark."""

    def change(data: bytearray) -> None:
        place = data.rindex(mark) + len(mark) + skip
        data[place : place + len(new)] = new

    return changed(make, change)


def damaged(make: Callable[[Path], Path], size: int) -> Callable[[Path], Path]:
    """Return a function that writes a file with `size` bytes in its middle overwritten."""

    def change(data: bytearray) -> None:
        middle = len(data) // 2
        data[middle : middle + size] = b"\x55" * size

    return changed(make, change)


FLAC = recording("flac", "flac", 16_000)
MP3 = recording("mp3", "libmp3lame", 16_000)
M4A = recording("m4a", "aac", 16_000)
OGG = recording("ogg", "libopus", 48_000)
WEBM = recording("webm", "libopus", 48_000)
MKV = recording("mkv", "pcm_s16le", 16_000)


def film(suffix: str, tracks: int = 0, cover: bool = False) -> Callable[[Path], Path]:
    """Return a function that writes a second of video, or a picture, with audio tracks of 440, 880 … Hz."""

    def make(folder: Path) -> Path:
        path = folder / f"film.{suffix}"
        with av.open(path, "w", format="mp4" if cover else None) as container:
            picture = container.add_stream("mjpeg" if cover else "mpeg4", rate=5)
            picture.width = picture.height = 64
            picture.pix_fmt = "yuvj420p" if cover else "yuv420p"
            picture.disposition = Disposition.attached_pic if cover else Disposition.default
            sounds = [container.add_stream("aac", rate=16_000, layout="mono") for _ in range(tracks)]
            for number, sound in enumerate(sounds):
                sound.metadata["language"] = ("eng", "deu", "fra")[number]
            for number in range(1 if cover else 5):
                frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 5)
                container.mux(picture.encode(frame))
            for number, sound in enumerate(sounds, start=1):
                time = np.arange(16_000) / 16_000
                block = 0.5 * np.sin(2 * np.pi * 440 * number * time, dtype=np.float32)[None]
                tone_frame = av.AudioFrame.from_ndarray(block.astype(np.float32), format="fltp", layout="mono")
                tone_frame.sample_rate, tone_frame.pts = 16_000, 0
                container.mux([*sound.encode(tone_frame), *sound.encode(None)])
            container.mux(picture.encode(None))
        return path

    return make


def png(folder: Path) -> Path:
    """Write a picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    content = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(72))) + chunk(b"IEND", b"")
    return file("picture.mp3", b"\x89PNG\r\n\x1a\n" + content)(folder)


def fifo(folder: Path) -> Path:
    """Create a named pipe without a writer."""
    os.mkfifo(folder / "pipe.wav")
    return folder / "pipe.wav"


def unix_socket(folder: Path) -> Path:
    """Create a socket, at a path that may be long."""
    place = Path.cwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("s.wav")
    finally:
        os.chdir(place)
    return folder / "s.wav"


def link(to: Callable[[Path], Path | str]) -> Callable[[Path], Path]:
    """Return a function that creates a symbolic link."""

    def make(folder: Path) -> Path:
        (folder / "link.wav").symlink_to(to(folder))
        return folder / "link.wav"

    return make


def named(name: str | bytes) -> Callable[[Path], Path]:
    """Return a function that writes an intact recording under an unusual name."""

    def make(folder: Path) -> Path:
        path = folder / os.fsdecode(name)
        path.write_bytes(riff(SOUND))
        return path

    return make


def sparse(folder: Path) -> Path:
    """Write a sparse WAV file of 2 GB, 18 hours, that takes no disk space."""
    path = file("sparse.wav", riff(b"", size=2_000_000_000))(folder)
    os.truncate(path, 2_000_000_044)
    return path


def with_gap(folder: Path) -> Path:
    """Write a Matroska file with a packet of sound after 200 days."""
    path = folder / "gap.mkv"
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for start in (0, 200 * 86_400 * 16_000):
            frame = av.AudioFrame.from_ndarray(np.ones((1, 16_000), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def large_packet(folder: Path) -> Path:
    """Write a Matroska file with a packet of 64 MB."""
    path = folder / "large.mkv"
    with av.open(path, "w") as container:
        container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        packet = av.Packet(bytes(64_000_000))
        packet.stream, packet.pts, packet.dts, packet.time_base = container.streams[0], 0, 0, Fraction(1, 16_000)
        container.mux(packet)
    return path


def odd_floats() -> bytes:
    """Return a second of 0.5 with NaN, infinite and very large values."""
    signal = np.full(16_000, 0.5, np.float32)
    signal[4000:4010], signal[8000], signal[9000], signal[12_000] = np.nan, np.inf, -np.inf, 1e30
    return signal.tobytes()


def variable_rate(folder: Path) -> Path:
    """Write an MP3 file with variable bit rate: silence, then noise."""
    path = folder / "variable.mp3"
    signal = np.concatenate([np.zeros(48_000), np.random.default_rng(0).uniform(-1, 1, 48_000)]).astype(np.float32)
    with av.open(path, "w") as container:
        stream = container.add_stream("libmp3lame", rate=48_000, layout="mono", options={"qscale:a": "4", "b": "0"})
        stream.codec_context.qscale = True
        stream.codec_context.global_quality = 4 * 118
        for start in range(0, len(signal), 1152):
            frame = av.AudioFrame.from_ndarray(signal[None, start : start + 1152], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


NOT_A_RECORDING = "not a recording that can be read"
NO_SOUND = "no sound could be decoded"
TIGHT = AudioSettings(max_duration=300)

CASES: dict[str, Case] = {
    # Not a regular file.
    "missing": Case("path", lambda folder: folder / "gone.wav", "no such file"),
    "a folder": Case("path", lambda folder: folder, "directory"),
    "below a file": Case("path", lambda folder: wav()(folder) / "x.wav", "Not a directory"),
    "empty": Case("path", file("empty.wav", b""), "is empty"),
    "named pipe": Case("path", fifo, "not a regular file"),
    "socket": Case("path", unix_socket, "not a regular file"),
    "/dev/zero": Case("path", lambda folder: "/dev/zero", "not a regular file"),
    "/dev/null": Case("path", lambda folder: "/dev/null", "not a regular file"),
    "terminal": Case("path", lambda folder: "/dev/tty", "not a regular file|cannot be read"),
    "link to a recording": Case("path", link(wav()), seconds=1),
    "link to a folder": Case("path", link(lambda folder: folder), "directory"),
    "link to nothing": Case("path", link(lambda folder: folder / "gone"), "no such file"),
    "link to itself": Case("path", link(lambda folder: folder / "link.wav"), "cannot be read"),
    "link to a pipe": Case("path", link(fifo), "not a regular file"),
    "link to a device": Case("path", link(lambda folder: "/dev/zero"), "not a regular file"),
    "http address": Case("path", lambda folder: "http://127.0.0.1:1/a.mp3", "an address"),
    "file address": Case("path", lambda folder: "file:///etc/hostname", "an address"),
    "concat: protocol": Case("path", lambda folder: f"concat:{wav()(folder)}|{wav()(folder)}", "an address"),
    "pipe: protocol": Case("path", lambda folder: "pipe:0", "no such file"),
    "name with a null byte": Case("path", lambda folder: "a\0b.wav", "null"),
    "name too long": Case("path", lambda folder: folder / ("a" * 5000), "too long"),
    "name with line ends": Case("name", named("a\nb\r\n.wav"), seconds=1),
    "name with dashes": Case("name", named("--help"), seconds=1),
    "name not in UTF-8": Case("name", named(b"\xff\xfe caf\xe9.wav"), seconds=1),
    "name with controls": Case("name", named("\x1b[2J\x07.wav"), seconds=1),
    "name with a pattern": Case("name", named("%d%03d{a,b}*?.wav"), seconds=1),
    "name of spaces": Case("name", named("  "), seconds=1),
    "name like an option of FFmpeg": Case("name", named("async:cache:sound.wav"), seconds=1),
    # Not a recording.
    "text": Case("not a recording", file("notes.wav", "Minutes of the meeting\n" * 50), NOT_A_RECORDING),
    "web page": Case("not a recording", file("page.mp3", "<!DOCTYPE html><title>Log in</title>" * 20), NOT_A_RECORDING),
    "PDF": Case("not a recording", file("a.m4a", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(5000)), NOT_A_RECORDING),
    "archive": Case("not a recording", file("a.mp4", b"PK\x03\x04" + bytes(5000)), NOT_A_RECORDING),
    "picture": Case("not a recording", png, NOT_A_RECORDING),
    "program": Case("not a recording", file("a.wav", b"\x7fELF\x02\x01\x01" + bytes(5000)), NOT_A_RECORDING),
    "zeros": Case("not a recording", file("a.mp3", bytes(100_000)), NOT_A_RECORDING),
    "noise": Case(
        "not a recording", file("a.mkv", np.random.default_rng(1).bytes(100_000)), f"{NOT_A_RECORDING}|{NO_SOUND}"
    ),
    "one byte": Case("not a recording", file("a.wav", b"R"), NOT_A_RECORDING),
    # Truncated files.
    "wav cut in its size": Case("truncated", file("a.wav", riff(SOUND)[:41]), f"{NOT_A_RECORDING}|no audio"),
    "wav of a header": Case("truncated", file("a.wav", riff(SOUND)[:44]), NO_SOUND),
    "wav cut in half": Case("truncated", cut(wav(), 0.5), seconds=0.5, notice="is truncated"),
    "flac of a header": Case("truncated", changed(FLAC, lambda data: data[:42]), f"{NO_SOUND}|{NOT_A_RECORDING}"),
    "flac without its end": Case("truncated", cut(FLAC, 0.9), seconds=0.72, notice="damaged"),
    "mp3 cut in half": Case("truncated", cut(MP3, 0.5), seconds=0.44, notice="is truncated"),
    "ogg cut in half": Case("truncated", cut(OGG, 0.6), f"{NO_SOUND}|{NOT_A_RECORDING}"),
    "webm cut in half": Case("truncated", cut(WEBM, 0.5), seconds=0.47, notice="is truncated"),
    "mkv cut in half": Case("truncated", cut(MKV, 0.5), seconds=0.5, notice="is truncated"),
    "m4a without its end": Case("truncated", cut(M4A, 0.5), NOT_A_RECORDING),
    # Wrong values in the header.
    "wav without channels": Case("header", wav(channels=0, align=2), "unknown encoding"),
    "wav of 65535 channels": Case("header", wav(channels=65535, align=2), "unknown encoding"),
    "wav of 0 Hz": Case("header", wav(rate=0), NOT_A_RECORDING),
    "wav of 4 GHz": Case("header", wav(rate=2**32 - 1), NOT_A_RECORDING),
    "wav of 0 bits": Case("header", wav(bits=0, align=2), "unknown encoding"),
    "wav of 65535 bits": Case("header", wav(bits=65535, align=2), "unknown encoding"),
    "wav of unknown encoding": Case("header", wav(tag=0xBEEF), "unknown encoding"),
    "wav that claims 4 GB": Case("header", wav(size=4_000_000_000), seconds=1, notice="is truncated"),
    "wav of unknown length": Case("header", wav(size=2**32 - 1), seconds=1),
    "wav without a length": Case("header", wav(size=0), seconds=1),
    "flac of 0 Hz": Case("header", patched(FLAC, b"fLaC", 14, bytes(3)), seconds=1),
    "flac that claims a day": Case(
        "header", patched(FLAC, b"fLaC", 17, b"\xf0\x52\x65\xc0\x00"), seconds=1, notice="is truncated"
    ),
    "mp3 with a tag of 256 MB": Case(
        "header", changed(MP3, lambda data: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + data), NOT_A_RECORDING
    ),
    "m4a of 4 billion packets": Case("header", patched(M4A, b"stsz", 8, b"\xff" * 4), NOT_A_RECORDING),
    "m4a of many boxes": Case("header", changed(M4A, lambda data: b"\0\0\0\0moov" * 4000 + data), NOT_A_RECORDING),
    "mkv with a wrong cluster": Case("header", patched(MKV, b"\x1f\x43\xb6\x75", 0, b"\x01" + b"\xff" * 7), NO_SOUND),
    # Damaged audio data.
    "flac with a bit gone": Case("damage", damaged(FLAC, 1), seconds=1),
    "mp3 with noise in it": Case("damage", damaged(MP3, 500), seconds=0.8, notice="damaged"),
    "ogg with a bit gone": Case("damage", damaged(OGG, 1), seconds=0.01, notice="is truncated"),
    "m4a with noise in it": Case("damage", damaged(M4A, 500), seconds=0.9, notice="damaged"),
    # Unusual audio.
    "no samples": Case("unusual audio", wav(b""), NO_SOUND),
    "one sample": Case("unusual audio", wav(SOUND[:2]), seconds=1 / 16_000),
    "8 channels": Case("unusual audio", wav(pcm(tone(16_000, 8, 1.0)), channels=8), seconds=1),
    "16 channels": Case("unusual audio", wav(pcm(tone(16_000, 16, 1.0)), channels=16), seconds=1),
    "8 kHz": Case("unusual audio", wav(pcm(tone(8000, 1, 1.0)), rate=8000), seconds=1),
    "192 kHz": Case("unusual audio", wav(pcm(tone(192_000, 2, 1.0)), rate=192_000, channels=2), seconds=1),
    "8 bits": Case("unusual audio", wav(pcm(tone(16_000, 1, 1.0), "u1"), bits=8), seconds=1),
    "24 bits": Case("unusual audio", wav(pcm(tone(16_000, 1, 1.0), "<i3"), bits=24), seconds=1),
    "32 bits": Case("unusual audio", wav(pcm(tone(16_000, 1, 1.0), "<i4"), bits=32), seconds=1),
    "64-bit floats": Case("unusual audio", wav(pcm(tone(16_000, 1, 1.0), "<f8"), bits=64, tag=3), seconds=1),
    "floats that are not numbers": Case(
        "unusual audio", wav(odd_floats(), bits=32, tag=3), seconds=1, notice="not numbers"
    ),
    "floats of 40": Case("unusual audio", wav(pcm(40 * tone(16_000, 1, 1.0), "<f4"), bits=32, tag=3), seconds=1),
    "silence": Case("unusual audio", wav(bytes(32_000)), seconds=1),
    "direct current": Case("unusual audio", wav(pcm(np.ones(16_000))), seconds=1),
    "clipping": Case("unusual audio", wav(pcm(np.sign(tone(16_000, 1, 1.0)))), seconds=1),
    "mp3 of variable rate": Case("unusual audio", variable_rate, seconds=2),
    # Other streams, or several.
    "only a cover picture": Case("tracks", film("m4a", cover=True), "has no sound: it holds only a picture"),
    "cover picture and sound": Case("tracks", film("m4a", 1, cover=True), seconds=1),
    "only video": Case("tracks", film("mp4"), "the video holds no audio track"),
    "three tracks": Case("tracks", film("mkv", 3), seconds=1, notice="several audio tracks, of which number 1"),
    "the second of three": Case(
        "tracks", film("mkv", 3), seconds=1, notice="number 2 was used", settings=AudioSettings(stream=2)
    ),
    "the fourth of three": Case("tracks", film("mkv", 3), "no audio track 4", settings=AudioSettings(stream=4)),
    # Decompression bombs.
    "wav of 1 Hz": Case("bomb", wav(bytes(400_000), rate=1), "longer than", settings=TIGHT),
    "a gap of 200 days": Case("bomb", with_gap, "longer than"),
    "sparse file of 2 GB": Case("bomb", sparse, "longer than", settings=TIGHT),
    "a packet of 64 MB": Case("bomb", large_packet, "more memory", settings=AudioSettings(max_memory_mb=150)),
    "a second too long": Case("bomb", wav(), "longer than 0.9 s", settings=AudioSettings(max_duration=0.9)),
    "too slow": Case("bomb", wav(), "was stopped", settings=AudioSettings(timeout=0.001)),
}
