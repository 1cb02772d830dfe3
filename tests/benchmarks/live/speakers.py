"""Measure the labels of live speakers beside those of a run over the whole recording.

    python -m tests.benchmarks.live speakers                   # the samples with their weights
    python -m tests.benchmarks.live speakers --real            # recordings of real people, with real weights if present

The diarization error rate has collar 0 and counts overlap. "At the end" are the labels after the last audio, "first
shown" those that each moment got first, which later clusterings correct. "Changed" is the share of the time with a
label that changed afterwards, "delay" the mean time from a moment to its first label. Audio arrives in seconds; a pause
is reported wherever the reference has one of half a second.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.diarization import load_diarizer
from meetscribe.evaluation import DiarizationErrorRate, der
from meetscribe.formats.rttm import read_rttm
from meetscribe.live import LiveTranscript
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.speakers import DiarizationTracker, load_live_diarizer
from meetscribe.models.resolution import prepare_diarization
from meetscribe.runtime.devices import resolve_device
from meetscribe.settings import Settings, load_settings
from meetscribe.timeline import Seconds, Span, Turn, cut, union
from tests.benchmarks.accuracy import SAMPLES
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings

_FRAME: Seconds = 0.05
HEADER = (
    "| recording | live at the end | live first shown | whole recording | speakers (live, whole, true) "
    "| changed | delay |\n|---|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The labels of a live session: at the end, as first shown, and the time from each moment to its first label."""

    end: tuple[Turn, ...]
    first: tuple[Turn, ...]
    delays: tuple[tuple[Seconds, Seconds], ...]  # seconds that got their first label, and how late


def follow(audio: Audio, tracker: DiarizationTracker, pauses: Sequence[Span]) -> Shown:
    """Return what a tracker shows while audio arrives second by second."""
    first: list[Turn] = []
    delays: list[tuple[Seconds, Seconds]] = []
    samples, live = audio.samples[:][:, None], LiveTranscript()
    for start in range(0, len(samples) + SAMPLE_RATE, SAMPLE_RATE):
        chunk, before = AudioChunk(start, samples[start : start + SAMPLE_RATE]), tracker.horizon
        if len(chunk.samples):
            tracker.add(chunk)
        now, final = min(start + SAMPLE_RATE, len(samples)) / SAMPLE_RATE, start + SAMPLE_RATE >= len(samples)
        pause = any(now - 1 < span.start + 0.5 <= now for span in pauses)
        tracker.revisions(live, pause=pause, final=final)
        if tracker.horizon > before:
            new = Span(before, tracker.horizon)
            parts = [(turn, part) for turn in tracker.turns for part in cut([turn.span], within=new)]
            first += [Turn(part.start, part.end, turn.speaker) for turn, part in parts]
            delays += [(part.duration, now - (part.start + part.end) / 2) for _, part in parts]
    tracker.close()
    return Shown(tracker.turns, tuple(sorted(first)), tuple(delays))


def changed(first: Sequence[Turn], end: Sequence[Turn], duration: Seconds) -> float:
    """Return the share of the time with a first label in which one of these labels is not one of those at the end."""
    frames = [_frames(turns, duration) for turns in (first, end)]
    known = [labels for labels in zip(*frames, strict=True) if labels[0]]
    return sum(not before <= after for before, after in known) / max(1, len(known))


def _frames(turns: Sequence[Turn], duration: Seconds) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(int(duration / _FRAME) + 1)]
    for turn in turns:
        for frame in found[int(turn.start / _FRAME) : int(turn.end / _FRAME)]:
            frame.add(turn.speaker)
    return found


def recordings(real: bool) -> Iterator[tuple[str, Path, tuple[Turn, ...]]]:
    """Yield the name, the path and the true turns of each recording."""
    if real:
        for each in find_recordings(Places.default()):
            if each.turns and each.set in ("ami", "call", "mixes"):
                yield each.key, each.path, each.turns
        return
    for path in sorted(SAMPLES.glob("*.flac")):
        yield path.stem, path, read_rttm(path.with_suffix(".rttm").read_bytes())


def settings_of(real: bool) -> Settings:
    """Return the settings of the samples, or the default ones with the real embedder if it is present."""
    if not real:
        return load_settings(SAMPLES / "offline.toml")
    changes = {"diarization.pipeline": "bundled", "diarization.embedder": "campplus"}
    return load_settings(None, changes)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.live speakers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--real", action="store_true", help="recordings of real people")
    options = parser.parse_args(arguments)
    settings, device = settings_of(options.real), resolve_device("cpu")
    live = load_live_diarizer(settings)
    whole = load_diarizer(prepare_diarization(settings, device).settings.diarization, device)
    totals: list[tuple[DiarizationErrorRate, ...]] = []
    print(HEADER)
    for name, path, truth in recordings(options.real):
        audio = load_audio(path)
        spoken = union(turn.span for turn in truth)
        gaps = [Span(one.end, other.start) for one, other in zip(spoken, spoken[1:], strict=False)]
        shown = follow(audio, live.tracker(threaded=False), [gap for gap in gaps if gap.duration >= 0.5])
        batch = whole.diarize(audio).turns
        totals.append(tuple(der(truth, turns) for turns in (shown.end, shown.first, batch)))
        counts = ", ".join(str(len({turn.speaker for turn in turns})) for turns in (shown.end, batch, truth))
        share = changed(shown.first, shown.end, audio.duration)
        seconds, delay = (np.array(shown.delays) if shown.delays else np.zeros((1, 2))).T
        late = float((seconds * delay).sum() / max(1e-9, seconds.sum()))
        print(f"| {name} | {_rates(totals[-1])} | {counts} | {share:.1%} | {late:.1f} s |", flush=True)
    summed = tuple(reduce(add, column) for column in zip(*totals, strict=True))
    print(f"| all | {_rates(summed)} | | | |")


def _rates(rates: Sequence[DiarizationErrorRate]) -> str:
    return " | ".join(f"{rate.rate or 0:.1%}" for rate in rates)
