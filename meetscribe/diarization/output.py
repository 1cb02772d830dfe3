"""Who talks in each frame, as a Diarization; how that was found out is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from meetscribe.diarization.reconstruction import Activity
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import Notice
from meetscribe.timeline import Diarization, Seconds, Turn, merge_turns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.diarization.windows import Grid


def to_diarization(
    activity: Activity,
    voiceprints: npt.NDArray[np.float32],
    duration: Seconds,
    settings: DiarizationSettings,
    embedder: str | None,
) -> Diarization:
    """The turns, exclusive turns and `voiceprints` `(speakers, dim)` of those who talk.

    Turns are cut to the recording, pauses of a speaker shorter than `settings.min_duration_off` filled: in the
    exclusive turns only where nobody else speaks. A speaker without a voiceprint, or with one of zeros, has none.
    """
    turns = merge_turns(_turns(activity.together, activity.grid, duration), settings.min_duration_off)
    exclusive = _filled(_turns(activity.alone, activity.grid, duration), settings.min_duration_off)
    labels = dict.fromkeys(turn.speaker for turn in (*turns, *exclusive))
    names = {label: f"SPEAKER_{index:02d}" for index, label in enumerate(labels)}
    prints = _usable(voiceprints)
    return Diarization(
        _renamed(turns, names),
        _renamed(exclusive, names),
        {names[label]: vector for label, vector in prints.items() if label in names},
        embedder if prints else None,
        disagreement(len(names), settings),
    )


def nobody(settings: DiarizationSettings) -> Diarization:
    """The diarization of a recording in which nobody speaks."""
    return Diarization((), (), notices=disagreement(0, settings))


def disagreement(found: int, settings: DiarizationSettings) -> tuple[Notice, ...]:
    """A notice if the number of speakers found is not one that was asked for."""
    least = settings.speakers or settings.min_speakers
    most = settings.speakers or settings.max_speakers
    if (least is None or least <= found) and (most is None or found <= most):
        return ()
    if least == most:
        asked = str(least)
    elif most is None:
        asked = f"at least {least}"
    else:
        asked = f"at most {most}" if least is None else f"{least} to {most}"
    text = f"{asked} speakers were asked for, but {found} were found"
    return (Notice("diarization.speaker-count", text, {"found": found, "min": least, "max": most}),)


def _turns(talking: npt.NDArray[np.bool_], grid: Grid, duration: Seconds) -> list[Turn]:
    """The runs of frames `(frames, speakers)` in which a speaker talks, as far as they lie in the recording."""
    import numpy as np

    turns = []
    for speaker, frames in enumerate(talking.T):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], frames, [0])).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            start, end = grid.time(first), min(grid.time(last), duration)
            if start < end:
                turns.append(Turn(start, end, str(speaker)))
    return sorted(turn for turn in turns if turn.duration > 0)


def _filled(turns: Iterable[Turn], max_gap: Seconds) -> tuple[Turn, ...]:
    """Turns that do not overlap, with the pauses of a speaker filled where nobody else speaks."""
    filled: list[Turn] = []
    for turn in turns:
        last = filled[-1] if filled else None
        if last and last.speaker == turn.speaker and round(turn.start - last.end, 3) < max(max_gap, 0.001):
            filled[-1] = Turn(last.start, max(last.end, turn.end), turn.speaker)
        else:
            filled.append(turn)
    return tuple(filled)


def _usable(vectors: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
    """The rows of `vectors` that are voiceprints, by label."""
    import numpy as np

    return {str(label): row for label, row in enumerate(vectors) if np.isfinite(row).all() and row.any()}


def _renamed(turns: Iterable[Turn], names: Mapping[str, str]) -> tuple[Turn, ...]:
    return tuple(Turn(turn.start, turn.end, names[turn.speaker]) for turn in turns)
