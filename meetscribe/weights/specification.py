"""Model specifications (id or path, files, size and licence), and models located on this machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["huggingface", "torchaudio", "package"]

Obstacle: TypeAlias = Literal[
    "absent",  # a path that does not exist
    "incomplete",  # required files are missing, here or on the hub
    "offline",  # the network may not be used
    "unreachable",  # the server does not answer
    "failing",  # a server error
    "busy",  # the rate of requests is limited
    "gated",  # conditions have to be accepted
    "refused",  # the token is not valid
    "unknown",  # no such model
    "no-pip",  # pip is not installed
    "no-package",  # the package index does not answer or lacks the package
]
"""Why a model is not available."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """The specification of a model by its id on the Hugging Face hub, its name or its path.

    A name is that of a bundle of torchaudio or of a model in a package (`MODELS` in `sources.packages`).

    An id may be followed by @ and a revision: a branch, a tag, or the beginning of a commit hash. All of `files` are
    required: each is a file name or a pattern, with alternatives separated by bars in order of preference; the first
    entry is a plain name. `optional` files are fetched if they exist. `setting` is the name of the stage's setting for
    the model, empty if another model requires it. With `by_name`, the stage receives the name instead of the path.
    """

    stage: str
    model: str
    kind: Kind = "huggingface"
    setting: str = "model"
    files: tuple[str, ...] = ("config.json",)
    optional: tuple[str, ...] = ()
    size_mb: int | None = None
    licence: str | None = None
    gated: bool = False
    by_name: bool = False
    alternative: str = ""  # a sentence about settings that do not need the model
    package_page: str = ""  # the web page of a model in a package

    @property
    def repository(self) -> str:
        """The id on the hub without the revision; for a bundle or a model in a package, its name."""
        return self.model.partition("@")[0]

    @property
    def revision(self) -> str:
        """The revision in the repository."""
        return self.model.partition("@")[2] or "main"

    @property
    def commercial(self) -> bool:
        """Whether the licence allows commercial use; True if the licence is unknown."""
        return self.licence is None or "-NC" not in self.licence

    @property
    def page(self) -> str:
        """The web page of the model, on which its conditions are accepted."""
        if self.kind == "torchaudio":
            return "https://docs.pytorch.org/audio/stable/pipelines.html"
        return self.package_page or f"https://huggingface.co/{self.repository}"

    def __str__(self) -> str:
        return f"{self.stage}.{self.setting} = {self.model}" if self.setting else f"{self.stage}: {self.model}"


@dataclass(frozen=True, slots=True)
class LocatedModel:
    """An available model; `path` is None if it has not been fetched yet."""

    spec: ModelSpec
    path: Path | None

    @property
    def value(self) -> str:
        """The value for the setting of the stage: the path or the name."""
        return self.spec.model if self.path is None or self.spec.by_name else str(self.path)


def missing_files(spec: ModelSpec, names: Collection[str]) -> tuple[str, ...]:
    """Return the entries of `spec.files` that no name matches.

    >>> missing_files(ModelSpec("asr", "x", files=("config.json", "model.bin|model.safetensors")), ["model.bin"])
    ('config.json',)
    """
    return tuple(pattern for pattern in spec.files if not any(_matches(pattern, names)))


def files_to_fetch(spec: ModelSpec, names: Collection[str]) -> list[str]:
    """Return the names of the files to fetch: the preferred alternative of each required file, and optional files.

    >>> spec = ModelSpec("asr", "x", files=("a.bin|b.bin",), optional=("*.json",))
    >>> files_to_fetch(spec, ["c.json", "b.bin", "README.md"])
    ['b.bin', 'c.json']
    """
    best = [next(iter(found), []) for found in ([*_matches(pattern, names)] for pattern in spec.files)]
    extra = [found for pattern in spec.optional for found in _matches(pattern, names)]
    return sorted({name for found in (*best, *extra) for name in found})


def _matches(pattern: str, names: Collection[str]) -> Iterator[list[str]]:
    """Yield the names that match each alternative of a pattern, for alternatives with matches."""
    for alternative in pattern.split("|"):
        matches = [name for name in names if fnmatchcase(name, alternative)]
        if matches:
            yield matches
