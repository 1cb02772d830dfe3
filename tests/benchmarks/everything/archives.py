"""Rows of many meetings: profiles, library, corpus, Ray, and training."""

from __future__ import annotations

import json
from collections import Counter
from importlib.util import find_spec

import pytest

from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.everything.values import CONFIG, Row, Skip, Work, parsed, word_error
from tests.support.postgres import postgres_server


def profiles(work: Work) -> str:
    """Enrol a voice of the stand-up, and find it in the interview, in which only one of two speakers is the same."""
    label = label_of(work, "standup", "emma")
    expected = label_of(work, "interview", "emma")
    consent = ("--consent", "recognise my voice", "--declared-by", "Emma")
    audio = ("--audio", SAMPLES / "standup.flac")
    options = ("--config", CONFIG)
    work.meetscribe("profiles", "enroll", "Emma", "out/standup.json", "--speaker", label, *audio, *consent, *options)
    text = work.meetscribe("profiles", "backfill", "out/interview.json", "--dry-run", *options)
    named = [line for line in text.splitlines() if "Emma" in line]
    assert len(named) == 1, f"not one speaker is Emma: {text!r}"
    assert expected in named[0], f"{expected} is Emma, but: {text!r}"
    work.meetscribe("profiles", "forget", "Emma")
    return f"{expected} of the interview is Emma of the stand-up"


def label_of(work: Work, recording: str, person: str) -> str:
    """Return the label of a person in a transcript: that of most of the person's words in the reference."""
    found = work.load(f"out/{recording}.json").words
    truth = truth_of(SAMPLES / f"{recording}.flac").words
    counts = Counter(
        word.speaker
        for one in truth
        if one.speaker == person
        for word in found
        if word.start < one.end and one.start < word.end and word.speaker
    )
    label = counts.most_common(1)[0][0]
    assert label is not None
    return label


def library(work: Work, location: str = "library.db") -> str:
    """Add two meetings and find a word that was said in one of them."""
    work.load("out/standup.json")
    place = ("--library", location)
    work.meetscribe("library", "add", "out", *place)
    document = parsed(work.meetscribe("library", "search", "checklist", "--json", *place))
    hits = document["hits"] if isinstance(document, dict) else document
    assert hits, document
    truth = next(word for word in truth_of(SAMPLES / "standup.flac").words if "checklist" in word.text)
    text = json.dumps(hits[0])
    assert "checklist" in text, text
    start = hits[0].get("start", hits[0].get("passage", {}).get("start"))
    assert start is not None and start <= truth.end + 1, f"at {start}, said at {truth.start}"
    return f"{len(hits)} passages with checklist, the first at {start:.1f} s"


def postgres(work: Work) -> str:
    """Do the same with a PostgreSQL server that is started for this row."""
    try:
        with postgres_server() as server:
            return library(work, server.new_database())
    except pytest.skip.Exception as reason:
        raise Skip(str(reason)) from reason


def corpus(work: Work) -> str:
    """Build a corpus, compact and verify it, and count its words with pandas."""
    import pandas as pd

    if find_spec("pyarrow") is None:
        raise Skip("pyarrow is not installed")
    expected = sum(len(work.load(f"out/{name}.json").words) for name in ("standup", "interview"))
    work.meetscribe("corpus", "build", "corpus", "out")
    work.meetscribe("corpus", "compact", "corpus")
    work.meetscribe("corpus", "verify", "corpus")
    found = pd.read_parquet(work.folder / "corpus" / "words")
    assert len(found) == expected, f"{len(found)} words, not {expected}"
    total = parsed(work.meetscribe("corpus", "stats", "corpus", "--json"))["total"]
    assert total["words"] == expected, total
    return f"{found['meeting'].nunique()} meetings, {len(found)} words, verified"


def ray(work: Work) -> str:
    """Run a recording on a Ray cluster of this machine."""
    if find_spec("ray") is None:
        raise Skip("ray is not installed")
    options = ("--config", CONFIG, "-f", "json", "-o", "ray", "-q", "--no-diarize")
    work.meetscribe("run", work.excerpt, *options, "--executor", "ray")
    manifest = (work.folder / "ray" / "meetscribe.manifest.jsonl").read_text().splitlines()
    assert [json.loads(line)["status"] for line in manifest] == ["done"]
    return word_error(work.excerpt_truth, work.load("ray/excerpt.json"), 0.08)


def training_data(work: Work) -> str:
    """Make clips from two meetings; every clip's text must be in its transcript."""
    work.load("out/standup.json")
    options = ("--audio", SAMPLES, "--split-by", "passage")
    work.meetscribe("train", "data", "training", "out/standup.json", "out/interview.json", *options)
    texts = "\n".join(work.load(f"out/{name}.json").text for name in ("standup", "interview"))
    known = set(texts.split())
    files = [file for file in (work.folder / "training").rglob("*.jsonl") if file.stat().st_size]
    clips = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    clips = [clip for clip in clips if isinstance(clip.get("text"), str)]
    assert clips, "there are no clips"
    unknown = {word for clip in clips for word in clip["text"].split()} - known
    assert not unknown, f"words that nobody said: {sorted(unknown)[:5]}"
    return f"{len(clips)} clips"


def fine_tuning(work: Work) -> str:
    """Fine-tune the sample's model for a few steps, and transcribe with the result."""
    if not (work.folder / "training").exists():
        raise Skip("the row that makes training data has not succeeded")
    base, steps = SAMPLES / "weights" / "asr", ("--batch-size", "2", "--set", "training.max_steps=4")
    work.meetscribe("train", "run", "training", "--base", base, "-o", "tuned", *steps, "-q")
    log = [json.loads(line) for line in (work.folder / "tuned" / "training" / "log.jsonl").read_text().splitlines()]
    updates = [line for line in log if line["event"] == "update"]
    assert len(updates) == 4, f"{len(updates)} steps in the log"
    options = ("--config", CONFIG, "--model", "tuned", "-f", "json", "-o", "after", "-q", "--no-align")
    work.meetscribe("transcribe", work.excerpt, *options)
    return f"{word_error(work.excerpt_truth, work.load('after/excerpt.json'), 0.2)} after 4 steps"


ROWS = (
    Row("profiles", "profiles enroll; profiles backfill", profiles),
    Row("library, SQLite", "library add; library search", library),
    Row("library, PostgreSQL", "library add; library search", postgres),
    Row("corpus", "corpus build, compact, verify, stats", corpus),
    Row("Ray", "run RECORDING --executor ray", ray),
    Row("training data", "train data", training_data),
    Row("fine-tuning", "train run --set training.max_steps=4", fine_tuning),
)
