"""Writing: other files are left alone, one process writes at a time, and the same audio is in one split only."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError, OutputError
from meetscribe.storage.files import hold_folder
from meetscribe.training.data import DataSettings, Sources, prepare
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.support.microphones import write_wav

ALL = DataSettings(dev=0, test=0)


def meeting(folder: Path, name: str, text: str = "word", seconds: float = 12.0, seed: int = 0) -> Path:
    """Write a recording of noise, and a transcript of 11 words; return the path of the transcript."""
    noise = np.random.default_rng(seed).normal(0, 0.1, round(seconds * SAMPLE_RATE)).clip(-1, 1).astype(np.float32)
    write_wav(folder / f"{name}.wav", noise)
    words = tuple(Word(f"{text}{at}", at + 0.3, at + 0.9) for at in range(11))
    Transcript((Segment(words),), Meta("en", 12.0)).save(folder / f"{name}.json")
    return folder / f"{name}.json"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    source = meeting(tmp_path, "a")
    with pytest.raises(OutputError, match="contains other files"):
        prepare(tmp_path, [source], ALL)
    assert not (tmp_path / "clips").exists()


def test_files_beside_a_data_set_stay(tmp_path: Path) -> None:
    """Only clips that are no longer used are deleted."""
    source, out = meeting(tmp_path, "a"), tmp_path / "set"
    prepare(out, [source], ALL)
    notes = [out / "notes.txt", out / "clips" / "cover.wav"]
    for path in notes:
        path.write_text("mine", encoding="utf-8")
    prepare(out, [meeting(tmp_path, "b", seed=1)], ALL)
    assert [path.read_text(encoding="utf-8") for path in notes] == ["mine", "mine"]
    assert len(list((out / "clips").iterdir())) == 2


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    held = hold_folder(tmp_path / "set")
    assert held is not None
    with pytest.raises(OutputError, match="is in use by another process"):
        prepare(tmp_path / "set", [meeting(tmp_path, "a")], ALL)
    os.close(held)
    prepare(tmp_path / "set", [meeting(tmp_path, "a")], ALL)


def test_the_same_sound_in_two_splits_is_refused(tmp_path: Path) -> None:
    """A copy in another container has another hash, and may have another text."""
    train, copy = meeting(tmp_path, "a"), meeting(tmp_path, "b", text="other")
    with (tmp_path / "b.wav").open("ab") as file:
        file.write(b"LIST\x04\x00\x00\x00INFO")
    sources = Sources((train,), test=(copy,))
    with pytest.raises(InputError, match="the same audio or text is in train and test"):
        prepare(tmp_path / "set", sources, ALL)
    assert not (tmp_path / "set" / "manifest.jsonl").exists()


def test_a_recording_that_is_too_short_is_refused(tmp_path: Path) -> None:
    source = meeting(tmp_path, "a", seconds=4.0)
    with pytest.raises(InputError, match=r"a.wav lasts 4.0 s, but the transcript has words at 11.1 s"):
        prepare(tmp_path / "set", [source], ALL)
