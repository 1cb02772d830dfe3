"""Invented names and terms, which Whisper base cannot know, in voices and sentences held out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.evaluation import compare, interval, normalize
from meetscribe.training import TrainingTask
from meetscribe.training.comparison.scores import ScoredText, score_texts
from meetscribe.training.output import PARTS
from meetscribe.training.results import REGRESSION, TEST
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import find_recordings
from tests.benchmarks.training_material import TERMS, make_data_set
from tests.benchmarks.training_runs.choices import Choices, cost, score_lines, sizes, table_lines, trained

BASE = "whisper-base-hf"
SETS = {"ami": "AMI excerpts", "languages": "languages"}


@dataclass(frozen=True, slots=True)
class Recall:
    """How many of the terms that were said are in a text."""

    found: int
    said: int

    @property
    def fraction(self) -> tuple[float, int]:
        """Numerator and denominator."""
        return self.found, self.said

    @property
    def rate(self) -> float | None:
        """The recall; None if no term was said."""
        return self.found / self.said if self.said else None

    @property
    def detail(self) -> str:
        """The counts."""
        return f"{self.found} of {self.said}"

    def __add__(self, other: Recall, /) -> Recall:
        return Recall(self.found + other.found, self.said + other.said)


def run(choices: Choices) -> Iterator[str]:
    """Train base on the terms, and yield the lines of the report."""
    if missing := choices.missing(BASE):
        yield missing
        return
    base = choices.weights / BASE
    data = choices.folder / "material"
    summary = make_data_set(data, choices.minutes, base=str(base))
    yield f"base {BASE}; {sizes(summary)}"
    settings = choices.training(epochs=3, batch_size=4, freeze_encoder=True, spec_augment=False)
    regression = regression_folder(choices.folder / "regression")
    task = TrainingTask(
        data / "dataset", str(base), settings, regression, device="cpu", threads=choices.threads, offline=True
    )
    result = trained(task, choices.folder / "model")
    yield f"settings: {', '.join(f'{name} {value}' for name, value in settings.deciding().items())}"
    yield cost(result)
    yield ""
    yield from _recalls(read_texts(result.folder, TEST))
    yield ""
    parts = [score_texts("test", read_texts(result.folder, TEST))]
    if regression is not None:
        texts = read_texts(result.folder, REGRESSION)
        for prefix, title in SETS.items():
            own = [text for text in texts if text.recording.startswith(f"{prefix}-")]
            parts += [score_texts(title, own)] if own else []
        parts.append(score_texts("regression, all", texts))
    yield from score_lines(parts)
    yield from ("", *(f"{part.name}: {part.texts} texts, resampled: {part.units}" for part in parts), "")
    yield result.conclusion
    yield result.heads_text
    yield f"word error rate of {len(result.engines)} engines on a few clips: {'; '.join(result.engine_lines)}"


def recall(reference: str, text: str) -> Recall:
    """Return how many of the terms in a reference are in a text, each at most as often as it was said."""
    said, found = normalize(reference), normalize(text)
    counts = [(said.count(term.lower()), found.count(term.lower())) for term in TERMS]
    return Recall(sum(min(pair) for pair in counts), sum(one for one, _ in counts))


def read_texts(model: Path, name: str) -> list[ScoredText]:
    """Return the texts that a run has stored beside its model."""
    lines = (model / PARTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [ScoredText(**json.loads(line)) for line in lines]


def regression_folder(folder: Path) -> Path | None:
    """Return a folder of real recordings with references, one for each language; None if they are not here."""
    places = Places.default()
    if not places.data.is_dir():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    languages: set[str] = set()
    for recording in find_recordings(places):
        if recording.set not in SETS or (recording.set == "languages" and recording.language in languages):
            continue
        languages |= {recording.language} if recording.set == "languages" else set()
        name = f"{recording.set}-{recording.name}"
        link = folder / f"{name}{recording.path.suffix}"
        if not link.exists():
            link.symlink_to(recording.path.resolve())
        joiner = "" if recording.language in ("zh", "ja") else " "
        text = joiner.join(word.text for word in recording.words)
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


def _recalls(texts: Sequence[ScoredText]) -> Iterator[str]:
    """Yield the recall of the terms before and after, with the interval over clips."""
    before = [recall(text.reference, text.before) for text in texts]
    after = [recall(text.reference, text.after) for text in texts]
    comparison = compare(after, before, errors=False)
    rows = [("recall of the terms", "found", "rate", "95 % interval")]
    for name, each in (("before", before), ("after", after)):
        total = sum(each, Recall(0, 0))
        rows.append((name, total.detail, f"{total.rate:.2f}", _range(interval(each))))
    rows.append(("difference", "", f"{comparison.difference:+.2f}", _range(comparison.interval)))
    yield from table_lines(rows)


def _range(ends: tuple[float, float] | None) -> str:
    return "n/a" if ends is None else f"{ends[0]:.2f} to {ends[1]:.2f}"
