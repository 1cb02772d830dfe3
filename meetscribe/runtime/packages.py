"""Versions of the packages that meetscribe depends on, and conflicts between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement

PACKAGES = ("meetscribe", "whisperx", "faster-whisper", "ctranslate2", "pyannote.audio", "torch", "torchaudio",
            "transformers", "huggingface-hub", "numpy", "pandas", "av")  # fmt: skip
"""The packages whose versions depend on each other."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """An unsatisfied requirement: a description, and the requirement in pip's syntax."""

    text: str
    requirement: str


def versions() -> dict[str, str]:
    """Return the versions of the installed packages."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def conflicts() -> Iterator[Conflict]:
    """Yield the unsatisfied requirements of the packages."""
    for package in versions():
        for text in requires(package) or ():
            requirement = Requirement(text)
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
                continue
            wanted = str(requirement).partition(";")[0].strip()
            try:
                installed = version(requirement.name)
            except PackageNotFoundError:
                yield Conflict(f"{package} needs {requirement.name}, which is not installed", wanted)
                continue
            if not requirement.specifier.contains(installed, prereleases=True):
                yield Conflict(f"{package} needs {wanted}, but {installed} is installed", wanted)


def extras() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each extra of meetscribe for users, with its missing packages in pip's syntax."""
    try:
        names = metadata("meetscribe").get_all("Provides-Extra") or []
    except PackageNotFoundError:  # meetscribe runs from its folder without being installed
        return
    needed = [Requirement(text) for text in requires("meetscribe") or ()]
    for name in names:
        if name.startswith("dev"):
            continue
        of_extra = [each for each in needed if each.marker is not None and _is_of(each, name)]
        missing = (each for each in of_extra if not _is_installed(each.name))
        yield name, tuple(str(each).partition(";")[0].strip() for each in missing)


def _is_of(requirement: Requirement, extra: str) -> bool:
    """Return whether a requirement with a marker applies to an extra on this machine."""
    assert requirement.marker is not None
    return requirement.marker.evaluate({"extra": extra}) and not requirement.marker.evaluate({"extra": ""})


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
