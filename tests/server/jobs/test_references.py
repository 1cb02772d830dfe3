"""Samples of known voices: parsed from data URLs, compared by the embedder of the samples, and not stored."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("soundfile")

from meetscribe.errors import InputError
from meetscribe.formats import load
from meetscribe.server.jobs.files import JobFiles
from meetscribe.server.jobs.references import Reference, SpeakerNaming, parse_references, write_references
from meetscribe.settings import load_settings
from tests.conftest import SAMPLES
from tests.server.running import sample_clip

URL = "data:audio/wav;base64," + base64.b64encode(b"sound").decode()


def test_names_and_data_urls_become_references() -> None:
    assert parse_references([" Anna ", "Ben"], [URL, URL]) == (Reference("Anna", b"sound"), Reference("Ben", b"sound"))
    assert parse_references(["data URL with parameters"], ["data:audio/mp4;codecs=x;base64,AAAA"])[0].data == bytes(3)
    assert parse_references(["a name alone is a hint that cannot be used"], []) == ()


@pytest.mark.parametrize(
    ("names", "urls", "message"),
    [
        ([], [URL], "0 known_speaker_names and 1"),
        (["Anna"] * 9, [URL] * 9, "more than 8"),
        ([" "], [URL], "needs a name"),
        (["Anna"], ["https://example.org/anna.wav"], "not a data URL"),
        (["Anna"], ["file:///etc/passwd"], "not a data URL"),
        (["Anna"], ["data:audio/wav;base64,"], "not a data URL"),
        (["Anna"], ["data:audio/wav;base64,%%%"], "not a data URL"),
        (["Anna"], ["data:audio/wav,sound"], "not a data URL"),
    ],
)
def test_others_are_refused(names: list[str], urls: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_references(names, urls)
    assert caught.value.remedy


def naming(folder: Path, *references: Reference) -> SpeakerNaming:
    """Return what names speakers by references that are stored as those of a job."""
    files = JobFiles(folder, ".wav")
    write_references(files, references)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.references.iterdir()} == {0o600}
    return SpeakerNaming(load_settings(SAMPLES / "offline.toml"), files.references)


def test_speakers_get_the_names_of_their_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """References from one meeting name the speakers of another; a stranger gets no name, and nothing is stored."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MEETSCRIBE_CACHE", str(tmp_path / "cache"))
    given = [
        Reference("Robert", sample_clip("planning", 171.7, 5)),
        Reference("Sally", sample_clip("planning", 181.6, 2.5)),
        Reference("Diana", sample_clip("planning", 81.8, 5)),
    ]
    name_speakers = naming(tmp_path, *given)
    whole = load(SAMPLES / "standup.words.jsonl")
    start = whole.with_segments(tuple(segment for segment in whole.segments if segment.end < 45))
    found = name_speakers(SAMPLES / "standup.flac", start)
    name_speakers.close()
    assert {label: found.name_of(label) for label in found.speakers} == {
        "robert": "Robert",
        "sally": "Sally",
        "emma": "emma",
    }
    assert not (tmp_path / "data").exists() and not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"no audio", "'Anna' cannot be read"), (sample_clip("standup", 0, 2), "'Anna' has too little speech")],
)
def test_references_without_speech_are_named(data: bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        naming(tmp_path, Reference("Anna", data))
