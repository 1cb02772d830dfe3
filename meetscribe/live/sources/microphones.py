"""Microphones, through PortAudio and the package sounddevice."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from meetscribe.audio.decoding import MAX_CHANNELS
from meetscribe.errors import InputError, SettingsError, first_line, nearest
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.sources.normalising import Normaliser
from meetscribe.timeline import Seconds

_BLOCK: Seconds = 0.05


@dataclass(frozen=True, slots=True)
class Microphone:
    """A recording device: its number and name, channels and default rate; `default` marks the system's default."""

    number: int
    name: str
    channels: int
    rate: int
    default: bool = False


def list_microphones() -> tuple[Microphone, ...]:
    """Return the recording devices.

    Raises SettingsError if sounddevice or PortAudio is not installed, InputError if the devices cannot be listed.
    """
    library = _library()
    try:
        devices, default = library.query_devices(), library.default.device[0]
    except library.PortAudioError as error:
        raise InputError(f"the sound devices cannot be listed: {first_line(error)}") from error
    return tuple(
        Microphone(
            number,
            str(device["name"]),
            int(device["max_input_channels"]),
            round(device["default_samplerate"]),
            number == default,
        )
        for number, device in enumerate(devices)
        if device["max_input_channels"] > 0
    )


def find_microphone(name: str | None = None) -> Microphone:
    """Return the device with a number, a name or a part of a name; without `name`, the default device.

    Raises InputError if there is none, or several names contain the part.
    """
    found = list_microphones()
    if not found:
        raise InputError("there is no microphone", "Connect one, or give a file or `-` for standard input.")
    if name is None:
        return next((each for each in found if each.default), found[0])
    exact = [each for each in found if name in (str(each.number), each.name)]
    matching = exact or [each for each in found if name.casefold() in each.name.casefold()]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise InputError(f"there is no microphone {name!r}: {nearest(name, [each.name for each in found])}")
    names = ", ".join(f"{each.number} ({each.name})" for each in matching)
    raise InputError(f"several microphones match {name!r}: {names}", "Give the number or the whole name.")


class MicrophoneSource:
    """A Source of a microphone, at the rate of the device.

    The first `channels` are recorded, by default all up to eight. `overflows` counts the blocks before which PortAudio
    lost audio. Raises InputError if the device cannot be opened.
    """

    patient = pausable = False

    def __init__(self, microphone: Microphone, channels: int | None = None) -> None:
        self.name = microphone.name
        self.channels = min(channels or microphone.channels, microphone.channels, MAX_CHANNELS)
        self.overflows = 0
        self._queue: queue.SimpleQueue[npt.NDArray[np.float32] | None] = queue.SimpleQueue()
        self._normaliser = Normaliser(microphone.rate, self.channels)
        library = _library()
        try:
            self._stream = library.InputStream(
                device=microphone.number,
                channels=self.channels,
                samplerate=microphone.rate,
                blocksize=round(_BLOCK * microphone.rate),
                dtype="float32",
                callback=self._receive,
            )
        except (library.PortAudioError, ValueError) as error:
            remedy = "Close other programs that use it, or choose another one with --microphone."
            raise InputError(f"the microphone {self.name} cannot be opened: {first_line(error)}", remedy) from error

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the audio from the start of the device on."""
        position = 0
        with self._stream:
            while (block := self._queue.get()) is not None:
                samples = self._normaliser.add(block)
                if len(samples):
                    yield AudioChunk(position, samples)
                    position += len(samples)

    def close(self) -> None:
        """End `chunks` after the audio that has arrived."""
        self._queue.put(None)

    def _receive(self, data: npt.NDArray[np.float32], frames: int, time: object, status: Any) -> None:
        """Queue a block; called in PortAudio's thread, which must not block."""
        self.overflows += bool(status and status.input_overflow)
        self._queue.put(data.copy())


def _library() -> Any:
    """Return the module sounddevice; raises SettingsError if it or PortAudio is not installed."""
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        raise SettingsError("microphones need the package sounddevice", "pip install sounddevice") from error
    except OSError as error:
        remedy = "Install it with the package manager of the system, such as: apt install libportaudio2"
        raise SettingsError("microphones need the library PortAudio, which is not installed", remedy) from error
    return sounddevice
