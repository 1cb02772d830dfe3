"""Cache keys: the recording, the stage, and a digest of all other dependencies of the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from meetscribe.transcript import JSON

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class CacheKey:
    """The key of one result: the stage's name, and in hexadecimal the recording's content hash and a digest."""

    recording: str
    stage: str
    digest: str


def cache_key(recording: str, stage: str, dependencies: Mapping[str, JSON]) -> CacheKey:
    """Return the key of a stage's result for the recording with this content hash ("sha256:…").

    `dependencies` are all dependencies of the result except the content of the recording.
    """
    return CacheKey(recording.removeprefix("sha256:"), stage, json_digest(dependencies))


def json_digest(value: JSON | Mapping[str, JSON]) -> str:
    """Return the SHA-256 of a JSON value in hexadecimal; the order of an object's members does not matter."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def code_digest(modules: Iterable[str], package: Traversable | None = None) -> str:
    """Return a digest of the code of meetscribe's modules, such as "timeline" or "text.joining", in 16 digits.

    The name of a package selects all its files, including sub-packages and data files. `package` is the folder of
    meetscribe, by default the imported one. Raises ValueError for a module that does not exist.
    """
    root = package or files("meetscribe")
    digest = hashlib.sha256()
    for module in sorted(modules):
        for name, file in _files_of(module, root):
            content = file.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _files_of(module: str, root: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield the path and the file of each file of a module or package."""
    path = module.replace(".", "/")
    if (folder := root / path).is_dir():
        yield from _files_in(path, folder)
    elif (file := root / f"{path}.py").is_file():
        yield f"{path}.py", file
    else:
        raise ValueError(f"there is no module meetscribe.{module}")


def _files_in(path: str, folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Yield the path and the file of each file in a folder, except compiled code."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files_in(f"{path}/{entry.name}", entry)
        elif not entry.name.endswith((".pyc", ".pyo")):
            yield f"{path}/{entry.name}", entry
