"""Recorded runs are refined in the background: not while another is recorded, and not after `cancel`."""

from __future__ import annotations

import threading
from pathlib import Path

from meetscribe.errors import MeetscribeError
from meetscribe.live.running import LiveRun, Refinements
from meetscribe.live.sources import BlockSource
from meetscribe.pipeline.stage_runner import StageProgress, ignore_stages
from meetscribe.transcript import Transcript
from tests.live.running.test_run import MODELS, blocks, options


class Slow(LiveRun):
    """A run whose pipeline returns the live transcript, after three reports of progress."""

    started = threading.Event()

    def refine(self, progress: StageProgress = ignore_stages) -> Transcript:
        for part in range(3):
            progress("asr", part / 3)
            Slow.started.set()
        return self.session.transcript.transcript("en")


def finished(place: Path, **changes: object) -> Slow:
    run = Slow(options(place, **{"refine": True, **changes}), MODELS, BlockSource(blocks()))
    run.record()
    run.finish()
    return run


def test_runs_are_refined_in_their_order(tmp_path: Path) -> None:
    """Each recorded run is reported with its transcript; one that is not to be refined is closed only."""
    found: list[tuple[LiveRun, Transcript | MeetscribeError]] = []
    refinements = Refinements(lambda run, result: found.append((run, result)))
    runs = [finished(tmp_path / "a"), finished(tmp_path / "b", refine=False), finished(tmp_path / "c")]
    for run in runs:
        refinements.add(run)
    refinements.finish()
    assert [run for run, _ in found] == [runs[0], runs[2]]
    assert all(isinstance(result, Transcript) and result.words for _, result in found)
    assert refinements.open == 0


def test_a_refinement_waits_while_a_session_is_recorded(tmp_path: Path) -> None:
    """In the meantime it stands still, and goes on afterwards."""
    ended = threading.Event()
    refinements = Refinements(lambda *_: ended.set())
    with refinements.suspended():
        refinements.add(finished(tmp_path))
        assert not ended.wait(0.2) and refinements.open == 1
    assert ended.wait(10)
    refinements.finish()


def test_cancelling_keeps_the_live_transcripts(tmp_path: Path) -> None:
    """The running refinement ends at its next report of progress, and no other begins."""
    found: list[LiveRun] = []
    refinements = Refinements(lambda run, _: found.append(run))
    Slow.started.clear()
    with refinements.suspended():
        refinements.add(finished(tmp_path / "a"))
        refinements.add(finished(tmp_path / "b"))
        refinements.cancel()
    assert found == [] and not Slow.started.is_set()
    assert refinements.open == 0
    assert (tmp_path / "a" / "talk.json").exists()


def test_an_error_is_reported(tmp_path: Path) -> None:
    """The next run is refined nevertheless."""

    class Failing(Slow):
        def refine(self, progress: StageProgress = ignore_stages) -> Transcript:
            raise MeetscribeError("no memory")

    found: list[Transcript | MeetscribeError] = []
    refinements = Refinements(lambda _, result: found.append(result))
    failing = Failing(options(tmp_path / "a", refine=True), MODELS, BlockSource(blocks()))
    failing.record()
    failing.finish()
    refinements.add(failing)
    refinements.add(finished(tmp_path / "b"))
    refinements.finish()
    assert isinstance(found[0], MeetscribeError) and isinstance(found[1], Transcript)
