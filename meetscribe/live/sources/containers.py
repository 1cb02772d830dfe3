"""WebM, Ogg, Opus, MP4, WAV and other containers as their bytes arrive, decoded in a separate process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from meetscribe.audio import AudioSettings, StreamDecoder
from meetscribe.live.protocols import AudioChunk

_STARTS = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf1", b"FORM", b"caff")


def is_container(start: bytes) -> bool:
    """Return whether the first bytes of a stream are those of a known container; otherwise it is taken for raw PCM.

    >>> is_container(b"OggS" + bytes(20)), is_container(bytes(24)), is_container(bytes(4) + b"ftypmp42")
    (True, False, True)
    """
    return start.startswith(_STARTS) or start[4:8] == b"ftyp"


class ContainerSource:
    """A Source that decodes bytes as `read(size)` returns them; b"" is the end.

    The bytes are decoded by `StreamDecoder`, in a process that can open nothing else. The channels are known once the
    header has arrived, so the first access to `channels` waits for it. Raises InputError if the bytes are no container,
    contain no sound, or reach a limit of the settings.
    """

    patient = pausable = False

    def __init__(
        self, read: Callable[[int], bytes], name: str = "the stream", settings: AudioSettings | None = None
    ) -> None:
        self.name = name
        self._decoder = StreamDecoder(read, name, settings)

    @property
    def channels(self) -> int:
        """The number of channels, at most eight; more are mixed down to one."""
        return self._decoder.channels

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the decoded audio from frame 0 on; damaged packets are left out."""
        position = 0
        for samples in self._decoder.blocks():
            if len(samples):
                yield AudioChunk(position, samples)
                position += len(samples)

    def close(self) -> None:
        """End `chunks`; bytes that are not decoded yet are dropped."""
        self._decoder.close()
