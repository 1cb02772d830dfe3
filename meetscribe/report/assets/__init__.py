"""Style sheets and scripts of the pages."""

from __future__ import annotations

from importlib.resources import files


def asset(*names: str) -> str:
    """Return the concatenated texts of files in this folder."""
    return "".join(files(__package__).joinpath(name).read_text(encoding="utf-8") for name in names)
