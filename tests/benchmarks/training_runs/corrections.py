"""Meetings of two colleagues whose voices the samples' weights do not know: transcribed, corrected, and learnt."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from meetscribe import formats
from meetscribe.cli.application import application
from meetscribe.evaluation import normalize, wer
from meetscribe.transcript import Transcript
from tests.benchmarks.training_runs.choices import Choices
from tests.support.training_data import SAMPLES

VOICES = ("grace", "nolan")
MEETINGS = {"monday": 3.0, "tuesday": 3.0, "wednesday": 3.0, "thursday": 2.0, "friday": 4.0}  # minutes
DEV, TEST = "thursday", "friday"
TALKS = ("standup", "interview")
DATA = "--split-by recording --min-seconds 2 --max-seconds 10 --prompts 0 --drop-shared"
TRAINING = "--full --freeze-encoder --epochs 4 --batch-size 4 --learning-rate 1e-4 --set training.spec_augment=false"


def run(choices: Choices) -> Iterator[str]:
    """Run the commands of a user one after the other, and yield them with what they print."""
    folder = choices.folder
    folder.mkdir(parents=True, exist_ok=True)
    _make_meetings(folder)
    with chdir(folder):
        for name in MEETINGS:
            yield from _meetscribe(f"run {name}.flac -o . -f json", lines=0)
            yield from _corrected(name)
        others = " ".join(f"{name}.json" for name in MEETINGS if name not in (DEV, TEST))
        yield from _meetscribe(f"train data dataset {others} --dev-from {DEV}.json --test-from {TEST}.json {DATA}")
        machine = f"--device cpu --threads {choices.threads} --overwrite"
        given = " ".join(f"--set training.{key}={value}" for key, value in choices.settings.items())
        base = SAMPLES / "weights" / "asr"
        shown = f"train run dataset --base {base.name} -o better --regression talks {TRAINING}"
        yield from _meetscribe(f"{shown.replace(base.name, str(base))} {machine} {given}", shown)


def _make_meetings(folder: Path) -> None:
    """Write the meetings with their references, a folder with sample recordings, and the settings of the samples."""
    make = SAMPLES / "recipe" / "make_meeting.py"
    for seed, (name, minutes) in enumerate(MEETINGS.items(), start=1):
        options = (
            f"--seed {seed} --minutes {minutes} --overlap 0.02 --voices {','.join(VOICES)} --name {name} -o {folder}"
        )
        subprocess.run([sys.executable, make, *options.split()], check=True, stdout=subprocess.DEVNULL)
    (folder / "talks").mkdir(exist_ok=True)
    for name in TALKS:
        for suffix in (".flac", ".words.jsonl"):
            shutil.copy(SAMPLES / f"{name}{suffix}", folder / "talks")
    text = (SAMPLES / "offline.toml").read_text(encoding="utf-8")
    (folder / "meetscribe.toml").write_text(text.replace('"weights/', f'"{SAMPLES}/weights/'), encoding="utf-8")


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
    yield from _meetscribe(f"correct {name}.json --from {copy}", lines=3)
    after = wer(normalize(reference.text), normalize(Transcript.load(f"{name}.json").edited().text))
    yield f"# word error rate {before.rate:.1%} before the corrections, {after.rate:.1%} after"


def _speakers(found: Transcript, reference: Transcript) -> dict[str, str]:
    """Return the name of each label: that of the speaker of most words that begin while the label speaks."""
    counts: dict[str, Counter[str]] = {}
    for word in found.words:
        names = [each.speaker for each in reference.words if each.start < word.end and word.start < each.end]
        counts.setdefault(word.speaker or "", Counter()).update(name for name in names if name)
    return {label: own.most_common(1)[0][0] for label, own in sorted(counts.items()) if label and own}


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
