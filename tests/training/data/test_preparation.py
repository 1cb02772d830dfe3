"""A data set of the samples, from their reference words and recordings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.training.data import SPLITS, DataSettings, DataSummary, load_examples, prepare, preview, read_clip
from meetscribe.training.data.summary import DATASET

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
