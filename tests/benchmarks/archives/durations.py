"""How long recordings take in a real batch, for the simulation: pairs of estimated length and seconds taken.

`durations.json` has those of a batch of 45 recordings of LibriSpeech of up to 20 seconds, on a busy machine: 27
November 2026. Recordings of equal estimated length take different times, which the scheduler does not know.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from meetscribe.corpus import Manifest
from meetscribe.corpus.inputs import estimated_length
from meetscribe.timeline import Seconds

STORED = Path(__file__).with_name("durations.json")


def measure(recordings: Sequence[str]) -> list[tuple[Seconds, Seconds]]:
    """Process recordings with one local worker of one thread; return the estimated length and the time of each.

    The first is left out, since its time has that to load the models in it.
    """
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "tests.benchmarks.archives.driver", "local", "1", out, *recordings]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        attempts = list(Manifest(Path(out) / "meetscribe.manifest.jsonl").attempts())
    done = [entry for entry in attempts[1:] if entry.status == "done"]
    return [(round(estimated_length(Path(entry.input)), 2), entry.seconds) for entry in done]


def stored() -> list[tuple[Seconds, Seconds]]:
    """Return the stored pairs."""
    return [(length, seconds) for length, seconds in json.loads(STORED.read_text())]
