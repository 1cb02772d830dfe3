"""Processes that add to a library and search it, and processes that are killed while they add."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import dataclass, replace
from multiprocessing.queues import Queue

from meetscribe.library import Meeting, Passage, Record, SourceFile, open_library

WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa".split()
PASSAGES = 40


@dataclass(frozen=True)
class Load:
    """What the processes did: meetings added, searches made, and what is wrong afterwards."""

    added: int
    searches: int
    problems: tuple[str, ...]


def numbered_record(name: str) -> Record:
    """Return a meeting whose id and words follow from a name without spaces."""
    digest = name.encode().hex()
    lines = [f"{name} {' '.join(WORDS[(at + step) % len(WORDS)] for step in range(8))}" for at in range(PASSAGES)]
    passages = tuple(Passage(at, at * 5.0, at * 5.0 + 4.0, "Anna", line) for at, line in enumerate(lines))
    source = SourceFile(f"/nowhere/{name}", f"sha256:{digest}", 1, 1)
    return Record(Meeting(digest, source, name, None, "en", 200.0, passages=len(passages)), passages)


def add_and_search(location: str, processes: int, seconds: float) -> Load:
    """Let processes add meetings and search at once, and check that all are there and found afterwards."""
    context = multiprocessing.get_context("spawn")
    answers: Queue[tuple[list[str], int]] = context.Queue()
    running = [
        context.Process(target=_work, args=(location, f"worker{number}x", seconds, answers))
        for number in range(processes)
    ]
    for each in running:
        each.start()
    results = [answers.get(timeout=seconds + 120) for _ in running]
    for each in running:
        each.join()
    names = [name for added, _ in results for name in added]
    return Load(len(names), sum(searches for _, searches in results), _problems(location, names))


def kill_while_adding(location: str, kills: int) -> Load:
    """Kill a process that adds meetings, again and again, and check what it reported as added.

    Each meeting must be there completely or not at all, those reported as added must be there.
    """
    context = multiprocessing.get_context("spawn")
    reported: list[str] = []
    for number in range(kills):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_add_forever, args=(location, f"kill{number}x", sender))
        process.start()
        sender.close()
        reported.append(receiver.recv())
        time.sleep(0.003 * (number % 10))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        while receiver.poll():
            try:
                reported.append(receiver.recv())
            except (EOFError, OSError):
                break
    return Load(len(reported), 0, _problems(location, reported))


def _work(location: str, name: str, seconds: float, answers: Queue[tuple[list[str], int]]) -> None:
    """Add meetings and search for each, until the time is over."""
    added: list[str] = []
    searches = 0
    with open_library(location) as library:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            added.append(f"{name}{len(added)}")
            library.store.put(numbered_record(added[-1]))
            for query in (added[-1], "alpha charlie", f'"{WORDS[len(added) % len(WORDS)]}"'):
                assert library.search(query, 5).hits, query
                searches += 1
            if len(added) % 3 == 0:  # one is read again, as after a correction
                record = numbered_record(added[-2])
                library.store.put(replace(record, meeting=replace(record.meeting, title="again")))
    answers.put((added, searches))


def _add_forever(location: str, name: str, sender: object) -> None:
    """Add meetings until the process is killed, and report each that is stored."""
    with open_library(location) as library:
        number = 0
        while True:
            library.store.put(numbered_record(f"{name}{number}"))
            sender.send(f"{name}{number}")  # type: ignore[attr-defined]
            number += 1


def _problems(location: str, names: list[str]) -> tuple[str, ...]:
    """Return what is wrong with a library that should have these meetings, each with all of its passages."""
    problems: list[str] = []
    with open_library(location) as library:
        problems += library.store.check()
        meetings = {meeting.id: meeting for meeting in library.meetings(hidden=True)}
        problems += [f"{name} is lost" for name in names if name.encode().hex() not in meetings]
        for meeting in meetings.values():
            name = bytes.fromhex(meeting.id).decode()
            passages = library.passages(meeting)
            if [each.text for each in passages] != [each.text for each in numbered_record(name).passages]:
                problems.append(f"{name} is incomplete")
        for name in names[:: max(1, len(names) // 50)]:
            if len(library.search(name, PASSAGES).hits) != PASSAGES:
                problems.append(f"{name} is not found")
    return tuple(problems)
