"""Measure memory and time of the whole pipeline by length of the recording, each length in a fresh process.

    python -m tests.benchmarks.long_files -o out    # 0.5, 1, 2, 4 and 8 hours: table and fit; plot and JSON in out/
    python -m tests.benchmarks.long_files --hours 0.25,0.5                     # a shorter measurement
    python -m tests.benchmarks.long_files --set diarization.enabled=false      # without diarization
    python -m tests.benchmarks.long_files --stages audio,speech,segmentation   # only these stages

The recordings are those of `long_recording`, the settings those of samples/offline.toml. `peak` is the peak memory of
the process, `growth` its increase per hour since the previous length. Times are per hour of the recording. Wall time
depends on the load of the machine, processor time hardly does. The fit is `seconds = factor * hours ** power`; a power
of 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from tests.benchmarks.long_recording import SAMPLES, make_recording
from tests.benchmarks.stage_timer import StageTimer

STAGES = ("audio", "speech", "segmentation")
"""The stages that can run without the pipeline."""


@dataclass(frozen=True, slots=True)
class Run:
    """Measurements of one length: peak megabytes; seconds and peak megabytes by stage; words and speakers found."""

    hours: float
    peak: float
    seconds: dict[str, float]
    processor: dict[str, float]
    megabytes: dict[str, float]
    words: int
    speakers: int

    @property
    def total(self) -> float:
        """Return the processor seconds of all stages."""
        return sum(self.processor.values())


def run_stages(recording: Path, names: list[str], timer: StageTimer) -> tuple[int, int]:
    """Run the stages that need no words, one by one; 0 words of 0 speakers."""
    from meetscribe.audio import load_audio
    from meetscribe.segmentation import detect_speech_activity
    from meetscribe.vad import VadSettings, detect_speech

    timer("audio", 0.0)
    audio = load_audio(recording)
    for name in names:
        timer(name, 0.0)
        if name == "speech":
            detect_speech(audio, VadSettings())
        elif name == "segmentation":
            detect_speech_activity(audio)
    return 0, 0


def run_pipeline(recording: Path, config: Path, changes: dict[str, str], timer: StageTimer) -> tuple[int, int]:
    """Run the pipeline; the number of words and of speakers."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    settings = load_settings(config, {"run.cache": "false", **changes})
    transcript = pipeline.run(recording, settings, progress=timer)
    return len(transcript.words), len(transcript.speakers)


def in_this_process(recording: Path, options: argparse.Namespace) -> None:
    """Run the stages or the pipeline on a recording, and print the measurements as JSON."""
    timer = StageTimer()
    changes = dict(change.split("=", 1) for change in options.set)
    with timer.running():
        if options.stages:
            words, speakers = run_stages(recording, options.stages, timer)
        else:
            words, speakers = run_pipeline(recording, options.config, changes, timer)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    measured = {"seconds": timer.seconds, "processor": timer.processor, "megabytes": timer.megabytes}
    print(json.dumps({"peak": peak, "words": words, "speakers": speakers, **measured}))


def in_new_process(recording: Path, hours: float, options: argparse.Namespace) -> Run:
    """Measure a recording in a fresh process with the same options."""
    command = [sys.executable, "-m", "tests.benchmarks.long_files", "--recording", str(recording)]
    command += ["--config", str(options.config), *(f"--set={change}" for change in options.set)]
    command += ["--stages", ",".join(options.stages)] if options.stages else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(hours, **json.loads(done.stdout.splitlines()[-1]))


def report(runs: list[Run]) -> list[str]:
    """Return the growth of memory, and the time and memory of each stage, in Markdown."""
    lines = ["| hours | peak | growth | wall | processor | words | speakers |", f"|{'--:|' * 7}"]
    for before, run in pairwise([None, *runs]):
        assert run is not None
        growth = f"{(run.peak - before.peak) / (run.hours - before.hours):.0f} MB/h" if before else "–"
        wall, processor = sum(run.seconds.values()) / run.hours, run.total / run.hours
        cells = f"{run.hours:g} | {run.peak:.0f} MB | {growth} | {wall:.0f} s/h | {processor:.0f} s/h"
        lines.append(f"| {cells} | {run.words} | {run.speakers} |")
    lines += ["", "Processor seconds per hour and peak memory of each stage:", ""]
    lines += [f"| | {' | '.join(f'{run.hours:g} h' for run in runs)} |", f"|---|{'--:|' * len(runs)}"]
    for stage in runs[-1].seconds:
        spent = [(run.processor.get(stage, 0) / run.hours, run.megabytes.get(stage, 0)) for run in runs]
        lines.append(f"| {stage} | {' | '.join(f'{seconds:.1f} s, {most:.0f} MB' for seconds, most in spent)} |")
    return [*lines, "", *fitted(runs)]


def fitted(runs: list[Run]) -> list[str]:
    """Return the least-squares fit of processor seconds and memory over all lengths."""
    if len(runs) < 2:
        return []
    power, factor, slope, models = _fit(runs)
    return [
        f"Fitted: {np.exp(factor):.0f} processor seconds * hours ** {power:.3f}; "
        f"{models:.0f} MB + {slope:.0f} MB * hours.",
    ]


def _fit(runs: list[Run]) -> tuple[float, float, float, float]:
    """Return the power and the log factor of the seconds, and the slope and intercept of the megabytes."""
    hours, seconds, peaks = (np.array(each) for each in zip(*((r.hours, r.total, r.peak) for r in runs), strict=True))
    power, factor = np.polyfit(np.log(hours), np.log(seconds), 1)
    slope, models = np.polyfit(hours, peaks, 1)
    return float(power), float(factor), float(slope), float(models)


def plot(runs: list[Run], file: Path) -> None:
    """Plot processor seconds by stage and peak memory over the hours, each with its fit."""
    from matplotlib.figure import Figure

    power, factor, slope, models = _fit(runs)
    hours = np.array([run.hours for run in runs])
    line = np.linspace(0, hours.max(), 100)[1:]
    figure = Figure(figsize=(10, 4), layout="constrained")
    time, memory = figure.subplots(1, 2)
    stages = [stage for stage in runs[-1].seconds if runs[-1].processor.get(stage, 0) > 0.01 * runs[-1].total]
    time.stackplot(hours, [[run.processor.get(stage, 0) for run in runs] for stage in stages], labels=stages, alpha=0.7)
    time.plot(line, np.exp(factor) * line**power, "k--", label=f"all, fitted: {np.exp(factor):.0f} · h^{power:.2f}")
    time.set(title="Processor time", ylabel="seconds")
    memory.plot(hours, [run.peak for run in runs], "o", label="peak memory")
    memory.plot(line, models + slope * line, "k--", label=f"fitted: {models:.0f} + {slope:.0f} · h")
    memory.set(title="Memory", ylabel="megabytes", ylim=(0, None))
    for axes in (time, memory):
        axes.set(xlabel="hours of the recording", xlim=(0, None))
        axes.legend(fontsize="small")
    figure.savefig(file, dpi=120)


def write(runs: list[Run], folder: Path) -> None:
    """Write the table, the plot and the JSON of the lengths measured so far."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "long_files.md").write_text("\n".join(report(runs)) + "\n", encoding="utf-8")
    (folder / "long_files.json").write_text(json.dumps([asdict(run) for run in runs]), encoding="utf-8")
    if len(runs) > 1:
        plot(runs, folder / "long_files.png")


def main() -> None:
    """Measure the lengths given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--hours",
        type=lambda text: [float(part) for part in text.split(",")],
        default=[0.5, 1, 2, 4, 8],
        help="lengths, separated by commas [0.5,1,2,4,8]",
    )
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="change a setting")
    parser.add_argument(
        "--stages", type=lambda text: text.split(","), help=f"some of {', '.join(STAGES)}, separated by commas"
    )
    parser.add_argument("--recording", type=Path, help="run this file in this process, and print JSON")
    parser.add_argument("-o", "--output", type=Path, help="folder for the table, the plot and the JSON")
    options = parser.parse_args()
    if set(options.stages or ()) - set(STAGES):
        parser.error(f"--stages: choose from {', '.join(STAGES)}")
    if options.recording:
        in_this_process(options.recording, options)
        return
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        for hours in sorted(options.hours):
            recording = Path(folder) / f"{hours:g}.flac"
            make_recording(recording, hours)
            runs.append(in_new_process(recording, hours, options))
            recording.unlink()
            print(f"{hours:g} h: {runs[-1].total:.0f} s of processor time, {runs[-1].peak:.0f} MB", file=sys.stderr)
            if options.output:
                write(runs, options.output)
    print("\n".join(report(runs)))


if __name__ == "__main__":
    main()
