"""Threads × workers × batch size on this machine, and whether the plan chooses well.

    python -m tests.benchmarks.throughput [RECORDING] [--model DIRECTORY] [--repeat N]

Seconds of speech recognised per second, for one long recording and for many short ones: the recording, and the
same cut into clips that are recognised at once by as many threads as there are workers. All rows are measured in
turn, `--repeat` times over, so that what else the machine does hits all of them. The plan's row is good if it is
the fastest, or its range overlaps that of the fastest.
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
    """A way to use the machine, and the speech per second that it did in each round."""

    plan: DecodingPlan
    long: list[float] = field(default_factory=list)
    short: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its threads, workers and batch size."""
        return f"{self.plan.threads} × {self.plan.workers} × {self.plan.batch_size}"


@click.command(help=__doc__)
@click.argument("recording", default=str(SAMPLES / "standup.flac"))
@click.option("--model", default=str(SAMPLES / "weights" / "asr"), help="a Whisper of Transformers or CTranslate2")
@click.option("--repeat", default=3, show_default=True)
def main(recording: str, model: str, repeat: int) -> None:
    """Measure all rows and print them, those of one long recording and of many short ones side by side."""
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
            seconds = _timed(lambda: _recognise(recordings, engine, settings, row.plan))  # noqa: B023
            if round_:
                getattr(row, case).append(speech / seconds)
            print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    _tell(rows, chosen, f"{Path(recording).name}: {audio.duration:.0f} s, {len(chunks)} chunks; {len(clips)} clips")


def _rows(chosen: DecodingPlan) -> Iterator[Row]:
    """All ways that use no more threads than there are cores, and the plan's own."""
    cores = inspect_machine(CPU).cores
    steps = [n for n in (1, 2, 4, 8, 16, 32) if n <= cores]
    ways = {(threads, workers, batch) for threads in steps for workers in steps for batch in BATCHES}
    ways = {way for way in ways if way[0] * way[1] <= cores} | {(chosen.threads, chosen.workers, chosen.batch_size)}
    for threads, workers, batch in sorted(ways):
        yield Row(DecodingPlan(workers, threads, batch))


def _clips(audio: Audio, chunks: Sequence[Span]) -> Iterator[tuple[Audio, list[Span]]]:
    """The recording as many short ones, each of whole chunks."""
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


def _recognise(
    recordings: Sequence[tuple[Audio, Sequence[Span]]], engine: Engine, settings: AsrSettings, way: DecodingPlan
) -> None:
    """Recognise all recordings: the workers share the batches of one, or the recordings of many."""
    if len(recordings) == 1:
        audio, chunks = recordings[0]
        EngineRecognizer(engine, settings, way).transcribe(audio, chunks, ignore_progress)
        return
    alone = DecodingPlan(1, way.threads, way.batch_size)
    with ThreadPoolExecutor(way.workers) as pool:
        list(
            pool.map(
                lambda one: EngineRecognizer(engine, settings, alone).transcribe(one[0], one[1], ignore_progress),
                recordings,
            )
        )


def _timed(work: Callable[[], None]) -> float:
    """The seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _tell(rows: Sequence[Row], chosen: DecodingPlan, about: str) -> None:
    """Print the table, and for each case what the plan's row is worth."""
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
    """The median, and the lowest and highest value."""
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


if __name__ == "__main__":
    main()
