"""The tables of the benchmark, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from meetscribe.profiles.calibration import Calibration, Thresholds
from meetscribe.profiles.channel import NARROW_DB
from meetscribe.profiles.values import CHANNELS, Channel
from meetscribe.timeline import Seconds
from tests.benchmarks.profiles.conditions import CONDITIONS
from tests.benchmarks.profiles.trials import Outcome, Prints, Trial, equal_error_rate, outcome, upper_bound

LENGTHS: tuple[Seconds, ...] = (3.0, 10.0, 30.0)
STEPS = tuple(round(0.3 + 0.1 * step, 1) for step in range(7))

_KINDS = {
    "person is enrolled": ("known",),
    "stranger, others enrolled": ("stranger",),
    "stranger, one enrolled": ("alone",),
    "all": ("known", "stranger", "alone"),
}


def channels(prints: Prints) -> Iterator[str]:
    """Yield the level of the high band by condition, and how many voices are taken for narrowband."""
    yield f"\n{'':<10}{'least':>8}{'median':>8}{'most':>8}   narrowband   (level of 6.2-7.5 kHz in dB)"
    for condition in CONDITIONS:
        levels = [prints.pieces.levels[voice.name, condition] for voice in prints.voices]
        narrow = sum(level < NARROW_DB for level in levels)
        cells = "".join(f"{value:>8.0f}" for value in np.percentile(levels, [0, 50, 100]))
        yield f"{condition:<10}{cells}{narrow:>8} of {len(levels)}"


def distributions(prints: Prints) -> Iterator[str]:
    """Yield the similarities of the same and of different voices, and the equal error rate."""
    yield (
        f"\n{'enrolled, speech':<26}{'s':>3}{'same: n':>9}{'p10':>6}{'p50':>6}{'other: n':>10}{'p50':>6}{'p99':>6}"
        + (f"{'most':>6}{'EER':>8}{'at':>6}")
    )
    for enrolled, condition in pairs():
        for seconds in LENGTHS:
            trials = list(prints.trials(condition, seconds, enrolled))
            same = [
                own.score
                for trial in trials
                if trial.kind == "known"
                for own in trial.compared
                if own.name == trial.voice
            ]
            other = [trial.compared[0].score for trial in trials if trial.kind == "alone"]
            if same and other:
                rate, at = equal_error_rate(same, other)
                low, middle = np.percentile(same, [10, 50])
                half, high, most = np.percentile(other, [50, 99, 100])
                yield (
                    f"{f'{enrolled}, {condition}':<26}{seconds:>3.0f}{len(same):>9}{low:>6.2f}{middle:>6.2f}"
                    f"{len(other):>10}{half:>6.2f}{high:>6.2f}{most:>6.2f}{rate:>8.1%}{at:>6.2f}"
                )


def pairs() -> list[tuple[str, str]]:
    """Return the conditions of enrolment and of speech: enrolled clean, and enrolled in the same condition."""
    return [*(("clean", condition) for condition in CONDITIONS), *((each, each) for each in CONDITIONS[1:])]


def thresholds(trials: Sequence[Trial], calibration: Calibration) -> Iterator[str]:
    """Yield what happens at each threshold for names, with the margin of the calibration."""
    yield f"\n{'channel, threshold':<24}{'right':>7}{'wrong':>7}{'abstained':>11}   strangers: {'wrong':>6}{'of':>8}"
    for channel in CHANNELS:
        own = [trial for trial in trials if trial.used == channel]
        for step in STEPS:
            margin = _limits(calibration, channel).named_margin
            limits = Thresholds(step, margin, step, margin)
            at = replace(calibration, channels=dict.fromkeys(CHANNELS, limits))  # type: ignore[arg-type]
            known = outcome([trial for trial in own if trial.kind == "known"], at)
            others = outcome([trial for trial in own if trial.kind != "known"], at)
            abstained = known.trials - known.named_right - known.named_wrong
            yield (
                f"{f'{channel}, {step:.1f}':<24}{known.named_right:>7}{known.named_wrong:>7}{abstained:>11}"
                f"{others.named_wrong:>20}{others.trials:>8}"
            )


def verdict(trials: Sequence[Trial], calibration: Calibration) -> Iterator[str]:
    """Yield the outcome at the thresholds of the calibration, with the bounds of wrong names."""
    for channel in CHANNELS:
        limits = _limits(calibration, channel)
        yield (
            f"\n{channel}: named from {limits.named:.2f} with a margin of {limits.named_margin:.2f}, "
            f"suggested from {limits.suggested:.2f} with {limits.suggested_margin:.2f}"
        )
        yield (
            f"  {'':<26}{'trials':>8}{'named':>8}{'wrong':>7}{'bound':>8}{'suggested':>11}{'wrong':>7}{'abstained':>11}"
            f"{'voices':>8}{'wrong':>7}{'bound':>8}"
        )
        for title, kinds in _KINDS.items():
            own = [trial for trial in trials if trial.used == channel and trial.kind in kinds]
            if own:
                yield f"  {title:<26}{_cells(outcome(own, calibration))}"


def _cells(found: Outcome) -> str:
    voices, wrong = len(found.voices), len(found.wrong_voices)
    bound = upper_bound(found.named_wrong, found.trials)
    return (
        f"{found.trials:>8}{found.named_right:>8}{found.named_wrong:>7}{bound:>8.2%}"
        f"{found.suggested_right:>11}{found.suggested_wrong:>7}{found.abstained:>11}"
        f"{voices:>8}{wrong:>7}{upper_bound(wrong, voices):>8.0%}"
    )


def _limits(calibration: Calibration, channel: str) -> Thresholds:
    kind: Channel = "narrowband" if channel == "narrowband" else "wideband"
    return calibration.channels[kind]
