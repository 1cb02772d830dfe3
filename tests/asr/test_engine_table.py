"""The table of engines: built-in rows, entry points, and an engine that shares nothing with Whisper."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.engine_table import BUILT_IN, ENGINES, GROUP, EngineEntry, engine_entry, entry_points
from meetscribe.errors import SettingsError
from meetscribe.models.catalogue import find_models, known_models
from meetscribe.models.resolution import locate_models, prepare_models
from meetscribe.pipeline import run
from meetscribe.runtime.devices import Device
from meetscribe.settings import RunSettings, Settings
from meetscribe.testing.digit_engine import ENTRY
from tests.asr.sample_engines import SAMPLES

ROOT = Path(__file__).parents[2]


def install(folder: Path, **points: str) -> None:
    """Write the metadata of a package with these entry points."""
    info = folder / "other_engines-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-engines\nVersion: 1.0\n")
    lines = [f"{name} = {place}" for name, place in points.items()]
    (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on the import path; entry points are read again before and after the test."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    importlib.invalidate_caches()
    entry_points.cache_clear()
    yield folder
    entry_points.cache_clear()


@pytest.fixture
def digits(packages: Path) -> Path:
    """Return the folder of a package that adds the digit engine."""
    install(packages, digits="meetscribe.testing.digit_engine:ENTRY")
    return packages


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_rows_are_complete(name: str) -> None:
    """Each row names existing modules, models, and installed packages whose versions are part of the cache key."""
    entry = BUILT_IN[name]
    assert importlib.util.find_spec(entry.factory.partition(":")[0]) is not None
    assert entry.load_models() is not None
    assert all(version(package) for package in (*entry.versions, *entry.requires))
    assert set(entry.requires) <= set(entry.versions)


def test_extras_install_what_engines_require() -> None:
    """The extra of a row is in pyproject.toml, and installs the packages of the row."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    base = re.findall(r'"([\w.-]+)', project[project.index("\ndependencies = [") :].split("\n]")[0])
    for entry in BUILT_IN.values():
        extra = re.search(rf"^{entry.extra} = \[(.*)\]$", project, re.M)
        available = re.findall(r'"([\w.-]+)', extra[1]) if extra else base
        assert bool(extra) == (entry.extra is not None)
        assert set(entry.requires) <= set(available)


def test_an_unknown_engine_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="did you mean 'whisperx'"):
        engine_entry("whisper-x")


@pytest.mark.parametrize("wrong", [{"languages": ()}, {"versions": ()}, {"unsupported": frozenset({"seed"})}])
def test_an_incomplete_row_is_refused(wrong: dict[str, Any]) -> None:
    """Without packages the cache key would miss the versions of what computes."""
    with pytest.raises(ValueError, match="engine"):
        EngineEntry(**{"factory": "a:b", "languages": ("en",), "requires": (), "versions": ("numpy",), **wrong})


def test_other_packages_add_engines(digits: Path) -> None:
    """An entry point is a row like any other; a built-in engine cannot be replaced."""
    assert list(ENGINES) == [*BUILT_IN, "digits"] and len(ENGINES) == len(BUILT_IN) + 1
    assert ENGINES["digits"] is ENTRY
    assert AsrSettings(engine="digits", language="eo").language == "eo"


@pytest.mark.parametrize(
    ("place", "reason"),
    [("no_such_module:ENTRY", "cannot be imported"), ("meetscribe.errors:nearest", "not an EngineEntry")],
)
def test_a_broken_entry_point_is_a_settings_error(packages: Path, place: str, reason: str) -> None:
    install(packages, broken=place)
    with pytest.raises(SettingsError, match=reason):
        AsrSettings(engine="broken")


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "de"},
        {"model": "small"},
        {"beam_size": 3},
        {"prompt": "Minutes."},
        {"task": "translate"},
        {"numerals": False},
        {"temperatures": (0.0, 0.5)},
    ],
)
def test_settings_that_an_engine_does_not_support_are_refused(digits: Path, wrong: dict[str, Any]) -> None:
    """Defaults and neutral values are accepted."""
    AsrSettings(engine="digits", beam_size=1, temperatures=(0.0,))
    with pytest.raises(SettingsError):
        AsrSettings(engine="digits", **wrong)


def test_an_engine_without_weights_needs_no_model(digits: Path) -> None:
    """Nothing is located or fetched for it, and the catalogue lists only the models of other stages."""
    settings = Settings(asr=AsrSettings(engine="digits"), run=RunSettings(offline=True))
    settings = settings_without_models(settings)
    assert prepare_models(settings, Device("cpu")).names == {}
    assert locate_models(settings, Device("cpu"))[1] == {}
    assert {entry.spec.stage for entry in known_models("digits")} == {"alignment", "diarization"}
    with pytest.raises(SettingsError, match="has no models"):
        find_models(["me/mine"], settings)


def settings_without_models(settings: Settings) -> Settings:
    """Return the settings without alignment and diarization."""
    return replace(
        settings,
        alignment=replace(settings.alignment, enabled=False),
        diarization=replace(settings.diarization, enabled=False),
    )


def test_the_pipeline_runs_an_engine_that_shares_nothing_with_whisper(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample is transcribed in Esperanto, with the engine's word times; the second run comes from the cache."""
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    settings = settings_without_models(Settings(asr=AsrSettings(engine="digits"), run=RunSettings(offline=True)))
    transcript = run(SAMPLES / "standup.flac", settings)
    assert transcript.language in ("eo", "ia")
    assert len(transcript.words) > 50
    assert {word.timing for word in transcript.words} == {"engine"}
    record = transcript.meta.provenance.asr
    assert record is not None and (record.engine, record.model, record.beam_size) == ("digits", "digits", 1)
    assert run(SAMPLES / "standup.flac", settings).words == transcript.words


def test_the_command_line_accepts_the_engine_of_another_package(digits: Path) -> None:
    """A dry run lists the engine, and no model for it."""
    command = [sys.executable, "-m", "meetscribe", "run", str(SAMPLES / "standup.flac"), "--asr", "digits", "--dry-run"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(digits), str(ROOT)])}
    done = subprocess.run(
        [*command, "--no-align", "--no-diarize"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^engine +digits$", done.stdout, re.M)
    assert not re.search(r"^asr ", done.stdout, re.M)
