"""Every module and package that computes a stage's result is part of its cache key, and nothing else is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from meetscribe.alignment import align
from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.pipeline import Loaders, dependencies
from meetscribe.pipeline.cache_keys import CacheDependencies
from meetscribe.pipeline.dependencies import PACKAGES_WITHOUT_EFFECT, WITHOUT_EFFECT, StageDependencies
from meetscribe.results import json_digest
from meetscribe.runtime.devices import Device
from meetscribe.settings import Settings
from meetscribe.vad import make_chunks
from tests.support.import_closure import PACKAGE, covers, import_closure

STAGES = {
    "speech": dependencies.SPEECH,
    "segmentation": dependencies.SEGMENTATION,
    "transcription": dependencies.TRANSCRIPTION,
    "alignment": dependencies.ALIGNMENT,
    "diarization": dependencies.DIARIZATION,
}
LOADERS = {field.name: field.default for field in fields(Loaders)}
CALLED: dict[str, list[Any]] = {
    "speech": [LOADERS["audio"], LOADERS["speech"], make_chunks],
    "segmentation": [LOADERS["audio"], LOADERS["speech_activity"]],
    "transcription": [LOADERS["audio"], LOADERS["recognizer"]],
    "alignment": [LOADERS["audio"], LOADERS["aligner"], align],
    "diarization": [LOADERS["audio"], LOADERS["diarizer"]],
}
"""The functions that each stage calls."""
MANAGE_DEVICES = ("runtime.devices", "runtime.threads", "asr.planning")
"""Modules that call torch only to find devices, measure their memory and set the number of threads."""
UNRELATED = ("markup/colors.py", "formats/srt.py", "cli/application.py", "report/evaluation_page.py", "errors.py")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of meetscribe."""
    copy = tmp_path_factory.mktemp("copy") / "meetscribe"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def digests(package: Path) -> dict[str, str]:
    """Return a digest of what each stage depends on, for the code in a folder."""
    keys = CacheDependencies(Settings(), Device("cpu"), package)
    found = {
        "speech": keys.speech(),
        "segmentation": keys.segmentation(),
        "transcription": keys.transcription(),
        "alignment": keys.alignment({}),
        "diarization": keys.diarization(),
    }
    return {stage: json_digest(dependencies) for stage, dependencies in found.items()}


def changed(file: Path, package: Path, before: dict[str, str]) -> set[str]:
    """Return the stages whose key changes when a line of the file changes."""
    content = file.read_bytes()
    file.write_bytes(content + b"\n# changed")
    try:
        return {stage for stage, digest in digests(package).items() if digest != before[stage]}
    finally:
        file.write_bytes(content)


def declared_files(stage: StageDependencies, package: Path) -> Iterator[Path]:
    """Yield the files of the modules that a stage declares, sub-packages included."""
    for module in stage.modules:
        path = package.joinpath(*module.split("."))
        yield from path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]


def module_of(function: Any) -> str:
    """Return the module of a function, without "meetscribe"."""
    return str(function.__module__).partition(".")[2]


def test_one_changed_line_changes_the_keys_of_the_stages_that_declare_the_file(package: Path) -> None:
    before = digests(package)
    declaring: dict[Path, set[str]] = {}
    for name, stage in STAGES.items():
        for file in declared_files(stage, package):
            declaring.setdefault(file, set()).add(name)
    assert package / "timeline.py" in declaring and package / "asr/engines/whisperx.py" in declaring
    for file, declared in declaring.items():
        assert changed(file, package, before) == declared, file


@pytest.mark.parametrize("file", UNRELATED)
def test_an_unrelated_module_changes_no_key(package: Path, file: str) -> None:
    assert changed(package / file, package, digests(package)) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_the_declared_modules_cover_the_imports(stage: str) -> None:
    """Every module that a stage imports is declared, or listed as one that cannot change a result."""
    declared = STAGES[stage].modules
    stop = [module for module in WITHOUT_EFFECT if not covers(declared, module)]
    roots = [*map(module_of, CALLED[stage]), *declared_below(stop, declared)]
    found, _ = import_closure(roots, stop)
    assert {module for module in found if not covers([*declared, *stop], module)} == set()


def declared_below(stop: list[str], declared: tuple[str, ...]) -> list[str]:
    """Return the declared modules inside packages that are otherwise without effect."""
    return [module for module in declared if covers(stop, module)]


@pytest.mark.parametrize("stage", STAGES)
def test_the_declared_packages_cover_the_imports(stage: str) -> None:
    """Every third-party package that a stage calls is declared; those of engines are in the table of engines."""
    stop = [*WITHOUT_EFFECT, "asr.engines", *MANAGE_DEVICES]
    _, names = import_closure(map(module_of, CALLED[stage]), stop)
    assert undeclared(names, STAGES[stage].packages) == set()


def undeclared(names: set[str], declared: Iterable[str]) -> set[str]:
    """Return the imported top-level packages whose distributions are neither declared nor without effect."""
    distributions = packages_distributions()
    known = {canonical(name) for name in (*declared, *PACKAGES_WITHOUT_EFFECT)}
    return {name for name in names if not known & set(map(canonical, distributions.get(name, [name])))}


def canonical(name: str) -> str:
    """Return the normalised name of a distribution (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("engine", BUILT_IN)
def test_the_row_of_an_engine_covers_its_imports(engine: str) -> None:
    """Every third-party package that an engine calls has its version in the key."""
    entry = BUILT_IN[engine]
    module = entry.factory.partition(":")[0].removeprefix("meetscribe.")
    stop = [*WITHOUT_EFFECT, "asr.engine_table", *MANAGE_DEVICES]
    _, names = import_closure([module], stop)
    assert undeclared(names, [*entry.versions, *dependencies.TRANSCRIPTION.packages]) == set()


@pytest.mark.parametrize("module", WITHOUT_EFFECT)
def test_every_module_without_effect_is_imported(module: str) -> None:
    """The list has no entry that no stage imports."""
    roots = {module_of(function) for functions in CALLED.values() for function in functions}
    found, _ = import_closure(roots)
    assert any(covers([module], name) for name in found)


def test_the_schema_is_part_of_the_key() -> None:
    versions = [StageDependencies(("timeline",), (), schema).versions() for schema in (1, 2)]
    assert versions[0] != versions[1]


def test_an_unknown_module_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no module meetscribe.nowhere"):
        StageDependencies(("nowhere",), ()).versions()
