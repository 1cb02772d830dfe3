"""The benchmark of all systems tells a failure from a row that cannot run, and its checks can fail."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.benchmarks.everything import __main__ as everything
from tests.benchmarks.everything.recognition import sentences
from tests.benchmarks.everything.results import distance, find
from tests.benchmarks.everything.values import Row, Skip, Work, word_error


def right(work: Work) -> str:
    return "all is well"


def wrong(work: Work) -> str:
    raise AssertionError("the words differ")


def missing(work: Work) -> str:
    raise Skip("it is not installed")


ROWS = {"right": Row("right", "", right), "wrong": Row("wrong", "", wrong), "missing": Row("missing", "", missing)}


@pytest.mark.parametrize(
    ("names", "code", "summary"),
    [
        (("right", "missing"), None, "1 ok, 1 skipped, 0 FAILED"),
        (("right", "wrong"), 1, "1 ok, 0 skipped, 1 FAILED"),
    ],
)
def test_a_failure_is_the_exit_code(
    names: tuple[str, ...],
    code: int | None,
    summary: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A wrong result ends with 1, a skipped row does not; both print why."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(everything, "ROWS", tuple(ROWS[name] for name in names))
    monkeypatch.setattr(sys, "argv", ["everything"])
    if code is None:
        everything.main()
    else:
        with pytest.raises(SystemExit) as stopped:
            everything.main()
        assert stopped.value.code == code
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1] == summary
    assert ("it is not installed" in printed, "the words differ" in printed) == ("missing" in names, "wrong" in names)


def test_wrong_words_fail(tmp_path: Path) -> None:
    """The reference words pass; other words do not."""
    truth = Work(tmp_path).excerpt_truth
    assert word_error(truth, truth, 0.0) == "WER 0.0%"
    assert [word for sentence in sentences(Work(tmp_path)) for word in sentence.words] == list(truth.words)
    with pytest.raises(AssertionError, match="is above 8%"):
        word_error(truth, truth.text.replace("the", "a thing"), 0.08)


def test_the_exit_code_of_a_command_is_checked(tmp_path: Path) -> None:
    """A command that fails is a failure of its row, with what it printed."""
    with pytest.raises(AssertionError, match="exit code 2: .*No such option"):
        Work(tmp_path).meetscribe("formats", "--no-such-option")


def test_the_classic_distance() -> None:
    """Insertions, deletions and substitutions count 1 each; a rate is found at any depth."""
    assert distance("kitten", "sitting") == 3
    assert (distance("", "ab"), distance("ab", "")) == (2, 2)
    assert find({"a": [{"wer": {"rate": 0.25}}]}, "wer") == 0.25
