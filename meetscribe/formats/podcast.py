"""Transcript JSON of the podcast namespace (Podcasting 2.0, `application/json`): an object per utterance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from meetscribe.formats.parts.building import (
    assemble,
    read_speaker,
    read_time,
    segment_from_text,
    with_single_words_joined,
)
from meetscribe.formats.parts.cues import find_style, make_cues
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.formats.parts.whisper_family import json_by_segment
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.utterances import utterances

CAPTION_WIDTH = 65
"""The columns of a line of captions. The podcast namespace recommends them for WebVTT, and none for its JSON."""


def matches(document: Document) -> bool:
    """Return whether the file has a version and segments with `startTime`."""
    first = document.first_object("segments")
    return {"version", "segments"} <= document.member_names() and (not first or "startTime" in first)


def read(document: Document) -> Transcript:
    """Read a segment per object; one without an end lasts until the next starts.

    If there are at least twelve objects and each has a single word, which the format allows, the segments are
    sentences. Raises InputError naming the path of the invalid value.
    """
    nodes = list(document.root["segments"].items())
    starts = [read_time(node["startTime"]) or 0.0 for node in nodes]
    ends = [*starts[1:], *starts[-1:]]
    found = [_segment(*row) for row in zip(nodes, starts, ends, strict=True)]
    return assemble(with_single_words_joined(found))


def _segment(node: Node, start: float, after: float) -> Segment | None:
    end = read_time(node.get("endTime"))
    return segment_from_text(
        node["body"].text(), start, max(start, after if end is None else end), read_speaker(node.get("speaker"))
    )


def write(transcript: Transcript, *, short: bool = False) -> str:
    """Write version 1.0.0: an object per utterance, without a speaker if it is unknown.

    With `short`, each object holds a subtitle of at most two lines, as players show it.
    """
    rows = _short_rows(transcript) if short else (_row(transcript, utterance) for utterance in utterances(transcript))
    return json_by_segment({"version": "1.0.0"}, rows, {})


def _row(transcript: Transcript, utterance: Segment) -> dict[str, Any]:
    return _members(speaker_name(transcript, utterance), utterance.start, utterance.end, one_line(utterance.text))


def _short_rows(transcript: Transcript) -> Iterator[dict[str, Any]]:
    """Yield an object per subtitle cue."""
    for cue in make_cues(transcript, find_style("podcast", CAPTION_WIDTH)):
        body = one_line(" ".join(text for part in cue.parts for text in part.texts()))
        yield _members(cue.name, cue.start_ms / 1000, cue.end_ms / 1000, body)


def _members(name: str | None, start: Seconds, end: Seconds, body: str) -> dict[str, Any]:
    members: dict[str, Any] = {"speaker": name} if name else {}
    return members | {"startTime": start, "endTime": end, "body": body}
