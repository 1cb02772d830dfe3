"""Storage of decoded samples: short recordings in memory, long ones in a private temporary file."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from meetscribe.audio.values import SAMPLE_RATE, Samples
from meetscribe.errors import OutputError, os_reason
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    import numpy.typing as npt

IN_MEMORY: Seconds = 900.0
"""The length from which recordings are stored in a file."""

_WIDTH = 4  # bytes of a float32
_SILENCE = 60 * SAMPLE_RATE  # samples of silence appended at once


class SampleStorage:
    """Samples appended block by block, in memory, or in a file if longer than `IN_MEMORY`.

    The file has no name, so that other programs cannot open it and it is removed with the process. Raises OutputError
    if it cannot be created or the disk is full.
    """

    def __init__(self) -> None:
        self._pcm = bytearray()  # grows in place
        self._file: IO[bytes] | None = None
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, block: npt.NDArray[np.float32]) -> None:
        """Append samples `(samples,)`."""
        self._count += len(block)
        if self._file is not None:
            with _disk_errors():
                self._file.write(block.data)
            return
        self._pcm += block.data
        if self._count > IN_MEMORY * SAMPLE_RATE:
            with _disk_errors():
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the samples
                self._file.write(self._pcm)
            self._pcm = bytearray()

    def append_silence(self, count: int) -> None:
        """Append a number of zero samples."""
        for start in range(0, count, _SILENCE):
            self.append(np.zeros(min(_SILENCE, count - start), np.float32))

    def samples(self) -> Samples:
        """Return all samples; nothing can be appended afterwards."""
        if self._file is None:
            return np.frombuffer(self._pcm, dtype=np.float32)
        with _disk_errors():
            self._file.flush()
        return FileSamples(self._file, self._count)


class FileSamples:
    """Float32 samples in an open file, read on demand; thread-safe.

    Pickling or copying yields an array with all samples.
    """

    def __init__(self, file: IO[bytes], count: int) -> None:
        self._file: Any = file
        self._count = count
        self._lock = threading.Lock()
        weakref.finalize(self, file.close)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
        """Return the samples `(samples,)` of a slice without a step; raises TypeError for other arguments."""
        if not isinstance(part, slice) or part.step not in (None, 1):
            raise TypeError("the samples of a long recording are read as samples[start:stop]")
        start, stop, _ = part.indices(self._count)
        samples = np.empty(max(0, stop - start), dtype=np.float32)
        rest, position = samples.view(np.uint8).data, start * _WIDTH
        while rest:  # a read may return less than requested
            count = self._read(rest, position)
            if not count:
                raise EOFError("the temporary file of the recording is shorter than what was written to it")
            rest, position = rest[count:], position + count
        return samples

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return self[:] if dtype is None else self[:].astype(dtype, copy=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return np.asarray, (self[:],)

    def _read(self, into: memoryview, position: int) -> int:
        """Read from a position, independently of other threads, and return the number of bytes read."""
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [into], position)
        with self._lock:
            self._file.seek(position)
            return int(self._file.readinto(into))


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Translate OSError to OutputError with a remedy."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the decoded recording cannot be stored in a temporary file: {os_reason(error)}",
            "It takes 230 MB per hour: free some space, or set TMPDIR to a folder on a larger disk.",
        ) from error
