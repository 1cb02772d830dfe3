"""JSON of other programs with any value in any place is read or refused with its place; nothing else is raised."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.formats import FORMATS, Document, detect_format, read, write
from meetscribe.transcript import Transcript
from tests.formats.goldens import meeting
from tests.formats.test_hostile_files import OTHERS as FILES

_WORD = {"start": 0.0, "end": 0.5, "confidence": 0.9, "speaker": 0}
_TURN = {"start": 0.0, "end": 2.0, "speaker": "S"}

OTHERS: dict[str, Any] = {
    "whisper_cpp": {
        "result": {"language": "en"},
        "transcription": [
            {
                "offsets": {"from": 0, "to": 900},
                "text": " Hi.",
                "speaker": "0",
                "tokens": [{"text": " Hi.", "offsets": {"from": 0, "to": 900}, "p": 0.5}],
            }
        ],
    },
    "transformers": {
        "text": "",
        "chunks": [{"timestamp": [0.0, 1.0], "text": " Hi."}, {"timestamp": [1, 2], "text": "A"}],
    },
    "deepgram": {
        "metadata": {"duration": 4.0},
        "results": {
            "channels": [{"alternatives": [{"transcript": "Hi.", "words": [{**_WORD, "word": "hi"}]}]}] * 2,
            "utterances": [
                {"start": 0, "end": 1, "channel": 0, "transcript": "Hi.", "words": [{**_WORD, "word": "hi"}]}
            ],
        },
    },
    "assemblyai": {
        "language_code": "en",
        "audio_duration": 3,
        "status": "completed",
        "utterances": [{"speaker": "A", "start": 0, "end": 500, "text": "Hi.", "words": [{**_WORD, "text": "Hi."}]}],
    },
    "pyannoteai": {
        "jobId": "x",
        "output": {
            "diarization": [_TURN],
            "exclusiveDiarization": [_TURN],
            "identification": [{**_TURN, "diarizationSpeaker": "S", "match": "Anna"}],
            "wordLevelTranscription": [{**_TURN, "text": "Hi."}],
        },
    },
} | {name: json.loads(FILES[name]) for name in ("aws", "revai", "fireflies", "dote", "json3", "word_list")}
"""A small file of each format that is only read."""

JSONS = [name for name, row in FORMATS.items() if row.reads and row.suffixes[0].endswith(".json")]

odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([1e300, -1.5, 10**400, "", "x", "\ud800", [], {}, [None], [[]], {"text": None}, [{}], [1, 2, 3]]),
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths to all values in a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in inside for place in places(inner, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: object) -> Any:
    """Return the document with another value at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@cache
def small(name: str) -> Any:
    """Return a small file of the format."""
    if name in OTHERS:
        return OTHERS[name]
    return json.loads(write(meeting().with_segments(meeting().segments[:2]), name))


@pytest.mark.parametrize("name", OTHERS)
def test_unchanged_files_match_their_format(name: str) -> None:
    """The unchanged files are valid, and each matches its format only."""
    data = json.dumps(OTHERS[name]).encode()
    assert detect_format(Document(data)).name == name
    assert read(data, "-").words


@pytest.mark.parametrize("name", JSONS)
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_odd_values_never_escape(name: str, data: st.DataObject) -> None:
    """A file with any value at any place is read or raises InputError, with the format given and detected."""
    whole = small(name)
    spoilt = changed(whole, data.draw(st.sampled_from(places(whole))), data.draw(odd))
    for format in (name, None):
        try:
            assert isinstance(read(json.dumps(spoilt).encode(), "a.json", format), Transcript)
        except InputError as error:
            assert error.remedy
