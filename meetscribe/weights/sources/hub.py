"""Listing and download of files from the Hugging Face hub with huggingface_hub.

The library honours HF_ENDPOINT, HF_TOKEN, HF_HOME, HF_HUB_OFFLINE and proxies. This module adds file hashes, retries
as long as data arrives, and waiting for rate limits (429). huggingface_hub is imported on use, because a run with all
models on this machine needs only its constants.
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
from meetscribe.weights.specification import ModelSpec, Obstacle

TIMEOUT: Seconds = 5.0
"""The timeout of a request that checks whether a model exists; requests that return data get twice as long."""

MAX_WAIT: Seconds = 60.0
"""The longest accepted wait that the hub requests; a longer wait is an error."""

T = TypeVar("T")

_ATTEMPTS = 4  # consecutive attempts without a byte of progress
_PAUSE: Seconds = 1.0
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on the hub: its size in bytes and its hash, SHA-256 for a large file, otherwise the git blob hash."""

    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model at one commit."""

    commit: str
    files: dict[str, RemoteFile]


def list_files(spec: ModelSpec, token: str | None) -> Listing:
    """Return the files of a model at its revision; raises the errors of huggingface_hub."""
    telemetry.switch_off()
    from huggingface_hub import HfApi

    def send() -> Listing:
        info = HfApi().model_info(
            spec.repository, revision=spec.revision, files_metadata=True, token=token, timeout=2 * TIMEOUT
        )
        files = {
            file.rfilename: RemoteFile(file.size or 0, file.lfs.sha256 if file.lfs else file.blob_id or "")
            for file in info.siblings or ()
        }
        return Listing(info.sha or spec.revision, files)

    return _retry(send)


def download(spec: ModelSpec, name: str, commit: str, token: str | None, folder: Path | None = None) -> Path:
    """Download a file of a model into the hub's cache or into `folder`, and return its path.

    An interrupted download is resumed. Raises the errors of huggingface_hub.
    """
    from huggingface_hub import constants, hf_hub_download

    def send() -> Path:
        with _DOWNLOADING:
            return Path(hf_hub_download(spec.repository, name, revision=commit, token=token, local_dir=folder))

    target = folder or Path(constants.HF_HUB_CACHE) / cache_folder_name(spec.repository)
    return _retry(send, lambda: folder_size(target))


def find_obstacle(spec: ModelSpec, token: str | None) -> Obstacle | None:
    """Return why a model cannot be fetched, None if it can; only the headers of its first file are requested."""
    telemetry.switch_off()
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, but not marked as exported
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    def send() -> None:
        url = hf_hub_url(spec.repository, spec.files[0], revision=spec.revision)
        # get_hf_file_metadata would retry six times, for half a minute.
        hf_raise_for_status(get_session().head(url, headers=build_hf_headers(token=token), timeout=TIMEOUT))

    try:
        _retry(send)
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        return obstacle_of(error, spec)
    return None


def obstacle_of(error: Exception, spec: ModelSpec) -> Obstacle:
    """Return the obstacle for an error of huggingface_hub."""
    from huggingface_hub import errors

    error = _cause(error)
    if isinstance(error, errors.OfflineModeIsEnabled):
        return "offline"
    if isinstance(error, errors.GatedRepoError):
        return "gated"
    if isinstance(error, errors.RepositoryNotFoundError):  # also raised for a gated model without a token
        return "gated" if spec.gated else "unknown"
    status = _status(error)
    # Without a response, the error is only about the cache (LocalEntryNotFoundError, a subclass).
    if isinstance(error, errors.EntryNotFoundError) and status is not None:
        return "incomplete"
    if isinstance(error, errors.RevisionNotFoundError):
        return "unknown"
    if status in (401, 403):
        return "refused"
    if status == 429:
        return "busy"
    return "failing" if status is not None else "unreachable"


def is_offline() -> bool:
    """Return whether HF_HUB_OFFLINE disables requests to the hub."""
    telemetry.switch_off()
    from huggingface_hub import constants

    return bool(constants.HF_HUB_OFFLINE)


def cache_folder_name(repository: str) -> str:
    """Return the name of a model's folder in the hub's cache."""
    return f"models--{repository.replace('/', '--')}"


def hash_of(path: Path, like: str) -> str:
    """Return the hash of a file, of the same kind as `like`: 64 digits for SHA-256, 40 for the SHA-1 of a git blob."""
    digest = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    if len(like) != 64:
        digest.update(f"blob {path.stat().st_size}\0".encode())
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def folder_size(folder: Path) -> int:
    """Return the total size of all files in a folder in bytes, including incomplete files; links are not followed."""
    total = 0
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                total += path.stat().st_size
        except OSError:  # moved in the meantime
            continue
    return total


def _retry(send: Callable[[], T], received: Callable[[], int] | None = None) -> T:
    """Return the result of `send`, retrying after rate limits, server errors and interrupted connections.

    The error is raised after a few attempts. `received` returns the number of bytes received so far; if given, only
    consecutive attempts that receive nothing are counted.
    """
    attempts, before = 0, received() if received else 0
    while True:
        try:
            return send()
        except OSError as error:
            now = received() if received else 0
            attempts = 1 if now > before else attempts + 1
            before = now
            wait = _wait(_cause(error), downloading=received is not None)
            if wait is None or attempts >= _ATTEMPTS:
                raise
            time.sleep(wait)


def _wait(error: Exception, downloading: bool) -> Seconds | None:
    """Return the wait before the next attempt in seconds, None if a retry is useless."""
    from requests.exceptions import ChunkedEncodingError, ConnectionError, ReadTimeout

    status = _status(error)
    if status == 429:
        requested = _retry_after(error)
        return requested if requested <= MAX_WAIT else None
    if status is not None:
        return _PAUSE if status >= 500 and not downloading else None  # huggingface_hub has already tried six times
    if isinstance(error, ChunkedEncodingError | ReadTimeout):
        return _PAUSE
    broken = isinstance(error, ConnectionError) and "aborted" in str(error).lower()
    return _PAUSE if broken else None  # no retry if the connection could not be opened


def _retry_after(error: Exception) -> Seconds:
    """Return the seconds of the header Retry-After, 5 without it."""
    response = getattr(error, "response", None)
    value = "" if response is None else str(response.headers.get("Retry-After", ""))
    return float(value) if value.isdigit() else 5.0


def _status(error: Exception) -> int | None:
    """Return the HTTP status of an error, None if there was no response."""
    response = getattr(error, "response", None)
    return None if response is None else int(response.status_code)


def _cause(error: Exception) -> Exception:
    """Return the cause of a LocalEntryNotFoundError (a failed request for a file that is not in the cache).

    Other errors, and one without a cause, are returned unchanged.
    """
    from huggingface_hub.errors import LocalEntryNotFoundError

    cause = error.__cause__
    return cause if isinstance(error, LocalEntryNotFoundError) and isinstance(cause, Exception) else error


@contextmanager
def _quiet_small_blocks() -> Iterator[None]:
    """Make huggingface_hub show no progress bars, log only errors, and write data in blocks of 1 MB.

    With its default blocks of 10 MB, each broken connection loses up to 10 MB, and a bad connection makes no progress.
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
