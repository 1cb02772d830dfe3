"""Transcripts in files, and corpora made from them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from meetscribe.corpus.tables import Corpus, build_corpus, find_sources
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import RecordingFile, Transcript


def transcript_of(number: int, **meta: Any) -> Transcript:
    """Return a meeting of Anna and two others, with the hash of a recording and a day in 2026."""
    content = hashlib.sha256(str(number).encode()).hexdigest()
    recording = RecordingFile(f"{number}.wav", f"sha256:{content}")
    made = synthetic_meeting(seed=number, turns=3 + number % 4).transcript.rename({"SPEAKER_00": "Anna"})
    return made.with_meta(**{"recording": recording, "recorded_at": f"2026-{1 + number % 12:02d}-15", **meta})


def save_transcripts(folder: Path, numbers: range) -> Path:
    """Write transcripts as native JSON; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        transcript_of(number).save(folder / f"{number}.json")
    return folder


def small_corpus(folder: Path, meetings: int = 5) -> Corpus:
    """Return a corpus of the folder's subfolder `talks`, which is written too."""
    talks = save_transcripts(folder / "talks", range(meetings))
    build_corpus(folder / "corpus", find_sources([talks]))
    return Corpus(folder / "corpus")


def content(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of a corpus by table, in order."""
    corpus = Corpus(root)
    keys = {"meetings": "meeting", "segments": "segment", "turns": "turn", "words": "id"}
    rows = {table: corpus.dataset(table).to_table().to_pylist() for table in keys}
    return {table: sorted(own, key=lambda row: (row["meeting"], row[keys[table]])) for table, own in rows.items()}
