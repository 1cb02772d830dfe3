"""The tables of the benchmark, as lines of at most 120 columns."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from meetscribe.evaluation import ErrorRate, WordBoundaryError
from meetscribe.evaluation.bootstrap import compare, interval
from meetscribe.text.scripts import SCRIPTS
from tests.benchmarks.real.scoring import Scored, errors_as_written
from tests.benchmarks.real.speakers import SpeakerScore

Scores: TypeAlias = Mapping[str, Sequence[Scored]]
"""The scores of each system, in the order of the columns."""

NAME, CELL = 22, 18


def row(name: str, cells: Iterable[str], words: str = "") -> str:
    """Return a line of a table; `words` is a narrow column before the cells."""
    return f"{name:<{NAME}}{words and f'{words:>7}'}" + "".join(f"{cell:>{CELL}}" for cell in cells)


def word_errors(scores: Scores) -> Iterator[str]:
    """Yield word errors by set and language: rate, and insertions, deletions and substitutions."""
    yield "Word error rate, with insertions/deletions/substitutions (zh, ja: of characters, zh in one script)"
    yield row("", scores, "words")
    for name, chosen in groups(scores):
        rates = [total(chosen(each)) for each in scores.values()]
        yield row(name, map(_errors, rates), str(rates[0].length))
    first = next(iter(scores.values()))
    for language in sorted({each.recording.language for each in first if each.blocks} & SCRIPTS.keys()):
        rates = [_as_written(each, language) for each in scores.values()]
        yield row(f"{language}, scripts as written", map(_errors, rates), str(rates[0].length))


def _as_written(scores: Sequence[Scored], language: str) -> ErrorRate:
    """Return the errors in a language where characters of another script count as wrong."""
    chosen = (each for each in scores if each.blocks and each.recording.language == language)
    return sum((errors_as_written(each.recording, each.output) for each in chosen), ErrorRate.zero())


def intervals(scores: Scores) -> Iterator[str]:
    """Yield word error rates by set with their confidence intervals, and by how much the first system differs."""
    yield "Word error rate with its 95 % interval (bootstrap over blocks of 20 words of the reference)"
    yield row("", scores)
    for name, chosen in groups(scores, languages=False):
        yield row(name, [_with_interval(chosen(each)) for each in scores.values()])
    first, *others = scores
    if others:
        yield f"{first} less another system, in words per 100 words of all recordings, with the 95 % interval"
        for name, counted in (("errors", lambda rate: rate), ("insertions", _insertions)):
            yield row(name, ["", *(_difference(scores[first], scores[other], counted) for other in others)])


def _insertions(rate: ErrorRate) -> ErrorRate:
    """Return the insertions alone."""
    return ErrorRate(rate.insertions, rate.length, rate.insertions, 0, 0)


def _difference(first: Sequence[Scored], second: Sequence[Scored], counted: Callable[[ErrorRate], ErrorRate]) -> str:
    """Return the difference of two rates of errors, with its interval by a paired bootstrap."""
    blocks = [[counted(block) for each in scores for block in each.blocks] for scores in (first, second)]
    found = compare(*blocks)
    if found.difference is None or found.interval is None:
        return "–"
    low, high = found.interval
    return f"{100 * found.difference:+.2f} [{100 * low:+.1f} {100 * high:+.1f}]"


def groups(scores: Scores, *, languages: bool = True) -> list[tuple[str, Callable[[Sequence[Scored]], list[Scored]]]]:
    """Return the rows of a table of word errors: each set, its languages if there are several, and all together."""
    first = [each for each in next(iter(scores.values())) if each.blocks]
    rows: list[tuple[str, Callable[[Sequence[Scored]], list[Scored]]]] = []
    for set_ in dict.fromkeys(each.recording.set for each in first):
        rows.append((set_, _chooser(set_)))
        spoken = sorted({each.recording.language for each in first if each.recording.set == set_})
        if languages and len(spoken) > 1:
            rows += [(f"  {language}", _chooser(set_, language)) for language in spoken]
    parts = {each.recording.part for each in first}
    if len(parts) > 1:
        rows += [(f"all, {part}", _part(part)) for part in ("tune", "held out")]
    return [*rows, ("all", lambda each: [one for one in each if one.blocks])]


def _chooser(set_: str, language: str | None = None) -> Callable[[Sequence[Scored]], list[Scored]]:
    def choose(scores: Sequence[Scored]) -> list[Scored]:
        return [
            each
            for each in scores
            if each.blocks and each.recording.set == set_ and language in (None, each.recording.language)
        ]

    return choose


def _part(part: str) -> Callable[[Sequence[Scored]], list[Scored]]:
    return lambda scores: [each for each in scores if each.blocks and each.recording.part == part]


def total(scores: Sequence[Scored]) -> ErrorRate:
    """Return the sum of word errors."""
    return sum((each.errors for each in scores), ErrorRate.zero())


def _errors(rate: ErrorRate) -> str:
    if rate.rate is None:
        return "–"
    return f"{rate.rate:.1%} {rate.insertions}/{rate.deletions}/{rate.substitutions}"


def _with_interval(scores: Sequence[Scored]) -> str:
    rate = total(scores).rate
    if rate is None:
        return "–"
    edges = interval([block for each in scores for block in each.blocks])
    return f"{rate:.1%}" + (f" [{100 * edges[0]:.1f}–{100 * edges[1]:.1f}]" if edges else "")


def hallucinations(scores: Scores) -> Iterator[str]:
    """Yield the words that each system invents in recordings and pauses without speech, if there are any."""
    first = next(iter(scores.values()))
    silent = [each.recording for each in first if not each.recording.words]
    if not silent and not any(each.recording.quiet for each in first):
        return
    minutes = sum(each.output.duration for each in first if each.recording in silent) / 60
    yield f"Invented words in {minutes:.0f} minutes without speech, and words that reach into pauses of speech"
    yield row("", scores)
    for recording in silent:
        yield row(recording.name, [str(_of(each, recording.key).invented) for each in scores.values()])
    yield row("all", [str(sum(one.invented for one in each)) for each in scores.values()])
    yield row("in pauses of speech", [_in_pauses(each) for each in scores.values()])


def _of(scores: Sequence[Scored], key: str) -> Scored:
    return next(each for each in scores if each.recording.key == key)


def _in_pauses(scores: Sequence[Scored]) -> str:
    known = [each for each in scores if each.recording.quiet and each.output.timed]
    return (
        f"{sum(each.in_pauses for each in known)} of {sum(len(each.output.words) for each in known)}" if known else "–"
    )


def word_times(scores: Scores) -> Iterator[str]:
    """Yield the errors of word times against true ones, if there are any."""
    chosen = {
        name: {system: _times(each, sets, part) for system, each in scores.items()}
        for name, (sets, part) in _TIMED.items()
    }
    if not any(error.matched for errors in chosen.values() for error in errors.values()):
        return
    yield "Word times against true ones, starts and ends of correct words (whisperX: with --align)"
    yield row("", scores)
    for name, errors in chosen.items():
        if any(error.matched for error in errors.values()):
            yield name
            for statistic, value in _STATISTICS.items():
                yield row(f"  {statistic}", [value(each) if each.matched else "–" for each in errors.values()])
    yield row("words longer than 1.5 s", [_long_words(each) for each in scores.values()])


_TIMED: dict[str, tuple[str, str]] = {
    "AMI's manual times, whose ends include pauses": ("ami", ""),
    "made, times of a forced aligner, tune": ("made", "tune"),
    "made, times of a forced aligner, held out": ("made", "held out"),
    "all": ("", ""),
}
"""The start of the names of sets, and the part, of each group of true times."""

_STATISTICS: dict[str, Callable[[WordBoundaryError], str]] = {
    "words": lambda error: str(error.matched),
    "mean": lambda error: f"{1000 * (error.boundaries.mean or 0):.0f} ms",
    "mean of starts": lambda error: f"{1000 * (error.starts.mean or 0):.0f} ms",
    "median": lambda error: f"{1000 * (error.boundaries.median or 0):.0f} ms",
    "within 100 ms": lambda error: f"{error.boundaries.share_within(0.1) or 0:.1%}",
    "beyond 1 s": lambda error: f"{1 - (error.boundaries.share_within(1.0) or 0):.2%}",
}


def _times(scores: Sequence[Scored], sets: str, part: str) -> WordBoundaryError:
    """Return the errors of recordings whose sets begin with `sets`, of a part, or of both if it is empty."""
    chosen = (each for each in scores if each.recording.set.startswith(sets) and each.recording.part.startswith(part))
    return sum((each.times for each in chosen if each.times is not None), WordBoundaryError.zero())


def _long_words(scores: Sequence[Scored]) -> str:
    timed = [each.output for each in scores if each.output.timed]
    return str(sum(end - start > 1.5 for each in timed for _, start, end in each.words)) if timed else "–"


def speakers(scores: Mapping[str, Mapping[str, SpeakerScore]]) -> Iterator[str]:
    """Yield the errors of turns and of words with speakers, by set and system."""
    yield "Speakers, overlap scored; conf. is confusion, f.a. false alarm; words: the rule that gives them speakers"
    yield f"{'':<36}{'—— DER, collar 0 ——':^32}{'collar 0.25 s':>16}"
    yield _speaker_row("", "", ["DER", "missed", "f.a.", "conf.", "DER", "conf.", "cpWER", "WDER", "counts"])
    names = list(dict.fromkeys(name for own in scores.values() for name in own))
    pooled = {name: [own[name] for own in scores.values() if name in own] for name in names}
    sums = {name: functools.reduce(operator.add, each) for name, each in pooled.items()}
    for set_, own in [*scores.items(), ("all", sums)]:
        for index, (name, score) in enumerate(own.items()):
            yield _speaker_row("" if index else set_, name, _speaker_cells(score))


def _speaker_cells(score: SpeakerScore) -> list[str]:
    turns = score.turns
    exact, tolerant = turns.exact, turns.tolerant
    kinds = (exact.miss_ms, exact.false_alarm_ms, exact.confusion_ms)
    shares = [f"{ms / max(1, exact.total_ms):.1%}" for ms in kinds]
    rates = [_percent(tolerant.rate), f"{tolerant.confusion_ms / max(1, tolerant.total_ms):.1%}"]
    words = [_percent(score.cpwer.rate), _percent(score.wder.rate), f"{turns.counted}/{turns.recordings}"]
    return [_percent(exact.rate), *shares, *rates, *words]


def _speaker_row(set_: str, name: str, cells: Iterable[str]) -> str:
    return f"{set_:<14}{name:<22}" + "".join(f"{cell:>8}" for cell in cells)


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.1%}"


def costs(scores: Scores) -> Iterator[str]:
    """Yield real-time factors, memory, and the share of quality checks."""
    yield "Cost per second of the recordings with speech, without loading the models"
    yield row("", scores)
    scores = {name: [one for one in each if one.blocks] or each for name, each in scores.items()}
    yield row("  wall time", [_factor(each, "wall") for each in scores.values()])
    yield row("  processor time", [_factor(each, "processor") for each in scores.values()])
    yield row("  peak memory", [f"{max(one.output.cost.memory for one in each):.0f} MB" for each in scores.values()])
    for check in ("segmentation", "fallback", "coverage"):
        yield row(f"  checks: {check}", [_share(each, (check,)) for each in scores.values()])
    everything = ("segmentation", "fallback", "coverage")
    yield row("  checks, all", [_share(each, everything) for each in scores.values()])
    yield row("  longest repeated pass", [_longest(each) for each in scores.values()])


def _factor(scores: Sequence[Scored], kind: str) -> str:
    seconds = sum(getattr(each.output.cost, kind) for each in scores)
    return f"{seconds / sum(each.output.duration for each in scores):.3f}"


def _share(scores: Sequence[Scored], checks: Sequence[str]) -> str:
    if not any(each.output.cost.checks for each in scores):
        return "–"
    spent = sum(each.output.cost.checks.get(check, 0.0) for each in scores for check in checks)
    return f"{spent / sum(each.output.cost.processor for each in scores):.1%}"


def _longest(scores: Sequence[Scored]) -> str:
    longest = max((each.output.cost.longest_pass or 0.0 for each in scores), default=0.0)
    return f"{longest:.1f} s" if longest else "–"


def languages(scores: Scores) -> Iterator[str]:
    """Yield how many languages were detected, and the recordings where they were not."""
    yield "Languages detected"
    for name, each in scores.items():
        spoken = [one for one in each if one.blocks]
        wrong = [f"{one.recording.key} as {one.output.language}" for one in spoken if not one.language_found]
        yield f"  {name:<22}{len(spoken) - len(wrong)} of {len(spoken)}" + "".join(f"; {one}" for one in wrong)


def as_json(scores: Scores) -> list[dict[str, object]]:
    """Return a row for each recording and system."""
    return [_json_row(name, each) for name, scored in scores.items() for each in scored]


def _json_row(system: str, scored: Scored) -> dict[str, object]:
    errors, cost, times = scored.errors, scored.output.cost, scored.times
    return {
        "system": system,
        "recording": scored.recording.key,
        "part": scored.recording.part,
        "language": scored.recording.language,
        "detected": scored.output.language,
        "words": errors.length,
        "insertions": errors.insertions,
        "deletions": errors.deletions,
        "substitutions": errors.substitutions,
        "invented": scored.invented,
        "in_pauses": scored.in_pauses,
        "offsets_ms": None if times is None else times.boundaries.milliseconds,
        "duration": scored.output.duration,
        "wall": cost.wall,
        "processor": cost.processor,
        "memory": cost.memory,
        "checks": dict(cost.checks),
        "longest_pass": cost.longest_pass,
        "text": " ".join(word for word, _, _ in scored.output.words),
    }
