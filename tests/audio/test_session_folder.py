"""The folder of a live session is read as one recording."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.audio import Recording, is_session_folder, load_audio, load_channels, open_recording, require_recording
from meetscribe.audio.session_folder import AUDIO_FOLDER, SESSION_FILE, piece_name, read_pieces, wav_header
from meetscribe.errors import InputError


def make_session(folder: Path, sound: npt.NDArray[np.int16], edges: list[tuple[int, int]], rate: int = 16_000) -> Path:
    """Write a session with the samples `(frames, channels)` between each pair of edges as a piece."""
    (folder / AUDIO_FOLDER).mkdir(parents=True)
    (folder / SESSION_FILE).write_text("{}")
    for start, end in edges:
        data = sound[start:end].astype("<i2").tobytes()
        header = wav_header(end - start, rate, sound.shape[1])
        (folder / AUDIO_FOLDER / piece_name(start)).write_bytes(header + data)
    return folder


def noise(frames: int, channels: int = 1) -> npt.NDArray[np.int16]:
    """Return samples `(frames, channels)` without silence."""
    values = np.random.default_rng(frames).integers(1, 20_000, (frames, channels))
    return values.astype(np.int16)


@given(edges=st.sets(st.integers(0, 400), min_size=2, max_size=8).map(sorted))
@settings(max_examples=40, deadline=None)
def test_pieces_are_joined_and_missing_ones_are_silent(
    tmp_path_factory: pytest.TempPathFactory, edges: list[int]
) -> None:
    """Every sample is at its place: those of the pieces, and zeros where no piece is."""
    sound = noise(400)
    kept = list(zip(edges[::2], edges[1::2], strict=False))
    folder = make_session(tmp_path_factory.mktemp("session") / "s", sound, kept)
    expected = np.zeros_like(sound[: kept[-1][1]])
    for start, end in kept:
        expected[start:end] = sound[start:end]

    with open_recording(folder) as data, wave.open(data, "rb") as joined:
        assert joined.getparams()[:3] == (1, 2, 16_000)
        assert np.array_equal(np.frombuffer(joined.readframes(400), "<i2")[:, None], expected)


def test_a_session_is_decoded_as_one_recording(tmp_path: Path) -> None:
    """The samples are those of the same sound in one file; what was not saved is reported."""
    sound = noise(48_000)
    folder = make_session(tmp_path / "meeting", sound, [(0, 16_000), (16_000, 30_000), (32_000, 48_000)])
    audio = load_audio(folder)

    assert is_session_folder(folder) and not is_session_folder(tmp_path)
    assert audio.name == "meeting" and len(audio.samples) == 48_000
    assert np.array_equal(audio.samples[:30_000], sound[:30_000, 0].astype(np.float32) / 32_768)
    assert not audio.samples[30_000:32_000].any()
    assert [(notice.code, dict(notice.data)) for notice in audio.notices] == [("audio.gaps", {"seconds": 0.125})]
    assert Recording(folder, lambda path, _: load_audio(path)).audio().hash == audio.hash


def test_channels_of_a_session_are_kept_apart(tmp_path: Path) -> None:
    sound = noise(16_000, channels=2)
    left, right = load_channels(make_session(tmp_path / "s", sound, [(0, 9_000), (9_000, 16_000)]))
    assert np.array_equal(left.samples[:], sound[:, 0].astype(np.float32) / 32_768)
    assert np.array_equal(right.samples[:], sound[:, 1].astype(np.float32) / 32_768)


def test_a_piece_whose_header_is_behind_counts_in_full(tmp_path: Path) -> None:
    """After a crash the header announces less than the file holds, and the last sample may be incomplete."""
    folder = make_session(tmp_path / "s", noise(100), [(0, 100)])
    piece = folder / AUDIO_FOLDER / piece_name(0)
    piece.write_bytes(wav_header(10, 16_000, 1) + piece.read_bytes()[44:] + b"\x01")
    (folder / AUDIO_FOLDER / piece_name(100)).write_bytes(b"RIFF")
    (folder / AUDIO_FOLDER / "notes.txt").touch()

    assert [(each.first, each.frames) for each in read_pieces(folder)] == [(0, 100)]
    assert load_audio(folder).notices == ()


def test_what_is_no_session_is_an_error(tmp_path: Path) -> None:
    """A session without sound, with a foreign file, with pieces of two kinds, and one that is too long are refused."""
    empty = make_session(tmp_path / "empty", noise(1), [])
    foreign = make_session(tmp_path / "foreign", noise(1), [])
    (foreign / AUDIO_FOLDER / piece_name(0)).write_bytes(b"x" * 100)
    mixed = make_session(tmp_path / "mixed", noise(10), [(0, 10)])
    (mixed / AUDIO_FOLDER / piece_name(10)).write_bytes(wav_header(1, 8_000, 1) + b"ab")
    endless = make_session(tmp_path / "endless", noise(1), [(0, 1)])
    (endless / AUDIO_FOLDER / piece_name(10**12 - 1)).write_bytes(wav_header(1, 16_000, 1) + b"ab")
    for folder, message in (
        (empty, "has no audio"),
        (foreign, "is not a piece"),
        (mixed, "differ in sampling rate"),
        (endless, "longer than a WAV file"),
    ):
        with pytest.raises(InputError, match=message):
            open_recording(folder)


def test_a_session_can_be_checked_without_reading_it(tmp_path: Path) -> None:
    require_recording(make_session(tmp_path / "s", noise(10), [(0, 10)]))
    with pytest.raises(InputError, match="has no audio"):
        require_recording(make_session(tmp_path / "empty", noise(1), []))
