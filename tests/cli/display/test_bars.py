"""Bars follow the events of a batch and the stages of a recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.progress import BarColumn

from meetscribe.cli.display.bars import BatchBars, LazyText, StageBars, bar_columns
from meetscribe.corpus.events import Event
from meetscribe.errors import Notice

A, B = Path("in/a.wav"), Path("in/b.wav")


@pytest.fixture
def batch() -> Iterator[BatchBars]:
    """Bars of two recordings of the same size."""
    bars = BatchBars({A: 100, B: 100})
    yield bars
    bars.close()


@pytest.fixture
def stages() -> Iterator[StageBars]:
    """Bars of a single recording."""
    bars = StageBars({A: 100})
    yield bars
    bars.close()


def shown(bars: BatchBars | StageBars) -> dict[str, tuple[float | None, float, str]]:
    """Return total, completed share and status by the name of the bar."""
    return {
        task.description: (task.total, round(task.completed, 2), str(task.fields["status"])) for task in bars.bars.tasks
    }


def test_running_recordings_have_bars(batch: BatchBars) -> None:
    """A recording has a bar from its beginning to its end; the bar of the batch counts the ended ones."""
    batch(Event("begin", A))
    batch(Event("stage", A, "transcription", 0.5, duration=60.0))
    assert list(shown(batch)) == ["all", "a.wav"]
    total, share, status = shown(batch)["a.wav"]
    assert total == 1.0 and 0 < share < 1 and status == "transcription 0:00:30 of 0:01:00"
    assert shown(batch)["all"][2].startswith("0 of 2, ")
    batch(Event("end", A, status="done", seconds=1.25))
    assert list(shown(batch)) == ["all"]
    assert shown(batch)["all"][1] == 0.5 and shown(batch)["all"][2].startswith("1 of 2, ")


def test_ends_and_notices_are_lines(batch: BatchBars, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure has the first line of its error, on one line however the name is written."""
    strange = Path("in/b\n.wav")
    batch(Event("begin", strange))
    batch(Event("notice", strange, notice=Notice("audio.truncated", "it is truncated")))
    batch(Event("end", strange, status="failed", seconds=2.0, error="no sound\nConvert it."))
    batch(Event("begin", A))
    batch(Event("end", A, status=None, seconds=0.5))
    lines = [line.rstrip() for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert "warning     in/b .wav: it is truncated" in lines
    assert lines[lines.index("failed      in/b .wav (2.0 s)") + 1] == "            no sound"
    assert "interrupted in/a.wav (0.5 s)" in lines


def test_a_skipped_recording_has_no_bar(batch: BatchBars) -> None:
    batch(Event("skip", B))
    batch(Event("end", B, status="done"))
    assert list(shown(batch)) == ["all"]


def test_stages_have_bars(stages: StageBars) -> None:
    """A bar is indeterminate until its stage reports progress, and complete at its end."""
    stages(Event("stage", A, "transcription", 0.0, 60.0))
    assert shown(stages)["transcription"][0] is None
    stages(Event("stage", A, "transcription", 0.25, 60.0))
    assert shown(stages)["transcription"] == (1.0, 0.25, "0:00:15 of 0:01:00")
    stages(Event("stage", A, "transcription", 1.0, 60.0))
    total, share, status = shown(stages)["transcription"]
    assert (total, share) == (1.0, 1.0) and status.startswith("done in ")
    assert list(shown(stages)) == ["transcription", "a.wav"]


def test_a_stage_may_run_again(stages: StageBars) -> None:
    """The same bar starts again for another speaker."""
    for done in (0.0, 1.0, 0.5):
        stages(Event("stage", A, "transcription", done, 60.0))
    assert shown(stages)["transcription"][:2] == (1.0, 0.5)
    assert list(shown(stages)).count("transcription") == 1


@pytest.mark.parametrize(("width", "bar"), [(60, None), (77, None), (78, 6), (100, 28), (300, 40)])
def test_the_bar_takes_the_room_that_is_left(width: int, bar: int | None) -> None:
    bars = [column.bar_width for column in bar_columns(width) if isinstance(column, BarColumn)]
    assert bars == ([] if bar is None else [bar])


def test_a_lazy_text_is_computed_when_it_is_shown() -> None:
    numbers = iter(range(3))
    text = LazyText(lambda: f"{next(numbers)}")
    assert (str(text), str(text)) == ("0", "1")
