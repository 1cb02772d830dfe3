"""The cache of stage results on disk; the pipeline defines the stages.

The cache key of a result is the content hash of the recording and a digest of all dependencies of the stage: settings,
weights, versions and code. Entries are written atomically, readable only by their owner (mode 0600, folders 0700). An
entry that is damaged or belongs to another user counts as absent. Turns are stored without voiceprints. The analysis of
a recording contains voiceprints of its windows, without names; they are never compared with other recordings.
"""

from __future__ import annotations

from meetscribe.results.codecs import ANALYSIS, DIARIZATION, SPANS, SPEECH, TRANSCRIPT, Codec
from meetscribe.results.keys import CacheKey, cache_key, code_digest, json_digest
from meetscribe.results.store import Journal, Store, recording_folder, stages_folder

__all__ = [
    "ANALYSIS",
    "DIARIZATION",
    "SPANS",
    "SPEECH",
    "TRANSCRIPT",
    "CacheKey",
    "Codec",
    "Journal",
    "Store",
    "cache_key",
    "code_digest",
    "json_digest",
    "recording_folder",
    "stages_folder",
]
