"""Convert the frame-wise activity of speakers to turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from meetscribe.diarization.reconstruction import Activity
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.diarization.speaker_count import speaker_count_notices
from meetscribe.diarization.windows import Grid
from meetscribe.timeline import Diarization, Seconds, Turn, merge_turns


def to_diarization(
    activity: Activity,
    voiceprints: npt.NDArray[np.float32],
    duration: Seconds,
    settings: DiarizationSettings,
    embedder: str | None,
) -> Diarization:
    """Return the turns, exclusive turns and voiceprints of the speakers, from `voiceprints` `(speakers, dim)`.

    Turns are limited to the recording. Pauses of a speaker shorter than `settings.min_duration_off` are filled, in
    exclusive turns only if no other speaker is active. Voiceprints that contain NaN, or only zeros, are dropped.
    """
    turns = merge_turns(_turns(activity.overlapping, activity.grid, duration), settings.min_duration_off)
    exclusive = _fill_pauses(_turns(activity.exclusive, activity.grid, duration), settings.min_duration_off)
    labels = dict.fromkeys(turn.speaker for turn in (*turns, *exclusive))
    names = {label: f"SPEAKER_{index:02d}" for index, label in enumerate(labels)}
    valid = _valid(voiceprints)
    return Diarization(
        _renamed(turns, names),
        _renamed(exclusive, names),
        {names[label]: vector for label, vector in valid.items() if label in names},
        embedder if valid else None,
        speaker_count_notices(len(names), settings),
    )


def no_speakers(settings: DiarizationSettings) -> Diarization:
    """Return the diarization of a recording without speech."""
    return Diarization((), (), notices=speaker_count_notices(0, settings))


def _turns(active: npt.NDArray[np.bool_], grid: Grid, duration: Seconds) -> list[Turn]:
    """Return the runs of active frames `(frames, speakers)` as turns, limited to the recording.

    As in pyannote.audio, a turn extends from the centre of its first frame to the centre of the first inactive one.
    """
    turns = []
    for speaker, frames in enumerate(active.T):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], frames, [0])).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            start, end = grid.time(first), min(grid.time(last), duration)
            if start < end:
                turns.append(Turn(start, end, str(speaker)))
    return sorted(turn for turn in turns if turn.duration > 0)  # a turn is rounded to milliseconds


def _fill_pauses(turns: Iterable[Turn], max_gap: Seconds) -> tuple[Turn, ...]:
    """Return disjoint turns with a speaker's pauses below `max_gap` filled if no other speaker is active.

    Adjacent turns of a speaker are joined even if `max_gap` is 0.
    """
    filled: list[Turn] = []
    for turn in turns:
        last = filled[-1] if filled else None
        if last and last.speaker == turn.speaker and round(turn.start - last.end, 3) < max(max_gap, 0.001):
            filled[-1] = Turn(last.start, max(last.end, turn.end), turn.speaker)
        else:
            filled.append(turn)
    return tuple(filled)


def _valid(vectors: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[np.float32]]:
    """Return the valid voiceprints among the rows of `vectors`, by label."""
    return {str(label): row for label, row in enumerate(vectors) if np.isfinite(row).all() and row.any()}


def _renamed(turns: Iterable[Turn], names: Mapping[str, str]) -> tuple[Turn, ...]:
    return tuple(Turn(turn.start, turn.end, names[turn.speaker]) for turn in turns)
