"""Compare attribution with and without the voiceprint check, and whisperx.assign_word_speakers, on the same input.

    python -m tests.benchmarks.voiceprint_check                     # the samples
    python -m tests.benchmarks.voiceprint_check FOLDER …            # synthetic meetings X.flac, X.rttm, X.words.jsonl
    python -m tests.benchmarks.voiceprint_check --embedder NAME     # real excerpts, an embedder trained on real speech
    python -m tests.benchmarks.voiceprint_check FOLDER … --tune     # a grid of its settings

The words are one stream of the reference words, with delayed ends and missing times as in `perturbation`. The turns
are those of our diarizer, or the reference turns with each boundary off by 0.1–0.5 s. `changed` counts the words whose
speaker the check changes; `before` and `after` count those that are correct without and with the check.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.attribution import AttributionSettings, EmbedSpans, attribute
from meetscribe.audio import load_audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.evaluation import UNKNOWN_SPEAKER
from meetscribe.formats.rttm import read_rttm
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.label_matching import match_labels
from tests.benchmarks import ami
from tests.benchmarks.diarization import DATA, SAMPLES
from tests.benchmarks.perturbation import Observation, edges, ends, times
from tests.benchmarks.whisperx_speakers import assign_speakers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RULES = ("longest", "random turn")
ON = AttributionSettings(voiceprints=True)
GRID = tuple(product((0.3, 0.5, 0.8, 1.2), (0.0, 0.05, 0.1, 0.2)))


@dataclass(frozen=True, slots=True)
class Case:
    """The perturbed words and turns of a recording, and the function that computes voiceprints of it."""

    observed: Observation
    embed_spans: EmbedSpans


@dataclass(frozen=True, slots=True)
class Outcome:
    """The number of words, of wrong words by system, and of words whose speaker the check changes.

    `changed` counts all of these, those that were correct before, and those that are correct after.
    """

    words: int
    wrong: Counter[str]
    changed: Counter[str]

    def row(self, name: str) -> str:
        """Return a line of the table."""
        rates = "".join(f"{self.wrong[system] / self.words:>10.2%}" for system in ("whisperX", "off", "on"))
        counts = "".join(f"{self.changed[each]:>8}" for each in ("all", "before", "after"))
        return f"  {name:<26}{self.words:>7}{rates}{counts}"


HEADER = f"  {'':<26}{'words':>7}{'whisperX':>10}{'off':>10}{'on':>10}{'changed':>8}{'before':>8}{'after':>8}"


def recordings(folders: Sequence[Path], real: Path | None) -> Iterator[tuple[str, Path, list[Word], tuple[Turn, ...]]]:
    """Yield each recording with the name of its set, its reference words and turns; also real ones from `real`."""
    for folder in folders:
        for file in sorted(folder.rglob("*.words.jsonl")):
            audio = file.with_name(file.name.replace(".words.jsonl", ".flac"))
            turns = read_rttm(audio.with_suffix(".rttm").read_bytes(), audio.name)
            yield folder.name, audio, ami.read_words(file), turns
    if real is None:
        return
    for audio in sorted((real / "ami-excerpts").glob("*.flac")):
        rows = json.loads(audio.with_suffix(".json").read_text())["words"]
        words = [Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows]
        yield (
            "AMI excerpts",
            audio,
            _sorted(words),
            read_rttm(audio.with_suffix(".rttm").read_bytes(), audio.name),
        )
    for audio in sorted((real / "librispeech-mixes").glob("*.flac")):
        rows = json.loads(audio.with_suffix(".ref.json").read_text())["turns"]
        turns = tuple(Turn(row["start"], row["end"], row["speaker"]) for row in rows)
        yield (
            "LibriSpeech mixes",
            audio,
            _spoken(json.loads(audio.with_suffix(".json").read_text()), turns),
            turns,
        )


def _sorted(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: (word.start, word.end))


def _spoken(recognised: dict[str, list[dict[str, list[dict[str, float | str]]]]], turns: Sequence[Turn]) -> list[Word]:
    """Return the words of a recognizer that overlap a reference turn, with the speaker of the largest overlap."""
    rows = [row for segment in recognised["segments"] for row in segment["words"]]
    words = []
    for row in rows:
        span = Span(float(row["start"]), float(row["end"]))
        turn = max(turns, key=lambda turn: turn.span.overlap(span))
        if turn.span.overlap(span) > 0:
            words.append(Word(str(row["text"]), span.start, span.end, speaker=turn.speaker))
    return _sorted(words)


def cases(folders: Sequence[Path], real: Path | None, diarizer: Diarizer) -> dict[tuple[str, str], list[Case]]:
    """Return the cases by set and kind of turns."""
    found: dict[tuple[str, str], list[Case]] = {}
    for name, file, words, turns in recordings(folders, real):
        audio = load_audio(file)
        embed_spans = _cached(lambda groups, audio=audio: diarizer.voiceprints(audio, groups))  # type: ignore[misc]
        ours = diarizer.diarize(audio).turns
        for rule in RULES:
            rng = random.Random(f"{rule} {file.stem}")
            true = Observation(tuple(ami.one_stream(words, rule, file.stem)), turns)
            observed = times(ends(true, rng), rng)
            off = edges(observed, rng).turns
            for kind, given in (("turns found", ours), ("true turns, edges off", off)):
                found.setdefault((name, kind), []).append(Case(replace(observed, turns=given), embed_spans))
    return found


def _cached(embed_spans: EmbedSpans) -> EmbedSpans:
    """Cache the voiceprints, since the grid asks for the same ones repeatedly."""
    known: dict[tuple[Span, ...], npt.NDArray[np.float32]] = {}

    def cached(groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        import numpy as np

        new = list({key: None for spans in groups if (key := tuple(spans)) not in known})
        known.update(zip(new, embed_spans(new), strict=True))
        return np.stack([known[tuple(spans)] for spans in groups])

    return cached


def measure(some: Iterable[Case], settings: AttributionSettings, *, peer: bool = True) -> Outcome:
    """Count the errors on some cases, with the voiceprint check off and on."""
    words, wrong, changed = 0, Counter[str](), Counter[str]()
    for case in some:
        truth = [word.speaker or UNKNOWN_SPEAKER for word in case.observed.words]
        systems = {"off": speakers(case, replace(settings, voiceprints=False)), "on": speakers(case, settings)}
        if peer:
            systems["whisperX"] = assign_speakers(case.observed)
        right = {}
        for name, found in systems.items():
            matched = match_labels(Counter(zip(truth, found, strict=True)))
            right[name] = [matched.get(true) == speaker for true, speaker in zip(truth, found, strict=True)]
            wrong[name] += right[name].count(False)
        words += len(truth)
        for i, (before, after) in enumerate(zip(systems["off"], systems["on"], strict=True)):
            if before != after:
                changed.update(all=1, before=right["off"][i], after=right["on"][i])
    return Outcome(words, wrong, changed)


def speakers(case: Case, settings: AttributionSettings) -> list[str]:
    """Return the speaker of each word by meetscribe.attribution."""
    blank = Segment(tuple(replace(word, speaker=None) for word in case.observed.words))
    found = attribute(Transcript((blank,), Meta("en", 0.0)), case.observed.diarization, settings, case.embed_spans)
    return [word.speaker or UNKNOWN_SPEAKER for word in found.words]


def main() -> None:
    """Measure the recordings given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES], help="folders of synthetic meetings")
    parser.add_argument("--embedder", help="an embedder for real speech; the real excerpts are then measured instead")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real excerpts")
    parser.add_argument("--tune", action="store_true", help="print the errors for a grid of the settings")
    options = parser.parse_args()
    embedder = options.embedder or str(SAMPLES / "weights" / "embedder")
    diarizer = load_diarizer(DiarizationSettings(pipeline="bundled", embedder=embedder), Device("cpu"))
    folders = [] if options.embedder else options.folders
    known = cases(folders, options.data if options.embedder else None, diarizer)
    print(HEADER, flush=True)
    for (name, kind), some in known.items():
        print(measure(some, ON).row(f"{name}, {kind}"), flush=True)
    for seconds, margin in GRID if options.tune else ():
        settings = replace(ON, voiceprint_seconds=seconds, voiceprint_margin=margin)
        print(f"\n  seconds {seconds:g}, margin {margin:g}")
        for (name, kind), some in known.items():
            print(measure(some, settings, peer=False).row(f"{name}, {kind}"), flush=True)


if __name__ == "__main__":
    main()
