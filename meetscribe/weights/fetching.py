"""Fetching models to where they are looked for: all files of one commit, each compared with its hash, whole or not."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from meetscribe.errors import OutputError, WeightsError, os_reason
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.weights import bundles, hub, store
from meetscribe.weights.needs import Need, Obstacle, chosen, missing
from meetscribe.weights.remedies import unmet
from meetscribe.weights.verifying import throw_away, verify

_NO_PLACE = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES")}
_LOOK_EVERY = 0.2  # seconds


def fetch(
    need: Need, token: str | None = None, progress: Progress = ignore_progress, *, folder: Path | None = None
) -> Path:
    """Where the model lies, after fetching what of it is not here yet; `progress` rises with what arrives.

    `folder` is a folder of models for it to lie in, instead of the caches. Raises WeightsError if it cannot be
    fetched, or is not what its hash says; OutputError if this machine cannot take it.
    """
    path = _there(need, folder)
    if path is None:
        obstacle = store.local_obstacle(need)
        if obstacle is None:
            obstacle = _received(need, token, progress, folder)
        path = _there(need, folder)
        if path is None:
            raise unmet([(need, obstacle or "incomplete")])
    progress(1.0)
    return path


def pull(
    need: Need, token: str | None = None, progress: Progress = ignore_progress, *, folder: Path | None = None
) -> Path:
    """As `fetch`, but what is here is compared with its hashes first, and what of it is wrong fetched again.

    What lies in the hub's cache is copied to the `folder`.
    """
    found = _there(need, None)
    if found is not None:
        throw_away(verify(found))
        found = _there(need, None)
    if folder is None or Path(need.model).expanduser().exists():
        return fetch(need, token, progress)
    if (there := _there(need, folder)) is not None:
        throw_away(verify(there))
    elif found is not None:
        _copy(need, found, folder)
    return fetch(need, token, progress, folder=folder)


def _copy(need: Need, found: Path, folder: Path) -> None:
    """Put a model that lies in a cache into a folder of models; raises OutputError if it cannot take it."""
    place = folder / store.BUNDLES if need.kind == "torchaudio" else folder / need.repository
    files = [found.name] if found.is_file() else store.files_in(found)
    source = found.parent if found.is_file() else found
    try:
        for name in files:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, place / f"{name}.incomplete")
            (place / f"{name}.incomplete").replace(place / name)
        if found.is_dir():
            _record(need, store.revision_of(found) or "", place, files)
    except OSError as error:
        _check_place(error, need)
        raise


def _record(need: Need, commit: str, place: Path, files: Iterable[str]) -> None:
    """Write down what a model in a folder of models is."""
    hashes = {name: hub.hash_of(place / name, "0" * 64) for name in files}
    store.write_record(place, store.Record(need.repository, commit, need.licence, need.page, hashes))


def _there(need: Need, folder: Path | None) -> Path | None:
    """Where the model lies, in the folder if one is given."""
    found = store.locate(need, folder)
    if folder is None or found is None or Path(need.model).expanduser().exists():
        return found
    return found if found.is_relative_to(folder) else None


def _received(need: Need, token: str | None, progress: Progress, folder: Path | None) -> Obstacle | None:
    """Fetch a model; returns why that cannot be done."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        if need.kind == "torchaudio":
            return bundles.receive(need, folder / store.BUNDLES if folder else store.torch_checkpoints(), progress)
        return _files(need, token, progress, folder)
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        _check_place(error, need)
        return hub.obstacle_in(error, need)


def _files(need: Need, token: str | None, progress: Progress, folder: Path | None) -> Obstacle | None:
    """Fetch the files of a model at the commit that its revision means now."""
    listed = hub.listing(need, token)
    if missing(need, listed.files):
        return "incomplete"
    files = {name: listed.files[name] for name in chosen(need, listed.files)}
    place = folder / need.repository if folder else store.hub_cache() / hub.cache_name(need.repository)
    _check_room(need, files, place)
    with _watching(place, sum(file.size for file in files.values()), progress):
        for name, file in files.items():
            _check_hash(need, name, file, hub.receive(need, name, listed.commit, token, place if folder else None))
    if folder is None:
        store.publish(need, listed.commit)
    else:
        _record(need, listed.commit, place, files)
        shutil.rmtree(place / ".cache", ignore_errors=True)  # huggingface_hub's notes on what is coming
    return None


def _check_hash(need: Need, name: str, file: hub.RemoteFile, path: Path) -> None:
    """Raise WeightsError, after throwing it away, if a file that came is not the one that was announced."""
    if not file.hash or hub.hash_of(path, file.hash) == file.hash:
        return
    path.resolve().unlink()
    path.unlink(missing_ok=True)  # the link in the cache
    raise WeightsError(
        f"{name} of {need.model} is not what the hub says it is: its hash is another",
        "It was thrown away. Fetch it again; if that does not help, something between here and the hub changes it.",
    )


def _check_room(need: Need, files: Mapping[str, hub.RemoteFile], place: Path) -> None:
    """Raise OutputError if the files will not fit."""
    wanted = sum(file.size for file in files.values()) - (hub.bytes_in(place) if place.is_dir() else 0)
    free = store.free_at(place)
    if wanted > free:
        raise OutputError(
            f"{need.model} does not fit: it needs {wanted / 1e6:.0f} MB at {place}, where {free / 1e6:.0f} MB are free",
            store.MAKE_ROOM,
        )


@contextmanager
def _watching(place: Path, total: int, progress: Progress) -> Iterator[None]:
    """Meanwhile tell how much of `total` bytes more has arrived in a directory."""
    before = hub.bytes_in(place) if place.is_dir() else 0
    # What came earlier and broke off counts as there: it is not fetched again.
    begun = sum(path.stat().st_size for path in place.rglob("*.incomplete")) if before else 0
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(_LOOK_EVERY):
            progress(min(0.99, max(0.0, (hub.bytes_in(place) - before + begun) / max(1, total))))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _check_place(error: Exception, need: Need) -> None:
    """Raise OutputError if it was this machine that would not take the model."""
    if isinstance(error, OSError) and error.errno is not None and error.errno in _NO_PLACE:
        raise OutputError(
            f"{need.model} cannot be stored: {os_reason(error)}",
            store.MAKE_ROOM,
        ) from error
