"""What the Hugging Face hub has and sends, by huggingface_hub; where it is put is in store and fetching.

That library honours HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_OFFLINE and proxies. What it does not do is done
here: files are compared with their hashes, a connection that breaks is taken up again as long as something
comes, and a hub that asks for patience (429) is given it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from meetscribe.runtime import telemetry
from meetscribe.runtime.shared_change import SharedChange
from meetscribe.timeline import Seconds
from meetscribe.weights.needs import Need, Obstacle

PATIENCE: Seconds = 5.0
"""How long to wait for an answer to whether a model is there."""

LONGEST_WAIT: Seconds = 60.0
"""How long the hub may ask to wait before it is asked again; a longer wait is left to the user."""

T = TypeVar("T")

_TRIES = 4  # without a byte of progress
_PAUSE: Seconds = 1.0
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub: its bytes, and the hash of its content, SHA-256 if it is large, else as git has it."""

    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model at one commit."""

    commit: str
    files: dict[str, RemoteFile]


def listing(need: Need, token: str | None) -> Listing:
    """What the hub has of a model, at the need's revision; raises what huggingface_hub does."""
    telemetry.switch_off()
    from huggingface_hub import HfApi

    def ask() -> Listing:
        found = HfApi().model_info(
            need.repository, revision=need.revision, files_metadata=True, token=token, timeout=2 * PATIENCE
        )
        files = {
            file.rfilename: RemoteFile(file.size or 0, file.lfs.sha256 if file.lfs else file.blob_id or "")
            for file in found.siblings or ()
        }
        return Listing(found.sha or need.revision, files)

    return _patiently(ask)


def receive(need: Need, name: str, commit: str, token: str | None, folder: Path | None = None) -> Path:
    """Where a file of a model lies after fetching it into the hub's cache, or into `folder`.

    A connection that breaks is taken up again where it broke. Raises what huggingface_hub does.
    """
    from huggingface_hub import constants, hf_hub_download

    def ask() -> Path:
        with _DOWNLOADING:
            return Path(hf_hub_download(need.repository, name, revision=commit, token=token, local_dir=folder))

    place = folder or Path(constants.HF_HUB_CACHE) / cache_name(need.repository)
    return _patiently(ask, lambda: bytes_in(place))


def obstacle_to(need: Need, token: str | None) -> Obstacle | None:
    """Why a model cannot be fetched, None if it can: its first file is asked for, within `PATIENCE`."""
    telemetry.switch_off()
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but not marked as exported
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    def ask() -> None:
        url = hf_hub_url(need.repository, need.files[0], revision=need.revision)
        # Not get_hf_file_metadata, which asks six times over half a minute before it gives up.
        hf_raise_for_status(get_session().head(url, headers=build_hf_headers(token=token), timeout=PATIENCE))

    try:
        _patiently(ask)
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        return obstacle_in(error, need)
    return None


def obstacle_in(error: Exception, need: Need) -> Obstacle:
    """What an error of the hub's library says is in the way."""
    from huggingface_hub import errors

    error = _cause(error)
    if isinstance(error, errors.OfflineModeIsEnabled):
        return "offline"
    if isinstance(error, errors.GatedRepoError):
        return "gated"
    if isinstance(error, errors.RepositoryNotFoundError):  # said of a gated one too, to whom it does not know
        return "gated" if need.gated else "unknown"
    status = _status(error)
    if isinstance(error, errors.EntryNotFoundError) and status is not None:
        return "incomplete"
    if isinstance(error, errors.RevisionNotFoundError):
        return "unknown"
    if status in (401, 403):
        return "refused"
    if status == 429:
        return "busy"
    return "failing" if status is not None else "unreachable"


def is_off() -> bool:
    """Whether the environment forbids asking the hub."""
    telemetry.switch_off()
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def cache_name(repository: str) -> str:
    """The folder of a model in the hub's cache."""
    return f"models--{repository.replace('/', '--')}"


def hash_of(path: Path, like: str) -> str:
    """The hash of a file in the way that `like` is one: 64 digits are SHA-256, 40 are git's of a blob."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    if len(like) != 64:
        digest.update(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def bytes_in(folder: Path) -> int:
    """How many bytes the files under a folder have, those included that are still coming; links are not followed."""
    total = 0
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                total += path.stat().st_size
        except OSError:  # moved meanwhile
            continue
    return total


def _patiently(ask: Callable[[], T], arrived: Callable[[], int] | None = None) -> T:
    """What `ask` returns, asked again after a wait that the hub asks for, an error of its own, or a break.

    It is given up after a few tries; where something has to arrive, tries in which it does not count.
    """
    tries, before = 0, arrived() if arrived else 0
    while True:
        try:
            return ask()
        except OSError as error:
            now = arrived() if arrived else 0
            tries = 1 if now > before else tries + 1
            before = now
            wait = _wait(_cause(error), downloading=arrived is not None)
            if wait is None or tries >= _TRIES:
                raise
            time.sleep(wait)


def _wait(error: Exception, downloading: bool) -> Seconds | None:
    """How long to wait before asking again; None if that would be in vain."""
    from requests.exceptions import ChunkedEncodingError, ConnectionError, ReadTimeout

    status = _status(error)
    if status == 429:
        asked = _retry_after(error)
        return asked if asked <= LONGEST_WAIT else None
    if status is not None:
        return _PAUSE if status >= 500 and not downloading else None  # huggingface_hub has asked six times then
    if isinstance(error, ChunkedEncodingError | ReadTimeout):
        return _PAUSE
    broken = isinstance(error, ConnectionError) and "aborted" in str(error).lower()
    return _PAUSE if broken else None  # one that was never made is not waited for


def _retry_after(error: Exception) -> Seconds:
    """The seconds that the hub asks to wait; a few if it does not say."""
    response = getattr(error, "response", None)
    said = "" if response is None else str(response.headers.get("Retry-After", ""))
    return float(said) if said.isdigit() else 5.0


def _status(error: Exception) -> int | None:
    """The status of the answer that an error is about, None if there was none."""
    response = getattr(error, "response", None)
    return None if response is None else int(response.status_code)


def _cause(error: Exception) -> Exception:
    """The error behind that of a file which is neither on the hub nor here."""
    from huggingface_hub.errors import LocalEntryNotFoundError

    behind = error.__cause__
    return behind if isinstance(error, LocalEntryNotFoundError) and isinstance(behind, Exception) else error


@contextmanager
def _quiet_small_blocks() -> Iterator[None]:
    """Have huggingface_hub draw no bars, log errors only, and write what arrives in blocks of 1 MB.

    With its blocks of 10 MB it loses up to 10 MB each time a connection breaks, and over a bad line gets no further.
    """
    import logging

    from huggingface_hub import constants
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    logger = logging.getLogger("huggingface_hub")
    level, shown = logger.level, not are_progress_bars_disabled()
    logger.setLevel(logging.ERROR)
    block, constants.DOWNLOAD_CHUNK_SIZE = constants.DOWNLOAD_CHUNK_SIZE, _BLOCK
    if shown:
        disable_progress_bars()
    try:
        yield
    finally:
        constants.DOWNLOAD_CHUNK_SIZE = block
        logger.setLevel(level)
        if shown:
            enable_progress_bars()


_DOWNLOADING = SharedChange(_quiet_small_blocks)
