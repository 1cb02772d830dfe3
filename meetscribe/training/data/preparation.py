"""Making a data set of transcripts and recordings in one call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.training.data.meetings import read_meetings
from meetscribe.training.data.planning import plan
from meetscribe.training.data.settings import DataSettings
from meetscribe.training.data.summary import DataSummary, summary_of
from meetscribe.training.data.writing import write_data_set


def prepare(
    folder: str | Path,
    sources: Sequence[str | Path],
    settings: DataSettings | None = None,
    *,
    base: str | None = None,
    audio: str | Path | None = None,
    progress: Progress = ignore_progress,
) -> DataSummary:
    """Make a data set in a folder from transcripts, as corrected, and their recordings; return its summary.

    `sources` are transcripts in any format with times, or folders of them. `audio` is the recording, or a folder with
    the recordings, if they are not beside the transcripts. `base` is the folder or the name of the model to be trained:
    its tokenizer counts the tokens, which are estimated without it. Called again, it writes what is missing and deletes
    the clips that are no longer used.

    Raises InputError for what cannot be read, if no clip results, and if the same sound or text is on both sides of the
    split; OutputError if the folder holds something else.
    """
    meetings = read_meetings(sources, None if audio is None else Path(audio))
    return write_data_set(Path(folder), plan(meetings, settings or DataSettings(), base), progress)


def preview(
    sources: Sequence[str | Path],
    settings: DataSettings | None = None,
    *,
    base: str | None = None,
    audio: str | Path | None = None,
) -> DataSummary:
    """Return the summary that `prepare` would return, except for the sound, of which nothing is decoded or written."""
    meetings = read_meetings(sources, None if audio is None else Path(audio))
    planned = plan(meetings, settings or DataSettings(), base)
    return summary_of(planned.examples, planned)
