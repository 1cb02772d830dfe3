"""The licence of a base model, which also applies to models trained from it."""

from __future__ import annotations

import re
from pathlib import Path

from meetscribe.weights.catalogue import TRANSFORMERS_WHISPER

_LICENCE = re.compile(r"^license:\s*([^\s#]+)", re.MULTILINE)


def licence_of(base: str, directory: Path) -> str | None:
    """Return the licence in the model card of the directory, or that of a known model; None if unknown."""
    card = directory / "README.md"
    if card.is_file():
        front, separator, _ = card.read_text(encoding="utf-8", errors="replace").removeprefix("---").partition("\n---")
        if separator and (found := _LICENCE.search(front)):
            return found[1].strip("\"'").lower()
    names = {*TRANSFORMERS_WHISPER, *(model for model, _ in TRANSFORMERS_WHISPER.values())}
    return "mit" if base.partition("@")[0] in names else None
