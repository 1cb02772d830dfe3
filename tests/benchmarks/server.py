"""Load and faults of the server on loopback, with fake engines: fuzzing, uploads, live sessions, memory, kills.

    python -m tests.benchmarks.server [--requests 2000] [--uploads 200] [--sessions 50] [--kills 20] [--seed 0]
    python -m tests.benchmarks.server --model whisper-tiny.en     # four live sessions with real models

Random requests and frames must not cause a status of 500 or more, or an error in the log. Uploads arrive in parallel,
and each must become a job that is done. Live sessions run at the same time on one model, and each must receive exactly
its words: a different part of the meeting for each. Both run a second time to measure how the memory of the server
grows. Servers are killed (SIGKILL) right after they acknowledged uploads, corrections and live audio; the next server
must have all of them. The exit code is 1 if anything failed.

With --model, four recordings of real speech are played in real time in four sessions at once. Each text is compared
with its own reference, and must have no phrase of four words that only another recording has. The delay of a word is
the wall time from its end to its commit, and the lag is the audio that waits for recognition: measure on a quiet
machine. --speakers also finds the speakers, with segmentation-3.0 and CAM++. It skips where weights or recordings are
missing. --seconds plays only the start of each recording.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np

from meetscribe.settings import Settings
from tests.benchmarks.real.places import Places
from tests.server.running import RunningServer, local_settings, running_server

Row = tuple[str, str, list[str]]


def fuzz(folder: Path, requests: int, seed: int) -> Iterator[Row]:
    """Send random requests."""
    from tests.server.load import faults
    from tests.server.test_live import FakeModels

    settings = local_settings(folder, max_live=5, live_grace=1.0, max_uploads=5, max_upload_mb=1)
    with running_server(settings, models=FakeModels()) as server:
        found, defects = faults.fuzz(server, requests, seed)
    yield f"{requests} random requests", _counts(found), defects


def load(folder: Path, uploads: int, sessions: int) -> Iterator[Row]:
    """Upload and talk twice in parallel; the memory is that of the process of the server, after each time."""
    from tests.server.load.child import child_server

    limits = {"max_live": sessions, "max_uploads": uploads, "max_jobs": 4 * (uploads + sessions)}
    with child_server(folder, **limits) as (process, server):
        yield "memory at the start", f"{_resident(process.pid):.0f} MB", []
        for round in ("first", "second"):
            states = upload(server, uploads)
            wrong = [] if states == {"done": uploads} else [f"states of jobs: {_counts(states)}"]
            yield f"{uploads} parallel uploads", _counts(states), wrong
            right = talk(server, sessions)
            wrong = [] if right == sessions else [f"{sessions - right} sessions lack words or have others"]
            yield f"{sessions} live sessions at once", f"{right} received exactly their words", wrong
            yield f"memory after the {round} time", f"{_resident(process.pid):.0f} MB", []


def upload(server: RunningServer, count: int) -> Counter[str]:
    """Upload recordings in parallel, wait for their jobs, and return the number of jobs by state."""

    def one(number: int) -> str:
        with httpx.Client(base_url=server.url, timeout=120) as client:
            return RunningServer(server.url, client).post(f"upload {number}".encode() * 20_000)

    with ThreadPoolExecutor(count) as pool:
        ids = list(pool.map(one, range(count)))
    return Counter(str(server.wait(id)["state"]) for id in ids)


def talk(server: RunningServer, count: int) -> int:
    """Run live sessions at the same time, each on a part of the meeting; return how many received exactly its words.

    Each part starts with the meeting and ends with one of its words.
    """
    from meetscribe.audio import SAMPLE_RATE
    from tests.server.test_live import MEETING, PCM, Client

    words = MEETING.transcript.words

    def one(number: int) -> bool:
        last = len(words) - 1 - number % (len(words) // 2)
        client = Client(server, name=f"room {number}")
        client.feed(PCM[: 2 * round(words[last].end * SAMPLE_RATE)])
        job = client.finish()
        own = server.client.get(f"/api/jobs/{job}").json()["name"] == f"room {number}"
        return own and client.texts == [word.text for word in words[: last + 1]]

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(one, range(count)))


def kill(folder: Path, count: int) -> Iterator[Row]:
    """Kill servers right after they acknowledged something."""
    from tests.server.load.kills import kill_servers

    known, lost = kill_servers(folder, count)
    audio = f"{sum(known.seconds.values()):.1f} s of live audio in {len(known.seconds)} sessions"
    counts = f"{len(known.uploads)} uploads, {len(known.names)} corrections, {audio}"
    yield f"{count} kills of the server", f"{counts} acknowledged; lost {len(lost)}", lost


RECORDINGS = ("languages/en-audio1", "mixes/mix_000", "mixes/mix_002", "other/katiesteve")
"""Real speech of 29 to 58 s, whose words are known, with one to four speakers."""


def real(folder: Path, given: argparse.Namespace, places: Places) -> Iterator[Row]:
    """Run live sessions with real models at the same time."""
    from meetscribe.server.live.models import LoadedLiveModels
    from tests.benchmarks.real.recordings import find_recordings
    from tests.server.load.real_sessions import play_together

    found = {each.key: each for each in find_recordings(places)}
    models = LoadedLiveModels(real_settings(given.model, places, given.speakers))
    models.recogniser()
    with running_server(local_settings(folder), models=models) as server:
        began = time.process_time()
        sessions = play_together(server, [found[name] for name in RECORDINGS], given.seconds)
        spent = time.process_time() - began
    audio = sum(session.duration for session in sessions)
    for session in sessions:
        delays = np.percentile(session.delays, (50, 95))
        text = f"{len(session.found):>4} words, errors {session.errors}, delay {delays[0]:.1f} s, 95 % below "
        text += f"{delays[1]:.1f} s, lag at most {session.lag:.1f} s"
        yield session.recording.key, text, [f"a phrase of another: {each}" for each in session.foreign(sessions)]
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    yield "processor", f"{60 * spent / audio:.1f} s per minute of audio; the load of the machine was {load}", []


def real_settings(model: str, places: Places, speakers: bool) -> Settings:
    """Return the settings of a server with real weights."""
    from tests.benchmarks.real.ours import settings_of

    changes = {"asr.language": "en", "run.threads": "1"}
    if speakers:
        changes |= {"diarization.enabled": "true", "run.weights": str(places.real)}
    return settings_of(places.model(model), "int8", changes)


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in sorted(found.items()))


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MB (Linux)."""
    fields = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(fields.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    """Run all parts and print a row for each result, with the failures below it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000, help="random requests")
    parser.add_argument("--uploads", type=int, default=200, help="parallel uploads")
    parser.add_argument("--sessions", type=int, default=50, help="live sessions at the same time")
    parser.add_argument("--kills", type=int, default=20, help="kills of the server")
    parser.add_argument("--seed", type=int, default=0, help="seed of the random requests")
    parser.add_argument("--model", help="run four live sessions with this model of $MEETSCRIBE_REAL, and nothing else")
    parser.add_argument("--seconds", type=float, default=math.inf, help="of each recording of these sessions [all]")
    parser.add_argument("--speakers", action="store_true", help="find the speakers in these sessions, too")
    given = parser.parse_args()
    places = Places.default()
    if given.model and (missing := places.missing(given.model)):
        print(missing)
        return
    with tempfile.TemporaryDirectory() as name:
        failed = [row for part in parts(Path(name), given, places) for row in part if report(*row)]
    raise SystemExit(1 if failed else 0)


def parts(root: Path, given: argparse.Namespace, places: Places) -> Iterator[Iterator[Row]]:
    """Yield the parts of the benchmark."""
    if given.model:
        yield real(root / "real", given, places)
        return
    yield fuzz(root / "fuzz", given.requests, given.seed)
    yield load(root / "load", given.uploads, given.sessions)
    yield kill(root / "kills", given.kills)


def report(label: str, result: str, failures: list[str]) -> bool:
    """Print a row with the failures below it; return whether there are any."""
    print(f"{label:<30}{result}", flush=True)
    for line in failures[:10]:
        print(f"    FAILED {line[:200]}")
    return bool(failures)


if __name__ == "__main__":
    main()
