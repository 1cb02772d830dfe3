"""A small data set for tests of training, cut from the samples at their reference words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Span
from meetscribe.training.data import Example, Split, TimedText
from meetscribe.training.data.clips.files import wav_bytes
from meetscribe.training.data.manifest import MANIFEST, dumps

SAMPLES = Path(__file__).parents[2] / "samples"

Words = list[dict[str, Any]]


def sample_examples(
    folder: Path, splits: Sequence[Split], *, name: str = "standup", seconds: float = 4.0
) -> list[Example]:
    """Write clips of a sample recording to a data set, one per split in `splits`, and return their examples."""
    audio = load_audio(SAMPLES / f"{name}.flac")
    lines = (SAMPLES / f"{name}.words.jsonl").read_text(encoding="utf-8").splitlines()
    clips = _clips([json.loads(line) for line in lines], seconds)
    examples = [_example(folder, audio.samples, words, split) for words, split in zip(clips, splits, strict=False)]
    assert len(examples) == len(splits), f"{name} has only {len(examples)} clips of {seconds:g} s"
    (folder / MANIFEST).write_text(dumps(examples), encoding="utf-8")
    return examples


def rewrite(folder: Path, examples: Sequence[Example]) -> None:
    """Replace the manifest of a data set."""
    (folder / MANIFEST).write_text(dumps(examples), encoding="utf-8")


def with_text(example: Example, text: str) -> Example:
    """Return the example with another text in one segment, without word times."""
    return replace(example, text=text, words=(), segments=(TimedText(text, 0.0, example.seconds),))


def _clips(words: Words, seconds: float) -> Iterator[Words]:
    """Yield runs of words of one speaker that do not overlap and last about this long."""
    run: Words = []
    for word in words:
        if run and (word["speaker"] != run[-1]["speaker"] or word["end"] - run[0]["start"] > seconds):
            if len(run) > 3:
                yield run
            run = []
        if not run or word["start"] >= run[-1]["end"]:
            run.append(word)


def _example(folder: Path, samples: Any, words: Words, split: Split) -> Example:
    span = Span(max(words[0]["start"] - 0.1, 0.0), words[-1]["end"] + 0.1)
    data = wav_bytes(samples[int(span.start * SAMPLE_RATE) : int(span.end * SAMPLE_RATE)])
    digest = hashlib.sha256(data).hexdigest()
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    (folder / "clips" / f"{digest[:16]}.wav").write_bytes(data)
    timed = tuple(TimedText(w["word"], w["start"] - span.start, w["end"] - span.start) for w in words)
    text = " ".join(word.text for word in timed)
    return Example(
        id=digest[:16],
        audio=f"clips/{digest[:16]}.wav",
        sha256=digest,
        seconds=span.duration,
        text=text,
        words=timed,
        segments=(TimedText(text, timed[0].start, timed[-1].end),),
        language="en",
        speaker=words[0]["speaker"],
        recording="sha256:standup",
        span=span,
        prompt=None,
        timestamps=False,
        split=split,
    )
