"""The notice about a number of speakers that differs from the requested one."""

from __future__ import annotations

from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import Notice


def speaker_count_notices(found: int, settings: DiarizationSettings) -> tuple[Notice, ...]:
    """Return a notice if the number of speakers found differs from the requested one, otherwise nothing."""
    low = settings.speakers or settings.min_speakers
    high = settings.speakers or settings.max_speakers
    if (low is None or low <= found) and (high is None or found <= high):
        return ()
    if low == high:
        requested = str(low)
    elif high is None:
        requested = f"at least {low}"
    else:
        requested = f"at most {high}" if low is None else f"{low} to {high}"
    # The singular is for "1", "at least 1" and "at most 1", but not for "1 to 3".
    speakers = "speaker was" if (low or high) == (high or low) == 1 else "speakers were"
    text = f"{requested} {speakers} requested, but {found} {'was' if found == 1 else 'were'} found"
    return (Notice("diarization.speaker-count", text, {"found": found, "min": low, "max": high}),)
