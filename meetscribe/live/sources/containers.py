"""WebM, Ogg, Opus, MP4, WAV and other containers, decoded in a separate process as their bytes arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from meetscribe.audio import AudioSettings, StreamDecoder
from meetscribe.live.protocols import AudioChunk

_STARTS = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf1", b"FORM", b"caff")


def is_container(start: bytes) -> bool:
    """Return whether the first bytes of a stream are those of a known container; other streams are raw PCM.

    >>> is_container(b"OggS" + bytes(20)), is_container(bytes(24)), is_container(bytes(4) + b"ftypmp42")
    (True, False, True)
    """
    return start.startswith(_STARTS) or start[4:8] == b"ftyp"


class ContainerSource:
    """A Source that decodes the bytes that `read(size)` returns as they arrive; b"" is the end.

    `StreamDecoder` decodes the bytes in a sandboxed process. The number of channels is known once the header has
    arrived, so the first access to `channels` waits for it. Raises InputError if the bytes are not a container, contain
    no audio, or reach a limit of the settings.
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
        """Yield the decoded audio from frame 0 on; damaged packets are skipped."""
        position = 0
        for samples in self._decoder.blocks():
            if len(samples):
                yield AudioChunk(position, samples)
                position += len(samples)

    def close(self) -> None:
        """End `chunks`; bytes that are not decoded yet are dropped."""
        self._decoder.close()
