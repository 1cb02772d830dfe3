"""Meetings of a team whose names and terms tiny.en does not know: transcribed, corrected, and learnt."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from meetscribe import formats
from meetscribe.cli.application import application
from meetscribe.evaluation import normalize, wer
from meetscribe.training.data import Split
from meetscribe.training.results import TEST
from meetscribe.transcript import Transcript
from tests.benchmarks.training_material import SENTENCES, TERMS, recipe
from tests.benchmarks.training_runs.choices import Choices
from tests.benchmarks.training_runs.meetings import write_meeting
from tests.benchmarks.training_runs.recall import read_texts, recall, recall_lines
from tests.benchmarks.training_runs.regression import regression_folder
from tests.support.training_data import SAMPLES

BASE = "whisper-tiny.en-hf"
TEAM = ("sally", "robert", "emma")
VOCABULARY = TERMS[::2]
SHARE = 0.6  # of the sentences that contain a term
MEETINGS: dict[str, tuple[Split, float]] = {  # split, and minutes
    "monday": ("train", 6.0),
    "tuesday": ("train", 6.0),
    "wednesday": ("train", 6.0),
    "thursday": ("dev", 3.0),
    "friday": ("test", 6.0),
}
REGRESSION = ("ami", "call", "mixes", "other")  # real English speech
TALKS = ("standup", "interview")  # where there is no real speech
TRAINING = "--freeze-encoder --batch-size 4 --set training.spec_augment=false"


def run(choices: Choices) -> Iterator[str]:
    """Run the commands of a user one after the other, and yield them with what they print."""
    if missing := choices.missing(BASE):
        yield missing
        return
    folder = choices.folder
    _prepare(choices)
    with chdir(folder):
        shutil.rmtree("dataset", ignore_errors=True)
        for name in MEETINGS:
            yield from _meetscribe(
                f"run {name}.flac -o . -f json --overwrite", f"run {name}.flac -o . -f json", lines=0
            )
            shutil.copy(f"{name}.json", f"{name}.base.json")
            yield from _corrected(name)
        train, (dev,), (test,) = ([f"{name}.json" for name in _names(split)] for split in ("train", "dev", "test"))
        sources = f"{' '.join(train)} --dev-from {dev} --test-from {test} --split-by recording"
        yield from _meetscribe(f"train data dataset {sources}")
        shown = f"train run dataset --base tiny.en -o better --regression talks {TRAINING}"
        machine = f"--device cpu --threads {choices.threads} --overwrite"
        given = " ".join(f"--set training.{key}={value}" for key, value in choices.settings.items())
        yield from _meetscribe(f"{shown.replace('tiny.en', str(choices.weights / BASE))} {machine} {given}", shown)
        yield from ("", *recall_lines(read_texts(Path("better"), TEST)), "")
        yield from _compared(*_names("test"))


def _names(split: Split) -> list[str]:
    return [name for name, (own, _) in MEETINGS.items() if own == split]


def _prepare(choices: Choices) -> None:
    """Write the meetings with their references, the regression set, and the settings of the runs."""
    folder = choices.folder
    for name, (split, minutes) in MEETINGS.items():
        write_meeting(folder, name, TEAM, _sentences(name, split), minutes)
    if regression_folder(folder / "talks", REGRESSION) is None:
        (folder / "talks").mkdir(exist_ok=True)
        for name in TALKS:
            for suffix in (".flac", ".words.jsonl"):
                shutil.copy(SAMPLES / f"{name}{suffix}", folder / "talks")
    settings = f"""
[asr]
model = "{choices.weights / BASE}"
language = "en"

[alignment]
enabled = false

[diarization]
pipeline = "bundled"
embedder = "{SAMPLES / "weights" / "embedder"}"
"""
    (folder / "meetscribe.toml").write_text(settings, encoding="utf-8")


def _sentences(name: str, split: Split) -> Iterator[str]:
    """Yield sentences of a meeting; those of the three splits differ, but contain the same terms."""
    rng = random.Random(f"sentences of {name}")
    grammar = recipe("language").Grammar(rng)
    while True:
        if rng.random() < SHARE:
            sentence = rng.choice(SENTENCES[split])
            yield sentence.format(*rng.sample(VOCABULARY, sentence.count("{}")))
        else:
            yield rng.choice((grammar.statement, grammar.question))()


def _corrected(name: str) -> Iterator[str]:
    """Name the speakers of a meeting and correct its words by a copy with the true ones; yield the commands."""
    reference, found = Transcript.load(f"{name}.words.jsonl"), Transcript.load(f"{name}.json")
    before = wer(normalize(reference.text), normalize(found.text))
    names = " ".join(f"{label}={speaker.capitalize()}" for label, speaker in _speakers(found, reference).items())
    yield from _meetscribe(f"speakers rename {name}.json {names}", lines=0)
    segments = (
        replace(
            segment, words=tuple(replace(word, speaker=(word.speaker or "").capitalize()) for word in segment.words)
        )
        for segment in reference.segments
    )
    copy = Path(f"{name}.corrected.vtt")
    copy.write_bytes(formats.write(reference.with_segments(segments), "vtt"))
    yield from _meetscribe(f"correct {name}.json --from {copy}", lines=4)
    after = wer(normalize(reference.text), normalize(Transcript.load(f"{name}.json").edited().text))
    yield f"# word error rate {before.rate:.1%} before the corrections, {after.rate:.1%} after"


def _speakers(found: Transcript, reference: Transcript) -> dict[str, str]:
    """Return the name of each label: that of the speaker of most words that begin while the label speaks."""
    counts: dict[str, Counter[str]] = {}
    for word in found.words:
        names = [each.speaker for each in reference.words if each.start < word.end and word.start < each.end]
        counts.setdefault(word.speaker or "", Counter()).update(name for name in names if name)
    return {label: own.most_common(1)[0][0] for label, own in sorted(counts.items()) if label and own}


def _compared(name: str) -> Iterator[str]:
    """Transcribe a meeting with the trained model, and yield its errors and terms before and after."""
    yield from _meetscribe(
        f"run {name}.flac --model better -o after -f json --overwrite",
        f"run {name}.flac --model better -o after -f json",
        lines=0,
    )
    reference = Transcript.load(f"{name}.words.jsonl").text
    for title, path in (("base", f"{name}.base.json"), ("trained", f"after/{name}.json")):
        text = Transcript.load(path).text
        rate, terms = wer(normalize(reference), normalize(text)), recall(reference, text)
        yield f"# {name}, {title}: word error rate {rate.rate:.1%}, {terms.detail} terms found"


def _meetscribe(arguments: str, shown: str = "", lines: int = 40) -> Iterator[str]:
    """Run a command, and yield it with the first lines that it prints; raises RuntimeError if it fails."""
    result = CliRunner().invoke(application, arguments.split())
    if result.exit_code:
        raise RuntimeError(f"meetscribe {arguments}\n{result.output}")
    yield f"$ meetscribe {shown or arguments}"
    printed = result.stdout.splitlines()
    yield from printed[:lines]
    if len(printed) > lines > 0:
        yield f"… {len(printed) - lines} more lines"
