"""Load and faults of the server on loopback, with fake engines: fuzzing, uploads, live sessions, memory, kills.

    python -m tests.benchmarks.server [--requests 2000] [--uploads 200] [--sessions 50] [--kills 20] [--seed 0]

Random requests and frames must not cause a status of 500 or more, or an error in the log. Uploads arrive in parallel,
and each must become a job that is done. Live sessions run at the same time on one model, and each must receive exactly
its words: a different part of the meeting for each. Both run a second time to measure how the memory of the server
grows. Servers are killed (SIGKILL) right after they acknowledged uploads, corrections and live audio; the next server
must have all of them. The exit code is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.server.running import RunningServer, local_settings, running_server

Row = tuple[str, str, list[str]]


def fuzz(folder: Path, requests: int, seed: int) -> Iterator[Row]:
    """Send random requests."""
    from tests.server import faults
    from tests.server.test_live import FakeModels

    settings = local_settings(folder, max_live=5, live_grace=1.0, max_uploads=5, max_upload_mb=1)
    with running_server(settings, models=FakeModels()) as server:
        found, defects = faults.fuzz(server, requests, seed)
    yield f"{requests} random requests", _counts(found), defects


def load(folder: Path, uploads: int, sessions: int) -> Iterator[Row]:
    """Upload and talk twice in parallel; the memory is that of the process of the server, after each time."""
    from tests.server.child import child_server

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
    from tests.server.kills import kill_servers

    known, lost = kill_servers(folder, count)
    audio = f"{sum(known.seconds.values()):.1f} s of live audio in {len(known.seconds)} sessions"
    counts = f"{len(known.uploads)} uploads, {len(known.names)} corrections, {audio}"
    yield f"{count} kills of the server", f"{counts} acknowledged; lost {len(lost)}", lost


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
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        parts = (
            fuzz(root / "fuzz", given.requests, given.seed),
            load(root / "load", given.uploads, given.sessions),
            kill(root / "kills", given.kills),
        )
        for part in parts:
            for label, result, failures in part:
                print(f"{label:<30}{result}", flush=True)
                for line in failures[:10]:
                    print(f"    FAILED {line[:200]}")
                failed = failed or bool(failures)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
