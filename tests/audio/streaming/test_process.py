"""Containers are decoded while their bytes arrive, in a process that can open nothing else and is stopped at limits."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import AudioSettings, StreamDecoder, decoder_process
from meetscribe.audio.streaming import feeding
from meetscribe.errors import InputError, MeetscribeError
from tests.support.recordings import write
from tests.support.referring_files import lists, opening_detector

SECONDS = 3
TIMES = np.arange(48_000 * SECONDS) / 48_000
STEREO = np.stack([0.5 * np.sin(2 * np.pi * 300 * TIMES), 0.3 * np.sin(2 * np.pi * 500 * TIMES)])


def encoded(folder: Path, name: str = "a.webm", codec: str = "libopus") -> bytes:
    write(folder / name, STEREO, codec, rate=48_000)
    return (folder / name).read_bytes()


def reader(data: bytes, size: int = 400) -> Callable[[int], bytes]:
    stream = io.BytesIO(data)
    return lambda wanted: stream.read(min(wanted, size))


def decoded(data: bytes, settings: AudioSettings | None = None) -> npt.NDArray[np.float32]:
    return np.concatenate(list(StreamDecoder(reader(data), settings=settings).blocks()))


@pytest.mark.parametrize(
    ("name", "codec"), [("a.webm", "libopus"), ("a.ogg", "libopus"), ("a.wav", "pcm_s16le"), ("a.flac", "flac")]
)
def test_audio_is_complete(tmp_path: Path, name: str, codec: str) -> None:
    """All audio arrives, on both channels, in reads of any size."""
    found = decoded(encoded(tmp_path, name, codec))
    assert abs(len(found) - 16_000 * SECONDS) < 800
    assert np.abs(found).max(axis=0) == pytest.approx([0.5, 0.3], abs=0.06)


def test_audio_comes_before_the_stream_ends(tmp_path: Path) -> None:
    """Sound is there while the source still waits for its next bytes."""
    data, heard = encoded(tmp_path), threading.Event()

    def arriving() -> Iterator[bytes]:
        yield data[: len(data) // 3]
        assert heard.wait(20)
        yield data[len(data) // 3 :]
        yield b""

    parts = arriving()
    frames = 0
    for block in StreamDecoder(lambda _: next(parts)).blocks():
        frames += len(block)
        if frames > 8000:
            heard.set()
    assert heard.is_set() and abs(frames - 16_000 * SECONDS) < 800


def test_a_stream_that_breaks_off_keeps_what_came(tmp_path: Path) -> None:
    """A truncated stream ends without an error."""
    data = encoded(tmp_path)
    assert len(decoded(data[: len(data) * 2 // 3])) > 16_000


def test_damaged_bytes_are_left_out(tmp_path: Path) -> None:
    """Damage in the middle costs what it hits."""
    data = bytearray(encoded(tmp_path, "a.ogg"))
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    assert len(decoded(bytes(data))) > 16_000


@pytest.mark.parametrize("data", [b"RIFF" + bytes(range(256)) * 40, b"OggS", bytes(100)])
def test_other_bytes_are_an_error(data: bytes) -> None:
    """Bytes that are no recording raise an error with a remedy."""
    with pytest.raises(InputError, match="cannot be read|not a recording") as caught:
        decoded(data)
    assert caught.value.remedy


def test_playlists_open_nothing(tmp_path: Path) -> None:
    """A stream that refers to files or addresses is rejected, and these are not opened."""
    with opening_detector(tmp_path) as guard:
        texts = lists(str(guard.file), guard.host)
        for name in ("concat.wav", "hls-address.m3u8"):
            with pytest.raises(InputError):
                decoded(texts[name].encode())
    assert guard.opened == []


def test_an_error_of_the_source_comes_after_the_sound(tmp_path: Path) -> None:
    """What the source raises is raised where the sound is received."""
    read = reader(encoded(tmp_path))

    def broken(size: int) -> bytes:
        if not (data := read(size)):
            raise ConnectionResetError("gone")
        return data

    frames = 0
    with pytest.raises(ConnectionResetError, match="gone"):
        for block in StreamDecoder(broken).blocks():
            frames += len(block)
    assert frames > 16_000


def test_a_long_stream_is_stopped(tmp_path: Path) -> None:
    """A stream beyond the limit of the settings is an error."""
    with pytest.raises(InputError, match="longer than 1 s"):
        decoded(encoded(tmp_path), AudioSettings(max_duration=1.0))


def test_bytes_without_sound_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that goes on without sound is given up."""
    monkeypatch.setattr(feeding, "_MAX_SILENT", 100_000)
    endless = reader(b"\x1aE\xdf\xa3\x01" + bytes(10_000_000), 10_000)
    with pytest.raises(InputError):
        list(StreamDecoder(endless).blocks())


def test_closing_ends_the_sound(tmp_path: Path) -> None:
    """`close` from another thread ends a stream whose source sends nothing, before and after its start."""
    data, waiting = encoded(tmp_path), threading.Event()
    parts = iter([data[: len(data) // 2]])
    stream = StreamDecoder(lambda _: next(parts, None) or bytes(waiting.wait(20)))
    frames = sum(len(block) for block in _closing(stream))
    assert 0 < frames < 16_000 * SECONDS
    waiting.set()
    closed = StreamDecoder(lambda _: b"")
    closed.close()
    with pytest.raises(InputError, match="ended before"):
        list(closed.blocks())


def _closing(stream: StreamDecoder) -> Iterator[npt.NDArray[np.float32]]:
    """Yield the blocks of a stream; a timer closes it after the first."""
    for number, block in enumerate(stream.blocks()):
        if number == 0:
            threading.Timer(0.2, stream.close).start()
        yield block


@pytest.mark.parametrize(
    ("does", "error", "says"),
    [
        ("raise ImportError('no PyAV')", MeetscribeError, "cannot be started: ImportError: no PyAV"),
        ("sys.stdout.buffer.write(READY); sys.stdout.flush(); import os; os.abort()", InputError, "SIGABRT"),
        ("sys.stdout.buffer.write(b'nonsense' * 9)", InputError, "sent invalid data"),
        ("sys.stdout.buffer.write(READY + b'c' + (2).to_bytes(8, 'little') + b'99')", InputError, "invalid data"),
        ("import time; time.sleep(60)", InputError, "was stopped"),
    ],
)
def test_a_failing_decoder_is_an_error(
    monkeypatch: pytest.MonkeyPatch, does: str, error: type[MeetscribeError], says: str
) -> None:
    """A crash, an exception, invalid data or a hang raises an error, and leaves no process."""
    ready = "import sys; READY = b'r' + (4).to_bytes(8, 'little') + b'null'; "
    monkeypatch.setattr(decoder_process, "_COMMAND", (sys.executable, "-c", ready + does))
    with pytest.raises(error, match=says) as caught:
        decoded(bytes(100_000), AudioSettings(timeout=0.5))
    assert caught.value.remedy


def test_a_source_may_be_silent_for_any_time(tmp_path: Path) -> None:
    """The limit counts only the time over bytes that have arrived."""
    data, waited = encoded(tmp_path), threading.Event()
    parts = iter([data[: len(data) // 2], data[len(data) // 2 :], b""])

    def late(_: int) -> bytes:
        part = next(parts)
        waited.wait(0 if part.startswith(data[:4]) else 2.6)
        return part

    blocks = StreamDecoder(late, settings=AudioSettings(timeout=2.0)).blocks()
    assert abs(sum(map(len, blocks)) - 16_000 * SECONDS) < 800
