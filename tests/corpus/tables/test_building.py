"""Building a corpus from sources, and while a batch runs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from meetscribe.corpus import BatchOptions, Delivery, Manifest, find_recordings, make_tasks, run_batch
from meetscribe.corpus.manifest import FILE_NAME
from meetscribe.corpus.tables import CorpusWriter, adding_callback, build_corpus, find_sources, verify
from meetscribe.settings import Settings
from meetscribe.testing.executors import InProcessExecutor
from tests.support.corpora import content, save_transcripts
from tests.support.fake_workers import DeliveringFactory


def run_into(folder: Path, formats: tuple[str, ...] = ("json",)) -> list[tuple[str, str]]:
    """Run a batch over `folder/recordings` with a corpus; return status and recording of its meetings."""
    factory = DeliveringFactory(Settings(), Delivery(folder / "out", formats))
    options = BatchOptions(partial(InProcessExecutor, factory), "digest")
    manifest = Manifest(folder / "out" / FILE_NAME)
    tasks = make_tasks(find_recordings([str(folder / "recordings")]), manifest)
    with CorpusWriter(folder / "corpus", create=True) as writer:
        run_batch(tasks, replace(options, jobs=1), manifest, adding_callback(writer, manifest))
    return sorted((row["status"], Path(row["recording"]).name) for row in content(folder / "corpus")["meetings"])


def test_a_batch_adds_every_recording(tmp_path: Path) -> None:
    """Done, failed and duplicate recordings are meetings; a second batch, which skips all, changes nothing."""
    (tmp_path / "recordings").mkdir()
    for name in ("a.wav", "b.wav", "bad.wav"):
        (tmp_path / "recordings" / name).write_bytes(name.encode())
    expected = [("done", "a.wav"), ("duplicate", "b.wav"), ("failed", "bad.wav")]  # the fake worker says one text
    assert run_into(tmp_path) == expected
    before = content(tmp_path / "corpus")
    assert {row["collection"] for row in before["words"]} == {"recordings"}
    assert run_into(tmp_path) == expected
    assert content(tmp_path / "corpus") == before
    assert verify(tmp_path / "corpus") == ()


def test_skipped_recordings_are_added_to_a_new_corpus(tmp_path: Path) -> None:
    """A corpus that is begun later gets what an earlier batch has transcribed; so does `build` from the manifest."""
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / "a.wav").write_bytes(b"a")
    run_into(tmp_path)
    before = content(tmp_path / "corpus")
    (tmp_path / "corpus").rename(tmp_path / "earlier")
    run_into(tmp_path)
    build_corpus(tmp_path / "built", find_sources([tmp_path / "out"]))
    assert content(tmp_path / "corpus") == content(tmp_path / "built") == before


def test_a_transcript_is_read_again_if_the_turns_beside_it_change(tmp_path: Path) -> None:
    """The rows of a transcript without turns depend on the RTTM file of the same name, also if it comes or goes."""
    talks, corpus = tmp_path / "talks", tmp_path / "corpus"
    talks.mkdir()
    (talks / "0.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nGood morning.\n")
    outcomes, speakers = [], []
    for name in ("", "Anna", "Anna", "Ben", ""):
        (talks / "0.rttm").unlink(missing_ok=True)
        if name:
            (talks / "0.rttm").write_text(f"SPEAKER 0 1 0.0 2.0 <NA> <NA> {name} <NA> <NA>\n")
        outcomes.append(build_corpus(corpus, find_sources([talks])).counts)
        speakers.append({row["speaker"] for row in content(corpus)["turns"]})
    assert outcomes == [{outcome: 1} for outcome in ("added", "updated", "unchanged", "updated", "updated")]
    assert speakers == [set(), {"Anna"}, {"Anna"}, {"Ben"}, set()]
    assert verify(corpus) == ()


def test_a_stopped_build_is_continued(tmp_path: Path) -> None:
    """What was added before the stop is in the manifest, and is not added again."""
    sources = find_sources([save_transcripts(tmp_path / "talks", range(4))])
    progress: list[float] = []
    stopped = build_corpus(tmp_path / "corpus", sources, progress.append, lambda: len(progress) == 2)
    assert (stopped.counts, progress) == ({"added": 2}, [0.0, 0.25, 1.0])
    assert verify(tmp_path / "corpus") == ()
    assert build_corpus(tmp_path / "corpus", sources).counts == {"unchanged": 2, "added": 2}
