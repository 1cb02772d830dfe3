"""Measure how much speech the chunks given to a recognizer cover, compared with faster-whisper and whisperX.

    python -m tests.benchmarks.chunks                       # the samples
    python -m tests.benchmarks.chunks RECORDING …           # recordings X.flac with X.words.jsonl
    python -m tests.benchmarks.chunks --as quiet            # attenuated by 30 dB, 16 bits; or noisy, quiet-noisy
    python -m tests.benchmarks.chunks --config samples/offline.toml

`outside`: reference words that overlap no chunk; `cut`: words that overlap chunks but lie completely in none;
`bridging`: chunks with words on both sides of a silence of more than 3 s in the reference; `extent`: the longest time
from the start to the end of a chunk. The other packages run with the defaults of their batched modes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.runtime import silence, telemetry
from meetscribe.settings import load_settings
from meetscribe.timeline import Seconds, Span, total, union
from meetscribe.vad import VadSettings, detect_speech, make_chunks

SAMPLES = Path(__file__).parents[2] / "samples"
LONG_SILENCE: Seconds = 3.0
QUIET = -30.0
SIGNAL_TO_NOISE = 10.0

Chunk: TypeAlias = tuple[Span, ...]
"""The spans of a recording that a recognizer decodes as one clip."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of words and chunks, of one recording or added over several."""

    words: int
    outside: int
    cut: int
    chunks: int
    bridging: int
    covered: Seconds
    duration: Seconds
    extent: Seconds

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.words + other.words,
            self.outside + other.outside,
            self.cut + other.cut,
            self.chunks + other.chunks,
            self.bridging + other.bridging,
            self.covered + other.covered,
            self.duration + other.duration,
            max(self.extent, other.extent),
        )

    def row(self, recording: str, system: str) -> str:
        """Return a line of the table."""
        mean = self.covered / max(1, self.chunks)
        return (
            f"{recording:<18}{system:<16}{self.words:>7}{self.outside:>9}{self.cut:>6}{self.chunks:>8}{mean:>8.1f} s"
            f"{self.covered / self.duration:>8.1%}{self.bridging:>10}{self.extent:>9.1f} s"
        )


HEADER = (
    f"{'recording':<18}{'chunks of':<16}{'words':>7}{'outside':>9}{'cut':>6}{'chunks':>8}{'mean':>10}{'share':>8}"
    f"{'bridging':>10}{'extent':>11}"
)


def count(chunks: Iterable[Chunk], words: list[Span], duration: Seconds) -> Counts:
    """Count the words that the chunks cover, cut or miss."""
    chunks = [union(chunk) for chunk in chunks]
    covered = [span for chunk in chunks for span in chunk]
    whole = [any(span.start <= word.start and word.end <= span.end for span in covered) for word in words]
    touched = [any(span.overlap(word) > 0 for span in covered) for word in words]
    speech = union(words, LONG_SILENCE)
    extents = [Span(chunk[0].start, chunk[-1].end) for chunk in chunks]
    return Counts(
        words=len(words),
        outside=touched.count(False),
        cut=sum(some and not all_ for some, all_ in zip(touched, whole, strict=True)),
        chunks=len(chunks),
        bridging=sum(sum(extent.overlap(stretch) > 0 for stretch in speech) > 1 for extent in extents),
        covered=sum(total(chunk) for chunk in chunks),
        duration=duration,
        extent=max((extent.duration for extent in extents), default=0.0),
    )


def ours(settings: VadSettings) -> Callable[[Audio], list[Chunk]]:
    """Return a function that makes chunks as the pipeline does."""
    return lambda audio: [(chunk,) for chunk in make_chunks(detect_speech(audio, settings), settings)]


def faster_whisper(audio: Audio) -> list[Chunk]:
    """Return chunks as BatchedInferencePipeline makes them: speech joined up to 30 s, without the silence between."""
    from faster_whisper.vad import VadOptions, collect_chunks, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=30, min_silence_duration_ms=160)
    speech = get_speech_timestamps(audio.samples[:].copy(), options)
    # Sample indices in place of samples, so that the result shows where each chunk comes from.
    indices, _ = collect_chunks(np.arange(len(audio.samples)), speech, max_duration=30)
    return [_spans(chunk) for chunk in indices if len(chunk)]


def _spans(indices: npt.NDArray[Any]) -> Chunk:
    """Return the spans of consecutive sample indices."""
    parts = np.split(indices, np.flatnonzero(np.diff(indices) != 1) + 1)
    return tuple(Span(float(part[0]) / SAMPLE_RATE, float(part[-1] + 1) / SAMPLE_RATE) for part in parts)


def whisperx() -> Callable[[Audio], list[Chunk]]:
    """Return a function that makes chunks as whisperX does with its bundled detector."""
    import torch
    from whisperx.vads import Pyannote

    detector = Pyannote(torch.device("cpu"), vad_onset=0.5)

    def chunks(audio: Audio) -> list[Chunk]:
        waveform = Pyannote.preprocess_audio(audio.samples[:])
        scores = detector({"waveform": waveform, "sample_rate": SAMPLE_RATE})
        merged = Pyannote.merge_chunks(scores, 30, onset=0.5, offset=0.363)
        return [(Span(chunk["start"], chunk["end"]),) for chunk in merged]

    return chunks


def degraded(audio: Audio, words: list[Span], kind: str) -> Audio:
    """Return the recording unchanged, attenuated, with noise, or both."""
    samples = audio.samples[:].astype(np.float64)
    if "noisy" in kind:
        spoken = np.concatenate([audio.slice(span) for span in union(words)])
        level = np.sqrt(np.mean(np.square(spoken)) / 10 ** (SIGNAL_TO_NOISE / 10))
        samples += level * _pink(len(samples))
    if "quiet" in kind:
        samples = np.round(samples * 10 ** (QUIET / 20) * 2**15) / 2**15
    return Audio(samples.astype(np.float32), audio.name, audio.hash)


def _pink(frames: int) -> npt.NDArray[np.float64]:
    """Return pink noise `(frames,)` of mean power 1."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(frames))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, frames)
    return np.asarray(noise / noise.std())


def measure(recordings: Iterable[Path], systems: dict[str, Callable[[Audio], list[Chunk]]], kind: str) -> None:
    """Print the counts of each system for each recording and for all."""
    sums: dict[str, Counts] = {}
    print(HEADER)
    for recording in recordings:
        rows = [json.loads(line) for line in recording.with_suffix(".words.jsonl").read_text().splitlines()]
        words = [Span(row["start"], row["end"]) for row in rows]
        audio = degraded(load_audio(recording), words, kind)
        for name, chunks in systems.items():
            with silence.loading():
                counts = count(chunks(audio), words, audio.duration)
            print(counts.row(recording.stem, name), flush=True)
            sums[name] = sums[name] + counts if name in sums else counts
    for name, counts in sums.items():
        print(counts.row("all", name))


def main() -> None:
    """Measure the recordings given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=Path, default=sorted(SAMPLES.glob("*.flac")))
    parser.add_argument("--as", dest="kind", choices=["plain", "quiet", "noisy", "quiet-noisy"], default="plain")
    parser.add_argument("--config", type=Path, help="settings file of meetscribe in place of the defaults")
    parser.add_argument("--quick", action="store_true", help="skip whisperX, whose detector is slow to load")
    options = parser.parse_args()
    telemetry.switch_off()
    settings = load_settings(options.config, {}).vad if options.config else VadSettings()
    systems = {"meetscribe": ours(settings), "faster-whisper": faster_whisper}
    if not options.quick:
        with silence.loading():
            systems["whisperX"] = whisperx()
    measure(options.recordings, systems, options.kind)


if __name__ == "__main__":
    main()
