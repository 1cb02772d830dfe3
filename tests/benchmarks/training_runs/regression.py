"""Real recordings with references, on which a trained model must not become worse."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings


def regression_folder(folder: Path, sets: Collection[str]) -> Path | None:
    """Return a folder of the recordings of some sets, of "languages" one each; None if they are not here."""
    places = Places.default()
    if not places.data.is_dir():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    languages: set[str] = set()
    for recording in find_recordings(places):
        if recording.set not in sets or (recording.set == "languages" and recording.language in languages):
            continue
        languages |= {recording.language} if recording.set == "languages" else set()
        name = f"{recording.set}-{recording.name}"
        link = folder / f"{name}{recording.path.suffix}"
        if not link.exists():
            link.symlink_to(recording.path.resolve())
        joiner = "" if recording.language in ("zh", "ja") else " "
        text = joiner.join(word.text for word in recording.words)
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    return folder
