"""Templates: TOML, the JSON of Meetily, and files of another shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.minutes.llm.templates import read_template

TOML = """
name = "Board"
[[sections]]
title = "Budget"
instruction = "Name every sum."
"""
JSON = '{"name": "Board", "sections": [{"title": "Budget", "instruction": "Name every sum.", "format": "list"}]}'


@pytest.mark.parametrize(("name", "text"), [("board.toml", TOML), ("board.json", JSON)])
def test_sections_become_instructions(tmp_path: Path, name: str, text: str) -> None:
    """Title and instruction of each section are part of the request."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_template(tmp_path / name).endswith("Budget: Name every sum.")


@pytest.mark.parametrize("text", ["[", "[" * 100_000, "{}", '{"sections": [{"instruction": "x"}]}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    """The message names the file."""
    (tmp_path / "board.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="board.json"):
        read_template(tmp_path / "board.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_template(tmp_path / "none.json")
