"""The native JSON, schema "meetscribe/1": the one format that holds everything and reads back equal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import NoReturn, TypeVar, cast

from meetscribe.errors import InputError, Notice
from meetscribe.text.json_values import JSON
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Turn
from meetscribe.transcript.edits import Assign, Edit, Merge, Rename
from meetscribe.transcript.provenance import Provenance
from meetscribe.transcript.reading import Node
from meetscribe.transcript.values import Finding, FindingKind, Meta, RecordingFile, Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Char, Segment, SpeakerSource, Timing, Word

SCHEMA = "meetscribe/1"

T = TypeVar("T")


def dumps(transcript: Transcript) -> str:
    """The transcript as JSON with a word, a turn or an entry to the line, always in the same order."""
    meta = transcript.meta
    recording = meta.recording
    members = {
        "schema": _line(SCHEMA),
        "language": _line(meta.language),
        "duration": _line(meta.duration),
        "title": _line(meta.title),
        "recorded_at": _line(meta.recorded_at),
        "participants": _line(meta.participants),
        "source": _line({"name": recording.name, "hash": recording.hash} if recording else None),
        "recording": _line({"path": recording.path, "hash": recording.hash} if recording else None),
        "speakers": _line(transcript.speakers),
        "segments": _array((_segment(segment) for segment in transcript.segments), indent=1),
        "turns": _array(map(_turn, meta.turns), indent=1),
        "exclusive": _array(map(_turn, meta.exclusive), indent=1),
        "edits": _array((_line({"kind": edit.kind, **asdict(edit)}) for edit in meta.edits), indent=1),
        "warnings": _array(map(_line, meta.warnings), indent=1),
        "notices": _array(map(_notice, meta.notices), indent=1),
        "findings": _array(map(_finding, meta.findings), indent=1),
        "made_by": _object(meta.provenance.to_json()),
    }
    return "{\n" + ",\n".join(f' "{key}": {text}' for key, text in members.items()) + "\n}\n"


def loads(text: str | bytes, name: str = "") -> Transcript:
    """The transcript in native JSON; `name` is the file's, for messages.

    Raises InputError naming the first thing that is wrong, such as `segments[3].words[0].start`. Keys that
    this version does not know are passed over.
    """
    root = Node(_parse(text, name), name)
    schema = root["schema"]
    if schema.text() != SCHEMA:
        schema.fail(f"expected {SCHEMA!r}, found {schema.value!r}: perhaps of a newer version of meetscribe")
    meta = _guarded(
        root,
        Meta,
        language=root["language"].text(),
        duration=root["duration"].number(),
        recording=_read_recording(root),
        turns=tuple(map(_read_turn, root["turns"].items())),
        exclusive=tuple(map(_read_turn, root["exclusive"].items())),
        edits=_read_edits(root["edits"]),
        notices=_read_notices(root),
        findings=tuple(map(_read_finding, root.get("findings", []).items())),
        title=root.get("title").optional_text(),
        recorded_at=root.get("recorded_at").optional_text(),
        participants=tuple(name.text() for name in root.get("participants", []).items()),
        provenance=_read_provenance(root["made_by"]),
    )
    segments = list(root["segments"].items())
    transcript = Transcript(tuple(map(_read_segment, segments)), meta)
    older = any("id" not in word for segment in segments for word in segment["words"].items())
    return with_word_ids(transcript) if older else transcript


def _segment(segment: Segment) -> str:
    """A segment's own line, then a line per word."""
    own = {"start": segment.start, "end": segment.end, "speaker": segment.speaker, "text": segment.text}
    return f'{_line(own)[:-1]}, "words": {_array(map(_word, segment.words), indent=2)}}}'


def _word(word: Word) -> str:
    """A word's line; its language only where it is another, its characters only where they are known."""
    members: dict[str, JSON] = {
        "id": word.id,
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "speaker": word.speaker,
        "timing": word.timing,
        "score": word.score,
        "speaker_score": word.speaker_score,
        "speaker_source": word.speaker_source,
        "overlap": word.overlap,
        "probability": word.probability,
    }
    if word.language is not None:
        members["language"] = word.language
    if word.chars:
        members["chars"] = [
            {"text": char.text, "start": char.start, "end": char.end, "score": char.score} for char in word.chars
        ]
    return _line(members)


def _turn(turn: Turn) -> str:
    return _line({"start": turn.start, "end": turn.end, "speaker": turn.speaker})


def _notice(notice: Notice) -> str:
    return _line({"code": notice.code, "text": notice.text, "data": dict(notice.data)})


def _finding(finding: Finding) -> str:
    return _line(
        {
            "kind": finding.kind,
            "start": finding.start,
            "end": finding.end,
            "reason": finding.reason,
            "text": finding.text,
        }
    )


def _line(value: JSON | Sequence[str] | Mapping[str, JSON]) -> str:
    """The value on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _array(lines: Iterable[str], indent: int) -> str:
    """A list with an element to the line."""
    pad = "\n" + " " * (indent + 1)
    inside = f",{pad}".join(lines)
    return f"[{pad}{inside}\n{' ' * indent}]" if inside else "[]"


def _object(members: Mapping[str, JSON]) -> str:
    """An object with a member to the line."""
    inside = ",\n  ".join(f"{_line(key)}: {_line(value)}" for key, value in members.items())
    return f"{{\n  {inside}\n }}" if inside else "{}"


def _parse(text: str | bytes, name: str) -> object:
    """The parsed JSON; raises InputError if it is none."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{name or 'the transcript'}: not JSON ({error})", "Give a transcript in meetscribe's own JSON."
        ) from error


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a JSON number")


def _read_recording(root: Node) -> RecordingFile | None:
    """Read the recording; older files have only its name, as "source"."""
    source, recording = root["source"], root.get("recording")
    older = None if source.value is None else RecordingFile(source["name"].text(), source["hash"].optional_text())
    if "recording" not in root:
        return older
    if recording.value is None:
        return None
    return RecordingFile(recording["path"].text(), recording["hash"].optional_text())


def _read_turn(node: Node) -> Turn:
    start, end, speaker = node["start"].number(), node["end"].number(), node["speaker"].text()
    _check_times(node, start, end)
    return _guarded(node, Turn, start=start, end=end, speaker=speaker)


def _read_word(node: Node) -> Word:
    start, end = node["start"].number(), node["end"].number()
    _check_times(node, start, end)
    return _guarded(
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
    _check_times(node, start, end)
    return _guarded(node, Char, text=node["text"].text(), start=start, end=end, score=node["score"].optional_number())


def _read_provenance(node: Node) -> Provenance:
    members = {key: cast("JSON", entry.value) for key, entry in node.entries()}
    return _guarded(node, Provenance.from_json, members=members)


def _read_notices(root: Node) -> tuple[Notice, ...]:
    """Read the notices; older files have only their texts, as "warnings"."""
    warnings = tuple(warning.text() for warning in root["warnings"].items())
    if "notices" in root:
        return tuple(map(_read_notice, root["notices"].items()))
    return tuple(Notice("other", warning) for warning in warnings)


def _read_notice(node: Node) -> Notice:
    data = {key: cast("JSON", entry.value) for key, entry in node["data"].entries()}
    return _guarded(node, Notice, code=node["code"].text(), text=node["text"].text(), data=data)


def _read_finding(node: Node) -> Finding:
    start, end = node["start"].number(), node["end"].number()
    _check_times(node, start, end)
    return _guarded(
        node,
        Finding,
        kind=cast("FindingKind", node["kind"].text()),
        start=start,
        end=end,
        reason=node["reason"].text(),
        text=node["text"].text(),
    )


def _read_edits(node: Node) -> tuple[Edit, ...]:
    """The edits in order; older files have an object with the names of labels in their place."""
    if isinstance(node.value, dict):
        return (Rename(_read_names(node)),) if node.value else ()
    return tuple(map(_read_edit, node.items()))


def _read_edit(node: Node) -> Edit:
    kind, made = node["kind"], node["made"].optional_text()
    if kind.value == Rename.kind:
        return Rename(_read_names(node["names"]), made)
    if kind.value == Merge.kind:
        speakers = tuple(speaker.text() for speaker in node["speakers"].items())
        return _guarded(node, Merge, speakers=speakers, made=made)
    if kind.value != Assign.kind:
        kind.fail(f"expected rename, merge or assign, found {kind.value!r}: perhaps of a newer version of meetscribe")
    start, end = node["start"].number(), node["end"].number()
    _check_times(node, start, end)
    return _guarded(node, Assign, start=start, end=end, speaker=node["speaker"].text(), made=made)


def _read_names(node: Node) -> dict[str, str]:
    return {label: name.text() for label, name in node.entries()}


def _read_segment(node: Node) -> Segment:
    """The segment of the node's words; what else it says must agree with them, or an edit would be lost."""
    segment = _guarded(node, Segment, words=tuple(map(_read_word, node["words"].items())))
    for key, derived in (("start", segment.start), ("end", segment.end)):
        if abs(node[key].number() - derived) > 0.0005:
            node[key].fail(f"its words say {derived}; times are changed at the words")
    # How words are joined may differ between versions.
    if without_whitespace(node["text"].text()) != without_whitespace(segment.text):
        node["text"].fail("differs from its words; text is changed at the words")
    labels = {word.speaker for word in segment.words}
    speaker = node["speaker"].optional_text()
    if speaker not in labels or (speaker is None and len(labels) > 1):
        node["speaker"].fail('no word has this speaker; a name is given in "edits", a speaker at the words')
    return segment


def _check_times(node: Node, start: float, end: float) -> None:
    for key, time in (("start", start), ("end", end)):
        if time < 0:
            node[key].fail(f"a time must not be negative: {time}")
    if end < start:
        node["end"].fail(f"must not be before the start: {end} < {start}")


def _guarded(node: Node, kind: Callable[..., T], /, **values: object) -> T:
    """The value of that kind; what its constructor refuses becomes an InputError naming the node."""
    try:
        return kind(**values)
    except ValueError as error:
        node.fail(str(error))
