"""Compare meetscribe with whisperX and faster-whisper on real weights and real recordings.

    python -m tests.benchmarks.real                            # every set but the single utterances ("readers")
    python -m tests.benchmarks.real --sets ami,languages       # sets whose names contain ami or languages
    python -m tests.benchmarks.real --systems ours,whisperX    # some systems; --tune or --hold-out: some recordings
    python -m tests.benchmarks.real --set asr.beam_size=1      # with a changed setting of meetscribe
    python -m tests.benchmarks.real --align facebook/wav2vec2-base-960h  # English with forced alignment
    python -m tests.benchmarks.real --stored                   # print what is stored, compute nothing
    python -m tests.benchmarks.real --variants                 # what checks, borders of chunks, prompts contribute
    python -m tests.benchmarks.real diarization                # who speaks when, by model (diarization --help)
    python -m tests.benchmarks.real make                       # assemble harder recordings from real ones (make --help)

All systems use the same weights, beam size, numeric type and normalization, detect the language, and do not align
unless --align is given.
Outputs are stored under a key of weights, code, packages, settings and recording: an interrupted run goes on where it
ended, and a repeated one computes only what has changed. `fw` is faster-whisper.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeAlias

from tests.benchmarks.real.outputs import Output, Results
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Recording, find_recordings
from tests.benchmarks.real.running import Comparison
from tests.benchmarks.real.scoring import english_normalization, score
from tests.benchmarks.real.speakers import ROWS, SpeakerScore, score_all
from tests.benchmarks.real.systems import SYSTEMS, Choices
from tests.benchmarks.real.tables import (
    Scores,
    as_json,
    costs,
    hallucinations,
    intervals,
    languages,
    speakers,
    word_errors,
    word_times,
)
from tests.benchmarks.real.variants import findings_table, score_variants, variants_table

Outputs: TypeAlias = dict[str, dict[str, Output]]
SpeakerScores: TypeAlias = dict[str, dict[str, SpeakerScore]]

SPEAKERS = "speakers"  # the table that needs diarizers

DEFAULT = [name for name in SYSTEMS if name != "ours unchecked"]

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
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.real",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_selection(parser)
    parser.add_argument("--model", default="whisper-base", help="name or directory of the weights [whisper-base]")
    parser.add_argument("--compute-type", default="int8", help="numeric type of all systems [int8]")
    parser.add_argument("--segmentation", default="auto", help="segmentation model of the speakers [auto]")
    parser.add_argument("--embedder", default="campplus", help="embedder of the speakers [campplus]")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="a setting of ours")
    parser.add_argument("--align", metavar="MODEL", help="English aligner of ours and whisperX")
    parser.add_argument("--data", type=Path, help="folder of recordings [$MEETSCRIBE_REAL_DATA, or shared/data]")
    parser.add_argument("--stored", action="store_true", help="use stored outputs only")
    parser.add_argument("--json", action="store_true", help="print the scores of each recording and system as JSON")
    options = parser.parse_args(arguments)
    options.part = options.part or ("tune" if options.variants else None)
    unknown = set(options.systems) - set(SYSTEMS) | set(options.tables) - {*TABLES, SPEAKERS}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def _add_selection(parser: argparse.ArgumentParser) -> None:
    """Add the options that select systems, recordings and tables."""

    def names(text: str) -> list[str]:
        return [name.strip() for name in text.split(",")]

    systems, tables = ", ".join(SYSTEMS), ", ".join((*TABLES, SPEAKERS))
    parser.add_argument("--systems", type=names, default=DEFAULT, help=f"of: {systems} [all but ours unchecked]")
    parser.add_argument("--sets", type=names, default=[], help="parts of the names of sets [all but readers]")
    parser.add_argument("--only", type=names, default=[], help="parts of the names of recordings [all]")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--tune", dest="part", action="store_const", const="tune", help="only recordings to tune on")
    part.add_argument("--hold-out", dest="part", action="store_const", const="held out", help="only those held out")
    parser.add_argument(
        "--variants", action="store_true", help="variants of single parts, on the recordings to tune on"
    )
    parser.add_argument("--tables", type=names, default=[*TABLES, SPEAKERS], help=f"of: {tables} [all]")


def chosen(recordings: Sequence[Recording], options: argparse.Namespace) -> list[Recording]:
    """Return the recordings that the options select."""
    return [
        each
        for each in recordings
        if (any(part in each.set for part in options.sets) if options.sets else each.set != "readers")
        and (not options.only or any(part in each.name for part in options.only))
        and options.part in (None, each.part)
        and (options.align is None or each.language == "en")
    ]


def main() -> int:
    """Run the benchmark; return 0, also if it is skipped because something is missing."""
    if sys.argv[1:2] == ["make"]:
        from tests.benchmarks.real.making.command import main as make

        return make(sys.argv[2:])
    if sys.argv[1:2] == ["diarization"]:
        from tests.benchmarks.real.diarization import main as diarize

        return diarize(sys.argv[2:])
    options = parse(sys.argv[1:])
    places = Places.default()
    places = replace(places, data=options.data or places.data)
    if missing := places.missing(options.model):
        print(missing, file=sys.stderr)
        return 0
    recordings = chosen(find_recordings(places), options)
    comparison = Comparison(choices_of(options, places, recordings), Results(places.results))
    print((variants_report if options.variants else systems_report)(comparison, recordings, options))
    return 0


def systems_report(comparison: Comparison, recordings: Sequence[Recording], options: argparse.Namespace) -> str:
    """Return the tables of the systems, or their scores as JSON."""
    outputs = {name: comparison.outputs(name, recordings, stored=options.stored) for name in options.systems}
    known = [each for each in recordings if all(each.key in found for found in outputs.values())]
    scores = {name: [score(each, found[each.key]) for each in known] for name, found in outputs.items()}
    voices = speaker_scores(comparison, known, outputs, options)
    if options.json:
        return json.dumps({"words": as_json(scores), "speakers": voices}, default=asdict, ensure_ascii=False, indent=1)
    return report(scores, voices, options)


def choices_of(options: argparse.Namespace, places: Places, recordings: Sequence[Recording]) -> Choices:
    """Return what all systems share."""
    segmentation, embedder = (
        str(places.model(name)) if places.model(name).is_dir() else name
        for name in (options.segmentation, options.embedder)
    )
    return Choices(
        places.model(options.model),
        options.compute_type,
        dict(change.split("=", 1) for change in options.set),
        segmentation,
        embedder,
        {str(each.path): len({turn.speaker for turn in each.turns}) for each in recordings if each.turns},
        options.align,
    )


def variants_report(comparison: Comparison, recordings: Sequence[Recording], options: argparse.Namespace) -> str:
    """Return the tables of the variants."""
    scores = score_variants(comparison, recordings)
    return "\n\n".join("\n".join(lines) for lines in (variants_table(scores), findings_table(scores["ours"])))


def speaker_scores(
    comparison: Comparison, recordings: Sequence[Recording], outputs: Outputs, options: argparse.Namespace
) -> SpeakerScores:
    """Return the scores of the speakers, by set and system; none if their table is not selected."""
    if SPEAKERS not in options.tables:
        return {}
    with_turns = [each for each in recordings if each.turns]
    rows = {diarizer for system, diarizer, _ in ROWS.values() if system in outputs}
    turns = {name: comparison.outputs(name, with_turns, stored=options.stored) for name in sorted(rows)}
    return score_all(with_turns, outputs, turns)


def report(scores: Scores, voices: SpeakerScores, options: argparse.Namespace) -> str:
    """Return the tables."""
    count = len(next(iter(scores.values())))
    if not count:
        return "no recording has the outputs of all these systems"
    about = (
        f"{Path(options.model).name}, {options.compute_type}, {count} recordings; English normalized by "
        f"{english_normalization()!r}, other languages by 'basic'"
    )
    tables = ["\n".join(TABLES[name](scores)) for name in options.tables if name in TABLES]
    return "\n\n".join([about, *filter(None, tables), *(["\n".join(speakers(voices))] if voices else [])])


if __name__ == "__main__":
    sys.exit(main())
