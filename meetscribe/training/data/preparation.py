"""Make a data set from transcripts and recordings in one call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.training.data.clips.meetings import read_meetings
from meetscribe.training.data.planning import Plan, plan
from meetscribe.training.data.settings import DataSettings, Sources
from meetscribe.training.data.summary import DataSummary, summary_of
from meetscribe.training.data.writing import write_data_set


def prepare(
    folder: str | Path,
    meetings: Sources | Sequence[str | Path],
    settings: DataSettings | None = None,
    *,
    base: str | None = None,
    progress: Progress = ignore_progress,
) -> DataSummary:
    """Make a data set in a folder from corrected transcripts and their recordings; return its summary.

    `meetings` are transcripts in any format with times, or folders of them; see `Sources`. `base` is the folder or the
    name of the model to train, whose tokenizer counts the tokens; without it, they are estimated. A second call writes
    missing clips and deletes unused ones. Raises InputError if a file cannot be read, if there are no clips, and if the
    same audio or text is in two splits; OutputError as `write_data_set` does.
    """
    return write_data_set(Path(folder), _plan(meetings, settings, base), progress)


def preview(
    meetings: Sources | Sequence[str | Path], settings: DataSettings | None = None, *, base: str | None = None
) -> DataSummary:
    """Return the summary that `prepare` would return, without decoding audio or writing files.

    Its `digest` differs, because the digests of the clips are unknown, and clips with the same audio are not found.
    """
    planned = _plan(meetings, settings, base)
    return summary_of(planned.examples, planned)


def _plan(meetings: Sources | Sequence[str | Path], settings: DataSettings | None, base: str | None) -> Plan:
    sources = meetings if isinstance(meetings, Sources) else Sources(tuple(map(Path, meetings)))
    return plan(read_meetings(sources), settings or DataSettings(), base)
