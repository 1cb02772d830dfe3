"""Imports go down only: a room may import itself and the rooms of lower floors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "meetscribe"

FLOORS = (
    "__main__",
    "cli",
    "__init__",
    "testing",
    "server",
    "doctor",
    "meetings",
    "podcast",
    "corpus",
    "live",
    "training",
    "report",
    "publishing",
    "pipeline",
    "models",
    "settings",
    "results",
    "plots vad alignment diarization attribution evaluation analytics minutes profiles library asr formats",
    "segmentation",
    "audio weights pandas",
    "transcript",
    "markup",
    "text",
    "storage",
    "runtime",
    "timeline",
    "errors options",
)
"""From top to bottom; rooms on one floor do not import each other."""

HEIGHTS = {room: -depth for depth, rooms in enumerate(FLOORS) for room in rooms.split()}

EXCEPTIONS = {
    ("transcript/values.py", "Transcript.save", "formats"),
    ("transcript/values.py", "Transcript.load", "formats"),
    ("transcript/frame/accessor.py", "", "analytics"),
    ("transcript/frame/accessor.py", "MeetAccessor.stats", "analytics"),
    ("transcript/frame/accessor.py", "MeetAccessor.timeline", "analytics"),
    ("transcript/frame/accessor.py", "MeetAccessor.window_keywords", "analytics"),
}
"""Allowed imports of higher rooms: file, function (none: for the types of annotations) and room."""

LAZY = re.compile(r"meetscribe\.([a-z_]+)(?:\.\w+)*:\w+")
"""A lazily resolved name in a table, which counts as an import."""


def imports(file: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield each import of the package in a file: the function that contains it and the imported room."""

    def walk(node: ast.AST, place: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"{place}.{node.name}".lstrip(".")
        for room in rooms_of(node, file):
            yield place, room
        for child in ast.iter_child_nodes(node):
            yield from walk(child, place)

    yield from walk(ast.parse(source), "")


def rooms_of(node: ast.AST, file: str) -> Iterator[str]:
    """Yield the rooms that a node of the syntax tree imports."""
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        package = ["meetscribe", *Path(file).parent.parts]
        base = [*package[: len(package) + 1 - node.level]] if node.level else []
        module = ".".join([*base, *filter(None, [node.module])])
        names = [f"{module}.{alias.name}" for alias in node.names] if module == "meetscribe" else [module]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (lazy := LAZY.fullmatch(node.value)):
        names = [f"meetscribe.{lazy[1]}"]
    for name in names:
        top, _, rest = name.partition(".")
        if top == "meetscribe":
            room = rest.split(".")[0]
            yield room if room in HEIGHTS else "__init__"


def violations(file: str, source: str) -> list[str]:
    """Return a message for each import in a file that does not go down."""
    room = Path(file).parts[0].removesuffix(".py")
    return [
        f"{file}: {place or 'the module'} imports {target}"
        for place, target in imports(file, source)
        if target != room and HEIGHTS[target] >= HEIGHTS[room] and (file, place, target) not in EXCEPTIONS
    ]


FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def test_every_room_has_a_floor() -> None:
    """All folders and files of the package have a floor, so that the rules apply to all of them."""
    assert {Path(file).parts[0].removesuffix(".py") for file in FILES} <= set(HEIGHTS)
    assert "transcript" in {Path(file).parts[0] for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_imports_go_down(file: str) -> None:
    """No file imports a room above its own or on the same floor."""
    assert violations(file, (PACKAGE / file).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("asr/settings.py", "import meetscribe.pipeline"),
        ("asr/settings.py", "from meetscribe.vad.settings import VadSettings"),
        ("asr/whisperx.py", "from meetscribe import vad"),
        ("asr/whisperx.py", "from meetscribe import run"),
        ("asr/whisperx.py", "from ..vad import make_chunks"),
        ("asr/whisperx.py", "from .. import vad"),
        ("asr/whisperx.py", "def f():\n    import meetscribe.vad"),
        ("asr/__init__.py", "ENGINES = {'x': 'meetscribe.vad.x:X'}"),
        ("vad/__init__.py", "from meetscribe.settings import Settings"),
        ("timeline.py", "if TYPE_CHECKING:\n    from meetscribe.transcript import Word"),
        ("errors.py", "from meetscribe.options import option"),
        ("weights/__init__.py", "from meetscribe.audio import load_audio"),
        ("transcript/values.py", "from meetscribe.formats import save"),
        ("transcript/values.py", "class Transcript:\n    def text(self):\n        import meetscribe.formats"),
        ("transcript/native.py", "class Transcript:\n    def save(self):\n        import meetscribe.formats"),
    ],
)
def test_imports_of_higher_and_neighbouring_rooms_are_found(file: str, source: str) -> None:
    """Forbidden imports are found in every notation."""
    assert len(violations(file, source)) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("asr/whisperx.py", "from meetscribe.asr.settings import AsrSettings"),
        ("asr/whisperx.py", "from .settings import AsrSettings"),
        ("asr/whisperx.py", "import whisperx, meetscribe.audio"),
        ("settings.py", "from meetscribe.asr.settings import AsrSettings"),
        ("diarization/__init__.py", "from meetscribe.runtime.devices import Device"),
        ("pipeline.py", "from meetscribe import asr, vad"),
        ("transcript/values.py", "class Transcript:\n    def save(self):\n        import meetscribe.formats"),
    ],
)
def test_imports_of_lower_rooms_are_allowed(file: str, source: str) -> None:
    """Imports of lower floors, of the own room and of other packages are allowed."""
    assert violations(file, source) == []
