"""The parts of the benchmark of training that need neither real weights nor synthesisers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from meetscribe.training.comparison.scores import ScoredText
from tests.benchmarks.synthetic_weights import Architecture
from tests.benchmarks.training_runs import gpu
from tests.benchmarks.training_runs.choices import Choices
from tests.benchmarks.training_runs.recall import Recall, recall, recall_lines


def test_costs_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row per shape and method, here of a very small model on the processor."""
    monkeypatch.setattr(gpu, "CLIPS", 2)
    method, shape = "LoRA, decoder only", Architecture(64, 1, 1)
    choices = Choices(tmp_path, tmp_path, threads=1)
    *_, row = gpu.cost_lines(choices, {"smallest": shape}, {method: gpu.METHODS[method]}, "cpu", 1)
    name, shown, trained, update, rate, memory = (cell.strip() for cell in row.strip("|").split("|"))
    assert (name, shown) == ("smallest", method)
    assert 0 < float(trained.split()[0]) < 1 and float(update) > 0
    assert float(rate) > 0 and memory.endswith("GB")


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a graphics card")
def test_table_of_a_graphics_card_is_skipped_with_a_reason(tmp_path: Path) -> None:
    """Without CUDA, one line states what is missing."""
    (line,) = gpu.run(Choices(tmp_path, tmp_path))
    assert line.startswith("skipped: ") and "CUDA" in line and torch.__version__ in line


def test_recall_counts_each_term_as_often_as_it_was_said() -> None:
    """A term that is written twice but was said once counts once; case and punctuation do not matter."""
    assert recall("Quorvex and Zanthera, Quorvex.", "quorvex, quorvex quorvex and santera") == Recall(2, 3)


def test_recall_is_shown_with_its_difference() -> None:
    """The table has the counts before and after, and the difference with its interval."""
    texts = [ScoredText(str(n), str(n), "en", "Ask Quorvex.", "Ask corvex.", "Ask Quorvex.") for n in range(8)]
    _, _, before, after, difference = recall_lines(texts)
    assert "0 of 8" in before and "8 of 8" in after and "+1.00" in difference
