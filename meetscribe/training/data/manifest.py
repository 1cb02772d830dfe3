"""The manifest of a data set: one line of JSON per example, validated on reading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from meetscribe.errors import InputError, os_reason
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file
from meetscribe.timeline import Span
from meetscribe.training.data.clips.files import CLIPS
from meetscribe.training.data.values import SPLITS, Example, Split, TimedText
from meetscribe.transcript.json_node import Node

MANIFEST = "manifest.jsonl"
"""The name of the manifest in the folder of the data set."""


def dumps(examples: Iterable[Example]) -> str:
    """Return the manifest as text, with a line per example."""
    return "".join(json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples)


def load_examples(folder: Path, split: Split | None = None) -> tuple[Example, ...]:
    """Return the examples of a split, or of all splits, in the order of the manifest.

    Raises InputError if the folder has no manifest, or a line is not a valid example.
    """
    path = folder / MANIFEST
    try:
        lines = read_file(path, TRANSCRIPT_BYTES).decode().removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "it is not text in UTF-8"
        raise InputError(f"{path}: {reason}", "Make a data set first: meetscribe train data.") from error
    if lines == [""]:
        return ()
    examples = (_example(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1))
    return tuple(example for example in examples if split in (None, example.split))


def _example(line: str, place: str) -> Example:
    """Return the example in a line; raises InputError naming the faulty value."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: it is not JSON", "Make the data set again: meetscribe train data.") from error
    node = Node(values, place)
    return Example(
        id=node["id"].text(),
        audio=_clip_path(node["audio"]),
        sha256=node["sha256"].text(),
        seconds=node["seconds"].number(),
        text=node["text"].text(),
        words=_timed_texts(node["words"]),
        segments=_timed_texts(node["segments"]),
        language=node["language"].text(),
        speaker=node["speaker"].optional_text(),
        recording=node["recording"].text(),
        span=_span(node["span"]),
        prompt=node["prompt"].optional_text(),
        timestamps=node["timestamps"].flag(),
        split=_split(node["split"]),
        augmentation=node.get("augmentation", "").text(),
    )


def _timed_texts(node: Node) -> tuple[TimedText, ...]:
    return tuple(TimedText(one["text"].text(), one["start"].number(), one["end"].number()) for one in node.items())


def _span(node: Node) -> Span:
    start, end = node["start"].number(), node["end"].number()
    if end < start:
        node.fail("the end is before the start")
    return Span(start, end)


def _split(node: Node) -> Split:
    found = next((split for split in SPLITS if split == node.value), None)
    return found or node.fail(f"expected one of {', '.join(SPLITS)}")


def _clip_path(node: Node) -> str:
    """Return the path of a clip, which must lie in the folder of clips, because a manifest may be untrusted."""
    path = PurePosixPath(node.text())
    if path.parts[:1] != (CLIPS,) or len(path.parts) != 2 or path.name == "..":
        node.fail(f"expected a file in {CLIPS}/")
    return str(path)
