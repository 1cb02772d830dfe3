"""Where decoded samples are kept: short recordings in memory, long ones in a private file; decoding is in decode."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from meetscribe.audio.values import SAMPLE_RATE, Samples
from meetscribe.errors import OutputError, os_reason
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

IN_MEMORY: Seconds = 900.0
"""Longer recordings are kept in a file."""

_WIDTH = 4  # bytes of a float32
_SILENCE = 60 * SAMPLE_RATE


class Storage:
    """Samples appended one block after the other, in memory or, from `IN_MEMORY` seconds on, in a file.

    The file has no name, so that nobody else opens it and it goes with the process. Raises OutputError if it
    cannot be made or the disk is full.
    """

    def __init__(self) -> None:
        self._pcm = bytearray()  # grows in place
        self._file: IO[bytes] | None = None
        self._frames = 0

    def __len__(self) -> int:
        return self._frames

    def append(self, block: npt.NDArray[np.float32]) -> None:
        """Add a block of samples `(frames,)`."""
        self._frames += len(block)
        if self._file is not None:
            with _writing():
                self._file.write(block.data)
            return
        self._pcm += block.data
        if self._frames > IN_MEMORY * SAMPLE_RATE:
            with _writing():
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the samples
                self._file.write(self._pcm)
            self._pcm = bytearray()

    def append_silence(self, frames: int) -> None:
        """Add so many samples of zero."""
        import numpy as np

        for start in range(0, frames, _SILENCE):
            self.append(np.zeros(min(_SILENCE, frames - start), np.float32))

    def samples(self) -> Samples:
        """All samples; nothing can be added afterwards."""
        import numpy as np

        if self._file is None:
            return np.frombuffer(self._pcm, dtype=np.float32)
        with _writing():
            self._file.flush()
        return FileSamples(self._file, self._frames)


class FileSamples:
    """So many float32 samples of an open file, read where they are asked for; threads may share it.

    Pickled or copied, it becomes an array with all samples.
    """

    def __init__(self, file: IO[bytes], frames: int) -> None:
        self._file: Any = file
        self._frames = frames
        self._lock = threading.Lock()
        weakref.finalize(self, file.close)

    def __len__(self) -> int:
        return self._frames

    def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
        """The samples `(frames,)` of a slice without a step; raises TypeError for anything else."""
        import numpy as np

        if not isinstance(part, slice) or part.step not in (None, 1):
            raise TypeError("the samples of a long recording are read as samples[start:stop]")
        start, stop, _ = part.indices(self._frames)
        samples = np.empty(max(0, stop - start), dtype=np.float32)
        rest, position = samples.view(np.uint8).data, start * _WIDTH
        while rest:  # the system may read less than it is asked for
            count = self._read(rest, position)
            if not count:
                raise EOFError("the temporary file of the recording is shorter than what was written to it")
            rest, position = rest[count:], position + count
        return samples

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Everything at once, for those who must have it."""
        return self[:] if dtype is None else self[:].astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        import numpy as np

        return np.asarray, (self[:],)

    def _read(self, into: memoryview, position: int) -> int:
        """Read from a place in the file, without moving others' place in it, and return how many bytes came."""
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [into], position)
        with self._lock:
            self._file.seek(position)
            return int(self._file.readinto(into))


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the system says of a file that cannot be written into an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the decoded recording cannot be kept in a temporary file: {os_reason(error)}",
            "It takes 230 MB per hour: make room, or set TMPDIR to a folder on a larger disk.",
        ) from error
