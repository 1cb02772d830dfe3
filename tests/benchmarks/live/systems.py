"""Our live session, whisper_streaming by its own code, and our offline pipeline, over one recording each."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE
from meetscribe.live import LiveTranscript
from meetscribe.live.recognition.loading import load_recogniser
from meetscribe.live.settings import live_settings
from meetscribe.live.simulation import Emission, free, simulate
from meetscribe.pipeline import Session
from meetscribe.settings import Settings
from meetscribe.timeline import Seconds
from tests.benchmarks.live.measures import erasure
from tests.benchmarks.live.outputs import Output, ShownWord

System: TypeAlias = Literal["ours", "whisper_streaming", "whisper_streaming --vac"]
SYSTEMS: tuple[System, ...] = ("ours", "whisper_streaming", "whisper_streaming --vac")
Samples: TypeAlias = npt.NDArray[np.float32]

CHUNK: Seconds = 1.0
_VAC_CHUNK: Seconds = 0.04


@dataclass(frozen=True, slots=True)
class Machine:
    """The virtual machine: its processors, or None for one whose computations take no time (compute-unaware)."""

    processors: int | None

    @property
    def threads(self) -> int:
        """The threads of the recogniser."""
        return self.processors or 1

    @property
    def name(self) -> str:
        """The name by which results are stored."""
        return "unaware" if self.processors is None else f"aware{self.processors}"


class Clock:
    """Processor time since the last reading, divided among the processors; other work on the machine has no effect."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._last = self._first = time.process_time()

    def spent(self, *_: object) -> Seconds:
        """Return the time that the computation since the last reading takes on the machine."""
        now = time.process_time()
        spent, self._last = now - self._last, now
        return 0.0 if self._machine.processors is None else spent / self._machine.processors

    @property
    def total(self) -> Seconds:
        """The processor seconds so far."""
        return time.process_time() - self._first


def run_offline(path: Path, settings: Settings) -> Output:
    """Return the words of our pipeline, with the word times of the engine or the aligner."""
    clock = Clock(Machine(1))
    with Session(settings, keep_models=False) as session:
        transcript = session.run(path)
    return Output(tuple(ShownWord(word.text, word.end, word.end) for word in transcript.words), clock.total)


def run_ours(samples: Samples, settings: Settings, machine: Machine, certain: float | None = None) -> Output:
    """Return what a live session shows, with new audio recognised after each second.

    `certain` is the probability from which a word is committed at once; None for that of the product.
    """
    recogniser = load_recogniser(replace(settings, run=replace(settings.run, threads=machine.threads)))
    recogniser.warm_up()
    clock = Clock(machine)
    cost = free if machine.processors is None else clock.spent
    changes = {} if certain is None else {"certain": certain}
    emissions = list(simulate(samples, recogniser, live_settings(settings, step=CHUNK, **changes), cost=cost))
    recogniser.close()
    return to_output(emissions, clock.total)


def to_output(emissions: list[Emission], processor: Seconds) -> Output:
    """Return the committed words with the moment of their commit, and how often shown words were replaced."""
    live, words, changed = LiveTranscript(), list[ShownWord](), 0
    shown: dict[str, list[str]] = {}
    for emission in emissions:
        event, before = emission.event, live
        live = live.apply(event)
        if event.id is None:
            continue
        known, segment = before.segments.get(event.id), live.segments[event.id]
        kept = known.words if known else ()
        changed += sum(old != new for old, new in zip(kept, segment.words, strict=False))
        words += [ShownWord(word.text, word.end, emission.at) for word in segment.words[len(kept) :] if word]
        text = " ".join([*(word.text for word in segment.visible), segment.pending])
        shown.setdefault(event.id, []).append(text)
    return Output(tuple(words), processor, sum(map(erasure, shown.values())), changed)


class Peer:
    """whisper_streaming from its folder, with a faster-whisper model on the CPU."""

    def __init__(self, folder: Path, model: Path, compute_type: str, machine: Machine, language: str) -> None:
        """Load the code of the folder; its class for faster-whisper, which asks for a GPU, gets the CPU."""
        self._code = _load(folder)
        self.machine = machine

        class OnCpu(self._code.FasterWhisperASR):  # type: ignore[misc,name-defined]
            def load_model(self, *_: object, **__: object) -> Any:
                from faster_whisper import WhisperModel

                return WhisperModel(
                    str(model), device="cpu", compute_type=compute_type, cpu_threads=machine.threads, num_workers=1
                )

        self._asr = OnCpu(lan=language, modelsize="local")
        self._asr.transcribe(np.zeros(SAMPLE_RATE, np.float32))  # its own warm-up

    def run(self, samples: Samples, *, vac: bool) -> Output:
        """Return what it shows, by the loops of its simulation under the virtual clock."""
        clock = Clock(self.machine)
        with open(os.devnull, "w") as silent:  # noqa: PTH123 - there is no file
            online = self._processor(vac, silent)
            shown = list(self._emissions(online, samples, _VAC_CHUNK if vac else CHUNK, clock))
        return Output(tuple(shown), clock.total)

    def _processor(self, vac: bool, silent: Any) -> Any:
        if not vac:
            return self._code.OnlineASRProcessor(self._asr, logfile=silent)
        import silero_vad  # type: ignore[import-untyped,import-not-found,unused-ignore]
        import torch

        hub, torch.hub.load = torch.hub.load, lambda *_, **__: (silero_vad.load_silero_vad(), None)
        try:
            return self._code.VACOnlineASRProcessor(CHUNK, self._asr, logfile=silent)
        finally:
            torch.hub.load = hub

    def _emissions(self, online: Any, samples: Samples, step: Seconds, clock: Clock) -> Iterator[ShownWord]:
        """Yield the words of each step: at the end of its audio, after the time that it took."""
        duration, end, idle = len(samples) / SAMPLE_RATE, 0.0, 0.0
        while end < duration:
            begin, end = end, min(max(idle, end + step), duration)
            idle = max(idle, end)
            online.insert_audio_chunk(samples[int(begin * SAMPLE_RATE) : int(end * SAMPLE_RATE)])
            result = online.process_iter()
            idle += clock.spent()
            yield from _words(result, idle)
        result = online.finish()
        yield from _words(result, idle + clock.spent())


def _words(result: tuple[Any, Any, str], at: Seconds) -> list[ShownWord]:
    """Return the words of a result, which has the times of the whole phrase."""
    start, end, text = result
    return [ShownWord(word, end, at, start) for word in text.split()] if start is not None else []


def _load(folder: Path) -> Any:
    """Import whisper_online from the folder; librosa, which only reads its files, may be missing."""
    if "librosa" not in sys.modules and importlib.util.find_spec("librosa") is None:
        sys.modules["librosa"] = types.ModuleType("librosa")
    sys.path.insert(0, str(folder))
    try:
        code = importlib.import_module("whisper_online")
        importlib.import_module("silero_vad_iterator")  # which its voice activity controller imports late
    finally:
        sys.path.remove(str(folder))
    code.logger.setLevel("CRITICAL")
    return code
