"""Microphones are listed and found by name; the device's blocks become a source. PortAudio itself is replaced."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.live.sources import MicrophoneSource, find_microphone, list_microphones

DEVICES = [
    {"name": "HDMI", "max_input_channels": 0, "default_samplerate": 48_000.0},
    {"name": "Built-in Microphone", "max_input_channels": 2, "default_samplerate": 48_000.0},
    {"name": "USB Headset", "max_input_channels": 1, "default_samplerate": 16_000.0},
    {"name": "USB Headset 2", "max_input_channels": 1, "default_samplerate": 16_000.0},
]


class PortAudioError(Exception):
    pass


class InputStream:
    """A stream that calls back with three blocks as soon as it starts."""

    def __init__(
        self, *, device: int, channels: int, samplerate: int, blocksize: int, dtype: str, callback: Any
    ) -> None:
        if device == 3:
            raise PortAudioError("Device unavailable [PaErrorCode -9985]")
        self.shape, self.callback = (blocksize, channels), callback

    def __enter__(self) -> None:
        data = np.zeros(self.shape, np.float32)
        for level in (0.1, 0.2, 0.3):
            data[:] = level  # PortAudio uses its buffer again
            self.callback(data, len(data), None, SimpleNamespace(input_overflow=level == 0.3))

    def __exit__(self, *exception: object) -> None:
        pass


@pytest.fixture(autouse=True)
def portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    library = SimpleNamespace(
        query_devices=lambda: DEVICES,
        default=SimpleNamespace(device=(1, 0)),
        InputStream=InputStream,
        PortAudioError=PortAudioError,
    )
    monkeypatch.setitem(sys.modules, "sounddevice", library)


def test_only_devices_that_record_are_listed() -> None:
    assert [(each.number, each.default) for each in list_microphones()] == [(1, True), (2, False), (3, False)]


@pytest.mark.parametrize(("name", "number"), [(None, 1), ("built", 1), ("2", 2), ("USB Headset", 2), ("headset 2", 3)])
def test_a_microphone_is_found_by_number_name_or_part(name: str | None, number: int) -> None:
    assert find_microphone(name).number == number


@pytest.mark.parametrize(
    ("name", "reason"), [("headset", "several"), ("Built-in Mikrophone", "did you mean 'Built-in")]
)
def test_ambiguous_and_unknown_names(name: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        find_microphone(name)


def test_blocks_arrive_as_they_were() -> None:
    """They are copied, because PortAudio uses its buffer again; overflows are counted."""
    source = MicrophoneSource(find_microphone("USB Headset"))
    chunks = source.chunks()
    found = [float(next(chunks).samples[0, 0]) for _ in range(3)]
    assert found == pytest.approx([0.1, 0.2, 0.3])
    assert source.overflows == 1
    source.close()
    assert list(chunks) == []


def test_a_microphone_in_use_is_an_error() -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        MicrophoneSource(find_microphone("3"))


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(SettingsError, match="pip install sounddevice"):
        list_microphones()
