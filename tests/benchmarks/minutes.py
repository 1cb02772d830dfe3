"""Score the minutes on meetings with planted items, on faults planted in minutes, and on time.

    python -m tests.benchmarks.minutes                  # all tables, in about a minute
    python -m tests.benchmarks.minutes --misses         # also print what was missed and found wrongly
    python -m tests.benchmarks.minutes --output FOLDER  # also the samples as the pipeline writes them: FOLDER/NAME.json
    python -m tests.benchmarks.minutes --meetings FOLDER ...  # only the scores on the meetings in other folders

The rules are developed on the meetings in tests/minutes/meetings, whose README.md describes them and has the history
of the scores: `python -m tests.minutes.learn_weights` prints scores with each author's meetings left out in turn, and
--meetings those on others. *owner* and *due* are shares of the actions found.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from meetscribe.minutes.citations import WordIndex
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.verification.verifying import verified
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.word_ids import with_new_word_ids
from tests.minutes.faults import planted_faults
from tests.minutes.scoring import AUTHORS, Meeting, Score, as_transcript, meetings, score, total

SAMPLES = Path(__file__).parents[2] / "samples"
DAY = "2026-11-27"
"""The day that the samples are taken to be recorded."""


HEADER = f"{'':34} {'found':>5} {'expected':>8} {'precision':>9} {'recall':>6} {'owner':>6} {'due':>5} {'citations':>9}"
"""The first line above scores."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print the items missed and found wrongly")
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="transcripts of the samples by the pipeline")
    parser.add_argument(
        "--meetings", type=Path, nargs="+", metavar="FOLDER", help="score only the meetings (JSON) in these folders"
    )
    arguments = parser.parse_args()
    print(HEADER)
    if arguments.meetings:
        print_folders(arguments.meetings, arguments.misses)
        return
    sets = {author: [one for folder in own for one in meetings(folder).values()] for author, own in AUTHORS.items()}
    for name, group in sets.items():
        print_scores(name, [score_meeting(one) for one in group], arguments.misses)
    print_samples("samples, true words", SAMPLES, ".words.jsonl")
    if arguments.output:
        print_samples("samples, pipeline", arguments.output, ".json")
    everything = [meeting for group in sets.values() for meeting in group]
    print_faults(everything)
    print_time(everything)


def print_folders(folders: Iterable[Path], misses: bool = False) -> None:
    """Print the scores of the minutes of the meetings in folders, by language and in all."""
    by_language: dict[str, list[dict[str, Score]]] = defaultdict(list)
    for folder in folders:
        if not (found := meetings(folder.resolve())):
            raise SystemExit(f"{folder} has no meetings: JSON files as in tests/minutes/meetings")
        for meeting in found.values():
            by_language[meeting["language"]].append(score_meeting(meeting))
    for language, scores in sorted(by_language.items()):
        print_scores(f"{len(scores)} meetings, {language}", scores, misses)
    everything = [one for scores in by_language.values() for one in scores]
    if len(by_language) > 1:
        print_scores(f"{len(everything)} meetings", everything)


def score_meeting(meeting: Meeting) -> dict[str, Score]:
    """Return the scores of the minutes of a meeting."""
    transcript = as_transcript(meeting)
    return score(minutes_by_rules(transcript), transcript, meeting)


def print_scores(name: str, scores: Iterable[Mapping[str, Score]], misses: bool = False) -> None:
    """Print a line for each kind of items."""
    for kind, one in total(scores).items():
        shares = (
            f"{ratio(one.owners, one.matched):>6} {ratio(one.dues, one.matched):>5}" if kind == "actions" else 12 * " "
        )
        print(
            f"{name + ', ' + kind:34} {one.found:5} {one.expected:8} {one.precision:9.3f} {one.recall:6.3f} {shares}"
            f" {ratio(one.standing, one.citations):>9}"
        )
        for text in one.misses if misses else ():
            print(f"    missed: {text}")
        for text in one.false if misses else ():
            print(f"    wrong:  {text}")


def ratio(count: int, of: int) -> str:
    """Return a share with two decimals, or a dash."""
    return f"{count / of:.2f}" if of else "-"


def print_samples(name: str, folder: Path, suffix: str) -> None:
    """Print the scores on the samples: an item matches a planned one if it cites words of its time."""
    rows: dict[str, Counter[str]] = {"decisions": Counter(), "actions": Counter()}
    for file in sorted(SAMPLES.glob("*.plan.json")):
        sample = folder / file.name.replace(".plan.json", suffix)
        if sample.exists():
            transcript = Transcript.load(sample).with_meta(recorded_at=DAY)
            for kind, counts in rows.items():
                counts.update(score_sample(transcript, json.loads(file.read_text())[kind], kind))
    for kind, counts in rows.items():
        found, planned, matched = counts["found"], counts["planned"], counts["matched"]
        print(
            f"{name}: {kind}: found {found}, planned {planned}, precision {ratio(matched, found)}, recall"
            f" {ratio(matched, planned)}, owner {ratio(counts['owner'], counts['owned'])}"
        )


def score_sample(transcript: Transcript, planned: list[dict[str, Any]], kind: str) -> Counter[str]:
    """Return the counts of a sample: items found and planned, matched, and with the right owner by name."""
    minutes, index = minutes_by_rules(transcript), WordIndex.of(transcript)
    items = minutes.decisions if kind == "decisions" else minutes.actions
    left = list(planned)
    counts = Counter(found=len(items), planned=len(planned))
    for item in items:
        words = [word for citation in item.citations for word in index.own_words(citation)]
        hit = next((one for one in left if any(one["start"] <= word.start < one["end"] for word in words)), None)
        if hit is not None:
            left.remove(hit)
            counts["matched"] += 1
            if "owner" in hit:
                counts["owned"] += 1
                names = {index.name(one, transcript).lower() for one in item.owners}
                counts["owner"] += names == {hit["owner"].lower()}
    return counts


def print_faults(group: list[Meeting]) -> None:
    """Print how many of the planted faults the verifier passes, by kind of fault."""
    planted: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for name, item, dialogue in planted_faults(group):
        planted[name] += 1
        checked = verified(item, dialogue, WordIndex(dialogue.transcript.words))
        passed[name] += bool(checked.said and checked.said.passed)
    print(f"planted faults passed by the verifier: {sum(passed.values())} of {sum(planted.values())}")
    print("    " + ", ".join(f"{name} {passed[name]}/{count}" for name, count in sorted(planted.items())))


def print_time(group: list[Meeting], hours: float = 3.0) -> None:
    """Print the processor time for three hours of meeting, joined from all meetings in English."""
    transcripts = [as_transcript(meeting) for meeting in group if meeting["language"] == "en"]
    segments: list[Segment] = []
    now = 0.0
    while now < hours * 3600:
        for transcript in transcripts:
            if now >= hours * 3600:
                break
            segments += [
                Segment(tuple(replace(word, start=word.start + now, end=word.end + now, id=None) for word in one.words))
                for one in transcript.segments
            ]
            now += transcript.duration
    long = with_new_word_ids(replace(transcripts[0], segments=tuple(segments)).with_meta(duration=now))
    begun = time.process_time()
    found = minutes_by_rules(long)
    seconds = time.process_time() - begun
    print(f"{now / 3600:.1f} h, {len(long.words)} words: {seconds:.1f} s of processor time, {len(found.items)} items")


if __name__ == "__main__":
    main()
