"""Compare speaker attribution with whisperx.assign_word_speakers, on the same words and turns.

    python -m tests.benchmarks.attribution                    # real and synthetic meetings, scores and speed
    python -m tests.benchmarks.attribution real --ami FOLDER  # the AMI meetings only; --quick: one of each series
    python -m tests.benchmarks.attribution made FOLDER …      # references X.words.jsonl and X.rttm, perturbed

WDER is the share of words with the wrong speaker under the best one-to-one matching of speakers; a word without a
speaker is wrong. cpWER counts such a word twice, as a deletion of one speaker and an insertion of another. Each real
meeting is scored with settings that tests.benchmarks.tuning finds on the other series; --quick uses the defaults.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from meetscribe import evaluation
from meetscribe.attribution import AttributionSettings, attribute
from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.label_matching import match_labels
from tests.benchmarks import ami, tuning
from tests.benchmarks.perturbation import PERTURBATIONS, Observation
from tests.benchmarks.whisperx_speakers import assign_speakers

CHECKOUT = Path(__file__).parents[2]

ENDS = {"one end in eight": 1 / 8, "no end": 0.0, "every end": 1.0}
"""Shares of the word ends of the real meetings that are delayed; some aligners delay every end of a sentence."""

Speakers = list[str]


def nearest(observed: Observation) -> Speakers:
    """Return the same with `fill_nearest`, which assigns the nearest speaker to words in gaps."""
    return assign_speakers(observed, fill_nearest=True)


def ours(observed: Observation, settings: AttributionSettings | None = None) -> Speakers:
    """Return the speaker of each word by meetscribe.attribution."""
    blank = tuple(replace(word, speaker=None) for word in observed.words)
    transcript = Transcript((Segment(blank),), Meta("en", 0.0))
    return [
        word.speaker or evaluation.UNKNOWN_SPEAKER
        for word in attribute(transcript, observed.diarization, settings).words
    ]


SYSTEMS: dict[str, Callable[[Observation], Speakers]] = {"whisperX": assign_speakers, "filled": nearest, "ours": ours}


@dataclass(slots=True)
class Errors:
    """Errors of each system, on one recording or added over several."""

    wder: dict[str, evaluation.WordDiarizationErrorRate] = field(default_factory=dict)
    cpwer: dict[str, evaluation.ErrorRate] = field(default_factory=dict)
    wrong: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            {name: self.wder.get(name, other.wder[name].zero()) + other.wder[name] for name in other.wder},
            {name: self.cpwer.get(name, evaluation.ErrorRate.zero()) + other.cpwer[name] for name in other.cpwer},
            {name: self.wrong.get(name, Counter()) + other.wrong[name] for name in other.wrong},
            self.kinds + other.kinds,
        )

    @property
    def saved(self) -> float:
        """Return the relative reduction of WDER compared with whisperX."""
        peer = self.wder["whisperX"].wrong
        return 1 - self.wder["ours"].wrong / peer if peer else 0.0

    def row(self, name: str) -> str:
        """Return a line of a table."""
        wders = "".join(f"{rate.rate or 0:>9.2%}" for rate in self.wder.values())
        cpwers = "".join(f"{self.cpwer[name].rate or 0:>9.2%}" for name in ("whisperX", "ours"))
        return f"{name:<22}{self.wder['ours'].aligned:>8}{wders}{-self.saved:>+9.1%}  {cpwers}"


HEADER = f"{'':<22}{'words':>8}{'whisperX':>9}{'filled':>9}{'ours':>9}{'':>9}  {'cpWER wX':>9}{'ours':>9}"


def measure(observed: Observation, kinds: Sequence[str] = (), settings: AttributionSettings | None = None) -> Errors:
    """Return the errors of each system; `kinds` is the class under which each word is counted."""
    truth = [(word.text, word.speaker or evaluation.UNKNOWN_SPEAKER) for word in observed.words]
    errors = Errors(kinds=Counter(kinds))
    for name, system in SYSTEMS.items():
        speakers = ours(observed, settings) if name == "ours" else system(observed)
        found = [(word, speaker) for (word, _), speaker in zip(truth, speakers, strict=True)]
        errors.wder[name] = evaluation.wder(truth, found)
        errors.cpwer[name] = _count(evaluation.cpwer(_streams(truth), _streams(found)))
        matched = match_labels(Counter((true, speaker) for (_, true), speaker in zip(truth, speakers, strict=True)))
        errors.wrong[name] = Counter(
            kind
            for kind, (_, true), speaker in zip(kinds, truth, speakers, strict=bool(kinds))
            if matched.get(true) != speaker
        )
    return errors


def _count(rate: evaluation.ErrorRate) -> evaluation.ErrorRate:
    return evaluation.ErrorRate(rate.errors, rate.length, rate.insertions, rate.deletions, rate.substitutions)


def _streams(words: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    streams: dict[str, list[str]] = {}
    for word, speaker in words:
        streams.setdefault(speaker, []).append(word)
    return streams


def real(folder: Path, ends: Sequence[str], *, quick: bool) -> None:
    """Score the AMI meetings, each diarizer with each rule that reduces the words to one stream."""
    if not folder.is_dir():
        print(f"\nNo AMI meetings in {folder}; give their folder with --ami.")
        return
    groups = ami.series(folder)
    meetings = sum((names[:1] if quick else names for names in groups), [])
    chosen = {} if quick else _cross_validated(folder, groups)
    for title in ends:
        for writing in ("annotated", "recognised"):
            print(
                f"\nReal meetings, words as {writing}, {title} delayed into the pause after it: {', '.join(meetings)}"
            )
            _show(_cells(folder, meetings, ENDS[title], writing, chosen))


def _cross_validated(folder: Path, groups: Sequence[Sequence[str]]) -> dict[str, AttributionSettings]:
    """Tune settings for each meeting on the other series only, and print them."""
    search = tuning.Search(tuning.streams(folder, [name for names in groups for name in names]))
    chosen: dict[str, AttributionSettings] = {}
    print("\nEvery meeting is scored with settings tuned on the other series only:")
    for names in groups:
        settings = search.best(names)
        chosen |= dict.fromkeys(names, settings)
        print(f"{', '.join(names):<22}{tuning.listed(settings)}", flush=True)
    return chosen


def _cells(
    folder: Path, meetings: Sequence[str], stretch: float, writing: str, chosen: Mapping[str, AttributionSettings]
) -> dict[tuple[str, str], Errors]:
    """Return the errors for each diarizer and rule."""
    cells: dict[tuple[str, str], Errors] = {}
    for meeting in meetings:
        spoken = ami.read_words(folder / f"{meeting}.words.jsonl")
        for rule in ami.KEEP_RULES:
            words = ami.one_stream(spoken, rule, meeting)
            kinds = ami.kinds(words)
            words = ami.stretched(words, meeting, stretch)
            words = ami.as_recognised(words, meeting) if writing == "recognised" else words
            for diarizer in ami.DIARIZERS:
                turns = ami.read_turns(folder / f"{meeting}.{diarizer}.rttm").turns
                errors = measure(Observation(tuple(words), turns), kinds, chosen.get(meeting))
                cells[diarizer, rule] = cells.get((diarizer, rule), Errors()) + errors
    return cells


def _show(cells: Mapping[tuple[str, str], Errors]) -> None:
    """Print the change of WDER in each cell, then the errors by diarizer, by rule and by kind of word."""
    print(f"{'WDER, relative':<22}" + "".join(f"{rule:>13}" for rule in ami.KEEP_RULES))
    for diarizer in ami.DIARIZERS:
        print(f"{diarizer:<22}" + "".join(f"{-cells[diarizer, rule].saved:>+13.1%}" for rule in ami.KEEP_RULES))
    print(HEADER)
    for diarizer in ami.DIARIZERS:
        print(sum((cells[diarizer, rule] for rule in ami.KEEP_RULES), Errors()).row(diarizer))
    for rule in ami.KEEP_RULES:
        print(sum((cells[diarizer, rule] for diarizer in ami.DIARIZERS), Errors()).row(rule))
    whole = sum(cells.values(), Errors())
    print(whole.row("all"))
    for kind, count in whole.kinds.most_common():
        shares = "".join(f"{whole.wrong[name][kind] / count:>9.2%}" for name in SYSTEMS)
        change = whole.wrong["ours"][kind] / max(1, whole.wrong["whisperX"][kind]) - 1
        print(f"{kind:<22}{count:>8}{shares}{change:>+9.1%}")


def scores(folder: Path) -> None:
    """Print the share of wrong speakers by speaker_score, on one meeting of each series."""
    if not folder.is_dir():
        return
    counts: Counter[float] = Counter()
    wrong: Counter[float] = Counter()
    for meeting in (names[0] for names in ami.series(folder)):
        words = ami.one_stream(ami.read_words(folder / f"{meeting}.words.jsonl"), "random word", meeting)
        blank = (Segment(tuple(replace(word, speaker=None) for word in words)),)
        for diarizer in ami.DIARIZERS:
            turns = ami.read_turns(folder / f"{meeting}.{diarizer}.rttm")
            found = attribute(Transcript(blank, Meta("en", 0.0)), turns).words
            pairs = ((a.speaker or "", b.speaker or "") for a, b in zip(words, found, strict=True))
            matched = match_labels(Counter(pairs))
            for truth, word in zip(words, found, strict=True):
                tenth = min(int((word.speaker_score or 0.0) * 10), 9) / 10
                counts[tenth] += 1
                wrong[tenth] += matched.get(truth.speaker or "") != word.speaker
    print("\nspeaker_score      words    wrong")
    for tenth in sorted(counts):
        print(f"{tenth:.1f} to {tenth + 0.1:.1f}{counts[tenth]:>14}{wrong[tenth] / counts[tenth]:>9.1%}")


def made(folders: Sequence[Path]) -> None:
    """Score the references of recordings under each perturbation."""
    truths = sorted(path for folder in folders for path in folder.rglob("*.words.jsonl"))
    if not truths:
        print(f"\nNo X.words.jsonl in {', '.join(map(str, folders))}.")
        return
    print(f"\nSynthetic meetings, perturbed: {', '.join(path.name.split('.')[0] for path in truths)}\n{HEADER}")
    total, worse = Errors(), []
    for perturb in PERTURBATIONS:
        whole = Errors()
        for path in truths:
            name = path.name.split(".")[0]
            turns = read_rttm(path.with_name(f"{name}.rttm").read_bytes(), name)
            words = ami.one_stream(ami.read_words(path), "longest", name)
            rng = random.Random(f"{perturb.__name__} {name}")
            errors = measure(perturb(Observation(tuple(words), turns), rng))
            whole += errors
            if errors.saved < 0:
                worse.append(f"{perturb.__name__} {name} ({errors.wder['ours'].wrong})")
        print(whole.row(perturb.__name__))
        total += whole
    print(total.row("all"))
    print(f"worse than whisperX on: {', '.join(worse) or 'nothing'}")


def speed(sizes: Sequence[int] = (25_000, 50_000, 100_000, 200_000)) -> None:
    """Print the processor time for each number of words, with a fifth as many turns of eight speakers."""
    assign_speakers(
        Observation((Word("so", 0.0, 0.2),), (Turn(0.0, 1.0, "A"),))
    )  # load the packages before the measurement
    print(f"\n{'words':<10}{'turns':>10}{'whisperX':>12}{'ours':>10}   (processor seconds)")
    for size in sizes:
        texts = ("so", "we", "could", "do", "it.")
        words = tuple(Word(texts[i % 5], i * 0.3, i * 0.3 + 0.25 - 0.15 * (i % 5 == 4)) for i in range(size))
        turns = tuple(Turn(i * 1.5, i * 1.5 + 1.7, "ABCDEFGH"[i % 8]) for i in range(size // 5))
        transcript = Transcript((Segment(words),), Meta("en", 0.0))
        peer = _seconds(partial(assign_speakers, Observation(words, turns)))
        own = _seconds(partial(attribute, transcript, Diarization(turns, ())))
        print(f"{size:<10}{size // 5:>10}{peer:>12.2f}{own:>10.2f}")


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Run the parts selected on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("all", "real", "scores", "made", "speed"), default="all")
    parser.add_argument("folders", nargs="*", type=Path, default=[CHECKOUT / "samples"])
    parser.add_argument("--ami", type=Path, default=ami.FOLDER, help="folder of the AMI meetings")
    parser.add_argument("--ends", action="append", choices=list(ENDS), help="only with this share of delayed word ends")
    parser.add_argument("--quick", action="store_true", help="one real meeting of each series")
    options = parser.parse_args()
    if options.part in ("all", "real"):
        real(options.ami, options.ends or list(ENDS), quick=options.quick)
    if options.part in ("all", "scores"):
        scores(options.ami)
    if options.part in ("all", "made"):
        made(options.folders)
    if options.part in ("all", "speed"):
        speed()


if __name__ == "__main__":
    main()
