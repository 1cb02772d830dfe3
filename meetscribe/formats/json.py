"""The native JSON as a format: all of a transcript, from which it reads back equal."""

from __future__ import annotations

from meetscribe.transcript import Transcript
from meetscribe.transcript.native import dumps, loads


def write(transcript: Transcript) -> str:
    """The transcript as native JSON, schema "meetscribe/1"."""
    return dumps(transcript)


def read(data: bytes, name: str) -> Transcript:
    """The transcript in native JSON; raises InputError naming the file and the place in it."""
    return loads(data, name)
