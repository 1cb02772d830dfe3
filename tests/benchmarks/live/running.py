"""Run the systems over recordings, one after the other, and keep their outputs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import meetscribe
from meetscribe.audio import load_audio
from meetscribe.models.resolution import prepare_models
from meetscribe.runtime.devices import resolve_device
from meetscribe.runtime.progress import ignore_progress
from meetscribe.settings import Settings, load_settings
from meetscribe.timeline import Seconds
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.live.measures import Measures, measure
from tests.benchmarks.live.outputs import Output, digest, stored
from tests.benchmarks.live.systems import Machine, Peer, Samples, System, run_offline, run_ours
from tests.benchmarks.real.ours import settings_of
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Recording, find_recordings
from tests.benchmarks.real.scoring import normalizer

_PACKAGE = Path(meetscribe.__file__).parent
_OFFLINE = ("asr", "segmentation", "vad")
_LIVE = ("asr", "live/activity", "live/commit", "live/processing", "live/recognition")
COMPUTE = "int8"
SAMPLE_MODEL = "samples"
_SETS = ("ami", "call", "other", "mixes", "languages", "made: pauses", "made: phone", "made: room")


def recordings_of(model: str, places: Places, language: str) -> list[Recording]:
    """Return the samples for their own weights, otherwise recordings of a language with known words."""
    if model != SAMPLE_MODEL:
        found = [each for each in find_recordings(places) if each.set in _SETS]
        return [each for each in found if each.language == language and each.words]
    return [
        Recording("samples", path.stem, path, "en", "held out", truth_of(path).words)
        for path in sorted(SAMPLES.glob("*.flac"))
    ]


@dataclass
class Comparison:
    """Runs with one model; outputs are stored under the code, the model, the recording and the machine.

    `until` is the time of `time.monotonic` after which nothing is computed any more, None to compute nothing.
    """

    model: str
    places: Places
    peer: Path | None
    until: float | None
    language: str
    certain: float | None = None
    _loaded: dict[Any, Peer] = field(default_factory=dict)

    def measures(
        self, recordings: Sequence[Recording], system: System | None, machine: Machine
    ) -> Iterator[tuple[Recording, Measures]]:
        """Yield the measures of a system, or of our offline result (None), on each recording that has an output."""
        for recording in recordings:
            offline = self._offline(recording)
            live = offline if system is None else self._live(recording, system, machine)
            if offline is not None and live is not None:
                duration = len(load_audio(recording.path).samples) / 16_000
                yield recording, measure(recording.words, offline, live, duration, normalizer(self.language))

    def _offline(self, recording: Recording) -> Output | None:
        return self._output(recording, "offline", lambda: run_offline(recording.path, self._settings))

    def _live(self, recording: Recording, system: System, machine: Machine) -> Output | None:
        samples = load_audio(recording.path).samples[:]
        if system == "ours":
            name = f"ours.{machine.name}" + (f".{self.certain:g}" if self.certain is not None else "")
            return self._output(recording, name, lambda: run_ours(samples, self._settings, machine, self.certain))
        if self.peer is None:
            return None
        vac = system.endswith("vac")
        name = f"{'vac' if vac else 'peer'}.{machine.name}"
        return self._output(recording, name, lambda: self._run_peer(samples, machine, vac))

    def _run_peer(self, samples: Samples, machine: Machine, vac: bool) -> Output:
        assert self.peer is not None
        if machine.threads not in self._loaded:
            model = Path(self._settings.asr.model)
            self._loaded[machine.threads] = Peer(self.peer, model, COMPUTE, machine, self.language)
        loaded = self._loaded[machine.threads]
        loaded.machine = machine
        return loaded.run(samples, vac=vac)

    def _output(self, recording: Recording, name: str, compute: Callable[[], Output]) -> Output | None:
        """Return the stored output of a run, or compute it if there is time left."""
        code = self._peer_code if name.startswith(("peer", "vac")) else _code(_OFFLINE if name == "offline" else _LIVE)
        file = self.places.real / "live" / self.model / f"{recording.key.replace('/', '.')}.{name}.{code}.json"
        allowed = self.until is not None and time.monotonic() < self.until
        return stored(file, compute if allowed else None)

    @cached_property
    def _peer_code(self) -> str:
        return digest([self.peer / "whisper_online.py"]) if self.peer is not None else ""

    @cached_property
    def _settings(self) -> Settings:
        """The settings of all runs, with the path of the converted model."""
        if self.model == SAMPLE_MODEL:
            changes = {"run.cache": "false", "diarization.enabled": "false", "asr.language": self.language}
            settings = load_settings(SAMPLES / "offline.toml", changes)
            return prepare_models(settings, resolve_device("cpu"), ignore_progress).settings
        changes = {"asr.language": self.language, "run.threads": "1"}
        return settings_of(self.places.model(self.model), COMPUTE, changes)


@cache
def _code(rooms: Sequence[str]) -> str:
    """Return a digest of the code that a result depends on."""
    live = ["live/settings.py", "live/simulation.py"] if rooms == _LIVE else []
    files = [file for room in rooms for file in (_PACKAGE / room).rglob("*.py")]
    return digest([*files, *(_PACKAGE / name for name in live)])


def seconds_left(minutes: float | None) -> Seconds | None:
    """Return the moment at which the computations end; None if nothing is to be computed."""
    return None if minutes is None else time.monotonic() + 60 * minutes
