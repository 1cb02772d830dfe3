"""Every engine on the same recording, weights and chunks: errors, speed and memory, with whisperX beside them.

    python -m tests.benchmarks.engines [RECORDING] [--model DIRECTORY] [--only ENGINE]

RECORDING has its truth beside it, RECORDING.words.jsonl. Each engine runs in a process of its own, on the
processor in float32, with a beam of 5 where it can search; loading is not counted in the real-time factor, the
seconds of work for a second of sound. whisperX itself decides where to listen, in chunks as long as ours. What
is bad is decoded again by ours, which costs time. Prints a table in Markdown.
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
Hear = Callable[[], str]


def places(recording: Path) -> str:
    """Where somebody speaks in a recording, as JSON: the chunks and the voices."""
    audio, settings = load_audio(recording), load_settings(SAMPLES / "offline.toml", {})
    chunks = make_chunks(detect_speech(audio, settings.vad), settings.vad)
    return json.dumps([[[span.start, span.end] for span in spans] for spans in (chunks, detect_speech_activity(audio))])


def engine(name: str, audio: Audio, model: str, where: str) -> Hear:
    """What writes the text of the recording with an engine of ours, which is loaded."""
    chunks, speech_activity = (tuple(Span(*edges) for edges in spans) for spans in json.loads(where))
    asr = replace(
        load_settings(SAMPLES / "offline.toml", {}).asr, engine=name, model=model, compute_type="float32", language="en"
    )
    recognizer = load_recognizer(asr, CPU, make_plan(asr, inspect_machine(CPU), model_bytes=model_size(Path(model))))
    return lambda: recognizer.transcribe(audio, chunks, ignore_progress, speech_activity).text


def peer(audio: Audio, model: str) -> Hear:
    """What writes the text of the recording with whisperX's own pipeline, which is loaded."""
    telemetry.switch_off()
    with silence.loading():
        import whisperx

        pipeline = whisperx.load_model(model, "cpu", compute_type="float32", language="en")
    longest = int(load_settings(SAMPLES / "offline.toml", {}).vad.max_chunk)

    def hear() -> str:
        found = pipeline.transcribe(audio.samples[:], batch_size=4, chunk_size=longest)
        return " ".join(part["text"] for part in found["segments"])

    return hear


def measure(name: str, recording: Path, model: str, where: str) -> dict[str, float]:
    """The word error rate, the real-time factor, and the megabytes that this process has had at most."""
    audio = load_audio(recording)
    hear = peer(audio, model) if name == PEER else engine(name, audio, model, where)
    start = time.perf_counter()
    text = hear()
    seconds = time.perf_counter() - start
    truth = [each for word in truth_of(recording).words for each in evaluation.normalize(word.text)]
    rate = evaluation.wer(truth, evaluation.normalize(text)).rate
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return {"wer": rate or 0.0, "factor": seconds / audio.duration, "megabytes": kilobytes / 1024}


@click.command(help=__doc__)
@click.argument("recording", type=Path, default=SAMPLES / "standup.flac")
@click.option("--model", type=Path, default=SAMPLES / "weights" / "asr", help="a Whisper of Transformers")
@click.option("--only", type=click.Choice([*ENGINES, PEER]), multiple=True, help="these engines")
@click.option("--alone", is_flag=True, hidden=True)
def main(recording: Path, model: Path, only: tuple[str, ...], alone: bool) -> None:
    """Measure each engine in another process, or one in this, which is told where to listen."""
    if alone:
        click.echo(json.dumps(measure(only[0], recording, str(model), sys.stdin.read())))
        return
    where = places(recording)
    click.echo("| engine | word error rate | real-time factor | most memory |\n|---|--:|--:|--:|")
    for name in only or (*ENGINES, PEER):
        models = ENGINES["whisperx" if name == PEER else name].load_models()
        assert models is not None
        directory = models.prepare(model)
        command = [sys.executable, "-m", __spec__.name, str(recording), "--model", str(directory), "--only", name]
        process = subprocess.run([*command, "--alone"], check=True, input=where, stdout=subprocess.PIPE, text=True)
        found = json.loads(process.stdout.splitlines()[-1])
        click.echo(f"| {name} | {found['wer']:.1%} | {found['factor']:.2f} | {found['megabytes']:.0f} MB |")


if __name__ == "__main__":
    main()
