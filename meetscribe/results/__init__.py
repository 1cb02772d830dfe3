"""What stages have made, kept on disk for the next run; which stages there are is the pipeline's matter.

An entry is found by the recording's content and by all that the stage depends on: settings, weights, versions. It
is written whole or not at all (mode 0600, folders 0700). What is damaged, or was written by somebody else, counts as
absent. Voiceprints, which are biometric data, are left out.
"""

from __future__ import annotations

from meetscribe.results.codecs import DIARIZATION, SPANS, TRANSCRIPT, Codec
from meetscribe.results.keys import Key, digest_of, key_of, source_of
from meetscribe.results.store import Journal, Store, stages_folder

__all__ = [
    "DIARIZATION",
    "SPANS",
    "TRANSCRIPT",
    "Codec",
    "Journal",
    "Key",
    "Store",
    "digest_of",
    "key_of",
    "source_of",
    "stages_folder",
]
