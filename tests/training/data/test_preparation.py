"""A data set of the samples, from their reference words and recordings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.training.data import SPLITS, DataSettings, DataSummary, load_examples, prepare, preview, read_clip
from meetscribe.training.data.manifest import MANIFEST
from meetscribe.training.data.summary import DATASET
from meetscribe.transcript import RecordingFile, Transcript

SAMPLES = Path(__file__).parents[3] / "samples"
SOURCES = [SAMPLES / f"{name}.words.jsonl" for name in ("standup", "planning", "interview")]
SETTINGS = DataSettings(language="en", split_by="recording")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DataSummary]:
    folder = tmp_path_factory.mktemp("data") / "set"
    return folder, prepare(folder, SOURCES, SETTINGS)


def test_clips_hold_the_sound_of_their_spans(made: tuple[Path, DataSummary]) -> None:
    """Each is the part of the recording that the manifest names, and has the text that is spoken there."""
    folder, _ = made
    names = json.loads((folder / DATASET).read_text(encoding="utf-8"))["recordings"]
    audio = {hash: load_audio(SAMPLES / name) for hash, name in names.items()}
    examples = load_examples(folder)
    for example in examples:
        samples = read_clip(folder, example)
        assert len(samples) / SAMPLE_RATE == pytest.approx(example.seconds, abs=0.001)
        assert np.abs(samples - audio[example.recording].slice(example.span)).max() < 1e-4
        assert 5 <= example.seconds <= 30
        assert example.text.split() == [word.text for word in example.words]
    assert len(examples) > 20


def test_each_recording_is_in_one_split(made: tuple[Path, DataSummary]) -> None:
    folder, summary = made
    recordings = [set(summary.splits[split].recordings) for split in SPLITS]
    assert [len(own) for own in recordings] == [1, 1, 1]
    assert len(set.union(*recordings)) == 3


def test_half_of_the_examples_have_timestamps(made: tuple[Path, DataSummary]) -> None:
    """In each split; some have the text before them as a prompt."""
    folder, _ = made
    for split in SPLITS:
        examples = load_examples(folder, split)
        assert sum(one.timestamps for one in examples) == round(len(examples) / 2)
        texts = {one.text.split()[-1] for one in examples}
        assert all(one.prompt.split()[-1] in texts for one in examples if one.prompt)
    assert any(one.prompt for one in load_examples(folder))


def test_a_preview_says_the_same(made: tuple[Path, DataSummary]) -> None:
    """Except for the digest, which covers the sound."""
    _, summary = made
    found = preview(SOURCES, SETTINGS)
    assert found.splits == summary.splits
    assert found.left_out == summary.left_out


@pytest.mark.long
def test_training_clips_get_changed_copies(made: tuple[Path, DataSummary], tmp_path: Path) -> None:
    """Dev and test hold sound as recorded only; the copies have the text and the split of their clips."""
    augmented = replace(SETTINGS, augment=("speed", "gain", "noise", "codec"))
    summary = prepare(tmp_path / "set", SOURCES, augmented)
    originals = load_examples(made[0])
    count = sum(one.split == "train" for one in originals)
    assert [summary.splits[split].augmented for split in SPLITS] == [count, 0, 0]
    by_span = {(one.recording, one.span): one for one in originals}
    for copy in load_examples(tmp_path / "set")[len(originals) :]:
        original = by_span[copy.recording, copy.span]
        assert (copy.text, copy.split, copy.prompt) == (original.text, "train", original.prompt)
        samples = read_clip(tmp_path / "set", copy)
        assert len(samples) / SAMPLE_RATE == pytest.approx(copy.seconds, abs=0.001)
        assert copy.words[-1].end <= copy.seconds
        assert "noise at" in copy.augmentation


def test_a_second_call_writes_what_is_missing(made: tuple[Path, DataSummary], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is decoded if all clips are there; the result is the same file for file."""
    folder, summary = made
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (folder / "clips").iterdir()}
    manifest = (folder / MANIFEST).read_bytes()
    monkeypatch.setattr("meetscribe.training.data.writing.load_tracks", pytest.fail)
    assert prepare(folder, SOURCES, SETTINGS) == summary
    monkeypatch.undo()
    missing, damaged, *_ = sorted(before)
    missing.unlink()
    damaged.write_bytes(b"RIFF")
    assert prepare(folder, SOURCES, SETTINGS) == summary
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (folder / "clips").iterdir()}
    assert {path for path in before if before[path] != after[path]} == {missing, damaged}
    assert {path: content for path, (content, _) in after.items()} == {path: one for path, (one, _) in before.items()}
    assert (folder / MANIFEST).read_bytes() == manifest


def test_an_interrupted_call_keeps_what_is_done(tmp_path: Path) -> None:
    """The clips stay, the next call continues, and unused clips are deleted at its end."""
    folder = tmp_path / "set"

    def interrupt(done: float) -> None:
        if done > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(folder, SOURCES, SETTINGS, progress=interrupt)
    assert not (folder / MANIFEST).exists()
    kept = {path: path.stat().st_mtime_ns for path in (folder / "clips").iterdir()}
    prepare(folder, SOURCES, SETTINGS)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    prepare(folder, SOURCES[:1], replace(SETTINGS, dev=0, test=0))
    assert {path.stem for path in (folder / "clips").iterdir()} == {one.id for one in load_examples(folder)}


def test_a_correction_reaches_the_training_data(tmp_path: Path) -> None:
    """The clip stays, its text is the corrected one; the digest of the data set changes."""
    transcript = Transcript.load(SAMPLES / "standup.words.jsonl").with_meta(language="en")
    named = transcript.with_meta(recording=RecordingFile(str(SAMPLES / "standup.flac")))
    named.save(tmp_path / "meeting.json")
    alone = DataSettings(dev=0, test=0)
    before = prepare(tmp_path / "set", [tmp_path / "meeting.json"], alone)
    first = load_examples(tmp_path / "set")[0]
    corrected = Transcript.load(tmp_path / "meeting.json").replace(2.4, 4.0, "Next, the long subscription.")
    corrected.save(tmp_path / "meeting.json")
    after = prepare(tmp_path / "set", [tmp_path / "meeting.json"], alone)
    example = load_examples(tmp_path / "set")[0]
    assert first.text.startswith("Next, the subscription. The full")
    assert example.text.startswith("Next, the long subscription. The full")
    assert (example.id, example.sha256) == (first.id, first.sha256)
    assert before.digest != after.digest
