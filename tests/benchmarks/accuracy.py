"""How good the whole pipeline is on recordings whose truth is known, beside the targets.

    python -m tests.benchmarks.accuracy                     # the samples, with samples/offline.toml
    python -m tests.benchmarks.accuracy FOLDER …            # recordings X.flac with X.words.jsonl and X.rttm

Scores: words in lower case without punctuation; DER with collar 0 and overlap scored, on the truth's turns; word
boundaries of the words that were recognised. A rate over all recordings is errors over lengths, never a mean.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from meetscribe import evaluation, pipeline
from meetscribe.errors import NoSpeechError
from meetscribe.formats.rttm import read_rttm
from meetscribe.settings import Settings, load_settings
from meetscribe.timeline import Turn
from meetscribe.transcript import Transcript, Word
from tests.benchmarks.clock import Clock

SAMPLES = Path(__file__).parents[2] / "samples"


@dataclass(frozen=True, slots=True)
class Truth:
    """Who said which word when."""

    words: tuple[Word, ...]
    turns: tuple[Turn, ...]

    @classmethod
    def beside(cls, recording: Path) -> Truth:
        """The truth of a recording, from the files next to it."""
        rows = [json.loads(line) for line in recording.with_suffix(".words.jsonl").read_text().splitlines()]
        words = tuple(Word(row["word"], row["start"], row["end"], speaker=row["speaker"]) for row in rows)
        return cls(words, read_rttm(recording.with_suffix(".rttm").read_bytes(), recording.name))


@dataclass(frozen=True, slots=True)
class Scores:
    """The errors of one recording, or of several added up."""

    wer: evaluation.ErrorRate
    cpwer: evaluation.ErrorRate
    wder: evaluation.WordDiarizationErrorRate
    der: evaluation.DiarizationErrorRate
    boundaries: evaluation.WordBoundaryError

    def __add__(self, other: Scores) -> Scores:
        return Scores(
            self.wer + other.wer,
            self.cpwer + other.cpwer,
            self.wder + other.wder,
            self.der + other.der,
            self.boundaries + other.boundaries,
        )

    def row(self, name: str) -> str:
        """A line of the table."""
        rates = (self.wer.rate, self.cpwer.rate, self.wder.rate, self.der.rate)
        shown = "".join(f"{'–' if rate is None else f'{rate:.1%}':>9}" for rate in rates)
        edges = self.boundaries.boundaries
        if edges.median is None:
            return f"{name:<24}{shown}{'–':>9}{'–':>9}"
        return f"{name:<24}{shown}{edges.median * 1000:>6.0f} ms{edges.share_within(0.1):>9.1%}"


HEADER = f"{'recording':<24}{'WER':>9}{'cpWER':>9}{'WDER':>9}{'DER':>9}{'median':>9}{'≤100 ms':>9}  speakers"


def score(truth: Truth, transcript: Transcript) -> Scores:
    """The errors of a transcript against the truth."""
    reference = sorted(truth.words, key=lambda word: word.start)
    hypothesis = sorted(transcript.words, key=lambda word: word.start)
    return Scores(
        evaluation.wer(_plain(reference), _plain(hypothesis)),
        evaluation.cpwer(_by_speaker(reference), _by_speaker(hypothesis)),
        evaluation.wder(_spoken(reference), _spoken(hypothesis)),
        evaluation.der(truth.turns, transcript.turns),
        evaluation.word_boundary_error(reference, hypothesis),
    )


def _plain(words: list[Word]) -> list[str]:
    return [text for word in words for text in evaluation.normalize(word.text)]


def _by_speaker(words: list[Word]) -> dict[str, list[str]]:
    streams: dict[str, list[str]] = {}
    for text, speaker in _spoken(words):
        streams.setdefault(speaker, []).append(text)
    return streams


def _spoken(words: list[Word]) -> list[tuple[str, str]]:
    return [(text, word.speaker or evaluation.UNNAMED) for word in words for text in evaluation.normalize(word.text)]


def measure(folder: Path, settings: Settings, *, stages: bool) -> None:
    """Print the scores of every recording in the folder."""
    total: Scores | None = None
    clocks: dict[str, Clock] = {}
    for recording in sorted(folder.glob("*.flac")):
        truth, clock = Truth.beside(recording), Clock()
        with clock.running():
            try:
                transcript = pipeline.run(recording, settings, progress=clock)
            except NoSpeechError:
                print(f"{recording.stem:<24} no speech found")
                continue
        scores = score(truth, transcript)
        found, real = len(transcript.speakers), len({turn.speaker for turn in truth.turns})
        print(f"{scores.row(recording.stem)}  {found} of {real}", flush=True)
        total = scores if total is None else total + scores
        clocks[recording.stem] = clock
    if total is not None and len(clocks) > 1:
        print(total.row("all"))
    for name, clock in clocks.items() if stages else ():
        print(f"\n{name}: wall seconds and most memory of each stage")
        for stage, seconds in clock.seconds.items():
            print(f"  {stage:<16}{seconds:>8.1f} s {clock.megabytes[stage]:>8.0f} MB")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES])
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="change a setting")
    parser.add_argument("--stages", action="store_true", help="also time and memory of each stage")
    options = parser.parse_args()
    changes = dict(change.split("=", 1) for change in options.set)
    settings = load_settings(options.config, {"run.cache": "false", **changes})
    for folder in options.folders:
        print(f"\n{folder}\n{HEADER}")
        measure(folder, settings, stages=options.stages)


if __name__ == "__main__":
    main()
