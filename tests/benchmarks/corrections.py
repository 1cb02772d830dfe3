"""Print what corrections from files find in each format, what happens with reported files, and what corrections cost.

    python -m tests.benchmarks.corrections                 # the table of imports and the times, in half a minute
    python -m tests.benchmarks.corrections --cases FOLDER  # a folder per reported fault, with its command in a README

The table of imports corrects a meeting in eight ways, writes it in each format that is read and written, and imports
the file as the corrected copy of the original. *Unchanged* counts the edits found in a copy without changes. *Same*
says whether the words and speakers after the import equal the corrected meeting.
"""

from __future__ import annotations

import argparse
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from meetscribe.formats import FORMATS, write
from meetscribe.publishing.corrected_copies import import_data
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Assign, Meta, Segment, Transcript, Word
from meetscribe.transcript.edits.word_edits import deletion, insertion, replacement, segment_split, with_edits
from meetscribe.transcript.word_ids import with_word_ids
from tests.publishing.test_corrected_copies import MEETING, corrected

SAMPLES = Path(__file__).parents[2] / "samples"
EDITS = 10_000
LINES = 8
"""The first lines of stdout and the last lines of stderr that are shown of a case."""


def by_speaker(transcript: Transcript) -> dict[str | None, list[str]]:
    """Return the edited words of each speaker in order of their segments."""
    found: dict[str | None, list[str]] = {}
    for segment in sorted(transcript.edited().segments, key=lambda one: one.start):
        for word in segment.words:
            found.setdefault(word.speaker, []).append(word.text)
    return found


def import_rows() -> Iterator[str]:
    """Yield a line per format: edits found without changes and with them, and whether the result is the same."""
    original, target = MEETING, corrected()
    yield f"{'format':14} {'unchanged':>9}  same  differences found in the corrected copy"
    for name, row in FORMATS.items():
        if not (row.reads and row.writes):
            continue
        file = f"copy{row.suffixes[0]}"
        unchanged = len(import_data(original, write(original, name), file, name)[1])
        edits, differences = import_data(original, write(target, name), file, name)
        same = by_speaker(with_edits(original, edits)) == by_speaker(target)
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(Counter(one.kind for one in differences).items()))
        yield f"{name:14} {unchanged:9}  {'yes' if same else 'no':4}  {kinds or '-'}"


def long_meeting(words: int) -> Transcript:
    """Return a meeting of four speakers in segments of ten words."""
    source = random.Random(1)
    segments = []
    turns = []
    for number in range(words // 10):
        start, speaker = number * 3.0, f"S{number % 4}"
        texts = (f"w{source.randrange(5000)}" for _ in range(10))
        segments.append(
            Segment(
                tuple(
                    Word(text, start + n * 0.3, start + n * 0.3 + 0.25, speaker=speaker) for n, text in enumerate(texts)
                )
            )
        )
        turns.append(Turn(start, start + 3, speaker))
    meta = Meta("en", words * 0.3, turns=tuple(turns), exclusive=tuple(turns))
    return with_word_ids(Transcript(tuple(segments), meta))


def edit_logs(meeting: Transcript) -> dict[str, list[object]]:
    """Return logs of edits: replacements, all kinds in turn, and assignments that cover most of the meeting."""
    words = meeting.words
    end = words[-1].end
    source = random.Random(1)
    mixed: list[object] = []
    for number in range(EDITS):
        first, second = words[number * 2 : number * 2 + 2]
        gap = Span(first.end, first.end + 0.01)
        kinds = (
            lambda a, b: replacement([a, b], "new words here"),
            lambda a, b: deletion([a]),
            lambda a, b, gap=gap: insertion("inserted", gap, after=a, speaker="S9"),
            lambda a, b: segment_split(b),
            lambda a, b: Assign(a.start, b.end, "S3"),
        )
        mixed.append(kinds[number % 5](first, second))
    return {
        f"{EDITS:,} replacements": [replacement(words[i * 2 : i * 2 + 2], "new words here") for i in range(EDITS)],
        f"{EDITS:,} edits of five kinds": mixed,
        "300 assignments of long passages": [Assign(source.random() * end, end, f"S{i % 6}") for i in range(300)],
    }


def time_rows() -> Iterator[str]:
    """Yield a line per log of edits: seconds to load the file and to apply the edits."""
    meeting = long_meeting(2 * EDITS)
    yield f"{'edits of a meeting of ' + format(len(meeting.words), ',') + ' words':42} {'load':>7} {'apply':>7}"
    for title, edits in edit_logs(meeting).items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "meeting.json"
            meeting.with_meta(edits=tuple(edits)).save(path)
            began = time.perf_counter()
            loaded = Transcript.load(path)
            read = time.perf_counter()
            loaded.edited()
            yield f"{title:42} {read - began:5.2f} s {time.perf_counter() - read:5.2f} s"


def case_rows(folder: Path) -> Iterator[str]:
    """Yield for each case its README and what the command in it prints now for each file of the case."""
    for case in sorted(path for path in folder.iterdir() if (path / "README").is_file()):
        note = (case / "README").read_text(encoding="utf-8").strip()
        yield f"\n## {case.name}\n{note}"
        command = re.search(r"meetscribe (?:run|export) (\S+).*$", note, re.MULTILINE)
        if command:
            files = sorted(path.name for path in case.iterdir() if path.name != "README")
            for name in files if command[1] in files else [command[1]]:
                yield from run_case(case, command[0].replace(command[1], shlex.quote(name)))


def run_case(case: Path, command: str) -> Iterator[str]:
    """Yield the exit code and the first lines of the output of a command line, run in a copy of the case."""
    yield f"$ {command}"
    with tempfile.TemporaryDirectory() as folder:
        work = shutil.copytree(case, Path(folder) / "case", ignore=shutil.ignore_patterns("README"))
        line = command.replace("samples/offline.toml", f"{SAMPLES / 'offline.toml'} --quiet")
        line = line.replace("FOLDER", ".").replace("meetscribe", f"{shlex.quote(sys.executable)} -m meetscribe")
        done = subprocess.run(line, shell=True, cwd=work, capture_output=True, text=True, check=False)
    shown = done.stdout.replace(str(SAMPLES), "samples").strip().splitlines()
    yield from (f"  {line}" for line in (*shown[:LINES], *done.stderr.strip().splitlines()[-LINES:]))
    yield f"  exit code {done.returncode}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, prog="corrections"
    )
    parser.add_argument("--cases", type=Path, metavar="FOLDER", help="run the command of each case in this folder")
    chosen = parser.parse_args(arguments)
    if chosen.cases:
        print(*case_rows(chosen.cases), sep="\n")
        return
    print(*import_rows(), sep="\n", end="\n\n")
    print(*time_rows(), sep="\n")


if __name__ == "__main__":
    main()
