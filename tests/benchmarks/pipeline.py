"""Compare complete runs of the command lines of whisperX and meetscribe, on the same weights, files and threads.

    python -m tests.benchmarks.pipeline                        # all cases with the samples' weights
    python -m tests.benchmarks.pipeline --cases long,help --repeat 1
    python -m tests.benchmarks.pipeline --size base            # weights of real size with random values
    python -m tests.benchmarks.pipeline -o out                 # also out/pipeline.md and out/pipeline.json

The two alternate, `--repeat` times; seconds and megabytes are medians with their range. Both use the same Whisper model
for CTranslate2 in float32, the same aligner, the same segmentation and embedder, beam size 5, batches of 4, chunks of
the same maximum length, and write five formats. `first file` is the time until the first file is written. meetscribe
starts without stored results, except in the case `again`.

Random weights (see `synthetic_weights`) cost as much as trained ones, but their text is meaningless. They have no row
for accuracy, and quality control is switched off, since it would decode everything again.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import click

from meetscribe import evaluation, formats, weights
from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Span, Turn
from tests.benchmarks.accuracy import HEADER, METRICS, SAMPLES, truth_of
from tests.benchmarks.accuracy import row as row_of_scores
from tests.benchmarks.synthetic_weights import ARCHITECTURES, pipeline_directory, random_whisper

SYSTEMS = ("whisperx", "meetscribe")
THREADS = 2
CLIP = 20.0
"""Seconds of a short recording."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The weights of both systems and the working folder."""

    folder: Path
    model: Path
    size: str

    @property
    def longest(self) -> int:
        """Return the longest chunk in seconds, the length on which the weights were trained."""
        return 30 if self.size in ARCHITECTURES else 8

    def command(self, system: str, recordings: Sequence[Path], output: Path) -> list[str]:
        """Return the arguments of a complete run."""
        names = [str(recording) for recording in recordings]
        if system == "whisperx":
            return [*names, *self._theirs(), "--output_dir", str(output)]
        return ["run", *names, *self._ours(), "-o", str(output)]

    def _theirs(self) -> list[str]:
        options = {
            "model": self.model,
            "language": "en",
            "device": "cpu",
            "compute_type": "float32",
            "threads": THREADS,
            "batch_size": 4,
            "beam_size": 5,
            "chunk_size": self.longest,
            "align_model": SAMPLES / "weights" / "aligner",
            "diarize_model": self.folder / "diarization",
            "output_format": "all",
            "verbose": False,
        }
        return ["--diarize", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]

    def _ours(self) -> list[str]:
        arguments = ["--config", str(SAMPLES / "offline.toml"), "--offline", "--language", "en", "--quiet"]
        arguments += ["-f", "json,txt,srt,vtt,tsv", "--set", f"asr.model={self.model}", "--set", "asr.batch_size=4"]
        if self.size in ARCHITECTURES:
            chunks = {"vad.max_chunk": 29, "vad.merge_gap": 2, "vad.pad": 0.3}
            changes = {**chunks, "asr.quality": "false", "asr.coverage": "false"}
            arguments += [part for name, value in changes.items() for part in ("--set", f"{name}={value}")]
        return arguments


@dataclass(slots=True)
class Row:
    """The measurements of one system in one case, one value per repetition."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    loads: dict[str, int] = field(default_factory=dict)
    patched: list[str] = field(default_factory=list)
    turns: list[list[tuple[float, float, str]]] = field(default_factory=list)
    code: int = 0
    files: int = 0


Case = Callable[[Setup, dict[str, Row], int], None]


def launch(command: Sequence[str], setup: Setup, row: Row, output: Path | None = None) -> None:
    """Run a command in a new process, and add its measurements to the row."""
    environment = {**os.environ, "MEETSCRIBE_CACHE": str(setup.folder / "cache"), "HF_HUB_OFFLINE": "1"}
    environment |= {"OMP_NUM_THREADS": str(THREADS), "PYANNOTE_METRICS_ENABLED": "0", "MEETSCRIBE_RUN__CACHE": "true"}
    start, first, usage = time.perf_counter(), None, setup.folder / "usage.json"
    measured = [sys.executable, str(Path(__file__).with_name("resource_usage.py")), str(usage), *command]
    with subprocess.Popen(measured, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if output is not None and first is None and any(file.stat().st_size for file in _files(output)):
                first = time.perf_counter() - start
            time.sleep(0.01)
    values = _read(usage)
    row.code = values["code"]
    for name in ("wall", "processor", "peak"):
        getattr(row, name).append(values[name])
    if first is not None:
        row.first.append(first)
    if output is not None:
        row.files = len(_files(output))


def _files(output: Path) -> list[Path]:
    """Return the transcripts written so far."""
    return [path for path in output.rglob("*") if path.suffix in (".json", ".txt", ".srt", ".vtt", ".tsv")]


def run_system(setup: Setup, system: str, recordings: Sequence[Path], row: Row, *, keep: bool = False) -> Path:
    """Run a system on recordings, with the stored results if `keep`; return the folder of its files."""
    output = setup.folder / "out" / system
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    if system == "meetscribe" and not keep:
        shutil.rmtree(setup.folder / "cache" / "stages", ignore_errors=True)
    report = setup.folder / "report"
    shutil.rmtree(report, ignore_errors=True)
    report.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.launch", str(report), system]
    launch([*command, *setup.command(system, recordings, output)], setup, row, output)
    loads = sum((Counter(_read(file)) for file in report.glob("loads.*.json")), Counter[str]())
    row.loads = dict(sorted(loads.items()))
    if (report / "report.json").exists():
        reported = _read(report / "report.json")
        row.patched, row.turns = reported["patched"], reported["turns"]
    return output


def _read(file: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(file.read_text(encoding="utf-8"))


def long(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Run one long recording, the planning meeting of eight minutes."""
    recording = SAMPLES / "planning.flac"
    for system in _turns(number):
        output = run_system(setup, system, [recording], rows.setdefault(system, Row()))
        shutil.copyfile(output / "planning.json", setup.folder / f"long.{system}.json")


def again(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Run the same recording again, with the stored results of a first run."""
    run_system(setup, "meetscribe", [SAMPLES / "planning.flac"], Row(), keep=True)
    for system in _turns(number):
        run_system(setup, system, [SAMPLES / "planning.flac"], rows.setdefault(system, Row()), keep=True)


def short(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Run twenty recordings of about 20 seconds."""
    clips = list(_clips(setup.folder / "clips"))[:20]
    for system in _turns(number):
        run_system(setup, system, clips, rows.setdefault(system, Row()))


def corrupt(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Run three recordings of 20 seconds, the second of which is damaged."""
    clips = list(_clips(setup.folder / "clips"))[:2]
    damaged = setup.folder / "damaged.flac"
    damaged.write_bytes(b"fLaC" + bytes(1000))
    for system in _turns(number):
        run_system(setup, system, [clips[0], damaged, clips[1]], rows.setdefault(system, Row()))


def start(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Run `--help`."""
    for system in _turns(number):
        launch([sys.executable, "-m", system, "--help"], setup, rows.setdefault(system, Row()))


def imports(setup: Setup, rows: dict[str, Row], number: int) -> None:
    """Import what a script needs to transcribe."""
    code = {
        "whisperx": "import whisperx.asr, whisperx.alignment, whisperx.diarize",
        "meetscribe": "import meetscribe; meetscribe.run",
    }
    for system in _turns(number):
        launch([sys.executable, "-c", code[system]], setup, rows.setdefault(system, Row()))


CASES: dict[str, Case] = {
    "long": long,
    "again": again,
    "short": short,
    "corrupt": corrupt,
    "help": start,
    "imports": imports,
}


def _turns(number: int) -> Sequence[str]:
    """Return the systems in the order of a round; the first one alternates."""
    return SYSTEMS if number % 2 == 0 else SYSTEMS[::-1]


def _clips(folder: Path) -> Iterator[Path]:
    """Yield the planning meeting in clips, divided in pauses of all speakers."""
    import soundfile

    folder.mkdir(exist_ok=True)
    recording = SAMPLES / "planning.flac"
    audio, edges = load_audio(recording), [0.0]
    spoken = sorted(turn.span for turn in truth_of(recording).turns)
    ends = [max(span.end for span in spoken[: index + 1]) for index in range(len(spoken))]
    for end, following in zip(ends, spoken[1:], strict=False):
        if following.start > end and end - edges[-1] >= CLIP:
            edges.append((end + following.start) / 2)
    for number, span in enumerate(map(Span, edges, edges[1:])):
        path = folder / f"clip{number:02d}.flac"
        if not path.exists():
            soundfile.write(path, audio.slice(span), SAMPLE_RATE)
        yield path


def accuracy(setup: Setup, rows: dict[str, Row]) -> Iterator[str]:
    """Yield the scores of each system on the long recording, a line each."""
    truth = truth_of(SAMPLES / "planning.flac")
    yield HEADER
    for system, row in rows.items():
        transcript = formats.load(setup.folder / f"long.{system}.json")
        if row.turns:
            turns = tuple(Turn(start, end, speaker) for start, end, speaker in row.turns[0])
            transcript = transcript.with_meta(turns=turns)
        scores = evaluation.score(reference=truth, hypothesis=transcript, settings=METRICS)
        yield f"{row_of_scores(system, scores)}  {len(transcript.speakers)} of {len(truth.speakers)}"


COLUMNS = ("wall", "processor", "peak memory", "first file", "files", "loads", "exit")


def table(found: dict[str, dict[str, Row]]) -> Iterator[str]:
    """Yield the rows of all cases in Markdown, each pair followed by the ratios of meetscribe to whisperX."""
    yield f"| case | system | {' | '.join(COLUMNS)} |"
    yield f"|---|---|{'--:|' * len(COLUMNS)}"
    for case, rows in found.items():
        for system, row in rows.items():
            cells = [_range(row.wall, "s"), _range(row.processor, "s"), _range(row.peak, "MB"), _range(row.first, "s")]
            loads = ", ".join(f"{count} {kind}" for kind, count in row.loads.items()) or "–"
            yield f"| {case} | {system} | {' | '.join(cells)} | {row.files or '–'} | {loads} | {row.code} |"
        theirs, ours = (rows[system] for system in SYSTEMS)
        ratios = (
            f"**{median(own) / median(other):.2f}**" if own and other else "–"
            for own, other in (
                (ours.wall, theirs.wall),
                (ours.processor, theirs.processor),
                (ours.peak, theirs.peak),
                (ours.first, theirs.first),
            )
        )
        yield f"| {case} | ours / theirs | {' | '.join(ratios)} | | | |"


def _range(values: Sequence[float], unit: str) -> str:
    """Return the median and the range of the values."""
    if not values:
        return "–"
    digits = 0 if unit == "MB" else 1
    span = f" ({min(values):.{digits}f}–{max(values):.{digits}f})" if len(values) > 1 else ""
    return f"{median(values):.{digits}f}{span} {unit}"


def machine() -> dict[str, object]:
    """Return the machine and the versions of the packages."""
    packages = ("whisperx", "faster-whisper", "ctranslate2", "pyannote.audio", "torch", "pandas")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        **{package: version(package) for package in packages},
    }


@click.command(help=__doc__)
@click.option("--cases", default=",".join(CASES), show_default=True, help="cases, separated by commas")
@click.option("--size", type=click.Choice(["samples", *ARCHITECTURES]), default="samples", show_default=True)
@click.option("--repeat", default=3, show_default=True, help="number of rounds")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="folder for the table and the JSON")
def main(cases: str, size: str, repeat: int, output: Path | None) -> None:
    """Measure the cases round by round, and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        setup = _setup(Path(folder), size)
        found: dict[str, dict[str, Row]] = {name: {} for name in cases.split(",")}
        for number in range(repeat):
            for name, rows in found.items():
                CASES[name](setup, rows, number)
                click.echo(f"{name} {number + 1}/{repeat}", err=True)
        lines = [", ".join(f"{name} {value}" for name, value in machine().items()), f"weights: {size}", ""]
        lines += table(found)
        patched = dict.fromkeys(text for rows in found.values() for row in rows.values() for text in row.patched)
        lines += ["", *(f"- replaced in whisperX: {text}" for text in patched)]
        if "long" in found and size == "samples":
            lines += ["", "```text", *accuracy(setup, found["long"]), "```"]
    click.echo("\n".join(lines))
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        (output / "pipeline.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
        rows_of = {case: {system: asdict(row) for system, row in rows.items()} for case, rows in found.items()}
        record = {"machine": machine(), "weights": size, "cases": rows_of}
        (output / "pipeline.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _setup(folder: Path, size: str) -> Setup:
    """Create the weights of both systems in the folder."""
    pipeline_directory(folder / "diarization")
    source = SAMPLES / "weights" / "asr" if size == "samples" else random_whisper(folder / size, ARCHITECTURES[size])
    model = folder / f"{size}.ctranslate2"
    weights.copy_converted(weights.converted(source, "ctranslate2"), model)
    return Setup(folder, model, size)


if __name__ == "__main__":
    main()
