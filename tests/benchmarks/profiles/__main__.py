"""Measure how well speakers are recognised by voice: similarities, thresholds and wrong names, on real voices.

    python -m tests.benchmarks.profiles                       # CAM++: tune on half of the voices, judge on the others
    python -m tests.benchmarks.profiles --embedder DIRECTORY  # another embedder, or package.module:function
    python -m tests.benchmarks.profiles --write               # store the thresholds in the package, or with the weights
    python -m tests.benchmarks.profiles --series              # series of 10 meetings, end to end, by our diarization
    python -m tests.benchmarks.profiles --minutes 4           # stop after about 4 minutes; the next run goes on

Voices: see `voices.py`; no voice is in both halves. Each is heard clean, through Opus at 24 and 8 kbit/s, through
G.711, and in a room. A person is enrolled from 10 s, clean or in the same condition, and compared with 3, 10 and 30 s
of other speech; 3 s are below what is used. `bound` is the one-sided 95 % upper bound of the share of wrong names;
trials of one voice are not independent, so it is given by voice as well. Enrolment and speech come from the same
session: a return on another day, with another microphone, is harder, and is not in these numbers.

Weights are searched in $MEETSCRIBE_REAL, recordings in $MEETSCRIBE_REAL_DATA, as by `tests.benchmarks.real`. Embedded
speech is stored in $MEETSCRIBE_REAL/results/profiles.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import meetscribe.profiles
from meetscribe.profiles.calibration import BESIDE_WEIGHTS, Calibration, find_calibration, to_json
from meetscribe.profiles.values import EmbeddingSpace
from tests.benchmarks.profiles.pieces import Pieces, load
from tests.benchmarks.profiles.series import print_series
from tests.benchmarks.profiles.tables import channels, distributions, pairs, thresholds, verdict
from tests.benchmarks.profiles.trials import Prints, Trial
from tests.benchmarks.profiles.tuning import agreement_limit, tune
from tests.benchmarks.profiles.voices import Voice, find_voices
from tests.benchmarks.real.places import Places

BUILT_IN = Path(meetscribe.profiles.__file__).with_name("calibrations.json")
USED = (10.0, 30.0)
"""The lengths of speech on which thresholds are tuned and judged."""


def all_trials(prints: Prints) -> list[Trial]:
    """Return the trials in all conditions, of the lengths that are used."""
    return [
        trial
        for enrolled, condition in pairs()
        for seconds in USED
        for trial in prints.trials(condition, seconds, enrolled)
    ]


def report(pieces: Pieces, voices: Sequence[Voice]) -> tuple[Calibration, Iterator[str]]:
    """Return the calibration tuned on one half of the voices, and the tables of the other half."""
    halves = {part: Prints(pieces, [v for v in voices if v.part == part]) for part in ("tune", "held out")}
    own, mixed = agreement_limit(pieces, halves["tune"].voices)
    count = len(halves["tune"].voices)
    text = (
        f"tuned on {count} real voices, judged on {len(voices) - count} others, in clean, coded and reverberant speech"
    )
    tuned = tune(all_trials(halves["tune"]), round((own + mixed) / 2, 2), text)

    def lines() -> Iterator[str]:
        yield f"{len(voices)} voices: {count} to tune on, {len(voices) - count} held out"
        yield from channels(Prints(pieces, voices))
        yield f"\nagreement of pieces: one voice at least {own:.2f}, with a piece of another at most {mixed:.2f} (tune)"
        yield "\nSimilarities, held out"
        yield from distributions(halves["held out"])
        judged = all_trials(halves["held out"])
        yield "\nNames at each threshold, held out, 10 and 30 s"
        yield from thresholds(judged, tuned)
        yield "\nAt the thresholds tuned on the other half, held out, 10 and 30 s"
        yield from verdict(judged, tuned)
        yield "\nThe halves exchanged: tuned on the voices held out, judged on the others (not stored)"
        yield from verdict(all_trials(halves["tune"]), tune(judged, tuned.agreement, ""))

    return tuned, lines()


def write(calibration: Calibration, embedder: str, identifier: str) -> Path:
    """Store a calibration beside the weights in a folder, or that of CAM++ in the package; return the file."""
    folder = Path(embedder)
    if folder.is_dir() and identifier.partition("-")[0] != "CAM++":
        file = folder / BESIDE_WEIGHTS
        members = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        members["profiles"] = to_json(calibration)
    else:
        file = BUILT_IN
        members = {**json.loads(file.read_text(encoding="utf-8")), identifier: to_json(calibration)}
    file.write_text(json.dumps(members, indent=1) + "\n", encoding="utf-8")
    return file


def main() -> None:
    """Run the measurement selected on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.profiles",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--embedder", default="campplus")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--series", action="store_true")
    parser.add_argument("--minutes", type=float, default=60.0)
    options = parser.parse_args()
    places = Places.default()
    embedder = str(places.real / options.embedder) if (places.real / options.embedder).is_dir() else options.embedder
    if not places.data.is_dir() or (options.embedder == "campplus" and not Path(embedder).is_dir()):
        print(f"skipped: no recordings in {places.data}, or no weights in {places.real}")
        return
    diarizer = load(embedder)
    identifier = str(diarizer.embedder)
    pieces, voices = Pieces.open(places.results / "profiles", identifier), find_voices(places)
    if options.series:
        calibration = find_calibration(EmbeddingSpace.of(identifier), Path(embedder))
        sys.exit(print_series(diarizer, calibration, voices, places, options.minutes))
    if left := pieces.compute(voices, diarizer, 60 * options.minutes):
        print(f"{left} of the voices and conditions are left; run the command again")
        sys.exit(1)
    tuned, lines = report(pieces, voices)
    print(f"\n=== {identifier}")
    for line in lines:
        print(line)
    if options.write:
        print(f"\nwrote {write(tuned, embedder, identifier)}")


if __name__ == "__main__":
    main()
