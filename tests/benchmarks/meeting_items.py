"""Score the status of actions and decisions on 20 planted series of five meetings, from the transcripts alone.

    python -m tests.benchmarks.meeting_items           # both halves, in less than a minute
    python -m tests.benchmarks.meeting_items --misses  # also the errors on the half that the rules were tuned on
    python -m tests.benchmarks.meeting_items --write   # store the held-out precision, by which statuses are suggestions

The minutes are made by rules first, so that an item which they miss counts as missed here. The rules and the cue lists
were tuned on the ten series of the first half; those of the other half share no task, decision or wording with them.
All phrases are invented (tests/support/meeting_series.toml): spoken meetings are less clear. Of items in the minutes
that were not planted, only done and contradicted are counted, as errors.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from meetscribe.library import open_library
from meetscribe.meetings import ItemStatus, MeetingItem, items
from meetscribe.meetings.follow_up.precision import CERTAIN, FILE
from tests.support.meeting_series import HALVES, Planted, Series, series

SCORED: tuple[ItemStatus, ...] = ("done", "contradicted", "stale")


def main() -> None:
    """Print the scores of both halves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print the errors, except of the held-out half")
    parser.add_argument("--write", action="store_true", help="store the held-out precision in the package")
    arguments = parser.parse_args()
    print(f"{'':10} {'status':13} {'right':>5} {'found':>5} {'planted':>7} {'precision':>9} {'recall':>6}  shown as")
    for half in HALVES:
        pairs = [pair for one in series(half) for pair in judged(one)]
        precision = print_scores(half, pairs)
        if arguments.misses and half == "tuning":
            print_misses(pairs)
    if arguments.write:
        note = "precision on the held-out series of python -m tests.benchmarks.meeting_items"
        FILE.write_text(json.dumps({"about": note, "precision": precision}, indent=1) + "\n", encoding="utf-8")


def judged(one: Series) -> Iterator[tuple[Planted | None, MeetingItem | None]]:
    """Yield the planted items of a series with the items found for them, None if missed, and those not planted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, transcript in enumerate(one.transcripts):
            transcript.save(folder / f"{number}.json")
        with open_library(folder / "library.db") as library:
            list(library.add(sorted(folder.glob("*.json"))))
            found = list(items(library, make=True))
    for planted in one.planted:
        own = [item for item in found if _is_of(item, planted)]
        yield planted, own[0] if own else None
        found = [item for item in found if item not in own]
    yield from ((None, item) for item in found if item.status in ("done", "contradicted"))


def print_scores(half: str, pairs: list[tuple[Planted | None, MeetingItem | None]]) -> dict[str, float]:
    """Print precision and recall of each status, and return the precision, rounded down."""
    right, found, planted = Counter[str](), Counter[str](), Counter[str]()
    for truth, item in pairs:
        if truth is not None:
            planted[truth.status] += 1
        if item is not None:
            found[item.status] += 1
            right[item.status] += truth is not None and truth.status == item.status
    shares: dict[str, float] = {}
    for status in SCORED:
        shares[status] = int(1000 * right[status] / max(1, found[status])) / 1000
        shown = status if shares[status] >= CERTAIN else f"perhaps {status}"
        print(
            f"{half:10} {status:13} {right[status]:5} {found[status]:5} {planted[status]:7} {shares[status]:9.3f} "
            f"{right[status] / planted[status]:6.3f}  {shown}"
        )
    missed = sum(item is None for truth, item in pairs)
    print(f"{half:10} {sum(planted.values())} items were planted, of which the minutes miss {missed}")
    return shares


def print_misses(pairs: list[tuple[Planted | None, MeetingItem | None]]) -> None:
    """Print the items with another status than planted."""
    for truth, item in pairs:
        if truth is None or item is None or truth.status != item.status:
            said = truth and " / ".join(text for _, text in truth.lines)
            later = truth and [text for _, (_, text) in truth.later]
            print(f"  {truth and (truth.status, truth.fate)} {said!r} {later} owner {truth and truth.owner}")
            print(f"    found {item and (item.status, item.kind, item.text, item.owners)}")
            print(f"    {item and [one.quote for one in item.evidence]}")


def _is_of(item: MeetingItem, planted: Planted) -> bool:
    """Return whether an item of the minutes is the planted one: its meeting, and its time."""
    is_there = item.meeting.title.endswith(f" {planted.meeting + 1}")
    return is_there and item.kind == planted.kind and planted.span.start <= item.start < planted.span.end


if __name__ == "__main__":
    main()
