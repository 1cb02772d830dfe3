from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.errors import InputError, Notice
from meetscribe.transcript import (
    Rename,
    Segment,
    Transcript,
    Word,
)
from meetscribe.transcript.native.reader import loads
from tests.conftest import spelled_words
from tests.transcript.native.example import SMALL, WORD


@given(st.from_type(Transcript), st.lists(spelled_words(), min_size=1, max_size=3))
def test_reads_back_equal(transcript: Transcript, spelled: list[Word]) -> None:
    """Native JSON reads back equal, and is written the same again."""
    transcript = transcript.with_segments((*transcript.segments, Segment(tuple(spelled))))
    text = transcript.to_json()
    assert Transcript.from_json(text) == transcript
    assert Transcript.from_json(text.encode("utf-8")) == transcript
    assert Transcript.from_json(text).to_json() == text


@pytest.mark.parametrize(("names", "edits"), [({}, ()), ({"A": "Anna"}, (Rename({"A": "Anna"}),))])
def test_names_of_older_files_read(names: dict[str, str], edits: tuple[Rename, ...]) -> None:
    """An object with names instead of edits is one renaming."""
    assert Transcript.from_json(changed(["edits"], names)) == SMALL.with_meta(edits=edits)


OLD = sorted((Path(__file__).parent / "old").glob("*.json"))


@pytest.mark.parametrize("file", OLD, ids=lambda file: file.stem)
def test_older_files_read(file: Path) -> None:
    """Files of earlier versions can be read, and their members are written again unchanged."""
    before = json.loads(file.read_bytes())
    written = json.loads(Transcript.from_json(file.read_bytes()).to_json())
    ids = [word.pop("id") for segment in written["segments"] for word in segment["words"]]
    assert {key: written[key] for key in before} == before
    assert ids == [f"{before['source']['hash'].partition(':')[2][:12]}-{position}" for position in range(len(ids))]


def test_warnings_of_older_files_read_as_notices() -> None:
    """A file without notices keeps the texts of its warnings."""
    document = json.loads(SMALL.to_json())
    del document["notices"]
    read = Transcript.from_json(json.dumps(document))
    assert read == SMALL.with_meta(notices=(Notice("other", "late"),))


def test_minutes_are_not_taken_for_a_damaged_transcript() -> None:
    """The error says what the file holds, and names the transcript to give instead."""
    document = '{"schema": "meetscribe-minutes/1", "title": "Planning"}'
    with pytest.raises(
        InputError, match=r"a.minutes.json holds minutes, not a transcript\nGive the transcript: a.json$"
    ):
        loads(document, "a.minutes.json")
    with pytest.raises(
        InputError, match=r"the file holds minutes, not a transcript\nGive the transcript: MEETING.json$"
    ):
        loads(document)


def changed(path: list[str | int], value: object = None, remove: bool = False) -> str:
    """Return the JSON of the small transcript with one place changed or removed."""
    document: Any = json.loads(SMALL.to_json())
    place = document
    for key in path[:-1]:
        place = place[key]
    if remove:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(document)


FIRST_WORD: list[str | int] = ["segments", 0, "words", 0]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["schema"], "meetscribe/2", "schema: expected 'meetscribe/1', found 'meetscribe/2'"),
        (["schema"], 1, "schema: expected text, found a number"),
        (["language"], None, "language: expected text, found null"),
        (["language"], "", "a language must be a code"),
        (["recorded_at"], "yesterday", "a date must be written as 2026-11-27"),
        (["participants"], "Anna", "participants: expected a list, found text"),
        (["recording", "path"], None, "recording.path: expected text, found null"),
        ([*FIRST_WORD, "id"], "r 0", "segments[0].words[0]: an id must be one printable word"),
        (["duration"], "2", "duration: expected a number, found text"),
        (["duration"], -1, "a time must be"),
        (["duration"], True, "duration: expected a number, found true or false"),
        (["duration"], 10**400, "duration: the number is too large"),
        (["source"], "m.wav", "source: expected an object, found text"),
        (["source", "hash"], 5, "source.hash: expected text, found a number"),
        (["segments"], {}, "segments: expected a list, found an object"),
        (["segments", 0], None, "segments[0]: expected an object, found null"),
        (["segments", 0, "words"], [], "segments[0]: a segment must have at least one word"),
        (["segments", 0, "start"], 0.6, "segments[0].start: its words give 0.5"),
        (["segments", 0, "text"], "Hi Zoë?", "segments[0].text: differs from its words"),
        (["segments", 0, "speaker"], "Anna", "segments[0].speaker: does not agree with its words"),
        (["segments", 0, "speaker"], None, "segments[0].speaker: does not agree with its words"),
        ([*FIRST_WORD, "start"], "0", "segments[0].words[0].start: expected a number, found text"),
        ([*FIRST_WORD, "start"], -0.5, "segments[0].words[0].start: a time must not be negative"),
        ([*FIRST_WORD, "end"], 0.25, "segments[0].words[0].end: must not be before the start"),
        ([*FIRST_WORD, "text"], "", "segments[0].words[0]: a word must be text"),
        ([*FIRST_WORD, "text"], "\ud800", "segments[0].words[0].text: a lone surrogate"),
        ([*FIRST_WORD, "score"], 2, "segments[0].words[0]: a score must lie between 0 and 1"),
        ([*FIRST_WORD, "timing"], "felt", "segments[0].words[0]: timing must be one of"),
        ([*FIRST_WORD, "speaker_source"], "x", "segments[0].words[0]: speaker_source must be one of"),
        ([*FIRST_WORD, "overlap"], 0, "segments[0].words[0].overlap: expected true or false"),
        (["turns", 0, "end"], 0, "turns[0].end: must not be before the start"),
        (["exclusive", 0, "speaker"], "", "exclusive[0]: a turn must name its speaker"),
        (["edits", 0, "names", "A"], 1, "edits[0].names.A: expected text, found a number"),
        (
            ["edits", 0, "kind"],
            "reorder",
            "edits[0].kind: expected rename, merge, assign, replace, delete, insert, split, join or retime, "
            "found 'reorder'",
        ),
        (["edits", 1, "speakers"], ["A"], "edits[1]: a merge needs at least two speakers"),
        (["edits", 2, "end"], 0, "edits[2].end: must not be before the start"),
        (["edits"], {"A": 1}, "edits.A: expected text, found a number"),
        (["edits"], "Anna", "edits: expected a list, found text"),
        (["warnings"], [1], "warnings[0]: expected text, found a number"),
        (["notices", 0, "code"], None, "notices[0].code: expected text, found null"),
        (["notices", 0, "data"], [], "notices[0].data: expected an object, found a list"),
        (["made_by"], "x", "made_by: expected an object, found text"),
    ],
)
def test_wrong_values_are_named(path: list[str | int], value: object, message: str) -> None:
    """A wrong value is refused, naming its place in the file."""
    with pytest.raises(InputError) as caught:
        Transcript.from_json(changed(path, value))
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


def keys_of(document: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the places of all keys of a document that the schema defines."""
    if isinstance(document, dict):
        free = path in {("edits", 0, "names"), ("notices", 0, "data"), ("made_by",)}
        return [p for k, v in document.items() for p in ([] if free else [(*path, k)]) + keys_of(v, (*path, k))]
    if isinstance(document, list):
        return [p for index, value in enumerate(document) for p in keys_of(value, (*path, index))]
    return []


# The list of speakers is for other programs and follows from the words; the others are missing in older files.
OPTIONAL = {
    "speakers",
    "title",
    "recorded_at",
    "participants",
    "recording",
    "id",
    "notices",
    "revision",
    "findings",
    "probability",
    "language",
    "chars",
}


@pytest.mark.parametrize(
    "path", [p for p in keys_of(json.loads(SMALL.to_json())) if p[-1] not in OPTIONAL or p == ("language",)]
)
def test_missing_keys_are_named(path: tuple[str | int, ...]) -> None:
    """A missing key is refused and named."""
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
    with pytest.raises(InputError) as caught:
        Transcript.from_json(changed(list(path), remove=True))
    assert caught.value.message == f"{where}: missing"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1,2",
        "nan",
        '{"schema": NaN}',
        "[" * 100_000,
        b"\xff\xfe\xfa",
        "9" * 5000 + "x",
        "[]",
        "null",
        '"x"',
    ],
)
def test_what_is_no_transcript_is_refused(text: str | bytes) -> None:
    """Anything but a transcript raises InputError, and no other error."""
    with pytest.raises(InputError):
        Transcript.from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("key", ["duration", "made_by"])
def test_numbers_are_finite(key: str, number: str) -> None:
    """NaN and infinity are refused everywhere."""
    old = '"duration": 2.0' if key == "duration" else '"asr": "x"'
    text = SMALL.to_json().replace(old, f"{old.split(':')[0]}: {number}")
    assert number in text
    with pytest.raises(InputError):
        Transcript.from_json(text)


@pytest.mark.parametrize("depth", [60, 3000, 100_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    """Excessive nesting raises InputError; moderate nesting can be read."""
    Transcript.from_json(SMALL.to_json().replace('"asr": "x"', '"asr": ' + "[" * 40 + "]" * 40))
    with pytest.raises(InputError):
        Transcript.from_json(SMALL.to_json().replace('"asr": "x"', '"asr": ' + "[" * depth + "]" * depth))


@given(st.from_type(Transcript), st.data())
def test_damage_never_escapes(transcript: Transcript, data: st.DataObject) -> None:
    """A file with missing bytes either can be read or raises InputError."""
    text = transcript.to_json()
    start = data.draw(st.integers(0, len(text)))
    damaged = text[:start] + text[start + data.draw(st.integers(1, 20)) :]
    try:
        read = Transcript.from_json(damaged)
    except InputError:
        return
    assert isinstance(read, Transcript)


def test_a_segment_has_its_known_speaker() -> None:
    """A segment with a known and an unknown speaker has the known one; a file that says otherwise is refused."""
    mixed = SMALL.with_segments([Segment((WORD, Word("Hm.", 1, 1.25)))])
    text = mixed.to_json()
    assert Transcript.from_json(text) == mixed
    with pytest.raises(InputError, match=r"segments\[0\]\.speaker: does not agree with its words"):
        Transcript.from_json(text.replace('"end": 1.25, "speaker": "A"', '"end": 1.25, "speaker": null'))


def test_unknown_keys_are_ignored() -> None:
    """A file with keys of a later version can be read."""
    text = changed(["segments", 0, "words", 0, "mood"], "glad")
    assert Transcript.from_json(text) == SMALL
