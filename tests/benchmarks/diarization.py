"""Compare the accuracy and cost of diarization with pyannote.audio's own inference, on the same models.

    python -m tests.benchmarks.diarization                     # the samples, and real excerpts if they are present
    python -m tests.benchmarks.diarization --only AMI,call     # sets whose names contain AMI or call
    python -m tests.benchmarks.diarization --pipeline DIR      # another pipeline: a directory or a hub id
    python -m tests.benchmarks.diarization --embedder NAME     # another embedder, or module:function; may be repeated
    python -m tests.benchmarks.diarization --blocks 60,300     # also in blocks of 60 and of 300 seconds
    python -m tests.benchmarks.diarization --memory 1,2,4      # peak memory by hours, each in a fresh process

DER and JER compare with the reference turns, overlap included, over all recordings of a set (sum of errors divided by
sum of lengths). DER has collar 0 and 0.25 s on each side of a boundary. "one long" joins all real recordings: the first
halves, readers taking turns, then the second halves, so that each speaker occurs in distant blocks. CPU is processor
time; the ratio compares it with pyannote.audio, which uses batches of 32. Real recordings are read from --data.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.diarization.voiceprints import ClipEmbedder, PerWindowEmbedder
from meetscribe.evaluation import DiarizationErrorRate, JaccardErrorRate, der, jer
from meetscribe.formats.rttm import read_rttm
from meetscribe.runtime import silence
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Span, Turn, cut
from tests.benchmarks.long_recording import make_recording

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

SAMPLES = Path(__file__).parents[2] / "samples"
DATA = Path(__file__).parents[3] / "shared" / "data"
COLLARS = (0.0, 0.25)


@dataclass(frozen=True, slots=True)
class Truth:
    """A recording with its reference turns."""

    audio: Audio
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Scores on a set: DER by collar, JER, numbers of speakers found and present, processor seconds."""

    ders: tuple[DiarizationErrorRate, ...]
    jer: JaccardErrorRate
    counts: tuple[str, ...]
    seconds: float

    def __add__(self, other: Score) -> Score:
        ders = tuple(mine + theirs for mine, theirs in zip(self.ders, other.ders, strict=True))
        return Score(ders, self.jer + other.jer, self.counts + other.counts, self.seconds + other.seconds)

    def row(self, name: str, peer: Score | None) -> str:
        """Return a line of the table."""
        rates = "".join(f"{(rate or 0):>9.1%}" for rate in (*(error.rate for error in self.ders), self.jer.rate))
        ratio = f"{self.seconds / peer.seconds:>7.2f}" if peer else f"{'–':>7}"
        return f"  {name:<22}{rates}{self.seconds:>8.0f} s{ratio}  {', '.join(self.counts)}"


def sets(data: Path) -> Iterator[tuple[str, list[Truth]]]:
    """Yield the sets of recordings that are present, each with its name."""
    yield "samples (synthetic)", [_truth(file, file.with_suffix(".rttm")) for file in sorted(SAMPLES.glob("*.flac"))]
    import importlib.util

    spec = importlib.util.find_spec("pyannote.audio")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).with_name("sample")
        yield "a call (pyannote.audio)", [_truth(folder / "sample.wav", folder / "sample.rttm")]
    if not data.is_dir():
        print(f"real meetings are skipped: no folder {data}")
        return
    excerpts = sorted((data / "ami-excerpts").glob("*.flac"))
    meetings = [_truth(file, file.with_suffix(".rttm")) for file in excerpts]
    yield "AMI, 30 s each", meetings
    mixes = [_mix(file) for file in sorted((data / "librispeech-mixes").glob("*.flac"))]
    yield "LibriSpeech mixes", mixes
    yield "one long", [_long([*meetings, *mixes], data / "librispeech-speakers")]


def _truth(recording: Path, rttm: Path) -> Truth:
    return Truth(load_audio(recording), read_rttm(rttm.read_bytes(), rttm.name))


def _mix(recording: Path) -> Truth:
    """Return a mix, whose reference is a list of turns in JSON."""
    found = json.loads(recording.with_suffix(".ref.json").read_text(encoding="utf-8"))
    turns = tuple(Turn(row["start"], row["end"], row["speaker"]) for row in found["turns"])
    return Truth(load_audio(recording), turns)


def _long(truths: Sequence[Truth], readers: Path, seed: int = 0) -> Truth:
    """Join the first halves of the recordings, the readers in random order, and the second halves."""
    sound: list[npt.NDArray[np.float32]] = []
    turns: list[Turn] = []
    for half in (0, 1):
        for truth in truths:
            middle = truth.audio.duration / 2
            begin, end = (0.0, middle) if half == 0 else (middle, truth.audio.duration)
            offset = sum(map(len, sound)) / SAMPLE_RATE - begin
            sound.append(truth.audio.slice(Span(begin, end)))
            unique = "" if truth.audio.name.startswith("mix") else f"{truth.audio.name} "  # readers' ids are unique
            turns += [
                Turn(part.start + offset, part.end + offset, f"{unique}{turn.speaker}")
                for turn in truth.turns
                for part in cut([turn.span], within=Span(begin, end))
            ]
        read = sorted(readers.rglob("*.flac")) if half == 0 else []
        random.Random(seed).shuffle(read)
        for file in read:
            start = sum(map(len, sound)) / SAMPLE_RATE
            sound.append(load_audio(file).samples[:])
            turns.append(Turn(start, start + len(sound[-1]) / SAMPLE_RATE, file.relative_to(readers).parts[0]))
    return Truth(Audio(np.concatenate(sound), "one long", ""), tuple(sorted(turns)))


class ClipsForPyannote:
    """Adapt an embedder of clips to the interface of pyannote.audio's inference."""

    sample_rate, metric = SAMPLE_RATE, "cosine"

    def __init__(self, embedder: ClipEmbedder) -> None:
        self.embedder, self.dimension, self.min_num_samples = embedder, embedder.dimension, embedder.min_samples

    def __call__(self, waveforms: torch.Tensor, masks: torch.Tensor) -> npt.NDArray[np.float32]:
        """Return voiceprints `(windows, dim)`, NaN for windows with too little speech."""
        return self.embedder(waveforms, masks[:, None])[:, 0]


def score(truth: Truth, turns: tuple[Turn, ...], seconds: float) -> Score:
    """Score the turns of a diarizer."""
    counts = f"{len({turn.speaker for turn in turns})} of {len({turn.speaker for turn in truth.turns})}"
    ders = tuple(der(truth.turns, turns, collar=collar) for collar in COLLARS)
    return Score(ders, jer(truth.turns, turns), (counts,), seconds)


def ours(diarizer: Diarizer, truth: Truth) -> Score:
    """Score meetscribe on a recording."""
    before = time.process_time()
    found = diarizer.diarize(truth.audio)
    return score(truth, found.turns, time.process_time() - before)


def theirs(diarizer: Diarizer, truth: Truth) -> Score | None:
    """Score pyannote.audio with the same networks and parameters; None if it cannot run them."""
    if not isinstance(diarizer.loaded.window_embedder, PerWindowEmbedder | ClipEmbedder):
        return None
    before = time.process_time()
    turns = their_turns(diarizer, truth.audio)
    return score(truth, turns, time.process_time() - before)


Run: TypeAlias = Callable[[Any, Audio, int | None], tuple[Turn, ...]]


def by_pyannote(pipeline: Any, audio: Audio, speakers: int | None) -> tuple[Turn, ...]:
    """Return the turns of a pipeline of pyannote.audio."""
    import torch

    given = {"waveform": torch.from_numpy(audio.samples[:])[None], "sample_rate": SAMPLE_RATE, "uri": "recording"}
    tracks = pipeline(given, num_speakers=speakers).speaker_diarization.itertracks(yield_label=True)
    return tuple(Turn(span.start, min(span.end, audio.duration), str(label)) for span, _, label in tracks)


def by_whisperx(pipeline: Any, audio: Audio, speakers: int | None) -> tuple[Turn, ...]:
    """Return the turns of whisperX's diarization with a pipeline of pyannote.audio, which it does not fetch then."""
    from whisperx.diarize import DiarizationPipeline  # type: ignore[import-untyped]

    wrapper = DiarizationPipeline.__new__(DiarizationPipeline)
    wrapper.model = pipeline
    rows = wrapper(audio.samples[:], num_speakers=speakers)[["start", "end", "speaker"]].itertuples(index=False)
    return tuple(Turn(start, min(end, audio.duration), speaker) for start, end, speaker in rows)


def their_turns(
    diarizer: Diarizer, audio: Audio, speakers: int | None = None, *, run: Run = by_pyannote
) -> tuple[Turn, ...]:
    """Return the turns of pyannote.audio's own inference with the networks and parameters of a diarizer."""
    embedder: Any = diarizer.loaded.window_embedder
    pipeline: Any = diarizer.loaded.pipeline
    batch = pipeline.segmentation_batch_size
    pipeline._embedding = ClipsForPyannote(embedder) if isinstance(embedder, ClipEmbedder) else embedder.inner
    pipeline.embedding_batch_size = 32
    pipeline.segmentation_batch_size = 32
    parameters = diarizer.loaded.parameters(audio.duration)
    parameters["segmentation"]["min_duration_off"] = diarizer.settings.min_duration_off
    pipeline.instantiate(parameters)
    with silence.loading():
        turns = run(pipeline, audio, speakers)
    pipeline.segmentation_batch_size = batch
    return turns


def table(settings: DiarizationSettings, data: Path, blocks: list[float], only: list[str]) -> None:
    """Print the errors of every set."""
    diarizer = load_diarizer(settings, Device("cpu"))
    for notice in diarizer.loaded.notices:
        print(f"warning: {notice.text}")
    for name, truths in sets(data):
        if only and not any(part in name for part in only):
            continue
        print(f"\n{name}\n  {'':<22}{'DER':>9}{'DER .25':>9}{'JER':>9}{'CPU':>10}{'ratio':>7}  speakers")
        peers = [theirs(diarizer, truth) for truth in truths]
        peer = total(peers) if all(peers) else None
        if peer is not None:
            print(peer.row("pyannote.audio", None))
        print(total([ours(diarizer, truth) for truth in truths]).row("meetscribe", peer), flush=True)
        for seconds in blocks:
            blockwise = Diarizer(diarizer.loaded, replace(settings, block=seconds))
            scores = total([ours(blockwise, truth) for truth in truths])
            print(scores.row(f"  in blocks of {seconds:g} s", peer), flush=True)


def total(scores: list[Score | None]) -> Score:
    """Return the sum of scores."""
    first, *rest = [each for each in scores if each is not None]
    for each in rest:
        first = first + each
    return first


def memory(hours: list[float], settings: DiarizationSettings) -> None:
    """Print peak memory and processor time by length of the recording, each in a fresh process."""
    print(f"{'hours':>6}{'peak':>12}{'growth':>16}{'CPU':>12}{'speakers':>10}")
    before: tuple[float, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for length in hours:
            recording = Path(folder) / f"{length:g}.flac"
            make_recording(recording, length)
            command = [sys.executable, "-m", "tests.benchmarks.diarization", "--recording", str(recording)]
            command += ["--pipeline", settings.pipeline, "--embedder", settings.embedder]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            growth = f"{(found['peak'] - before[1]) / (length - before[0]):.0f} MB per h" if before else "–"
            cost = f"{found['seconds'] / length:.0f} s/h"
            print(f"{length:>6g}{found['peak']:>9.0f} MB{growth:>16}{cost:>12}{found['speakers']:>10}", flush=True)
            before = length, found["peak"]
            recording.unlink()


def in_this_process(recording: Path, settings: DiarizationSettings) -> None:
    """Diarize a recording, and print its peak memory and processor time as JSON."""
    found = load_diarizer(settings, Device("cpu")).diarize(load_audio(recording))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps({"peak": peak, "seconds": time.process_time(), "speakers": len(found.speakers)}))


def main() -> None:
    """Run the measurement selected on the command line."""

    def numbers(text: str) -> list[float]:
        return [float(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipeline", default="bundled")
    parser.add_argument("--embedder", action="append", help="of the bundled pipeline [that of the samples]")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--threshold", type=float, help="clustering threshold in place of the tuned one")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--blocks", type=numbers, default=[])
    parser.add_argument("--memory", type=numbers, help="hours, separated by commas")
    parser.add_argument("--recording", type=Path, help="diarize this file, and print its memory and time as JSON")
    options = parser.parse_args()
    own = str(SAMPLES / "weights" / "embedder") if options.pipeline == "bundled" else "auto"
    for embedder in options.embedder or [own]:
        settings = DiarizationSettings(
            pipeline=options.pipeline, embedder=embedder, clustering_threshold=options.threshold
        )
        if options.recording:
            in_this_process(options.recording, settings)
        elif options.memory:
            memory(options.memory, settings)
        else:
            print(f"\n=== {options.pipeline}, {Path(embedder).name}")
            table(settings, options.data, options.blocks, options.only)


if __name__ == "__main__":
    main()
