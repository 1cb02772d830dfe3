"""Run a long session as fast as the machine can, and watch memory, delay and lost words.

    python -m tests.benchmarks.live soak                               # 3 h with a fake engine that knows the words
    python -m tests.benchmarks.live soak --model whisper-tiny.en       # 1 h of readers taking turns, real recognition
    python -m tests.benchmarks.live soak --hours 0.2 --minutes 5       # less audio, at most five wall minutes

The session is recorded in a folder (--folder). A call that was interrupted, or that ran out of --minutes, is continued
by the next one, as `meetscribe live --resume` would. Each line of the table is the state after some audio: the memory
of the process, the processor seconds per minute of audio, the audio that is not committed yet, and the words. Memory
growth is the slope of a line through the second half of a call; the first half counts as warm-up. The audio repeats
itself, so a second table shows whether more words are missing with time: those of the reference that the session
lacks, in an alignment with the fewest edits.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.live import Session
from meetscribe.live.processing.processor import Parts
from meetscribe.live.recognition.loading import load_recogniser
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.sources.blocks import BlockSource
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser
from meetscribe.testing.meetings import SyntheticMeeting
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript, Word
from tests.benchmarks.live.measures import lost_words
from tests.benchmarks.live.running import COMPUTE
from tests.benchmarks.real.ours import settings_of
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings
from tests.benchmarks.real.scoring import normalizer

_TURNS = 30  # of the synthetic meeting that is repeated
_PAUSE = round(0.8 * SAMPLE_RATE)
_LINES = 12
FAKE = "fake"


@dataclass(frozen=True, slots=True)
class Repeated:
    """Audio that is repeated, `(frames,)`; the words in it; its recogniser and parts."""

    samples: npt.NDArray[np.float32]
    reference: tuple[Word, ...]
    recogniser: LiveRecogniser
    parts: Parts | None = None

    @property
    def period(self) -> Seconds:
        """The length of the audio."""
        return len(self.samples) / SAMPLE_RATE

    def blocks(self, first: int, frames: int) -> Iterator[npt.NDArray[np.float32]]:
        """Yield the frames from `first` up to `frames`, 0.1 s at a time."""
        positions = np.arange(SAMPLE_RATE // 10)
        for start in range(first, frames, len(positions)):
            yield self.samples[(positions[: frames - start] + start) % len(self.samples)]


@dataclass(frozen=True, slots=True)
class State:
    """The state of a session after `audio` seconds."""

    audio: Seconds
    megabytes: float
    processor: Seconds
    pending: Seconds
    words: int


def fake() -> Repeated:
    """Return a synthetic meeting of about two minutes, and an engine that knows its words."""
    meeting = synthetic_meeting(turns=_TURNS)
    twice = SyntheticMeeting(_repeated(meeting.transcript))  # a window may begin in one repetition and end in the next
    recogniser = fake_live_recogniser(twice)
    return Repeated(meeting.audio().samples[:], meeting.transcript.words, recogniser, FAKE_PARTS)


def _repeated(transcript: Transcript) -> Transcript:
    """Return a transcript followed by itself."""
    by = transcript.duration
    later = tuple(
        Segment(tuple(replace(word, start=word.start + by, end=word.end + by) for word in segment.words))
        for segment in transcript.segments
    )
    return transcript.with_segments((*transcript.segments, *later)).with_meta(duration=2 * by)


def real(model: str, places: Places) -> Repeated:
    """Return utterances of several readers in turn, with pauses, and a recogniser with real weights."""
    readers = sorted((each for each in find_recordings(places) if each.set == "readers"), key=lambda r: r.name[::-1])
    parts, words, frames = list[npt.NDArray[np.float32]](), list[Word](), 0
    for reader in readers:
        samples, start = load_audio(reader.path).samples[:], frames / SAMPLE_RATE
        words += [replace(word, start=word.start + start, end=word.end + start) for word in reader.words]
        parts += [samples, np.zeros(_PAUSE, np.float32)]
        frames += len(samples) + _PAUSE
    recogniser = load_recogniser(settings_of(places.model(model), COMPUTE, {"asr.language": "en"}))
    return Repeated(np.concatenate(parts), tuple(words), recogniser)


def run(
    repeated: Repeated, folder: Path, hours: float, minutes: float
) -> tuple[list[State], FolderRecorder, tuple[Word, ...]]:
    """Run or continue the session until its audio or the wall minutes have ended; return its states and words."""
    resumed = (folder / "session.json").exists()
    recorder = FolderRecorder.resume(folder) if resumed else FolderRecorder.start(folder, 1, "soak", language="en")
    frames, until = round(hours * 3600 * SAMPLE_RATE), time.monotonic() + 60 * minutes
    states: list[State] = []
    with Session(repeated.recogniser, recorder=recorder, parts=repeated.parts) as session:

        def blocks() -> Iterator[npt.NDArray[np.float32]]:
            for number, block in enumerate(repeated.blocks(recorder.next_frame, frames)):
                if number % 600 == 0:
                    states.append(_state(session))
                if time.monotonic() > until:
                    return
                yield block

        session.run(BlockSource(blocks(), patient=True))
        words = session.stop().words
        states.append(_state(session))
    if recorder.next_frame >= frames:
        recorder.change("flush")
    recorder.close()
    return states, recorder, words


def _state(session: Session) -> State:
    live = session.transcript
    words = sum(len(segment.words) for segment in live.segments.values())
    ends = [
        segment.words[-1].end for segment in list(live.segments.values())[-3:] if segment.words and segment.words[-1]
    ]
    pending = session.received - max(ends, default=0.0)
    return State(session.received, _megabytes(), time.process_time(), pending, words)


def _megabytes() -> float:
    """Return the resident memory of this process."""
    memory = Path("/proc/self/statm")
    if not memory.exists():
        raise SystemExit("the memory of a process can be read on Linux only")
    return int(memory.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def growth(states: Sequence[State]) -> float:
    """Return the slope of memory in the second half, in megabytes per hour of audio."""
    half = states[len(states) // 2 :]
    if len(half) < 3:
        return float("nan")
    return float(np.polyfit([state.audio / 3600 for state in half], [state.megabytes for state in half], 1)[0])


def report(states: Sequence[State]) -> Iterator[str]:
    """Yield the table and the conclusions."""
    yield "| audio | memory | processor per minute | not committed | words |\n|--:|--:|--:|--:|--:|"
    step = max(1, len(states) // _LINES)
    for before, state in zip(states[::step], states[step::step], strict=False):
        minutes = max(1e-9, (state.audio - before.audio) / 60)
        effort = (state.processor - before.processor) / minutes
        yield (
            f"| {state.audio / 60:.0f} min | {state.megabytes:.0f} MB | {effort:.2f} s "
            f"| {state.pending:.1f} s | {state.words} |"
        )
    yield f"\nmemory grows by {growth(states):.1f} MB per hour of audio after the first half"


def repetitions(found: Sequence[Word], repeated: Repeated, audio: Seconds) -> Iterator[str]:
    """Yield the table of the repetitions: words spoken and found, and those missing, alone or in runs."""
    yield "\n| repetition | spoken | found | missing | in runs (runs) |\n|--:|--:|--:|--:|--:|"
    normalize = normalizer("en")
    for number in range(int(audio / repeated.period) + 1):
        start = number * repeated.period
        spoken = [word for word in repeated.reference if word.end + start <= audio]
        shown = [word for word in found if start <= (word.start + word.end) / 2 < start + repeated.period]
        reference, words = (normalize(" ".join(word.text for word in each)) for each in (spoken, shown))
        lost = [edit.src_pos for edit in Levenshtein.editops(reference, words) if edit.tag == "delete"]
        _, runs, in_runs = lost_words(lost)
        if reference:
            yield f"| {number + 1} | {len(reference)} | {len(words)} | {len(lost)} | {in_runs} ({runs}) |"


def main(arguments: Sequence[str]) -> None:
    """Run a session and print its states."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.live soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", default=FAKE, help="fake, or the name or directory of real weights")
    parser.add_argument("--hours", type=float, help="audio of the whole session; 3 with the fake engine, otherwise 1")
    parser.add_argument("--minutes", type=float, default=600.0, help="wall minutes of this call")
    parser.add_argument("--folder", type=Path, help="folder of the session")
    parser.add_argument("--fresh", action="store_true", help="delete the folder of an earlier session first")
    options, places = parser.parse_args(arguments), Places.default()
    if options.model != FAKE and (missing := places.missing(options.model)):
        print(missing)
        return
    folder = options.folder or places.real / "soak" / Path(options.model).name
    if options.fresh and (folder / "session.json").exists():
        shutil.rmtree(folder)
    repeated = fake() if options.model == FAKE else real(options.model, places)
    states, recorder, words = run(
        repeated, folder, options.hours or (3 if options.model == FAKE else 1), options.minutes
    )
    print("\n".join(report(states)))
    print("\n".join(repetitions(words, repeated, states[-1].audio)))
    print(f"recorded: {recorder.saved:.1f} s of {states[-1].audio:.1f} s; state {recorder.state}; in {folder}")
