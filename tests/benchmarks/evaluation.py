"""Measure the time of scoring a corpus of nine hours, compared with meeteval and pyannote.metrics.

    python -m tests.benchmarks.evaluation ../shared/data/ami

The corpus repeats the meetings of the folder (see `ami`) under different names. A hypothesis is one stream of the
reference words, as a recognizer writes them, with a tenth of the words wrong, and the turns of a real diarizer.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

from meetscribe.evaluation import cpwer, der, scored_words, texts, words_by_speaker
from meetscribe.formats import load
from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.benchmarks.ami import one_stream, read_turns, read_words, series

HOURS = 9


def make_corpus(data: Path, folder: Path) -> tuple[int, float, int]:
    """Write references and hypotheses; return the numbers of recordings, hours and reference words."""
    names = [name for group in series(data) for name in group]
    (folder / "ref").mkdir()
    (folder / "hyp").mkdir()
    hours, words, copies = 0.0, 0, 0
    while hours < HOURS:
        name = names[copies % len(names)]
        reference = read_words(data / f"{name}.words.jsonl")
        copy = f"{name}-{copies // len(names)}"
        for target, source in ((f"{copy}.words.jsonl", f"{name}.words.jsonl"), (f"{copy}.rttm", f"{name}.ref.rttm")):
            (folder / "ref" / target).write_bytes((data / source).read_bytes())
        turns = read_turns(data / f"{name}.vbx-overlap.rttm").turns
        hypothesis(reference, turns, copy).save(folder / "hyp" / f"{copy}.json")
        hours, words, copies = hours + reference[-1].end / 3600, words + len(reference), copies + 1
    return copies, hours, words


def hypothesis(reference: list[Word], turns: tuple[Turn, ...], seed: str) -> Transcript:
    """Simulate the transcript of a recognizer with ten percent of substitutions."""
    rng = random.Random(seed)
    stream = [
        replace(word, text="other") if rng.random() < 0.1 else word for word in one_stream(reference, "longest", seed)
    ]
    segments = (Segment(tuple(run)) for _, run in groupby(stream, key=lambda word: word.speaker))
    return Transcript(tuple(segments), Meta("en", reference[-1].end, turns=turns))


def compare(folder: Path) -> None:
    """Print the scores and the time of meetscribe and of the other packages on one recording."""
    path = min((folder / "ref").glob("*.words.jsonl"), key=lambda file: file.name)
    name = path.name.removesuffix(".words.jsonl")
    reference, scored = load(path), load(folder / "hyp" / f"{name}.json")
    sides = [words_by_speaker(scored_words(side)) for side in (reference, scored)]
    streams = [{speaker: texts(words) for speaker, words in side.items()} for side in sides]
    turns = read_rttm((folder / "ref" / f"{name}.rttm").read_bytes()), scored.turns
    print(f"\n{name}            ours        peer")
    if find_spec("meeteval"):
        import meeteval  # type: ignore[import-not-found, unused-ignore]

        made = [{speaker: " ".join(words) for speaker, words in side.items()} for side in streams]
        _row(
            "cpWER, meeteval", lambda: cpwer(*streams).rate, lambda: meeteval.wer.cpwer(*map(_stm, made))[""].error_rate
        )
    import pyannote.metrics.diarization as metrics

    sides_of = [_annotation(own) for own in turns]
    _row("DER, pyannote", lambda: der(*turns).rate, lambda: metrics.DiarizationErrorRate()(*sides_of))


def _stm(side: dict[str, str]) -> Any:
    import meeteval

    rows = [
        {"session_id": "", "speaker": name, "start_time": 0, "end_time": 1, "words": words}
        for name, words in side.items()
    ]
    return meeteval.io.SegLST(rows)


def _annotation(turns: tuple[Turn, ...]) -> Any:
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for track, turn in enumerate(turns):
        made[Segment(turn.start, turn.end), track] = turn.speaker
    return made.support()


def _row(title: str, *measures: Any) -> None:
    cells = []
    for measure in measures:
        measure()
        start = time.perf_counter()
        rate = measure()
        cells.append(f"{rate:.5f} {time.perf_counter() - start:6.3f} s")
    print(f"{title:<18}{'   '.join(cells)}")


def main() -> None:
    """Make the corpus, score it with the command, and compare with the other packages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the AMI meetings")
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        recordings, hours, words = make_corpus(data, folder)
        command = [sys.executable, "-m", "meetscribe", "evaluate", str(folder / "hyp"), str(folder / "ref"), "--json"]
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{recordings} recordings, {hours:.1f} h, {words} words: {wall:.1f} s wall, {spent:.1f} s of processor time"
        )
        total = json.loads(done.stdout)["total"]
        print("  ".join(f"{name} {_shown(figures)}" for name, figures in total.items()))
        compare(folder)


def _shown(figures: dict[str, Any]) -> str:
    return "n/a" if figures["rate"] is None else f"{figures['rate']:.4f}"


if __name__ == "__main__":
    main()
