"""Where models lie on this machine; what does not is had from the hub, by others.

A model is looked for in a folder of models, if one is given, then in the caches of huggingface_hub and torch, which
are used as these use them, so that a model is kept once. A folder of models is made by `weights pull --to`, to be
carried to machines without a network:

    FOLDER/Systran/faster-whisper-small/model.bin, …, weights.json
    FOLDER/torchaudio/wav2vec2_fairseq_base_ls960_asr_ls960.pth
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
from meetscribe.weights import hub
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES
from meetscribe.weights.needs import Need, Obstacle, missing

RECORD = "weights.json"
"""What a model in a folder of models is, and the hashes of its files."""

BUNDLES = "torchaudio"
"""The folder of torchaudio's bundles in a folder of models."""


MAKE_ROOM = "Make room, or set HF_HOME or TORCH_HOME to a directory that can take it."


@dataclass(frozen=True, slots=True)
class Record:
    """What a folder of models says of a model: `files` are the SHA-256 of each."""

    model: str
    revision: str
    licence: str | None
    page: str
    files: dict[str, str]


def locate(need: Need, folder: Path | None = None) -> Path | None:
    """The directory or file where a model lies whole on this machine, or None; the network is not asked.

    `folder` is one of models, which is looked into first.
    """
    if need.kind == "torchaudio":
        places = [place / need.files[0] for place in ((folder / BUNDLES,) if folder else ())]
        return next((path for path in (*places, torch_checkpoints() / need.files[0]) if path.is_file()), None)
    path = Path(need.model).expanduser()
    if path.is_file():
        return path
    if path.is_dir():
        return None if missing(need, files_in(path)) else path
    if folder is not None and (found := _carried(need, folder)) is not None:
        return found
    return _cached(need)


def local_obstacle(need: Need) -> Obstacle | None:
    """Why a model that was not located cannot be fetched either, as far as that can be seen from here."""
    if need.kind == "torchaudio":
        return None if need.model in TORCHAUDIO_BUNDLES else "unknown"
    if Path(need.model).expanduser().is_dir():
        return "incomplete"
    if _is_path(need.model):
        return "absent"
    if "/" not in need.model:  # the hub's ids of such models all have an owner
        return "unknown"
    return "offline" if hub.is_off() else None


def revision_of(path: Path) -> str | None:
    """The commit of a model that came from the hub, None of one that did not."""
    if path.parent.name == "snapshots":
        return path.name
    record = read_record(path)
    return None if record is None else record.revision


def read_record(directory: Path) -> Record | None:
    """What is said of a model in a folder of models, None if nothing is."""
    try:
        content: Any = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        return Record(**{**content, "files": dict(content["files"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_record(directory: Path, record: Record) -> None:
    """Say what the model in a directory is, whole or not at all."""
    scratch = directory / f".{RECORD}"
    scratch.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")
    scratch.replace(directory / RECORD)


def torch_checkpoints() -> Path:
    """The directory where torch keeps what it fetches, found without importing torch."""
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub" / "checkpoints"


def hub_cache() -> Path:
    """The directory where huggingface_hub keeps what it fetches."""
    telemetry.switch_off()
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def free_at(place: Path) -> int:
    """The bytes that are free where a directory is, or will be."""
    place = place.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def publish(need: Need, commit: str) -> None:
    """Make a commit that has arrived whole the one that is meant by the need's revision in the hub's cache."""
    reference = hub_cache() / hub.cache_name(need.repository) / "refs" / need.revision
    reference.parent.mkdir(parents=True, exist_ok=True)
    scratch = reference.with_name(f".{reference.name}-{os.getpid()}")
    scratch.write_text(commit, encoding="ascii")
    scratch.replace(reference)


def files_in(directory: Path) -> list[str]:
    """The files in a directory and in the directories in it, as they are called on the hub."""

    def walk() -> Iterator[Path]:
        for path in directory.iterdir():
            yield from path.iterdir() if path.is_dir() else (path,)

    return [path.relative_to(directory).as_posix() for path in walk() if path.is_file()]


def _carried(need: Need, folder: Path) -> Path | None:
    """The directory of a model in a folder of models, None if it is not there, not whole or of another revision."""
    path = folder / need.repository
    if not path.is_dir() or missing(need, files_in(path)):
        return None
    record = read_record(path)
    wanted = need.revision == "main" or (record is not None and record.revision.startswith(need.revision))
    return path if wanted else None


def _cached(need: Need) -> Path | None:
    """The directory of a model in the hub's cache, None if it is not there or not whole."""
    if need.repository.count("/") > 1:
        return None
    place = hub_cache() / hub.cache_name(need.repository)
    commits = [path.name for path in (place / "snapshots").glob("*")]
    try:
        commit = (place / "refs" / need.revision).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        named = re.fullmatch("[0-9a-f]{7,40}", need.revision)
        commit = next((commit for commit in commits if named and commit.startswith(need.revision)), "")
    path = place / "snapshots" / commit
    return path if commit in commits and not missing(need, files_in(path)) else None


def _is_path(model: str) -> bool:
    """Whether this can only be meant as a path: an id of the hub has one slash at most."""
    return model.startswith((".", "~", "/")) or "\\" in model or model.count("/") > 1
