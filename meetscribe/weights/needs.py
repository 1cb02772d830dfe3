"""A model that a stage needs, and one that was found; nothing is looked for here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["huggingface", "torchaudio"]

Obstacle: TypeAlias = Literal[
    "absent",  # a path where nothing lies
    "incomplete",  # a directory, here or on the hub, without the files
    "offline",  # looking was not allowed
    "unreachable",  # no answer
    "failing",  # an answer that it has gone wrong there
    "busy",  # an answer to come again later
    "gated",  # conditions to accept
    "refused",  # a token that is no good
    "unknown",  # no such model
]
"""Why a model cannot be had."""


@dataclass(frozen=True, slots=True)
class Need:
    """A model by its id on the Hugging Face hub, the name of a torchaudio bundle, or a path on this machine.

    An id may be followed by @ and a revision: a branch, a tag, or the beginning of a commit's hash.
    `files` must all be there: each is a name or a pattern, with alternatives between bars, best first, and
    the first of them is one plain name. `optional` ones are fetched along if there are any. `setting` is the
    stage's setting that names the model, empty if another model asks for it. `by_name` says that the stage
    wants the name even when the model lies here.
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
    instead: str = ""  # what needs no such model, in a sentence

    @property
    def repository(self) -> str:
        """The id on the hub, without a revision."""
        return self.model.partition("@")[0]

    @property
    def revision(self) -> str:
        """What of the repository is meant."""
        return self.model.partition("@")[2] or "main"

    @property
    def commercial(self) -> bool:
        """Whether the licence, as far as it is known, lets the model be used for money."""
        return self.licence is None or "-NC" not in self.licence

    @property
    def page(self) -> str:
        """Where the model is described, and its conditions are accepted."""
        if self.kind == "torchaudio":
            return "https://docs.pytorch.org/audio/stable/pipelines.html"
        return f"https://huggingface.co/{self.repository}"

    def __str__(self) -> str:
        return f"{self.stage}.{self.setting} = {self.model}" if self.setting else f"{self.stage}: {self.model}"


@dataclass(frozen=True, slots=True)
class Found:
    """A need that can be met: `path` is where the model lies, None if it is still to be fetched."""

    need: Need
    path: Path | None

    @property
    def value(self) -> str:
        """What the stage's setting is to be: the path, else the name."""
        return self.need.model if self.path is None or self.need.by_name else str(self.path)


def missing(need: Need, names: Collection[str]) -> tuple[str, ...]:
    """What of `need.files` is not among the names of files.

    >>> missing(Need("asr", "x", files=("config.json", "model.bin|model.safetensors")), ["model.bin"])
    ('config.json',)
    """
    return tuple(pattern for pattern in need.files if not any(_matches(pattern, names)))


def chosen(need: Need, names: Collection[str]) -> list[str]:
    """The names of the files to fetch: for each of `need.files` the best alternative, and what is optional.

    >>> need = Need("asr", "x", files=("a.bin|b.bin",), optional=("*.json",))
    >>> chosen(need, ["c.json", "b.bin", "README.md"])
    ['b.bin', 'c.json']
    """
    best = [next(iter(found), []) for found in ([*_matches(pattern, names)] for pattern in need.files)]
    extra = [found for pattern in need.optional for found in _matches(pattern, names)]
    return sorted({name for found in (*best, *extra) for name in found})


def _matches(pattern: str, names: Collection[str]) -> Iterator[list[str]]:
    """The names that match each alternative of a pattern, if any do."""
    for alternative in pattern.split("|"):
        found = [name for name in names if fnmatchcase(name, alternative)]
        if found:
            yield found
