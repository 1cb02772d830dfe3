"""How memory and time grow with the length of a recording, each length in a fresh process.

    python -m tests.benchmarks.long_files                             # 0.5, 1, 2 and 4 hours, with samples/offline.toml
    python -m tests.benchmarks.long_files --hours 0.25,0.5            # a quick look
    python -m tests.benchmarks.long_files --stages audio,speech,voices   # these alone, without the pipeline

The recordings repeat the samples with silence between them. Without `--stages` the pipeline runs without diarization.
`peak` is the most memory that the process ever held, `growth` how much more per hour than for the length before, and
`target` is 60 MB. Times are for each hour of the recording: wall seconds depend on what else the machine does,
processor seconds hardly.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

from tests.benchmarks.clock import Clock

SAMPLES = Path(__file__).parents[2] / "samples"
RATE = 16_000
GAP = 20
"""Seconds of silence between two samples."""
ALONE = ("audio", "speech", "voices")
"""The stages that run without words."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one length needed: megabytes, seconds and most megabytes of each stage, words found."""

    hours: float
    peak: float
    seconds: dict[str, float]
    processor: dict[str, float]
    megabytes: dict[str, float]
    words: int


def make_recording(path: Path, hours: float) -> None:
    """Write the samples, repeated with gaps up to so many hours, as FLAC; a block at a time is in memory."""
    import av
    import numpy as np

    left = round(hours * 3600 * RATE)
    with av.open(path, "w") as container:
        stream: Any = container.add_stream("flac", rate=RATE, layout="mono")
        for sample in cycle(sorted(SAMPLES.glob("*.flac"))):
            for block in _blocks(sample):
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[:, :left]), format="s16", layout="mono")
                frame.sample_rate = RATE
                container.mux(stream.encode(frame))
                left -= frame.samples
                if not left:
                    container.mux(stream.encode(None))
                    return


def _blocks(sample: Path) -> Iterator[Any]:
    """A sample in 16-bit integers `(1, frames)`, block by block, and the silence after it."""
    import av
    import numpy as np

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(sample) as container:
        for frame in container.decode(audio=0):
            yield from (block.to_ndarray() for block in resampler.resample(frame))
    for _ in range(GAP):
        yield np.zeros((1, RATE), np.int16)


def run_stages(recording: Path, names: list[str], clock: Clock) -> int:
    """Run the stages that need no words, one by one; 0 words."""
    from meetscribe.audio import load_audio
    from meetscribe.segmentation import detect_voices
    from meetscribe.vad import VadSettings, detect_speech

    clock("audio", 0.0)
    audio = load_audio(recording)
    for name in names:
        clock(name, 0.0)
        if name == "speech":
            detect_speech(audio, VadSettings())
        elif name == "voices":
            detect_voices(audio)
    return 0


def run_pipeline(recording: Path, config: Path, changes: dict[str, str], clock: Clock) -> int:
    """Run the pipeline without diarization; the number of words."""
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    settings = load_settings(config, {"diarization.enabled": "false", "run.cache": "false", **changes})
    return len(pipeline.run(recording, settings, progress=clock).words)


def in_this_process(recording: Path, options: argparse.Namespace) -> None:
    """Run what the options ask for, and print what it needed as JSON."""
    clock = Clock()
    changes = dict(change.split("=", 1) for change in options.set)
    with clock.running():
        if options.stages:
            words = run_stages(recording, options.stages, clock)
        else:
            words = run_pipeline(recording, options.config, changes, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    measured = {"seconds": clock.seconds, "processor": clock.processor, "megabytes": clock.megabytes}
    print(json.dumps({"peak": peak, "words": words, **measured}))


def in_a_process(recording: Path, hours: float, options: argparse.Namespace) -> Run:
    """What a fresh process with the same options needed for the recording."""
    command = [sys.executable, "-m", "tests.benchmarks.long_files", "--recording", str(recording)]
    command += ["--config", str(options.config), *(f"--set={change}" for change in options.set)]
    command += ["--stages", ",".join(options.stages)] if options.stages else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(hours, **json.loads(done.stdout.splitlines()[-1]))


def report(runs: list[Run]) -> None:
    """Print the growth of memory, and time and memory of each stage."""
    print(f"\n{'hours':>6}{'peak':>12}{'growth':>16}{'wall':>12}{'processor':>12}{'words':>9}")
    for before, run in pairwise([None, *runs]):
        assert run is not None
        growth = f"{(run.peak - before.peak) / (run.hours - before.hours):.0f} MB per h" if before else "–"
        wall, processor = (sum(spent.values()) / run.hours for spent in (run.seconds, run.processor))
        print(f"{run.hours:>6g}{run.peak:>9.0f} MB{growth:>16}{wall:>8.0f} s/h{processor:>8.0f} s/h{run.words:>9}")
    print("\nprocessor seconds per hour, and most megabytes, of each stage")
    print(f"{'':<15}" + "".join(f"{f'{run.hours:g} h':>20}" for run in runs))
    for stage in runs[-1].seconds:
        spent = [(run.processor.get(stage, 0) / run.hours, run.megabytes.get(stage, 0)) for run in runs]
        print(f"{stage:<15}" + "".join(f"{f'{seconds:.1f} s {most:.0f} MB':>20}" for seconds, most in spent))


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=lambda text: [float(part) for part in text.split(",")], default=[0.5, 1, 2, 4])
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="change a setting")
    parser.add_argument("--stages", type=lambda text: text.split(","), help=f"some of {', '.join(ALONE)}")
    parser.add_argument("--recording", type=Path, help="run this one here, and print what it needed as JSON")
    options = parser.parse_args()
    if set(options.stages or ()) - set(ALONE):
        parser.error(f"--stages: choose from {', '.join(ALONE)}")
    if options.recording:
        in_this_process(options.recording, options)
        return
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        for hours in sorted(options.hours):
            recording = Path(folder) / f"{hours:g}.flac"
            make_recording(recording, hours)
            runs.append(in_a_process(recording, hours, options))
            recording.unlink()
            report(runs)


if __name__ == "__main__":
    main()
