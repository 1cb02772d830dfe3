"""Compare the cost of each stage with its counterpart in other packages, on the same input and weights.

    python -m tests.benchmarks.counterparts [RECORDING] [--repeat N]

All run in one process, alternating, with one thread each. Times are processor seconds without loading; the ratio is
ours divided by theirs. RECORDING.words.jsonl holds the reference of RECORDING.

    speech       whisperX's detector (pyannote) and its chunks      detect_speech (Silero) and make_chunks
    alignment    whisperx.align, reference text in sentences        align
    diarization  pyannote.audio's SpeakerDiarization                the bundled pipeline, same models
    attribution  whisperx.assign_word_speakers, reference words     attribute
    export       whisperX's writers: srt, vtt, txt, tsv, json       the same formats
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click

from meetscribe import alignment, formats
from meetscribe.attribution import attribute
from meetscribe.attribution.segments import make_segments
from meetscribe.attribution.settings import AttributionSettings
from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.diarization import load_diarizer
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.devices import Device
from meetscribe.settings import load_settings
from meetscribe.timeline import Diarization
from meetscribe.transcript import Meta, Segment, Transcript
from meetscribe.vad import detect_speech, make_chunks
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.launch import SentenceSplitter
from tests.benchmarks.synthetic_weights import pipeline_directory

CPU = Device("cpu")
SETTINGS = load_settings(SAMPLES / "offline.toml", {})
Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Task:
    """A recording, its reference, and the reference as a transcript of sentences."""

    audio: Audio
    transcript: Transcript
    truth: Transcript
    folder: Path


def speech(task: Task) -> tuple[Work, Work]:
    """Detect speech and divide it into chunks."""
    import torch
    from whisperx.vads import Pyannote

    detector = Pyannote(torch.device("cpu"), vad_onset=0.5)

    def theirs() -> object:
        waveform = Pyannote.preprocess_audio(task.audio.samples[:])
        scores = detector({"waveform": waveform, "sample_rate": SAMPLE_RATE})
        return Pyannote.merge_chunks(scores, 30, onset=0.5, offset=0.363)

    return theirs, lambda: make_chunks(detect_speech(task.audio, SETTINGS.vad), SETTINGS.vad)


def aligned(task: Task) -> tuple[Work, Work]:
    """Align the words of each sentence."""
    import whisperx.alignment

    whisperx.alignment.nltk_load = lambda path: SentenceSplitter()
    folder = str(SAMPLES / "weights" / "aligner")
    network, metadata = whisperx.alignment.load_align_model("en", "cpu", model_name=folder)
    aligner = alignment.load_aligner(folder, "en", CPU)
    segments = [{"start": part.start, "end": part.end, "text": part.text} for part in task.transcript.segments]
    samples = task.audio.samples[:]
    return (
        lambda: whisperx.alignment.align(segments, network, metadata, samples, "cpu"),
        lambda: alignment.align(task.transcript, task.audio, lambda _: aligner, SETTINGS.alignment),
    )


def diarization(task: Task) -> tuple[Work, Work]:
    """Diarize the recording."""
    from whisperx.diarize import DiarizationPipeline

    theirs = DiarizationPipeline(str(pipeline_directory(task.folder / "pipeline")))
    ours = load_diarizer(SETTINGS.diarization, CPU)
    return lambda: theirs(task.audio.samples[:]), lambda: ours.diarize(task.audio)


def attributed(task: Task) -> tuple[Work, Work]:
    """Attribute each word to a speaker."""
    import pandas as pd
    from whisperx.diarize import assign_word_speakers

    turns = task.truth.turns
    frame = pd.DataFrame([(turn.start, turn.end, turn.speaker) for turn in turns], columns=["start", "end", "speaker"])
    words = [{"word": word.text, "start": word.start, "end": word.end} for word in task.transcript.words]

    def theirs() -> object:
        segment = {"start": 0.0, "end": task.audio.duration, "words": [dict(word) for word in words]}
        return assign_word_speakers(frame, {"segments": [segment]})

    return theirs, lambda: attribute(task.transcript, Diarization(turns, turns), AttributionSettings())


def exported(task: Task) -> tuple[Work, Work]:
    """Write the same five files."""
    import json

    from whisperx.utils import get_writer

    result = json.loads(formats.write(task.transcript, "whisperx"))
    options = {"max_line_width": None, "max_line_count": None, "highlight_words": False}

    def theirs() -> None:
        for form in ("srt", "vtt", "txt", "tsv", "json"):
            get_writer(form, str(task.folder))(result, "theirs.wav", options)

    def ours() -> None:
        for form in ("srt", "vtt", "txt", "tsv", "json"):
            formats.save(task.transcript, task.folder / f"ours.{form}", form)

    return theirs, ours


STAGES: dict[str, Callable[[Task], tuple[Work, Work]]] = {
    "speech": speech,
    "alignment": aligned,
    "diarization": diarization,
    "attribution": attributed,
    "export": exported,
}


def seconds(work: Work) -> float:
    """Return the processor time of a call, in seconds; its output is discarded."""
    start = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        work()
    return time.process_time() - start


def measure(task: Task, repeat: int) -> Iterator[str]:
    """Yield the rows of the table."""
    yield "| stage | theirs | ours | ratio |\n|---|--:|--:|--:|"
    for name, stage in STAGES.items():
        works = stage(task)
        spent: list[list[float]] = [[], []]
        for number in range(repeat + 1):  # the first round warms up
            for system in (0, 1) if number % 2 else (1, 0):
                cost = seconds(works[system])
                if number:
                    spent[system].append(cost)
        theirs, ours = map(median, spent)
        yield f"| {name} | {theirs:.3f} s | {ours:.3f} s | {ours / theirs:.2f} |"


def _sentences(truth: Transcript, audio: Audio) -> Transcript:
    """Return the reference words, divided into sentences of one speaker."""
    segments = tuple(
        segment
        for speaker in sorted({turn.speaker for turn in truth.turns})
        for segment in make_segments([word for word in truth.words if word.speaker == speaker], AttributionSettings())
    )
    ordered: list[Segment] = sorted(segments, key=lambda segment: segment.start)
    return Transcript(tuple(ordered), Meta("en", audio.duration))


@click.command(help=__doc__)
@click.argument("recording", type=click.Path(path_type=Path), default=SAMPLES / "standup.flac")
@click.option("--repeat", default=3, show_default=True)
def main(recording: Path, repeat: int) -> None:
    """Measure all stages on a recording."""
    telemetry.switch_off()
    with silence.loading(), warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        import torch

        torch.set_num_threads(1)
        audio, truth = load_audio(recording), truth_of(recording)
        task = Task(audio, _sentences(truth, audio), truth, Path(folder))
        rows: Any = list(measure(task, repeat))
    click.echo("\n".join(rows))


if __name__ == "__main__":
    main()
