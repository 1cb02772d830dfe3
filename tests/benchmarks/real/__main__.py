"""Compare meetscribe with whisperX and faster-whisper on real weights and real recordings.

    python -m tests.benchmarks.real                            # every set but the single utterances ("readers")
    python -m tests.benchmarks.real --sets ami,languages       # sets whose names contain ami or languages
    python -m tests.benchmarks.real --systems ours,whisperX    # some systems; --tune or --hold-out: some recordings
    python -m tests.benchmarks.real --set asr.beam_size=1      # with a changed setting of meetscribe
    python -m tests.benchmarks.real --stored                   # print what is stored, compute nothing
    python -m tests.benchmarks.real make                       # assemble harder recordings from real ones (make --help)

All systems use the same weights, beam size, numeric type and normalization, detect the language and do not align.
Outputs are stored under a key of weights, code, packages, settings and recording: an interrupted run goes on where it
ended, and a repeated one computes only what has changed. `fw` is faster-whisper.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.real.outputs import Results
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Recording, find_recordings
from tests.benchmarks.real.running import Comparison
from tests.benchmarks.real.scoring import english_normalization, score
from tests.benchmarks.real.systems import SYSTEMS, Choices
from tests.benchmarks.real.tables import (
    Scores,
    as_json,
    costs,
    hallucinations,
    intervals,
    languages,
    word_errors,
    word_times,
)

TABLES: dict[str, Callable[[Scores], Iterator[str]]] = {
    "errors": word_errors,
    "intervals": intervals,
    "hallucinations": hallucinations,
    "times": word_times,
    "languages": languages,
    "cost": costs,
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options."""

    def names(text: str) -> list[str]:
        return [name.strip() for name in text.split(",")]

    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.real",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--systems", type=names, default=list(SYSTEMS), help=f"of: {', '.join(SYSTEMS)} [all]")
    parser.add_argument("--sets", type=names, default=[], help="parts of the names of sets [all]")
    parser.add_argument("--only", type=names, default=[], help="parts of the names of recordings [all]")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--tune", dest="part", action="store_const", const="tune", help="only recordings to tune on")
    part.add_argument("--hold-out", dest="part", action="store_const", const="held out", help="only those held out")
    parser.add_argument("--tables", type=names, default=list(TABLES), help=f"of: {', '.join(TABLES)} [all]")
    parser.add_argument("--model", default="whisper-base", help="name or directory of the weights [whisper-base]")
    parser.add_argument("--compute-type", default="int8", help="numeric type of all systems [int8]")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="a setting of ours")
    parser.add_argument("--data", type=Path, help="folder of recordings [$MEETSCRIBE_REAL_DATA, or shared/data]")
    parser.add_argument("--stored", action="store_true", help="use stored outputs only")
    parser.add_argument("--json", action="store_true", help="print the scores of each recording and system as JSON")
    options = parser.parse_args(arguments)
    unknown = set(options.systems) - set(SYSTEMS) | set(options.tables) - set(TABLES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def chosen(recordings: Sequence[Recording], options: argparse.Namespace) -> list[Recording]:
    """Return the recordings that the options select."""
    return [
        each
        for each in recordings
        if (any(part in each.set for part in options.sets) if options.sets else each.set != "readers")
        and (not options.only or any(part in each.name for part in options.only))
        and options.part in (None, each.part)
    ]


def main() -> int:
    """Run the benchmark; return 0, also if it is skipped because something is missing."""
    if sys.argv[1:2] == ["make"]:
        from tests.benchmarks.real.making.command import main as make

        return make(sys.argv[2:])
    options = parse(sys.argv[1:])
    places = Places.default()
    places = replace(places, data=options.data or places.data)
    if missing := places.missing(options.model):
        print(missing, file=sys.stderr)
        return 0
    recordings = chosen(find_recordings(places), options)
    changes = dict(change.split("=", 1) for change in options.set)
    choices = Choices(places.model(options.model), options.compute_type, changes)
    comparison = Comparison(choices, Results(places.results))
    outputs = {name: comparison.outputs(name, recordings, stored=options.stored) for name in options.systems}
    known = [each for each in recordings if all(each.key in found for found in outputs.values())]
    scores = {name: [score(each, found[each.key]) for each in known] for name, found in outputs.items()}
    print(json.dumps(as_json(scores), ensure_ascii=False, indent=1) if options.json else report(scores, options))
    return 0


def report(scores: Scores, options: argparse.Namespace) -> str:
    """Return the tables."""
    count = len(next(iter(scores.values())))
    if not count:
        return "no recording has the outputs of all these systems"
    about = (
        f"{Path(options.model).name}, {options.compute_type}, {count} recordings; English normalized by "
        f"{english_normalization()!r}, other languages by 'basic'"
    )
    return "\n".join([about, *("\n" + "\n".join(TABLES[name](scores)) for name in options.tables)])


if __name__ == "__main__":
    sys.exit(main())
