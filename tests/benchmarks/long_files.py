"""How memory and time of the whole pipeline grow with the length of a recording, each length in a fresh process.

    python -m tests.benchmarks.long_files -o out    # 0.5, 1, 2, 4 and 8 hours: table and fit; plot and JSON in out/
    python -m tests.benchmarks.long_files --hours 0.25,0.5                # a quick look
    python -m tests.benchmarks.long_files --set diarization.enabled=false   # words only
    python -m tests.benchmarks.long_files --stages audio,speech,segmentation      # these alone, without the pipeline

The recordings are those of `long_recording`, the settings those of samples/offline.toml. `peak` is the most memory
that the process ever held, `growth` how much more per hour than for the length before. Times are for each hour of the
recording: wall seconds depend on what else the machine does, processor seconds hardly. Fitted is
`seconds = factor * hours ** power`: a power of 1 is linear.
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

from tests.benchmarks.clock import Clock
from tests.benchmarks.long_recording import SAMPLES, make_recording

ALONE = ("audio", "speech", "segmentation")
"""The stages that run without words."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one length needed: megabytes, seconds and most megabytes of each stage; words and speakers found."""

    hours: float
    peak: float
    seconds: dict[str, float]
    processor: dict[str, float]
    megabytes: dict[str, float]
    words: int
    speakers: int

    @property
    def total(self) -> float:
        """Processor seconds of all stages."""
        return sum(self.processor.values())


def run_stages(recording: Path, names: list[str], clock: Clock) -> tuple[int, int]:
    """Run the stages that need no words, one by one; 0 words of 0 speakers."""
    from meetscribe.audio import load_audio
    from meetscribe.segmentation import detect_speech_activity
    from meetscribe.vad import VadSettings, detect_speech

    clock("audio", 0.0)
    audio = load_audio(recording)
    for name in names:
        clock(name, 0.0)
        if name == "speech":
            detect_speech(audio, VadSettings())
        elif name == "segmentation":
            detect_speech_activity(audio)
    return 0, 0


def run_pipeline(recording: Path, config: Path, changes: dict[str, str], clock: Clock) -> tuple[int, int]:
    """Run the pipeline; the number of words and of speakers."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    settings = load_settings(config, {"run.cache": "false", **changes})
    transcript = pipeline.run(recording, settings, progress=clock)
    return len(transcript.words), len(transcript.speakers)


def in_this_process(recording: Path, options: argparse.Namespace) -> None:
    """Run what the options ask for, and print what it needed as JSON."""
    clock = Clock()
    changes = dict(change.split("=", 1) for change in options.set)
    with clock.running():
        if options.stages:
            words, speakers = run_stages(recording, options.stages, clock)
        else:
            words, speakers = run_pipeline(recording, options.config, changes, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    measured = {"seconds": clock.seconds, "processor": clock.processor, "megabytes": clock.megabytes}
    print(json.dumps({"peak": peak, "words": words, "speakers": speakers, **measured}))


def in_a_process(recording: Path, hours: float, options: argparse.Namespace) -> Run:
    """What a fresh process with the same options needed for the recording."""
    command = [sys.executable, "-m", "tests.benchmarks.long_files", "--recording", str(recording)]
    command += ["--config", str(options.config), *(f"--set={change}" for change in options.set)]
    command += ["--stages", ",".join(options.stages)] if options.stages else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(hours, **json.loads(done.stdout.splitlines()[-1]))


def report(runs: list[Run]) -> list[str]:
    """The growth of memory, and time and memory of each stage, in Markdown."""
    lines = ["| hours | peak | growth | wall | processor | words | speakers |", f"|{'--:|' * 7}"]
    for before, run in pairwise([None, *runs]):
        assert run is not None
        growth = f"{(run.peak - before.peak) / (run.hours - before.hours):.0f} MB/h" if before else "–"
        wall, processor = sum(run.seconds.values()) / run.hours, run.total / run.hours
        cells = f"{run.hours:g} | {run.peak:.0f} MB | {growth} | {wall:.0f} s/h | {processor:.0f} s/h"
        lines.append(f"| {cells} | {run.words} | {run.speakers} |")
    lines += ["", "Processor seconds per hour, and most megabytes, of each stage:", ""]
    lines += [f"| | {' | '.join(f'{run.hours:g} h' for run in runs)} |", f"|---|{'--:|' * len(runs)}"]
    for stage in runs[-1].seconds:
        spent = [(run.processor.get(stage, 0) / run.hours, run.megabytes.get(stage, 0)) for run in runs]
        lines.append(f"| {stage} | {' | '.join(f'{seconds:.1f} s, {most:.0f} MB' for seconds, most in spent)} |")
    return [*lines, "", *fitted(runs)]


def fitted(runs: list[Run]) -> list[str]:
    """How processor seconds and memory grow, by least squares over all lengths."""
    if len(runs) < 2:
        return []
    power, factor, slope, models = _fit(runs)
    return [
        f"Fitted: {np.exp(factor):.0f} processor seconds * hours ** {power:.3f}; "
        f"{models:.0f} MB + {slope:.0f} MB * hours.",
    ]


def _fit(runs: list[Run]) -> tuple[float, float, float, float]:
    """Power and logarithm of the factor of the seconds; slope and beginning of the megabytes."""
    hours, seconds, peaks = (np.array(each) for each in zip(*((r.hours, r.total, r.peak) for r in runs), strict=True))
    power, factor = np.polyfit(np.log(hours), np.log(seconds), 1)
    slope, models = np.polyfit(hours, peaks, 1)
    return float(power), float(factor), float(slope), float(models)


def plot(runs: list[Run], file: Path) -> None:
    """Draw processor seconds by stage, and memory, over the hours, each with its fit."""
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
    memory.plot(hours, [run.peak for run in runs], "o", label="most memory")
    memory.plot(line, models + slope * line, "k--", label=f"fitted: {models:.0f} + {slope:.0f} · h")
    memory.set(title="Memory", ylabel="megabytes", ylim=(0, None))
    for axes in (time, memory):
        axes.set(xlabel="hours of the recording", xlim=(0, None))
        axes.legend(fontsize="small")
    figure.savefig(file, dpi=120)


def write(runs: list[Run], folder: Path) -> None:
    """Write table, plot and JSON of the lengths that are done."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "long_files.md").write_text("\n".join(report(runs)) + "\n", encoding="utf-8")
    (folder / "long_files.json").write_text(json.dumps([asdict(run) for run in runs]), encoding="utf-8")
    if len(runs) > 1:
        plot(runs, folder / "long_files.png")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--hours", type=lambda text: [float(part) for part in text.split(",")], default=[0.5, 1, 2, 4, 8]
    )
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="change a setting")
    parser.add_argument("--stages", type=lambda text: text.split(","), help=f"some of {', '.join(ALONE)}")
    parser.add_argument("--recording", type=Path, help="run this one here, and print what it needed as JSON")
    parser.add_argument("-o", "--output", type=Path, help="a folder for the table, a plot and JSON")
    options = parser.parse_args()
    if set(options.stages or ()) - set(ALONE):
        parser.error(f"--stages: choose from {', '.join(ALONE)}")
    if options.recording:
        in_this_process(options.recording, options)
        return
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as folder:
        for hours in sorted(options.hours):
            recording = Path(folder) / f"{hours:g}.flac"
            make_recording(recording, hours)
            runs.append(in_a_process(recording, hours, options))
            recording.unlink()
            print(f"{hours:g} h: {runs[-1].total:.0f} s of processor, {runs[-1].peak:.0f} MB", file=sys.stderr)
            if options.output:
                write(runs, options.output)
    print("\n".join(report(runs)))


if __name__ == "__main__":
    main()
