"""Count what sessions lose when their source misbehaves, or their process is killed.

    python -m tests.benchmarks.live faults                 # every fault, and 50 kills (kill -9)
    python -m tests.benchmarks.live faults --kills 10      # fewer kills

A synthetic meeting is recorded and recognised by an engine that knows its words. "Audio" is what the source sent,
"saved" what is in the folder afterwards; "words" are those that were spoken and those that the log of events holds.
"Lost" are spoken words that the log lacks, except those in audio that the fault itself destroyed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.live import LiveTranscript, Session
from meetscribe.live.protocols import Source
from meetscribe.live.recording.event_log import read_log
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.sources import BlockSource, byte_source
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser
from meetscribe.timeline import Seconds
from tests.support.processes import killed_after

MEETING = synthetic_meeting(speakers=2, turns=24, seed=9)
AUDIO = MEETING.audio().samples[:]
WORDS = MEETING.transcript.words
_BLOCK = 8_000
HEADER = "| fault | audio | saved | spoken | words | lost | note |\n|---|--:|--:|--:|--:|--:|---|"

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fault:
    """A source with a fault: the seconds that it sends, the words that can be recognised, and what it destroys."""

    source: Source
    seconds: Seconds
    spoken: tuple[str, ...]
    note: str = ""


def _texts(words: Sequence[object] = WORDS) -> tuple[str, ...]:
    return tuple(word.text for word in words)  # type: ignore[attr-defined]


def _blocks(samples: Samples = AUDIO) -> Iterator[Samples]:
    for start in range(0, len(samples), _BLOCK):
        yield samples[start : start + _BLOCK]


def stalls() -> Fault:
    """Send nothing for a while, ten times."""

    def stalling() -> Iterator[Samples]:
        for number, block in enumerate(_blocks()):
            if number % 10 == 0:
                time.sleep(0.2)
            yield block

    return Fault(BlockSource(stalling()), len(AUDIO) / SAMPLE_RATE, _texts())


def repeats() -> Fault:
    """Send the first half twice."""
    end = MEETING.transcript.segments[11].end
    pause = round((end + 0.25) * SAMPLE_RATE)
    sent = np.concatenate([AUDIO[:pause], AUDIO])
    first = [word for word in WORDS if word.end <= end]
    return Fault(BlockSource(_blocks(sent)), len(sent) / SAMPLE_RATE, (*_texts(first), *_texts()), "both are kept")


def garbage() -> Fault:
    """Send samples that are not numbers during one turn."""
    turn, samples = MEETING.transcript.segments[5], AUDIO.copy()
    first, last = round(turn.start * SAMPLE_RATE) - 800, round(turn.end * SAMPLE_RATE) + 800
    samples[first:last] = np.resize([np.nan, np.inf, -np.inf], last - first)
    kept = [word for word in WORDS if not turn.start <= word.start < turn.end]
    note = f"{len(turn.words)} words were in the destroyed audio"
    return Fault(BlockSource(_blocks(samples)), len(AUDIO) / SAMPLE_RATE, _texts(kept), note)


def half_sample() -> Fault:
    """End within a sample, in pieces of odd sizes."""
    data, position = np.round(AUDIO * 32_768).astype("<i2").tobytes() + b"\x7f", [0]

    def read(size: int) -> bytes:
        part = data[position[0] :][: min(size, 4_999)]
        position[0] += len(part)
        return part

    return Fault(byte_source(read), len(AUDIO) / SAMPLE_RATE, _texts(), "half a sample is dropped")


FAULTS: dict[str, Callable[[], Fault]] = {
    "stalls ten times": stalls,
    "repeats its first half": repeats,
    "sends samples that are no numbers": garbage,
    "ends within a sample": half_sample,
}


def run(fault: Fault, folder: Path) -> str:
    """Record a source and return the cells of its row."""
    recorder = FolderRecorder.start(folder, 1, "faults")
    with Session(fake_live_recogniser(MEETING), recorder=recorder, parts=FAKE_PARTS) as session:
        session.run(fault.source)
        session.stop()
    recorder.close()
    return _row(folder, fault.seconds, fault.spoken, fault.note)


def changes_rate(folder: Path) -> str:
    """Change the rate and the channels in the middle of a session."""
    recorder, half, refused = FolderRecorder.start(folder, 1, "faults"), len(AUDIO) // 2, 0
    with Session(fake_live_recogniser(MEETING), recorder=recorder, parts=FAKE_PARTS) as session:
        session.feed(AUDIO[:half])
        for block, rate in ((AUDIO[:100], 48_000), (np.zeros((100, 2), np.float32), SAMPLE_RATE)):
            try:
                session.feed(block, rate)
            except ValueError:
                refused += 1
        session.feed(AUDIO[half:])
        session.stop()
    recorder.close()
    return _row(folder, len(AUDIO) / SAMPLE_RATE, _texts(), f"{refused} of 2 wrong blocks are refused")


def killed(folder: Path, kills: int) -> str:
    """Kill the process of a session again and again; each one continues the session of the last."""
    rng, count = np.random.default_rng(1), 0
    while count < kills and not _life(folder, float(rng.uniform(0.05, 0.3))):
        count += 1
    while not _life(folder, 600.0):
        pass
    return _row(folder, len(AUDIO) / SAMPLE_RATE, _texts(), f"{count} kills")


def _life(folder: Path, seconds: Seconds) -> bool:
    """Continue the session in another process, and kill it after some time; return whether it had ended before."""
    return killed_after([sys.executable, "-m", "tests.benchmarks.live", "faults", "--continue", str(folder)], seconds)


def _continue(folder: Path) -> None:
    """Feed the rest of the meeting to a session, five times as fast as it was spoken."""
    recorder = FolderRecorder.resume(folder) if folder.exists() else FolderRecorder.start(folder, 1, "faults")
    with Session(fake_live_recogniser(MEETING), recorder=recorder, parts=FAKE_PARTS) as session:
        print("ready", flush=True)
        for start in range(recorder.next_frame, len(AUDIO), 800):
            session.feed(AUDIO[start : start + 800])
            time.sleep(0.01)
        session.stop()
        recorder.change("flush")
    recorder.close()


def _row(folder: Path, sent: Seconds, spoken: Sequence[str], note: str) -> str:
    live = LiveTranscript().apply_all(read_log(folder))
    found = [word.text for word in live.words]
    saved = len(load_audio(folder).samples) / SAMPLE_RATE
    lost = sum((Counter(spoken) - Counter(found)).values())
    return f"{sent:.2f} s | {saved:.2f} s | {len(spoken)} | {len(found)} | {lost} | {note} |"


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.live faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--kills", type=int, default=50, help="how often a session is killed")
    parser.add_argument("--continue", type=Path, dest="folder", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.folder is not None:
        _continue(options.folder)
        return
    print(HEADER)
    with tempfile.TemporaryDirectory() as place:
        rows: dict[str, Callable[[Path], str]] = {
            **{name: partial(run, make()) for name, make in FAULTS.items()},
            "changes its rate": changes_rate,
            "is killed": partial(killed, kills=options.kills),
        }
        for number, (name, row) in enumerate(rows.items()):
            print(f"| {name} | {row(Path(place) / str(number))}", flush=True)
