"""Compare segmentation models and embedders of the bundled pipeline on real voices, and its peers.

    python -m tests.benchmarks.real diarization                          # all that are present
    python -m tests.benchmarks.real diarization --embedder campplus      # or a directory, an id, module:function
    python -m tests.benchmarks.real diarization --thresholds             # DER by clustering threshold as well
    python -m tests.benchmarks.real diarization --peers                  # whisperX on the same networks as well
    python -m tests.benchmarks.real diarization --senko PYTHON           # senko, by a Python that has it

Recordings: excerpts of four AMI meetings, mixes of LibriSpeech, the call in pyannote.audio, and meetings of real voices
with many short replies, to tune on and held out; `--sets made` takes those that `make` has assembled. DER counts
overlap; it is given at collar 0 and at 0.25 s on each side of a boundary, and missed speech, false alarm and confusion
at collar 0. All numbers are pooled over a set. `speakers` counts the recordings with the right number of speakers. The
columns `known` are those of a run with the right number.

The threshold of each set is the best one on the other sets, without the meetings held out, or the embedder's own.
whisperX's diarization is pyannote.audio's own inference. Weights are searched in $MEETSCRIBE_REAL: meetscribe weights
pull campplus segmentation-3.0 --to ~/.cache/meetscribe-real. Analyses and the turns of the peers are stored there: a
repeated run only clusters, and an interrupted one goes on where it ended.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from operator import add
from pathlib import Path
from typing import TypeAlias

import numpy as np

from meetscribe.audio import load_audio
from meetscribe.diarization import Analysis, DiarizationSettings, Diarizer, find_speakers, load_diarizer
from meetscribe.errors import MeetscribeError
from meetscribe.results import ANALYSIS, Store, cache_key, code_digest
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Turn
from tests.benchmarks.diarization import SAMPLES, Truth
from tests.benchmarks.real.diarization_peers import senko_turns, whisperx_turns
from tests.benchmarks.real.making.replies import meetings
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings
from tests.benchmarks.real.speakers import TurnScore, score_turns

SEGMENTATIONS = ("segmentation-2021", "segmentation-3.0")
EMBEDDERS = ("campplus", str(SAMPLES / "weights" / "embedder"))
SETS = ("ami", "call", "mixes", "meetings")
THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(11))
HELD_OUT = "meetings, held out"

Find = Callable[[int | None], Sequence[Turn]]


Row: TypeAlias = tuple[str, TurnScore, TurnScore | None]
"""A note, the score, and the score with the right number of speakers if the system takes one."""
Rows: TypeAlias = dict[str, Row]

HEADER = f"{'DER':>9}{'DER .25':>9}{'missed':>9}{'false':>9}{'confused':>9}{'speakers':>10}"


def recordings(places: Places, parts: Sequence[str]) -> dict[str, list[Truth]]:
    """Return the recordings of each set whose name contains one of some parts."""
    found: dict[str, list[Truth]] = {}
    for each in find_recordings(places):
        if each.turns and any(part in each.set for part in parts):
            found.setdefault(each.set, []).append(Truth(load_audio(each.path), each.turns))
    return found | {name: truths for name, truths in meetings(places.data) if any(part in name for part in parts)}


def load(places: Places, segmentation: str, embedder: str) -> Diarizer:
    """Return the bundled pipeline with two models, which may be names of folders of weights."""
    here = [str(places.model(name)) if places.model(name).is_dir() else name for name in (segmentation, embedder)]
    settings = DiarizationSettings(pipeline="bundled", segmentation=here[0], embedder=here[1])
    return load_diarizer(settings, Device("cpu"))


def analyse(diarizer: Diarizer, truth: Truth, store: Store) -> Analysis:
    """Return the analysis of a recording, from the store if it has it."""
    modules = ("diarization.inference", "diarization.voiceprints", "diarization.campplus", "diarization.loading")
    models = [diarizer.settings.segmentation, str(diarizer.loaded.embedder_id)]
    key = cache_key(truth.audio.hash, "analysis", {"models": [*models], "code": code_digest(modules)})
    found = store.load(key, ANALYSIS)
    if found is None:
        found = diarizer.analyse(truth.audio)
        store.save(key, ANALYSIS, found)
    return found


def at(analysis: Analysis, threshold: float | None) -> Find:
    """Return the function that finds the turns at a threshold, for a known or unknown number of speakers."""
    settings = DiarizationSettings(pipeline="bundled", clustering_threshold=threshold)
    return lambda speakers: find_speakers(analysis, replace(settings, speakers=speakers)).turns


def pooled(truths: Sequence[Truth], finds: Sequence[Find], *, known: bool = False) -> TurnScore:
    """Return the score of a set; with `known`, the right number of speakers is given."""
    numbers = [len({turn.speaker for turn in truth.turns}) if known else None for truth in truths]
    return reduce(add, (score_turns(each.turns, find(n)) for each, find, n in zip(truths, finds, numbers, strict=True)))


def _given(turns: Sequence[Turn], number: int | None) -> Sequence[Turn]:
    """Return turns that were found before."""
    return turns


def show(title: str, found: Iterable[tuple[str, Row]]) -> None:
    """Print a row for each set as soon as it exists: the score, that with the right number of speakers, and a note."""
    print(f"\n{title}\n  {'':<20}{HEADER}   known:{'DER':>7}{'change':>9}{'confused':>9}{'speakers':>10}", flush=True)
    for name, (note, free, known) in found:
        line = f"  {name:<20}{cells(free)}"
        if known is not None:
            confused = known.exact.confusion / known.exact.total
            line += f"{rate(known):>15.1%}{100 * (rate(known) - rate(free)):>+9.1f}{confused:>9.1%}"
            line += f"{known.counted:>6} of {known.recordings}"
        print(f"{line}  {note}", flush=True)


def cells(score: TurnScore) -> str:
    """Return the cells of a table."""
    parts = (score.exact.miss, score.exact.false_alarm, score.exact.confusion)
    rates = [rate(score), score.tolerant.rate or 0.0, *(part / score.exact.total for part in parts)]
    return "".join(f"{each:>9.1%}" for each in rates) + f"{score.counted:>6} of {score.recordings}"


def rate(score: TurnScore) -> float:
    """Return the DER at collar 0."""
    return score.exact.rate or 0.0


def chosen(scores: Mapping[str, Sequence[TurnScore]], without: str) -> int:
    """Return the index of the best threshold by the mean over the other sets, the middle one of equally good ones."""
    others = [each for name, each in scores.items() if name not in (without, HELD_OUT)]
    means = np.mean([[rate(one) for one in each] for each in others], axis=0)
    good = np.flatnonzero(means <= means.min() + 0.002)
    return int(good[len(good) // 2])


def compare(truths: Mapping[str, Sequence[Truth]], combination: tuple[str, str], options: argparse.Namespace) -> None:
    """Print the tables of one segmentation model and embedder."""
    places = Places.default()
    diarizer, store = load(places, *combination), Store(places.real / "analyses")
    title = f"{combination[0]}, {Path(combination[1]).name}"
    analyses = {name: [analyse(diarizer, truth, store) for truth in each] for name, each in truths.items()}
    scores = {
        name: [pooled(each, [at(one, threshold) for one in analyses[name]]) for threshold in THRESHOLDS]
        for name, each in truths.items()
    }
    if len(truths) > 2:
        best = {name: THRESHOLDS[chosen(scores, name)] for name in truths}
        show(f"{title}: threshold chosen on the other sets", _rows(truths, analyses, best).items())
    own = dict.fromkeys(truths)
    show(f"{title}: threshold of the embedder, {_threshold(analyses):.2f}", _rows(truths, analyses, own).items())
    if options.thresholds:
        print(f"\n  {'threshold':<11}" + "".join(f"{name:>24}" for name in scores))
        for index, threshold in enumerate(THRESHOLDS):
            print(f"  {threshold:<11.2f}" + "".join(f"{rate(each[index]):>24.1%}" for each in scores.values()))
    if options.peers:
        show(f"{title}: whisperX, which is pyannote.audio's inference", _peers(diarizer, truths, store))


def _rows(
    truths: Mapping[str, Sequence[Truth]],
    analyses: Mapping[str, Sequence[Analysis]],
    thresholds: Mapping[str, float | None],
) -> Rows:
    """Return the row of each set at its threshold, None for that of the embedder."""
    rows: Rows = {}
    for name, threshold in thresholds.items():
        finds = [at(one, threshold) for one in analyses[name]]
        note = "" if threshold is None else f"at {threshold:.2f}"
        rows[name] = (note, pooled(truths[name], finds), pooled(truths[name], finds, known=True))
    return rows


def _threshold(analyses: Mapping[str, Sequence[Analysis]]) -> float:
    """Return the embedder's threshold."""
    tuned = next(iter(analyses.values()))[0].tuned
    assert tuned is not None
    return tuned.threshold


def _peers(diarizer: Diarizer, truths: Mapping[str, Sequence[Truth]], store: Store) -> Iterator[tuple[str, Row]]:
    """Yield the scores of whisperX's diarization with the same networks and parameters."""
    for name, each in truths.items():
        finds = [partial(whisperx_turns, diarizer, truth, store) for truth in each]
        yield name, ("", pooled(each, finds), pooled(each, finds, known=True))


def _senko(truths: Mapping[str, Sequence[Truth]], python: str, store: Store) -> Iterator[tuple[str, Row]]:
    """Yield the scores of senko, to which no number of speakers can be given."""
    for name, each in truths.items():
        finds = [partial(_given, senko_turns(python, truth, store)) for truth in each]
        yield name, ("", pooled(each, finds), None)


def main(arguments: Sequence[str]) -> int:
    """Print the tables of every combination that is present; return 1 if there are no recordings."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.real diarization",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--segmentation", action="append", help="a segmentation model; may be repeated")
    parser.add_argument("--embedder", action="append", help="an embedder; may be repeated")
    parser.add_argument("--sets", type=lambda text: text.split(","), default=SETS, help="parts of the names of sets")
    parser.add_argument("--thresholds", action="store_true", help="print the DER by threshold")
    parser.add_argument("--peers", action="store_true", help="run whisperX's diarization as well")
    parser.add_argument("--senko", metavar="PYTHON", help="a Python that has senko")
    options = parser.parse_args(arguments)
    places = Places.default()
    if not places.data.is_dir():
        print(f"no recordings in {places.data}: set $MEETSCRIBE_REAL_DATA to their folder")
        return 1
    truths = recordings(places, options.sets)
    for segmentation in options.segmentation or SEGMENTATIONS:
        for embedder in options.embedder or EMBEDDERS:
            try:
                compare(truths, (segmentation, embedder), options)
            except MeetscribeError as error:
                print(f"\n{segmentation}, {Path(embedder).name}: skipped: {error.message}")
    if options.senko:
        show("senko (its raw segments)", _senko(truths, options.senko, Store(places.real / "analyses")))
    return 0
