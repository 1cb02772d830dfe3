"""Sources that stall, repeat, change their rate, send garbage or end within a sample, and processes that are killed.

All audio that arrived is on disk, and no word is lost except those of the audio that the fault destroyed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.audio import load_audio
from meetscribe.live import LiveTranscript, Session
from meetscribe.live.protocols import Source
from meetscribe.live.recording.event_log import read_log
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.settings import LiveSettings
from meetscribe.live.sources import BlockSource, byte_source
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser
from tests.support.processes import killed_after
from tests.support.recordings import write

MEETING = synthetic_meeting(speakers=2, turns=6, seed=9)
AUDIO = MEETING.audio().samples[:]
WORDS = [word.text for word in MEETING.transcript.words]
INTEGERS = np.round(AUDIO * 32_768).astype("<i2")
STEP = 8_000


def blocks() -> Iterator[npt.NDArray[np.float32]]:
    for start in range(0, len(AUDIO), STEP):
        yield AUDIO[start : start + STEP]


def recorded(
    folder: Path, source: Source, settings: LiveSettings | None = None
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Record and recognise a source; return the words of the log, and the audio in the folder."""
    recorder = FolderRecorder.start(folder, source.channels, source.name)
    with Session(fake_live_recogniser(MEETING), settings, recorder=recorder, parts=FAKE_PARTS) as session:
        session.run(source)
        live = session.stop()
    recorder.close()
    assert recorder.saved == pytest.approx(session.received)
    assert LiveTranscript().apply_all(read_log(folder)).words == live.words
    return [word.text for word in live.words], load_audio(folder).samples[:]


def test_a_source_that_stalls(tmp_path: Path) -> None:
    """Nothing arrives for a while in the middle of a word; times count samples, so nothing changes."""

    def stalling() -> Iterator[npt.NDArray[np.float32]]:
        for number, block in enumerate(blocks()):
            if number in (3, 10):
                time.sleep(0.3)
            yield block

    words, audio = recorded(tmp_path / "s", BlockSource(stalling()))
    assert words == WORDS and np.array_equal(audio, AUDIO)


def test_a_source_that_repeats_itself(tmp_path: Path) -> None:
    """Audio that arrives twice is recorded and recognised twice, as it cannot be told from speech; none is lost."""
    pause = int(MEETING.transcript.segments[2].end * 16_000) + 4_000
    source = BlockSource(iter([AUDIO[:pause], AUDIO[:pause], AUDIO[pause:]]))
    words, audio = recorded(tmp_path / "s", source, LiveSettings(lookback=0))  # the fake knows no audio across the seam
    first = [word.text for word in MEETING.transcript.words if word.end * 16_000 < pause]
    assert words == [*first, *WORDS]
    assert len(audio) == len(AUDIO) + pause


def test_a_source_that_changes_its_rate(tmp_path: Path) -> None:
    """The change is refused before any of that audio is used; all audio before it is kept."""
    recorder = FolderRecorder.start(tmp_path / "s", 1, "test")
    with Session(fake_live_recogniser(MEETING), recorder=recorder, parts=FAKE_PARTS) as session:
        session.feed(AUDIO)
        with pytest.raises(ValueError, match="the rate must stay at 16000 Hz, but is 48000 Hz"):
            session.feed(AUDIO[:100], 48_000)
        with pytest.raises(ValueError, match="shape"):
            session.feed(np.zeros((100, 2), np.float32))
        live = session.stop()
    recorder.close()
    assert [word.text for word in live.words] == WORDS
    assert np.array_equal(load_audio(tmp_path / "s").samples[:], AUDIO)


def test_a_source_that_sends_garbage(tmp_path: Path) -> None:
    """Samples that are not numbers are silent, and the others are intact."""
    segment = MEETING.transcript.segments[1]
    damaged = AUDIO.copy()
    first, last = int(segment.start * 16_000) - 800, int(segment.end * 16_000) + 800
    damaged[first:last] = np.resize([np.nan, np.inf, -np.inf], last - first)
    kept = [word.text for each in MEETING.transcript.segments if each != segment for word in each.words]
    words, audio = recorded(tmp_path / "s", BlockSource(iter(np.array_split(damaged, 40))))
    assert words == kept
    assert not audio[first:last].any()
    assert np.array_equal(np.delete(audio, slice(first, last)), np.delete(AUDIO, slice(first, last)))


def reading(data: bytes, sizes: Callable[[int], int]) -> Callable[[int], bytes]:
    """Return a function that reads a stream in pieces of certain sizes."""
    position = [0, 0]

    def read(size: int) -> bytes:
        part = data[position[0] :][: min(size, sizes(position[1]))]
        position[0], position[1] = position[0] + len(part), position[1] + 1
        return part

    return read


def test_a_stream_that_ends_within_a_sample(tmp_path: Path) -> None:
    """Half of the last sample is dropped, and nothing else, however the bytes are divided."""
    data = INTEGERS.tobytes() + b"\x7f"
    words, audio = recorded(tmp_path / "s", byte_source(reading(data, lambda number: 3 + number % 5_000)))
    assert words == WORDS and np.array_equal(audio, AUDIO)


def test_a_container_with_garbage_in_the_middle(tmp_path: Path) -> None:
    """Audio before the damage and after it arrives; at most a second is missing."""
    tone = 0.4 * np.sin(np.arange(16_000 * 6) / 20)[None]
    data = bytearray(write(tmp_path / "a.ogg", tone, "libopus", 16_000).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = b"\x55" * 400
    chunks = list(byte_source(reading(bytes(data), lambda _: 700)).chunks())
    audio = np.concatenate([chunk.samples[:, 0] for chunk in chunks])
    assert [chunk.start for chunk in chunks[1:]] == [chunk.end for chunk in chunks[:-1]]
    assert 5 <= len(audio) / 16_000 <= 6.1
    assert np.abs(audio[16_000:32_000]).max() > 0.2 < np.abs(audio[-16_000:-4_000]).max()


KILLED = """
import sys, time
from pathlib import Path
from meetscribe.live import Session
from meetscribe.live.recording.recorder import FolderRecorder
from tests.live.test_faults import AUDIO, FAKE_PARTS, MEETING, fake_live_recogniser
folder = Path(sys.argv[1])
recorder = FolderRecorder.resume(folder) if folder.exists() else FolderRecorder.start(folder, 1, "test")
session = Session(fake_live_recogniser(MEETING), recorder=recorder, parts=FAKE_PARTS)
print("ready", flush=True)
for start in range(recorder.next_frame, len(AUDIO), 800):
    session.feed(AUDIO[start : start + 800])
    time.sleep(0.01)
session.stop()
recorder.change("flush")
session.close()
recorder.close()
"""


def kill_after(folder: Path, seconds: float) -> bool:
    """Continue the session in another process and kill it after some time; return whether it had ended before."""
    return killed_after([sys.executable, "-c", KILLED, str(folder)], seconds)


@pytest.mark.long
def test_a_session_that_is_killed_again_and_again_loses_no_word(tmp_path: Path) -> None:
    """Each process continues where the last one was killed; at the end all audio and all words are there, in order."""
    rng, kills = np.random.default_rng(1), 0
    while kills < 50 and not kill_after(tmp_path / "s", float(rng.uniform(0.05, 0.4))):
        kills += 1
    while not kill_after(tmp_path / "s", 60):
        pass
    live = LiveTranscript().apply_all(read_log(tmp_path / "s"))
    assert kills >= 5
    assert np.array_equal(load_audio(tmp_path / "s").samples[:], AUDIO)
    assert [word.text for word in live.words] == WORDS
