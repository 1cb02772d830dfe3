"""The cache of stage results on disk; which stages there are is up to the pipeline.

The cache key of a result is the content hash of the recording and a digest of everything that the stage depends on:
settings, weights, versions and code. Entries are written atomically, readable by their owner only (mode 0600, folders
0700). An entry that is damaged or belongs to another user counts as absent. Turns are stored without
voiceprints. The analysis of a recording holds those of its windows, which have no names: they belong to one recording,
and no other one is compared with them.
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
