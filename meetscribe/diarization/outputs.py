"""What a pyannote pipeline returns, as a Diarization; the pipeline itself is not known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.timeline import Diarization, Seconds, Turn, merge_turns

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def to_diarization(
    output: Any,
    duration: Seconds,
    settings: DiarizationSettings,
    embedder: str | None,
    warnings: tuple[str, ...] = (),
) -> Diarization:
    """The turns, exclusive turns and voiceprints in the output of a pipeline; of nobody, if it is None.

    Older pipelines return the overlapping turns alone; `exclusive` is empty then. Turns are cut to the
    recording, pauses of a speaker shorter than `settings.min_duration_off` filled: in the exclusive turns
    only where nobody else speaks. A speaker without a voiceprint, or with one of zeros, has none.
    """
    if output is None:
        return Diarization((), (), warnings=(*warnings, *_disagreement(0, settings)))
    annotation = getattr(output, "speaker_diarization", output)
    turns = merge_turns(_turns(annotation, duration), settings.min_duration_off)
    alone = _turns(getattr(output, "exclusive_speaker_diarization", None), duration)
    exclusive = _filled(alone, settings.min_duration_off)
    labels = dict.fromkeys(turn.speaker for turn in (*turns, *exclusive))
    names = {label: f"SPEAKER_{index:02d}" for index, label in enumerate(labels)}
    prints = _voiceprints(getattr(output, "speaker_embeddings", None), annotation)
    return Diarization(
        _renamed(turns, names),
        _renamed(exclusive, names),
        {names[label]: vector for label, vector in prints.items() if label in names},
        embedder if prints else None,
        (*warnings, *_disagreement(len(names), settings)),
    )


def _turns(annotation: Any, duration: Seconds) -> list[Turn]:
    """The turns of a pyannote Annotation, as far as they lie in the recording."""
    if annotation is None:
        return []
    cut = (
        (max(0.0, segment.start), min(segment.end, duration), str(label))
        for segment, _, label in annotation.itertracks(yield_label=True)
    )
    turns = [Turn(start, end, label) for start, end, label in cut if start < end]
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


def _voiceprints(vectors: Any, annotation: Any) -> dict[str, npt.NDArray[np.float32]]:
    """The usable rows of `vectors` `(speakers, dim)`, in the order of the annotation's labels, by label."""
    import numpy as np

    if vectors is None:
        return {}
    rows = zip(annotation.labels(), np.asarray(vectors, dtype=np.float32), strict=False)
    return {str(label): row for label, row in rows if np.isfinite(row).all() and row.any()}


def _renamed(turns: Iterable[Turn], names: Mapping[str, str]) -> tuple[Turn, ...]:
    return tuple(Turn(turn.start, turn.end, names[turn.speaker]) for turn in turns)


def _disagreement(found: int, settings: DiarizationSettings) -> tuple[str, ...]:
    """A warning if the number of speakers found is not one that was asked for."""
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
    return (f"{asked} speakers were asked for, but {found} were found",)
