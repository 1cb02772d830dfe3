"""Compare the files of our writers with those of whisperX, and measure the cost of formats and of `export`.

    python -m tests.benchmarks.formats              # all tables, in two minutes
    python -m tests.benchmarks.formats --defects    # only the table of defects, in seconds

Both packages write the awkward transcript of the golden files, and a meeting whose words contain the name of their
speaker, in lines of 42 columns. A defect is a place where a file breaks the rules of its format or is wrong. Memory is
the peak of Python's allocator, without the transcript itself.
"""

from __future__ import annotations

import argparse
import gc
import html
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from meetscribe.formats import FORMATS, read, write
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.formats.goldens import awkward

Files: TypeAlias = dict[str, str]
"""The text of each file by its format: srt, vtt, txt, tsv, json, labels."""

Check: TypeAlias = Callable[[str], int]

HEAVY = {"torch", "numpy", "pandas", "pyarrow", "docx", "lxml", "whisperx", "pyannote", "transformers"}
"""Packages that take long to load."""

WIDTH = 42
OURS = {"srt": "srt", "vtt": "vtt", "txt": "txt", "tsv": "tsv", "json": "whisperx", "labels": "audacity"}
_ARROW = re.compile(r"^\S+ --> \S+$")


def tagged() -> Transcript:
    """Return a meeting of short turns whose words are `anna12`, `ben13`: the speaker and a number."""
    segments, now, number = [], 0.0, 0
    for turn in range(40):
        speaker = ("Anna", "Ben", "Cem")[turn % 3]
        words = []
        for _ in range(1 + turn * 7 % 9):
            words.append(Word(f"{speaker.lower()}{number}", now, now + 0.25, "aligned", 0.9, speaker))
            now, number = now + 0.3, number + 1
        segments.append(Segment(tuple(words)))
        now += 0.1
    return Transcript(tuple(segments), Meta("en", now))


def whisperx_files(transcript: Transcript) -> Files:
    """Return the files of whisperX's writers for the transcript in its own layout, with names as labels."""
    from whisperx.utils import get_writer

    result = json.loads(write(transcript, "whisperx"))
    options = {"max_line_width": WIDTH, "max_line_count": 2, "highlight_words": False}
    files: Files = {}
    with tempfile.TemporaryDirectory() as folder:
        for form in ("srt", "vtt", "txt", "tsv", "json", "aud"):
            get_writer(form, folder)(result, "a.wav", options)
            text = (Path(folder) / f"a.{form}").read_bytes().decode()
            files["labels" if form == "aud" else form] = text
    return files


def our_files(transcript: Transcript) -> Files:
    """Return the files of meetscribe's writers."""
    return {name: write(transcript, format).decode() for name, format in OURS.items()}


def cues(text: str) -> Iterator[list[str]]:
    """Yield the lines of each cue after its times."""
    for block in re.split(r"\n\n+", text):
        lines = block.split("\n")
        times = [index for index, line in enumerate(lines[:2]) if _ARROW.match(line)]
        if times:
            yield [line for line in lines[times[0] + 1 :] if line]


def two_speakers(text: str) -> int:
    """Count cues with words of more than one speaker."""
    return sum(len(speakers_in(lines)) > 1 for lines in cues(text))


def wrong_speaker(text: str) -> int:
    """Count words that get another speaker if cues without a name take the name of the cue before."""
    transcript = read(text.encode(), "-")
    return sum(speakers_in([word.text]) != {word.speaker} for word in transcript.words)


def speakers_in(lines: list[str]) -> set[str]:
    """Return the speakers of the tagged words in the lines."""
    return {name.capitalize() for name in re.findall(r"\b(anna|ben|cem)\d", " ".join(lines))}


def arrows(text: str) -> int:
    """Count lines of text with an arrow, which the format does not allow there."""
    return sum("-->" in line for lines in cues(text) for line in lines)


def unescaped(text: str) -> int:
    """Count lines of WebVTT with an `&` or `<` that is neither a character reference nor a voice tag."""
    lines = (line for block in cues(text) for line in block)
    return sum(bool(re.search(r"&(?!amp;|lt;|gt;)|<(?!/?v[ >])", line)) for line in lines)


def no_voice(text: str) -> int:
    """Count cues of WebVTT without a voice tag `<v>`."""
    return sum(not any(line.startswith("<v ") for line in lines) for lines in cues(text))


def wide(text: str) -> int:
    """Count lines over the maximum width."""
    lines = (re.sub(r"</?v[^>]*>", "", html.unescape(line)) for block in cues(text) for line in block)
    return sum(len(line) > WIDTH for line in lines)


def no_name_column(text: str) -> int:
    """Count the rows of a table without a column for the speaker."""
    rows = text.rstrip("\n").split("\n")
    return 0 if "speaker" in rows[0].split("\t") else len(rows) - 1


def broken_rows(text: str) -> int:
    """Count rows with more or fewer cells than the first."""
    rows = text.rstrip("\n").split("\n")
    return sum(row.count("\t") != rows[0].count("\t") for row in rows)


def formulas(text: str) -> int:
    """Count cells that a spreadsheet would evaluate as formulas."""
    cells = (cell for row in text.split("\n")[1:] for cell in row.split("\t"))
    return sum(bool(re.match(r"[=+@-]", cell)) for cell in cells)


def broken_lines(text: str) -> int:
    """Count lines that do not start a segment, caused by a line break in a name or a text."""
    return sum(not re.match(r"\[[^\]]*\]", line) for line in text.rstrip("\n").split("\n"))


CHECKS: dict[str, tuple[str, Check, bool]] = {
    "cues of two speakers": ("srt vtt", two_speakers, True),
    "words of the wrong speaker": ("srt vtt", wrong_speaker, True),
    "lines over 42 columns": ("srt vtt", wide, True),
    "arrows inside a cue": ("srt vtt", arrows, False),
    "unescaped & and <": ("vtt", unescaped, False),
    "cues without a voice tag": ("vtt", no_voice, True),
    "rows without a speaker": ("tsv", no_name_column, True),
    "rows with extra or missing cells": ("tsv labels", broken_rows, False),
    "cells evaluated as formulas": ("tsv", formulas, False),
    "broken lines": ("txt", broken_lines, False),
}
"""The defects: the formats, the function that counts, and True for the tagged meeting, False for the awkward one."""


def defects() -> None:
    """Print the table of defects."""
    theirs = {True: whisperx_files(tagged()), False: whisperx_files(awkward())}
    ours = {True: our_files(tagged()), False: our_files(awkward())}
    print(f"{'format':8} {'defect':33} {'whisperX':>9} {'meetscribe':>11}")
    for defect, (formats, count, use_tagged) in CHECKS.items():
        for format in formats.split():
            row = (count(files[use_tagged][format]) for files in (theirs, ours))
            print(f"{format:8} {defect:33} {next(row):9} {next(row):11}")


def long_meeting(words: int) -> Transcript:
    """Return a meeting of four speakers with ten words per segment and 10 000 words per hour."""
    segments = []
    for first in range(0, words, 10):
        own = (Word("end." if n == 9 else "word", (first + n) * 0.36, (first + n) * 0.36 + 0.3) for n in range(10))
        speaker = f"SPEAKER_{first // 10 % 4:02}"
        segments.append(Segment(tuple(Word(w.text, w.start, w.end, "aligned", 0.9, speaker) for w in own)))
    return Transcript(tuple(segments), Meta("en", words * 0.36 + 1))


def costs() -> None:
    """Print seconds and memory of one and of ten hours in each format, written and read."""
    short, long = long_meeting(10_000), long_meeting(100_000)
    columns = f"{'1 h s':>7} {'10 h s':>7} {'ratio':>6} {'10 h MB':>8}"
    print(f"\n{'':14} {'written':31} {'':8} read\n{'format':14} {columns} {'file MB':>8} {columns}")
    for name, row in FORMATS.items():
        if row.writes:
            write(long_meeting(100), name)  # load the packages before the measurement
            files = write(short, name), write(long, name)
            line = (
                f"{name:14} {cost(partial(write, short, name), partial(write, long, name))} {len(files[1]) / 1e6:8.1f}"
            )
            if row.reads:
                line += " " + cost(*(partial(read, data, f"a{row.suffixes[0]}") for data in files))
            print(line)


def cost(hour: Callable[[], object], ten: Callable[[], object]) -> str:
    """Return the seconds of both calls, their ratio, and the peak megabytes of the second."""
    seconds = timed(hour), timed(ten)
    ratio = f"{seconds[1] / seconds[0]:.1f}" if seconds[0] > 0.005 else ""
    tracemalloc.start()
    ten()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return f"{seconds[0]:7.2f} {seconds[1]:7.2f} {ratio:>6} {peak:8.0f}"


def timed(call: Callable[[], object]) -> float:
    """Return the processor time of a call: the lower of two, since other processes use the machine."""
    seconds = []
    for _ in range(2):
        gc.collect()
        started = time.process_time()
        call()
        seconds.append(time.process_time() - started)
    return min(seconds)


def commands() -> None:
    """Print the total time of `meetscribe export` for a meeting of one hour, and the heavy packages it imports."""
    print("\nmeetscribe export of one hour, each format in a new process, from start to exit")
    print(f"{'format':14} {'wall s':>7} {'cpu s':>7}  imports")
    hour = write(long_meeting(10_000), "json")
    for name, row in FORMATS.items():
        if row.writes:
            command = [sys.executable, "-X", "importtime", "-m", "meetscribe", "export", "-", "-f", name, "-o", "-"]
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run([command[0], *command[3:]], input=hour, capture_output=True, check=True)
            wall = time.monotonic() - started
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            listed = subprocess.run(command, input=hour, capture_output=True, check=True).stderr.decode()
            loaded = {line.rpartition("|")[2].strip() for line in listed.splitlines() if line.startswith("import time")}
            print(f"{name:14} {wall:7.2f} {cpu:7.2f}  {', '.join(sorted(loaded & HEAVY)) or 'none'}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--defects", action="store_true", help="print only the table of defects")
    only_defects = parser.parse_args().defects
    defects()
    if not only_defects:
        costs()
        commands()


if __name__ == "__main__":
    main()
