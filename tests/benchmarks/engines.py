"""Compare all engines and whisperX on the same recording and weights: word error rate, speed and memory.

    python -m tests.benchmarks.engines [RECORDING] [--model DIRECTORY] [--only ENGINE]

RECORDING.words.jsonl holds the reference of RECORDING. Each engine runs in its own process, on the CPU in float32,
with beam size 5 if it supports beam search. The real-time factor is processing time divided by duration, without
loading. Our engines share the same chunks; whisperX detects speech itself, in chunks of the same maximum length.
Our engines decode bad chunks again, which costs time. The table is printed in Markdown.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from meetscribe import evaluation
from meetscribe.asr import load_recognizer
from meetscribe.asr.engine_table import ENGINES
from meetscribe.asr.planning import inspect_machine, make_plan, model_size
from meetscribe.audio import Audio, load_audio
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.devices import Device
from meetscribe.runtime.progress import ignore_progress
from meetscribe.segmentation import detect_speech_activity
from meetscribe.settings import load_settings
from meetscribe.timeline import Span
from meetscribe.vad import detect_speech, make_chunks
from tests.benchmarks.accuracy import SAMPLES, truth_of

PEER = "whisperX itself"
CPU = Device("cpu")
Recognize = Callable[[], str]


def detected_spans(recording: Path) -> str:
    """Return the chunks and the speech activity of a recording, as JSON."""
    audio, settings = load_audio(recording), load_settings(SAMPLES / "offline.toml", {})
    chunks = make_chunks(detect_speech(audio, settings.vad), settings.vad)
    return json.dumps([[[span.start, span.end] for span in spans] for spans in (chunks, detect_speech_activity(audio))])


def engine(name: str, audio: Audio, model: str, detected: str) -> Recognize:
    """Load one of our engines and return a function that recognizes the recording with it."""
    chunks, speech_activity = (tuple(Span(*edges) for edges in spans) for spans in json.loads(detected))
    asr = replace(
        load_settings(SAMPLES / "offline.toml", {}).asr, engine=name, model=model, compute_type="float32", language="en"
    )
    recognizer = load_recognizer(asr, CPU, make_plan(asr, inspect_machine(CPU), model_bytes=model_size(Path(model))))
    return lambda: recognizer.transcribe(audio, chunks, ignore_progress, speech_activity).text


def peer(audio: Audio, model: str) -> Recognize:
    """Load whisperX's pipeline and return a function that recognizes the recording with it."""
    telemetry.switch_off()
    with silence.loading():
        import whisperx

        pipeline = whisperx.load_model(model, "cpu", compute_type="float32", language="en")
    longest = int(load_settings(SAMPLES / "offline.toml", {}).vad.max_chunk)

    def recognize() -> str:
        result = pipeline.transcribe(audio.samples[:], batch_size=4, chunk_size=longest)
        return " ".join(part["text"] for part in result["segments"])

    return recognize


def measure(name: str, recording: Path, model: str, detected: str) -> dict[str, float]:
    """Return the word error rate, the real-time factor and the peak memory of this process in megabytes."""
    audio = load_audio(recording)
    recognize = peer(audio, model) if name == PEER else engine(name, audio, model, detected)
    start = time.perf_counter()
    text = recognize()
    seconds = time.perf_counter() - start
    truth = [each for word in truth_of(recording).words for each in evaluation.normalize(word.text)]
    rate = evaluation.wer(truth, evaluation.normalize(text)).rate
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return {"wer": rate or 0.0, "factor": seconds / audio.duration, "megabytes": kilobytes / 1024}


@click.command(help=__doc__)
@click.argument("recording", type=Path, default=SAMPLES / "standup.flac")
@click.option("--model", type=Path, default=SAMPLES / "weights" / "asr", help="a Whisper of Transformers")
@click.option("--only", type=click.Choice([*ENGINES, PEER]), multiple=True, help="only this engine; may be repeated")
@click.option("--alone", is_flag=True, hidden=True)
def main(recording: Path, model: Path, only: tuple[str, ...], alone: bool) -> None:
    """Measure each engine in its own process; with `--alone` measure one here, with the chunks from stdin."""
    if alone:
        click.echo(json.dumps(measure(only[0], recording, str(model), sys.stdin.read())))
        return
    detected = detected_spans(recording)
    click.echo("| engine | word error rate | real-time factor | peak memory |\n|---|--:|--:|--:|")
    for name in only or (*ENGINES, PEER):
        models = ENGINES["whisperx" if name == PEER else name].load_models()
        assert models is not None
        directory = models.prepare(model)
        command = [sys.executable, "-m", __spec__.name, str(recording), "--model", str(directory), "--only", name]
        process = subprocess.run([*command, "--alone"], check=True, input=detected, stdout=subprocess.PIPE, text=True)
        measured = json.loads(process.stdout.splitlines()[-1])
        click.echo(f"| {name} | {measured['wer']:.1%} | {measured['factor']:.2f} | {measured['megabytes']:.0f} MB |")


if __name__ == "__main__":
    main()
