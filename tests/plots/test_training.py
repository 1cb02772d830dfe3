"""The curves of training show losses and errors on two axes."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from meetscribe.plots import training_curves


def test_curves_and_labels() -> None:
    """Losses are drawn as given, error rates in per cent, all with a label."""
    axes = training_curves([(1, 2.0), (2, 1.0)], [(0, 2.5), (2, 1.5)], [(0, 0.5)], ax=Figure().subplots())
    assert [line.get_label() for line in axes.get_lines()] == ["train", "dev"]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["train", "dev", "dev, word errors"]
    (right,) = (other for other in axes.figure.axes if other is not axes)
    assert [np.asarray(line.get_ydata()).tolist() for line in right.get_lines()] == [[50.0]]


def test_run_without_dev() -> None:
    """Without evaluations there is one curve and one axis."""
    axes = training_curves([(1, 2.0)], [], ax=Figure().subplots())
    assert len(axes.get_lines()) == 1
    assert len(axes.figure.axes) == 1


def test_losses_of_a_long_run_are_smoothed() -> None:
    """The curve is a moving mean; the losses of single updates are drawn without a label."""
    losses = [(step, float(step % 2)) for step in range(1, 101)]
    single, mean = training_curves(losses, [], ax=Figure().subplots()).get_lines()
    assert np.asarray(single.get_ydata()).tolist() == [value for _, value in losses]
    assert mean.get_label() == "train"
    assert np.asarray(mean.get_ydata())[3:].tolist() == [0.5] * 97
