"""Compare live transcription with whisper_streaming on the same model, audio and machine, and with our offline result.

    python -m tests.benchmarks.live --peer FOLDER              # the samples with their weights
    python -m tests.benchmarks.live --model whisper-tiny.en    # real recordings with a model of Whisper, if present
    python -m tests.benchmarks.live --processors 1,2           # also compute-aware, on one and on two processors
    python -m tests.benchmarks.live --minutes 9                # stop after nine minutes; the next call goes on
    python -m tests.benchmarks.live --stored                   # print what is stored, compute nothing
    python -m tests.benchmarks.live speakers                   # the labels of live speakers beside those of a run
    python -m tests.benchmarks.live soak                       # long sessions: memory and delay
    python -m tests.benchmarks.live faults                     # sources with faults, and 50 kills

FOLDER holds whisper_streaming (git clone https://github.com/ufal/whisper_streaming), or $WHISPER_STREAMING names it;
without it its rows are empty. It runs by its own code, without and with its voice activity controller (which needs the
package silero-vad), and with new audio every second, as ours does. All systems use the same weights in int8 and beam 5.

A word is lost if our offline result has it and the live result does not: single words, and words in runs of two or
more; it is dropped if there is no other word in its place either. Latency is counted from the true end of a word to
its commit; where the reference has no times, the end is that of the offline result. Under the compute-aware clock a
recognition takes its processor time divided by the number of processors, so that other programs have no effect.
Erasure is the number of words that were replaced, per final word.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.live import faults, soak, speakers
from tests.benchmarks.live.measures import Measures
from tests.benchmarks.live.running import SAMPLE_MODEL, Comparison, recordings_of, seconds_left
from tests.benchmarks.live.systems import SYSTEMS, Machine, System
from tests.benchmarks.live.tables import each_row, rows, title
from tests.benchmarks.real.places import Places

COMMANDS = {"speakers": speakers.main, "soak": soak.main, "faults": faults.main}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.live",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    peer = os.environ.get("WHISPER_STREAMING")
    parser.add_argument("--model", default=SAMPLE_MODEL, help="samples, or the name or directory of real weights")
    parser.add_argument("--peer", type=Path, default=peer and Path(peer), help="folder of whisper_streaming")
    parser.add_argument("--processors", default="", help="numbers of processors for the compute-aware clock: 1,2")
    parser.add_argument(
        "--certain", type=float, help="probability from which ours commits a word at once, if not its default"
    )
    parser.add_argument("--only", default="", help="recordings whose key contains one of these, separated by commas")
    parser.add_argument("--language", default="en", help="language of the recordings: de, es, fr … [en]")
    parser.add_argument("--minutes", type=float, default=600.0, help="wall minutes after which nothing is computed")
    parser.add_argument("--stored", action="store_true", help="compute nothing")
    parser.add_argument("--each", action="store_true", help="also print the rows of each recording")
    systems = ",".join(SYSTEMS)
    parser.add_argument("--systems", default=systems, help=f"systems beside our offline result: {systems}")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in COMMANDS:
        COMMANDS[arguments[0]](arguments[1:])
        return
    options, places = parse(arguments), Places.default()
    if options.model != SAMPLE_MODEL and (missing := places.missing(options.model)):
        print(missing)
        return
    until = seconds_left(None if options.stored else options.minutes)
    comparison = Comparison(options.model, places, options.peer, until, options.language, options.certain)
    wanted = options.only.split(",")
    present = recordings_of(options.model, places, options.language)
    recordings = [each for each in present if any(part in each.key for part in wanted)]
    systems: list[System | None] = [None, *(each for each in SYSTEMS if each in options.systems.split(","))]
    machines = [Machine(None), *(Machine(int(number)) for number in options.processors.split(",") if number)]
    for machine in machines:
        found: dict[str, dict[str, Measures]] = {
            system or "offline": {
                recording.key: measured for recording, measured in comparison.measures(recordings, system, machine)
            }
            for system in systems
        }
        for part in ("tune", "held out"):
            own = {each.key for each in recordings if each.part == part}
            kept = {name: {key: one for key, one in runs.items() if key in own} for name, runs in found.items()}
            if any(kept.values()):
                _print(f"{title(options.model, machine)} ({part})", kept, each=options.each)


def _print(heading: str, found: dict[str, dict[str, Measures]], *, each: bool) -> None:
    """Print a table over the recordings that every system with results has finished."""
    complete = [set(measured) for measured in found.values() if measured]
    keys = sorted(set.intersection(*complete)) if complete else []
    print(f"\n{heading}\n")
    print("\n".join(rows({name: [own[key] for key in keys if key in own] for name, own in found.items()})))
    if each:
        print("\n" + "\n".join(each_row(found)))


if __name__ == "__main__":
    main()
