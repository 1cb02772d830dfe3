"""Many recordings: which there are, where each one's files go, what is done already, and doing the rest.

How a single one becomes a transcript is the pipeline's matter.
"""

from __future__ import annotations

from meetscribe.corpus.batch import Plan, Summary, run_batch
from meetscribe.corpus.inputs import find_recordings, is_many, shard
from meetscribe.corpus.manifest import Entry, Manifest
from meetscribe.corpus.processes import Event, Task
from meetscribe.corpus.transcription import Transcribing
from meetscribe.corpus.watching import Look, settled
from meetscribe.publishing.file_names import Template, stems

__all__ = [
    "Entry",
    "Event",
    "Look",
    "Manifest",
    "Plan",
    "Summary",
    "Task",
    "Template",
    "Transcribing",
    "find_recordings",
    "is_many",
    "run_batch",
    "settled",
    "shard",
    "stems",
]
