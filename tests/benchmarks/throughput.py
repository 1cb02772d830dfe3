"""Measure combinations of threads, workers and batch size on this machine, and check the decoding plan.

    python -m tests.benchmarks.throughput [RECORDING] [--model DIRECTORY] [--repeat N]

The result is seconds of speech recognized per second, for one long recording and for many short ones: the same
recording divided into clips, which as many threads as workers recognize at the same time. All combinations are
measured alternately, `--repeat` times, so that other load on the machine affects all of them. The plan is good if it is
the fastest, or if its range overlaps that of the fastest.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import click

from meetscribe.asr import AsrSettings
from meetscribe.asr.loading import load_engine
from meetscribe.asr.planning import DecodingPlan, inspect_machine, make_plan, model_size
from meetscribe.asr.protocol import Engine
from meetscribe.asr.recognition import EngineRecognizer
from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.runtime.devices import Device
from meetscribe.runtime.progress import ignore_progress
from meetscribe.timeline import Span
from meetscribe.vad import VadSettings, detect_speech, make_chunks
from meetscribe.weights import converted

SAMPLES = Path(__file__).parents[2] / "samples"
BATCHES = (1, 2, 4, 8)
CLIP = 20.0  # seconds of a short recording
CPU = Device("cpu")


@dataclass(slots=True)
class Row:
    """A combination, and its seconds of speech per second in each round."""

    plan: DecodingPlan
    long: list[float] = field(default_factory=list)
    short: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return threads, workers and batch size as text."""
        return f"{self.plan.threads} × {self.plan.workers} × {self.plan.batch_size}"


@click.command(help=__doc__)
@click.argument("recording", default=str(SAMPLES / "standup.flac"))
@click.option(
    "--model", default=str(SAMPLES / "weights" / "asr"), help="Whisper model in Transformers or CTranslate2 layout"
)
@click.option("--repeat", default=3, show_default=True, help="number of rounds")
def main(recording: str, model: str, repeat: int) -> None:
    """Measure all combinations and print the table."""
    directory = converted(Path(model), "ctranslate2")
    settings = AsrSettings(model=str(directory), language="en", quality=False)
    chosen = make_plan(settings, inspect_machine(CPU), model_bytes=model_size(directory))
    audio = load_audio(recording)
    chunks = make_chunks(detect_speech(audio, VadSettings()), VadSettings(max_chunk=8.0))
    clips = list(_clips(audio, chunks))
    speech = sum(chunk.duration for chunk in chunks)
    rows = list(_rows(chosen))
    engines = {(row.plan.threads, row.plan.workers): load_engine(settings, CPU, row.plan) for row in rows}
    work = [(row, case) for row in rows for case in ("long", "short")]
    for round_ in range(repeat + 1):  # the first one warms up
        random.Random(round_).shuffle(work)
        for row, case in work:
            engine = engines[row.plan.threads, row.plan.workers]
            recordings = [(audio, chunks)] if case == "long" else clips
            seconds = _timed(lambda: _recognize(recordings, engine, settings, row.plan))  # noqa: B023
            if round_:
                getattr(row, case).append(speech / seconds)
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    _print(rows, chosen, f"{Path(recording).name}: {audio.duration:.0f} s, {len(chunks)} chunks; {len(clips)} clips")


def _rows(chosen: DecodingPlan) -> Iterator[Row]:
    """Yield all combinations that use at most as many threads as cores, and that of the plan."""
    cores = inspect_machine(CPU).cores
    steps = [n for n in (1, 2, 4, 8, 16, 32) if n <= cores]
    rows = {(threads, workers, batch) for threads in steps for workers in steps for batch in BATCHES}
    rows = {row for row in rows if row[0] * row[1] <= cores} | {(chosen.threads, chosen.workers, chosen.batch_size)}
    for threads, workers, batch in sorted(rows):
        yield Row(DecodingPlan(workers, threads, batch))


def _clips(audio: Audio, chunks: Sequence[Span]) -> Iterator[tuple[Audio, list[Span]]]:
    """Yield the recording as short clips of complete chunks."""
    groups: list[list[Span]] = []
    for chunk in chunks:
        if groups and chunk.end - groups[-1][0].start <= CLIP:
            groups[-1].append(chunk)
        else:
            groups.append([chunk])
    for group in groups:
        start = group[0].start
        clip = Audio(audio.slice(Span(start, group[-1].end)), audio.name, audio.hash)
        yield (
            clip,
            [Span(chunk.start - start, min(chunk.end - start, len(clip.samples) / SAMPLE_RATE)) for chunk in group],
        )


def _recognize(
    recordings: Sequence[tuple[Audio, Sequence[Span]]], engine: Engine, settings: AsrSettings, plan: DecodingPlan
) -> None:
    """Recognize all recordings; the workers share the batches of a single one, or else the recordings."""
    if len(recordings) == 1:
        audio, chunks = recordings[0]
        EngineRecognizer(engine, settings, plan).transcribe(audio, chunks, ignore_progress)
        return
    alone = DecodingPlan(1, plan.threads, plan.batch_size)
    with ThreadPoolExecutor(plan.workers) as pool:
        list(
            pool.map(
                lambda one: EngineRecognizer(engine, settings, alone).transcribe(one[0], one[1], ignore_progress),
                recordings,
            )
        )


def _timed(work: Callable[[], None]) -> float:
    """Return the wall time of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _print(rows: Sequence[Row], chosen: DecodingPlan, about: str) -> None:
    """Print the table, and for each case how the plan compares with the fastest combination."""
    ours = next(row for row in rows if row.name == Row(chosen).name)
    print(f"{about}; {os.cpu_count()} processors\n")
    print("| threads × workers × batch | one long: speech/s (range) | many short: speech/s (range) | |")
    print("|---|---|---|---|")
    for row in sorted(rows, key=lambda row: -median(row.long)):
        print(f"| {row.name} | {_range(row.long)} | {_range(row.short)} | {'the plan' if row is ours else ''} |")
    print()
    for reason in chosen.reasons:
        print(f"- {reason}")
    for case in ("long", "short"):
        best = max(rows, key=lambda row: median(getattr(row, case)))
        overlaps = max(getattr(ours, case)) >= min(getattr(best, case))
        verdict = "is the fastest" if best is ours else "overlaps the fastest" if overlaps else "IS SLOWER than"
        print(f"{case}: the plan {ours.name} {verdict} ({best.name}, {median(getattr(best, case)):.1f})")


def _range(values: Sequence[float]) -> str:
    """Return the median, and the lowest and highest value."""
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


if __name__ == "__main__":
    main()
