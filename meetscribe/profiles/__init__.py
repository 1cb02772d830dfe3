"""Recognise speakers across meetings, with their consent.

- `values.py`: a person with a consent record and voiceprints; `store.py`: profiles on disk; `unnamed.py`: voiceprints
  of unnamed speakers, kept for a limited time; `exchange.py`: export and import.
- `dense_speech.py`, `extraction.py`: the speech of a speaker, and its voiceprint; `channel.py`: the kind of channel.
- `calibration.py`: thresholds for an embedder; `matching.py`: matching of speakers with persons.
- `naming.py`: names and suggestions in a transcript.

The embedder comes from diarization as a callable, because this room does not import diarization. README.md describes
the commands, the error rates, and how to measure the thresholds of another embedder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meetscribe.runtime.lazy import lazy_names

if TYPE_CHECKING:
    from meetscribe.profiles.calibration import Calibration, Thresholds, find_calibration
    from meetscribe.profiles.exchange import export_profiles, import_profiles, plan_import, read_profiles
    from meetscribe.profiles.matching import Match, match_speakers
    from meetscribe.profiles.settings import ProfilesSettings
    from meetscribe.profiles.store import ProfileStore
    from meetscribe.profiles.unnamed import UnnamedStore
    from meetscribe.profiles.values import Consent, EmbeddingSpace, Profile, Voiceprint

_MODULES = {
    "Calibration": "calibration",
    "Consent": "values",
    "EmbeddingSpace": "values",
    "Match": "matching",
    "Profile": "values",
    "ProfileStore": "store",
    "ProfilesSettings": "settings",
    "Thresholds": "calibration",
    "UnnamedStore": "unnamed",
    "Voiceprint": "values",
    "export_profiles": "exchange",
    "find_calibration": "calibration",
    "import_profiles": "exchange",
    "match_speakers": "matching",
    "plan_import": "exchange",
    "read_profiles": "exchange",
}

__all__ = [
    "Calibration",
    "Consent",
    "EmbeddingSpace",
    "Match",
    "Profile",
    "ProfileStore",
    "ProfilesSettings",
    "Thresholds",
    "UnnamedStore",
    "Voiceprint",
    "export_profiles",
    "find_calibration",
    "import_profiles",
    "match_speakers",
    "plan_import",
    "read_profiles",
]

__getattr__ = lazy_names(__name__, _MODULES)
