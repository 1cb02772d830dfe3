"""The code blocks of all READMEs run as they stand, in a folder that holds the files they name.

Python blocks of one README run one after the other in one namespace, here or in the room's own `test_readme.py`. Of
shell blocks, the lines that start with `meetscribe` run. Commands that need a network, or do not end, stand in
`console` blocks, which do not run.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from meetscribe.cli.application import application
from meetscribe.corpus import transcription
from meetscribe.pipeline import run
from meetscribe.settings import load_settings
from meetscribe.testing.executors import InProcessExecutor
from tests.support.readmes import READMES, ROOT, blocks, commands, fill, name_of

LONGEST = 150
"""Lines of the top-level README; the rest stands in the README of its room."""


def runs_in_its_room(readme: Path) -> bool:
    """Return whether a test of the room runs the Python blocks, with its own fixtures and assertions."""
    room = readme.parent.name
    tests = ROOT / "tests" / ("cli" if room == "settings" else room) / "test_readme.py"
    return tests.exists() and "exec(" in tests.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder with recordings, settings, a finished transcript and its turns; results are stored beside it."""
    folder = fill(tmp_path_factory.mktemp("readme") / "work")
    patch = pytest.MonkeyPatch()
    patch.setenv("MEETSCRIBE_CACHE", str(folder.parent / "cache"))
    patch.setenv("MEETSCRIBE_DATA", str(folder.parent / "data"))
    patch.setenv("MEETSCRIBE_RUN__CACHE", "true")
    patch.setenv("MEETSCRIBE_RUN__OFFLINE", "true")
    transcript = run(folder / "meeting.mp4", load_settings(folder / "meetscribe.toml"))
    for name in ("meeting.json", "meeting.rttm"):
        transcript.save(folder / name)
    yield folder
    patch.undo()


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the prepared folder, which is the current one."""
    copy = shutil.copytree(prepared, tmp_path / "work")
    monkeypatch.chdir(copy)
    return copy


def test_the_readme_is_short() -> None:
    """The top-level README has at most 150 lines."""
    assert len(READMES[0].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("readme", [readme for readme in READMES if not runs_in_its_room(readme)], ids=name_of)
def test_python_blocks_run(readme: Path, folder: Path) -> None:
    """Every Python block runs without an error."""
    namespace: dict[str, object] = {"__name__": "readme"}
    for block in blocks(readme.read_text(encoding="utf-8"), "python"):
        exec(compile(block, name_of(readme), "exec"), namespace)


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_commands_run(readme: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of a shell block succeeds; workers run in this process, which has imported torch already."""
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)
    for arguments in commands(readme.read_text(encoding="utf-8")):
        result = CliRunner().invoke(application, arguments)
        assert result.exit_code == 0, f"meetscribe {' '.join(arguments)}: {result.output}"


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_links_lead_to_files(readme: Path) -> None:
    """Every relative link leads to a file or folder, every benchmark that is named exists."""
    text = readme.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (readme.parent / target).exists(), target
    for module in re.findall(r"python -m (tests\.benchmarks\.[a-z_]+)", text):
        assert find_spec(module) is not None, module
