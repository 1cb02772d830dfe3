"""Kills at every step of every operation: the same command finishes the work, no row is lost or doubled."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from meetscribe.corpus.tables import Corpus, CorpusWriter, build_corpus, compact, find_sources, verify
from meetscribe.corpus.tables.recovery import recover, remove_rows
from meetscribe.transcript import Transcript
from tests.support.corpora import content, save_transcripts, small_corpus

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


def killed_at(step: int, operation: Callable[[], object]) -> bool:
    """Run an operation in a process that is killed before its renaming or removal number `step`; return whether it was.

    Each change of a corpus is one of these: files appear by renaming.
    """
    child = os.fork()
    if child == 0:
        steps = 0

        def killing(method: Callable[..., None]) -> Callable[..., None]:
            def wrapper(*arguments: object, **named: object) -> None:
                nonlocal steps
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                steps += 1
                method(*arguments, **named)

            return wrapper

        Path.replace = killing(Path.replace)  # type: ignore[method-assign, arg-type, assignment]
        Path.unlink = killing(Path.unlink)  # type: ignore[method-assign, assignment]
        try:
            operation()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


every = pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
"""The kills of a test: at every sixth step, or at all of them."""


def check_kills(tmp_path: Path, operation: Callable[[Path], object], every: int, intact: bool = False) -> int:
    """Kill an operation on `tmp_path/corpus` at every such step, then repeat it; return the last step.

    The result must be the same as without a kill. If the operation leaves the rows `intact`, they are so at each kill.
    """
    undisturbed = tmp_path / "undisturbed"
    before = content(tmp_path / "corpus")
    shutil.copytree(tmp_path / "corpus", undisturbed)
    operation(undisturbed)
    expected, step = content(undisturbed), 0
    while True:
        copy = tmp_path / f"killed-{step}"
        shutil.copytree(tmp_path / "corpus", copy)
        killed = killed_at(step, lambda copy=copy: operation(copy))  # type: ignore[misc]
        if intact:
            assert content(copy) == before, f"step {step}"
        operation(copy)
        assert content(copy) == expected, f"step {step}"
        assert verify(copy) == (), f"step {step}"
        shutil.rmtree(copy)
        if not killed:
            return step
        step += every


@every
def test_a_killed_compaction_loses_nothing(tmp_path: Path, every: int) -> None:
    """At each kill all rows are there once; repeating it leaves one file per table."""
    corpus = small_corpus(tmp_path, 3)
    compact(corpus.root)
    save_transcripts(tmp_path / "talks", range(3, 5))
    build_corpus(corpus.root, find_sources([tmp_path / "talks"]))
    assert check_kills(tmp_path, compact, every, intact=True) > 12


@every
def test_a_killed_build_is_completed(tmp_path: Path, every: int) -> None:
    """New, changed and moved meetings, of files and of parts, are complete after the next build."""
    corpus = small_corpus(tmp_path, 3)
    compact(corpus.root)
    save_transcripts(tmp_path / "talks", range(3, 5))
    file = tmp_path / "talks" / "1.json"
    Transcript.load(file).rename({"SPEAKER_01": "Ben"}).save(file)
    sources = find_sources([tmp_path / "talks"])
    assert check_kills(tmp_path, lambda root: build_corpus(root, sources), every) > 12


@every
def test_a_killed_removal_is_completed(tmp_path: Path, every: int) -> None:
    """The meeting is known until all its rows are gone, so that the same command removes the rest."""
    corpus = small_corpus(tmp_path, 3)
    compact(corpus.root)
    name = str(tmp_path / "talks" / "1.json")

    def remove(root: Path) -> None:
        if name in [row["transcript"] for row in content(root)["meetings"]]:
            with CorpusWriter(root) as writer:
                writer.remove([name])
        else:
            compact(root)  # nothing is left to remove; the manifest may be old

    assert check_kills(tmp_path, remove, every) >= 6


def test_recovery_of_an_intact_corpus_changes_nothing(tmp_path: Path) -> None:
    """Neither files of meetings nor parts are removed."""
    corpus = small_corpus(tmp_path, 2)
    before = content(corpus.root)
    recover(corpus.root)
    compact(corpus.root)
    recover(corpus.root)
    assert content(corpus.root) == before


def test_a_part_without_rows_disappears(tmp_path: Path) -> None:
    """If all its meetings are removed, no empty file is left."""
    corpus = small_corpus(tmp_path, 2)
    compact(corpus.root)
    (part,) = corpus.files("words")
    remove_rows(corpus.root, part, {row["meeting"] for row in content(corpus.root)["meetings"]})
    assert Corpus(corpus.root).files("words") == []
