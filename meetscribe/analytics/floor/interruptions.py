"""Interruptions, detected by overlap or, without overlapping speech, by punctuation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from meetscribe.analytics.floor.turns import FloorTurn
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.timeline import Seconds

Basis: TypeAlias = Literal["overlap", "marks"]
"""The basis of the detection: overlapping turns, or a dash after an unfinished word or sentence."""

_MARKS = ("-", "–", "—")  # at the end of a text that breaks off
_CLOSERS = "\"'”’»›)]}"


@dataclass(frozen=True, slots=True)
class Interruption:
    """An interruption: `speaker` begins while `interrupted` speaks; `overlap` is 0 if detected by marks.

    `successful` states whether the interrupted speaker stops and the other speaker holds the floor.
    """

    start: Seconds
    speaker: str
    interrupted: str
    overlap: Seconds
    successful: bool
    basis: Basis


def basis_of(turns: Sequence[FloorTurn], overlapping: bool) -> Basis | None:
    """Return the basis for detecting interruptions, None if there is neither overlap nor a mark."""
    if overlapping:
        return "overlap"
    return "marks" if any(_breaks_off(turn) for turn in turns) else None


def interruptions_of(
    turns: Sequence[FloorTurn], basis: Basis | None, settings: AnalyticsSettings
) -> tuple[Interruption, ...]:
    """Return the interruptions of turns in order of their start, none without a basis.

    By overlap: a turn begins during a turn of another speaker, and both continue for at least `min_overlap`; a
    backchannel is not a turn. It succeeds if the other speaker stops within `yield_within` and the new turn continues.
    A turn interrupts at most one speaker, the active speaker who began first. By marks: a turn ends with a dash, and
    another speaker has the next turn; this always counts as successful. Cooperative and competitive interruptions are
    not distinguished.
    """
    if basis == "marks":
        return tuple(
            Interruption(after.start, after.speaker, turn.speaker, 0.0, True, "marks")
            for turn, after in zip(turns, turns[1:], strict=False)
            if turn.speaker != after.speaker and _breaks_off(turn)
        )
    return _by_overlap(turns, settings) if basis == "overlap" else ()


def _by_overlap(turns: Sequence[FloorTurn], settings: AnalyticsSettings) -> tuple[Interruption, ...]:
    """Return the interruptions by overlap; see `interruptions_of`."""
    found: list[Interruption] = []
    active: list[FloorTurn] = []
    for turn in turns:
        active = [earlier for earlier in active if earlier.end > turn.start]
        others = (earlier for earlier in active if earlier.start < turn.start and earlier.speaker != turn.speaker)
        holder = next(others, None)
        active.append(turn)
        if holder is None:
            continue
        shared = round(min(holder.end, turn.end) - turn.start, 3)
        if shared >= settings.min_overlap:
            succeeds = round(holder.end - turn.start, 3) <= settings.yield_within and turn.end > holder.end
            found.append(Interruption(turn.start, turn.speaker, holder.speaker, shared, succeeds, "overlap"))
    return tuple(found)


def _breaks_off(turn: FloorTurn) -> bool:
    """Return whether the text of a turn ends with a dash."""
    return bool(turn.words) and turn.words[-1].text.rstrip(_CLOSERS).endswith(_MARKS)
