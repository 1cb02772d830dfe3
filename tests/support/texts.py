"""Text files that users write for meetscribe, the function that reads each, and random changes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from meetscribe.cli.flags import read_entries
from meetscribe.corpus import Manifest, find_recordings
from meetscribe.corpus.remote.files import as_path
from meetscribe.errors import MeetscribeError
from meetscribe.publishing.file_names import stems
from meetscribe.publishing.speaker_names import read_speaker_names
from meetscribe.settings import load_settings
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.operations import name_speakers
from tests.support.mutations import mutated, mutated_text

SETTINGS = """\
[audio]
stream = 2
max_duration = 600
[asr]
language = "en"
vocabulary = ["meetscribe", "Viterbi"]
[vad]
threshold = 0.5
[run]
threads = 2
offline = true
"""
NAMES = """\
# who is who
SPEAKER_00 = "Anna Ünal"
SPEAKER_01 = 'Ben "B" Berg'
"Speaker 2" = "Eve"
"""
VOCABULARY = "meetscribe\nÜnal Öz\n\n  Viterbi, A. J.\n我们\n"
LIST = "# talks\na.wav\ntalks/b one.mp3\ntalks/../c.flac\ntalks/*.wav\n[x]y?.wav\n-d.wav\n"
ENTRY = {
    **{"input": "/a/b.wav", "size": 9, "mtime_ns": 10**18, "hash": "sha256:ab", "outputs": ["/a/b.json"]},
    **{"seconds": 1.5, "duration": 9.0, "status": "done", "error": None, "code": 0, "made_for": "ab"},
}
MANIFEST = f"\n{json.dumps(ENTRY)}\n\n{json.dumps({**ENTRY, 'input': '/a/c.wav', 'status': 'failed', 'code': 3})}\n"

MEETING = synthetic_meeting().transcript


def _name(file: Path) -> None:
    """Name the speakers of a transcript by a file, and check that it survives writing and reading."""
    named = name_speakers(MEETING, read_speaker_names(file))
    assert Transcript.from_json(named.to_json()) == named
    assert str(named)


def _list(file: Path) -> None:
    """Find the recordings of a list, and check that their output names differ."""
    found = find_recordings([], file)
    assert len(set(map(str, stems(map(as_path, found)).values()))) == len(found)


def _query(file: Path) -> None:
    """Query a manifest for recordings."""
    manifest = Manifest(file)
    for recording in (Path("/a/b.wav"), *manifest.inputs):
        assert manifest.is_done(recording, "ab") in (True, False)
        manifest.was_attempted(file, "ab")


TEXTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "settings": (SETTINGS, load_settings),
    "names": (NAMES, _name),
    "vocabulary": (VOCABULARY, lambda file: read_entries(file, "--vocabulary")),
    "list": (LIST, _list),
    "manifest": (MANIFEST, _query),
}
"""A valid file of each kind, and the function that reads it."""


def changed(kind: str, seed: int) -> bytes:
    """Return a valid file after changes of its bytes, or with an odd seed of its words, numbers and lines."""
    text = TEXTS[kind][0]
    return mutated_text(text, seed).encode("utf-8", "surrogatepass") if seed % 2 else mutated(text.encode(), seed)


def outcome(kind: str, content: bytes, folder: Path) -> str:
    """Read a file with this content; return "read" or "rejected". Other errors than MeetscribeError are raised."""
    file = folder / "in" / "a" / "place" / kind  # patterns in lists can lead upwards
    (file.parent / "talks").mkdir(parents=True, exist_ok=True)
    for name in ("talks/d.wav", "xy1.wav"):  # files that match the patterns of the list
        (file.parent / name).touch()
    file.write_bytes(content)
    try:
        TEXTS[kind][1](file)
    except MeetscribeError as error:
        assert error.message and error.exit_code in (2, 3)
        return "rejected"
    return "read"
