"""torchaudio's bundles, which lie on a web server of PyTorch's without hashes; the hub's models are in hub."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

from meetscribe.runtime.progress import Progress
from meetscribe.weights.hub import PATIENCE
from meetscribe.weights.needs import Need, Obstacle

URL = "https://download.pytorch.org/torchaudio/models/"

_TRIES = 4
_BLOCK = 1 << 20


def obstacle_to(need: Need) -> Obstacle | None:
    """Why a bundle's file cannot be fetched, None if it can."""
    request = urllib.request.Request(URL + need.files[0], method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=PATIENCE).close()
    except urllib.error.HTTPError as error:
        return _obstacle(error)
    except OSError:
        return "unreachable"
    return None


def receive(need: Need, folder: Path, progress: Progress) -> Obstacle | None:
    """Fetch a bundle's file into a folder, whole or not at all; returns why that cannot be done.

    What breaks off is taken up again, now or the next time. Raises OSError where the folder cannot take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    coming = folder / f"{need.files[0]}.incomplete"
    for _ in range(_TRIES):
        try:
            if _take_up(URL + need.files[0], coming, progress):
                coming.replace(folder / need.files[0])
                return None
        except urllib.error.HTTPError as error:
            return _obstacle(error)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            continue
    return "unreachable"


def _take_up(url: str, coming: Path, progress: Progress) -> bool:
    """Fetch the rest of a file behind what has come of it; returns whether it is whole then."""
    have = coming.stat().st_size if coming.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
        have = have if answer.status == 206 else 0
        total = have + int(answer.headers["Content-Length"])
        with coming.open("ab" if have else "wb") as file:
            while block := answer.read(_BLOCK):
                have += file.write(block)
                progress(min(0.99, have / max(1, total)))
    return have == total


def _obstacle(error: urllib.error.HTTPError) -> Obstacle:
    """What a status says is in the way."""
    if error.code == 429:
        return "busy"
    return "failing" if error.code >= 500 else "unknown"
