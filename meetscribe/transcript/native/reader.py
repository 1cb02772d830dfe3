"""Read native JSON, schema "meetscribe/1", from this and older versions."""

from __future__ import annotations

import json
from typing import NoReturn, cast

from meetscribe.errors import InputError, Notice
from meetscribe.text.json_values import JSON
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Turn
from meetscribe.transcript.json_node import Node
from meetscribe.transcript.native.checks import check_times, guarded
from meetscribe.transcript.native.edits import read_edits
from meetscribe.transcript.native.writer import SCHEMA
from meetscribe.transcript.provenance import Provenance
from meetscribe.transcript.values import Finding, FindingKind, Meta, RecordingFile, Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Char, Segment, SpeakerSource, Timing, Word

_MINUTES = "meetscribe-minutes/"
"""The start of the schema of minutes, which are stored beside their transcript."""


def loads(text: str | bytes, name: str = "") -> Transcript:
    """Read a transcript; `name` is the file name, for messages.

    Raises InputError naming the path of the first invalid value, such as `segments[3].words[0].start`, or of the object
    that contains it. Unknown members are ignored, except in the provenance, which keeps them.
    """
    root = Node(_parse(text, name), name)
    schema = root["schema"]
    if schema.text().startswith(_MINUTES):
        meeting = f"{name.removesuffix('.minutes.json')}.json" if name.endswith(".minutes.json") else "MEETING.json"
        raise InputError(f"{name or 'the file'} holds minutes, not a transcript", f"Give the transcript: {meeting}")
    if schema.text() != SCHEMA:
        schema.fail(f"expected {SCHEMA!r}, found {schema.value!r}, perhaps from a newer version of meetscribe")
    segments = list(root["segments"].items())
    transcript = Transcript(tuple(map(_read_segment, segments)), _read_meta(root))
    older = any("id" not in word for segment in segments for word in segment["words"].items())
    return with_word_ids(transcript) if older else transcript


def _read_meta(root: Node) -> Meta:
    return guarded(
        root,
        Meta,
        language=root["language"].text(),
        duration=root["duration"].number(),
        recording=_read_recording(root),
        turns=tuple(map(_read_turn, root["turns"].items())),
        exclusive=tuple(map(_read_turn, root["exclusive"].items())),
        edits=read_edits(root["edits"]),
        notices=_read_notices(root),
        findings=tuple(map(_read_finding, root.get("findings", []).items())),
        title=root.get("title").optional_text(),
        recorded_at=root.get("recorded_at").optional_text(),
        participants=tuple(name.text() for name in root.get("participants", []).items()),
        provenance=_read_provenance(root["made_by"]),
    )


def _parse(text: str | bytes, name: str) -> object:
    """Parse JSON; raises InputError if that fails."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name or 'the transcript'}: not JSON ({error})", "Give a transcript in native JSON."
        ) from error


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


def _read_recording(root: Node) -> RecordingFile | None:
    """Read the recording; older files have only its name and hash, as "source"."""
    source, recording = root["source"], root.get("recording")
    older = None if source.value is None else RecordingFile(source["name"].text(), source["hash"].optional_text())
    if "recording" not in root:
        return older
    if recording.value is None:
        return None
    return RecordingFile(recording["path"].text(), recording["hash"].optional_text())


def _read_turn(node: Node) -> Turn:
    start, end, speaker = node["start"].number(), node["end"].number(), node["speaker"].text()
    check_times(node, start, end)
    return guarded(node, Turn, start=start, end=end, speaker=speaker)


def _read_word(node: Node) -> Word:
    start, end = node["start"].number(), node["end"].number()
    check_times(node, start, end)
    return guarded(
        node,
        Word,
        text=node["text"].text(),
        start=start,
        end=end,
        timing=cast("Timing", node["timing"].text()),
        score=node["score"].optional_number(),
        speaker=node["speaker"].optional_text(),
        speaker_score=node["speaker_score"].optional_number(),
        speaker_source=cast("SpeakerSource | None", node["speaker_source"].optional_text()),
        overlap=node["overlap"].flag(),
        probability=node.get("probability").optional_number(),
        language=node.get("language").optional_text(),
        chars=tuple(map(_read_char, node.get("chars", []).items())),
        id=node.get("id").optional_text(),
    )


def _read_char(node: Node) -> Char:
    start, end = node["start"].number(), node["end"].number()
    check_times(node, start, end)
    return guarded(node, Char, text=node["text"].text(), start=start, end=end, score=node["score"].optional_number())


def _read_provenance(node: Node) -> Provenance:
    members = {key: cast("JSON", entry.value) for key, entry in node.entries()}
    return guarded(node, Provenance.from_json, members=members)


def _read_notices(root: Node) -> tuple[Notice, ...]:
    """Read the notices; older files have only their texts, as "warnings"."""
    warnings = tuple(warning.text() for warning in root["warnings"].items())
    if "notices" in root:
        return tuple(map(_read_notice, root["notices"].items()))
    return tuple(Notice("other", warning) for warning in warnings)


def _read_notice(node: Node) -> Notice:
    data = {key: cast("JSON", entry.value) for key, entry in node["data"].entries()}
    return guarded(node, Notice, code=node["code"].text(), text=node["text"].text(), data=data)


def _read_finding(node: Node) -> Finding:
    start, end = node["start"].number(), node["end"].number()
    check_times(node, start, end)
    return guarded(
        node,
        Finding,
        kind=cast("FindingKind", node["kind"].text()),
        start=start,
        end=end,
        reason=node["reason"].text(),
        text=node["text"].text(),
    )


def _read_segment(node: Node) -> Segment:
    """Read a segment from its words; the other members must agree with them, so that no manual change is lost.

    The speaker must be that of any of the words; null is accepted only if no word has a speaker.
    """
    segment = guarded(node, Segment, words=tuple(map(_read_word, node["words"].items())))
    for key, derived in (("start", segment.start), ("end", segment.end)):
        if abs(node[key].number() - derived) > 0.0005:
            node[key].fail(f"its words give {derived}; change the times of the words")
    # How words are joined may differ between versions.
    if without_whitespace(node["text"].text()) != without_whitespace(segment.text):
        node["text"].fail("differs from its words; change the text of the words")
    labels = {word.speaker for word in segment.words}
    speaker = node["speaker"].optional_text()
    if speaker not in labels or (speaker is None and len(labels) > 1):
        node["speaker"].fail('does not agree with its words; set names in "edits", and speakers at the words')
    return segment
