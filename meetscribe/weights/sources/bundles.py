"""Download of torchaudio's bundles: single files on PyTorch's web server, without hashes."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

from meetscribe.runtime.progress import Progress
from meetscribe.weights.sources.hub import TIMEOUT
from meetscribe.weights.specification import ModelSpec, Obstacle

URL = "https://download.pytorch.org/torchaudio/models/"

_ATTEMPTS = 4
_BLOCK = 1 << 20


def find_obstacle(spec: ModelSpec) -> Obstacle | None:
    """Return why a bundle cannot be downloaded, None if it can."""
    request = urllib.request.Request(URL + spec.files[0], method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=TIMEOUT).close()
    except urllib.error.HTTPError as error:
        return _obstacle_of(error)
    except OSError:
        return "unreachable"
    return None


def download(spec: ModelSpec, folder: Path, progress: Progress) -> Obstacle | None:
    """Download the file of a bundle to a folder, and return the obstacle if this fails.

    An interrupted download is resumed, immediately or at the next call. Raises OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{spec.files[0]}.incomplete"
    for _ in range(_ATTEMPTS):
        try:
            if _resume(URL + spec.files[0], partial, progress):
                partial.replace(folder / spec.files[0])
                return None
        except urllib.error.HTTPError as error:
            return _obstacle_of(error)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            continue
    return "unreachable"


def _resume(url: str, partial: Path, progress: Progress) -> bool:
    """Download the missing part of a file, and return whether it is complete."""
    size = partial.stat().st_size if partial.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={size}-"} if size else {})
    with urllib.request.urlopen(request, timeout=2 * TIMEOUT) as response:
        size = size if response.status == 206 else 0
        total = size + int(response.headers["Content-Length"])
        with partial.open("ab" if size else "wb") as file:
            while block := response.read(_BLOCK):
                size += file.write(block)
                progress(min(0.99, size / max(1, total)))
    return size == total


def _obstacle_of(error: urllib.error.HTTPError) -> Obstacle:
    """Return the obstacle for an HTTP error."""
    if error.code == 429:
        return "busy"
    return "failing" if error.code >= 500 else "unknown"
