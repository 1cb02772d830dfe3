"""Every benchmark can be imported and prints its help, so that renames in the package do not break it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "benchmarks"
PACKAGES = ("archives", "everything", "library", "profiles", "real")
NAMES = [
    *sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__"),
    *(f"{p}.__main__" for p in PACKAGES),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_prints_its_help(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A module with a command prints its docstring by `--help`; one without a command only has to be importable."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    if "__main__" not in Path(module.__file__ or "").read_text(encoding="utf-8"):
        return
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit) as stopped:
        module.main()

    printed = " ".join(capsys.readouterr().out.split())
    assert not stopped.value.code
    assert (module.__doc__ or "").splitlines()[0] in printed
