"""The installed packages that meetscribe stands on: their versions, and whether these go together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

PACKAGES = ("meetscribe", "whisperx", "faster-whisper", "ctranslate2", "pyannote.audio", "torch", "torchaudio",
            "transformers", "huggingface-hub", "numpy", "pandas", "av")  # fmt: skip
"""Those whose versions depend on one another."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with a package, and the requirement that it should meet."""

    text: str
    wanted: str


def versions() -> dict[str, str]:
    """The version of each package that is installed."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def conflicts() -> Iterator[Conflict]:
    """What each package requires of the others, and does not find."""
    from packaging.requirements import Requirement

    for package in versions():
        for text in requires(package) or ():
            wanted = Requirement(text)
            if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
                continue
            try:
                there = version(wanted.name)
            except PackageNotFoundError:
                yield Conflict(f"{package} needs {wanted.name}, which is not installed", _plain(wanted))
                continue
            if not wanted.specifier.contains(there, prereleases=True):
                yield Conflict(f"{package} needs {_plain(wanted)}, but {there} is installed", _plain(wanted))


def _plain(wanted: object) -> str:
    """A requirement without its marker."""
    return str(wanted).partition(";")[0].strip()
