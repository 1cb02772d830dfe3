"""Files of a batch: their places, and what must not be replaced."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from meetscribe.corpus import Delivery, Task
from meetscribe.corpus.delivery import settings_digest
from meetscribe.errors import OutputError
from meetscribe.publishing.file_names import Template
from meetscribe.settings import Settings
from meetscribe.testing import synthetic_meeting
from meetscribe.transcript import Transcript
from meetscribe.transcript.vocabulary.application import Vocabulary
from meetscribe.transcript.vocabulary.rows import Row

TRANSCRIPT = synthetic_meeting(speakers=2).transcript


def test_files_are_named_by_the_template(tmp_path: Path) -> None:
    """Files are in the output folder, below the folders of the stem, or beside the recording."""
    recording = tmp_path / "in" / "a" / "x.1.wav"
    recording.parent.mkdir(parents=True)
    recording.touch()
    task = Task(recording, Path("a/x.1"))
    for folder, place in ((tmp_path / "out", tmp_path / "out" / "a"), (None, recording.parent)):
        deliver = pickle.loads(pickle.dumps(Delivery(folder, ("txt", "json"), Template("{stem}.{speaker_count}spk"))))
        files = [place / "x.1.2spk.json", place / "x.1.2spk.txt"]
        assert deliver(task, TRANSCRIPT).outputs == tuple(map(str, files))
        assert all(file.exists() for file in files)


def test_files_of_others_are_kept(tmp_path: Path) -> None:
    """A file that meetscribe did not write is replaced only with `overwrite`."""
    (tmp_path / "x.txt").write_text("mine")
    task = Task(tmp_path / "x.wav", Path("x"))
    with pytest.raises(OutputError, match=r"x\.txt"):
        Delivery(tmp_path, ("txt",))(task, TRANSCRIPT)
    assert (tmp_path / "x.txt").read_text() == "mine"
    Delivery(tmp_path, ("txt",), overwrite=True)(task, TRANSCRIPT)
    assert (tmp_path / "x.txt").read_text() != "mine"


def test_corrections_are_carried_over(tmp_path: Path) -> None:
    """The transcript that is returned is the one in the file, with the names given before."""
    deliver, task = Delivery(tmp_path, ("json",)), Task(tmp_path / "x.wav", Path("x"))
    deliver(task, TRANSCRIPT)
    Transcript.load(tmp_path / "x.json").rename({"SPEAKER_00": "Anna"}).save(tmp_path / "x.json")
    delivered = deliver(task, TRANSCRIPT)
    assert "Anna" in str(delivered.transcript)
    assert delivered.transcript == Transcript.load(tmp_path / "x.json")


def test_a_vocabulary_corrects_the_words(tmp_path: Path) -> None:
    """The files hold the corrections, once, however often they are written; other corrections make other files."""
    word = TRANSCRIPT.words[1].text
    vocabulary = Vocabulary((Row(word, "Viterbi"), Row("(q+)x", r"\1", expression=True)))
    deliver = pickle.loads(pickle.dumps(Delivery(tmp_path, ("json", "txt"), vocabulary=vocabulary)))
    task = Task(tmp_path / "x.wav", Path("x"))
    first, second = deliver(task, TRANSCRIPT), deliver(task, TRANSCRIPT)
    assert "Viterbi" in (tmp_path / "x.txt").read_text()
    assert first.transcript.meta.edits == second.transcript.meta.edits
    digests = [settings_digest(Settings(), one) for one in (deliver, Delivery(tmp_path, ("json", "txt")))]
    assert digests[0] != digests[1]
