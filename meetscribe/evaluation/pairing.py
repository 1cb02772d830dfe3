"""Pairs of reference and hypothesis transcripts of the same recording."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from meetscribe.errors import IncompleteError, InputError
from meetscribe.timeline import Span
from meetscribe.transcript import Transcript

Recordings: TypeAlias = Mapping[str, Callable[[], Transcript]]
"""A function per recording, by name, that reads its transcript."""

Regions: TypeAlias = Mapping[str, tuple[Span, ...]]
"""The scored regions of each recording, by name."""

_MAX_NAMES = 4  # in a message


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference, a hypothesis of the same recording, and the scored regions; None scores everything."""

    name: str
    reference: Transcript
    hypothesis: Transcript
    within: tuple[Span, ...] | None = None


def read_pairs(
    references: Recordings, hypotheses: Recordings, regions: Regions | None = None, *, by_name: bool = False
) -> list[Pair]:
    """Read the transcripts of each recording that is on both sides.

    With `by_name`, recordings match only by name. Otherwise, a single reference also matches a single hypothesis with
    another name.

    Raises InputError if no recording is on both sides, or if `regions` lacks one of them.
    """
    if len(references) == len(hypotheses) == 1 and not by_name:
        names = {next(iter(references)): next(iter(hypotheses))}
    else:
        names = {name: name for name in references if name in hypotheses}
    if not names:
        raise InputError(
            f"no recording is on both sides: HYP has {_listed(hypotheses)}, REF has {_listed(references)}",
            "Give both files of a recording the same name before their suffixes.",
        )
    within = {name: None if regions is None else _region(regions, name, len(names)) for name in names}
    with _garbage_collection_off():
        return [Pair(name, references[name](), hypotheses[other](), within[name]) for name, other in names.items()]


def check_complete(references: Recordings, hypotheses: Recordings, pairs: Sequence[Pair]) -> None:
    """Raise IncompleteError if a recording is only on one side; unreadable files are ignored."""
    scored = {pair.name for pair in pairs}
    if len(references) == len(hypotheses) == len(scored) == 1:
        return
    missing = [
        f"{_listed(names)} (only in {side})"
        for side, recordings in (("REF", references), ("HYP", hypotheses))
        if (names := {name: None for name in recordings if name not in scored and _is_readable(recordings[name])})
    ]
    if missing:
        raise IncompleteError(f"not scored: {'; '.join(missing)}", "The scores cover the other recordings.")


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Disable garbage collection, and exclude all objects that exist at the end from later collections.

    Transcripts of many hours have millions of objects without reference cycles; collecting them would take longer than
    reading.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def _region(regions: Regions, name: str, recording_count: int) -> tuple[Span, ...]:
    """Return the scored regions of a recording; a single entry matches a single recording, whatever its name."""
    if len(regions) == recording_count == 1:
        return next(iter(regions.values()))
    if name not in regions:
        raise InputError(f"the UEM file does not contain {name}, only {_listed(regions)}", "Add a line for it.")
    return regions[name]


def _is_readable(read: Callable[[], Transcript]) -> bool:
    """Return whether a transcript can be read."""
    try:
        read()
    except InputError:
        return False
    return True


def _listed(names: Mapping[str, object]) -> str:
    """Return the first names for a message."""
    return ", ".join([*list(names)[:_MAX_NAMES], *(["…"] if len(names) > _MAX_NAMES else [])])
