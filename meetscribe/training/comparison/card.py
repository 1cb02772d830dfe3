"""The model card: training data and settings, scores, licence, and the people whose voices were used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.text.languages import name_of
from meetscribe.training.comparison.scores import RateChange, ScoreTable
from meetscribe.training.results import Facts, TrainingResult

CONSENT = (
    "The weights can reveal voices and words of the people in the recordings. Train and share this model only with "
    "their consent."
)


def model_card(result: TrainingResult) -> str:
    """Return the card as Markdown, with the YAML metadata that model hubs read."""
    facts = result.facts
    lines = [
        *_front_matter(facts),
        f"# {facts.name}",
        "",
        f"A Whisper model, fine-tuned by meetscribe {facts.version} from {facts.base}. {result.conclusion}",
        "",
        "    meetscribe run RECORDING --model .",
        "",
        *_section("Scores", _scores(result.tables)),
        *_section("Data", _data(facts)),
        *_section(
            "Settings", [result.weights_text, "", *(f"- {key}: {value}" for key, value in facts.settings.items())]
        ),
        *_section("People", [*(f"- {person}" for person in facts.persons), *([""] if facts.persons else []), CONSENT]),
        *_section("Word times", [result.heads_text]),
        *_section("Engines", [f"- {line}" for line in result.engine_lines]),
    ]
    return "\n".join(lines)


def score_rows(tables: Sequence[ScoreTable]) -> list[tuple[str, ...]]:
    """Return a row for each set and rate: set, WER or CER, before, after, difference with interval, verdict."""
    return [
        (table.name, name, percent(change.before.rate), percent(change.after.rate), _difference(change), change.verdict)
        for table in tables
        for name, change in (("WER", table.wer), ("CER", table.cer))
    ]


SCORE_HEAD = ("set", "rate", "before", "after", "difference (95 % interval)", "verdict")
"""The column titles of `score_rows`."""


def percent(rate: float | None) -> str:
    """Return a rate as a percentage.

    >>> percent(0.1234), percent(None)
    ('12.3 %', 'n/a')
    """
    return "n/a" if rate is None else f"{100 * rate:.1f} %"


def _difference(change: RateChange) -> str:
    comparison = change.comparison
    if comparison.difference is None:
        return "n/a"
    found = f"{100 * comparison.difference:+.1f}"
    if comparison.interval is None:
        return found
    low, high = comparison.interval
    return f"{found} ({100 * low:+.1f} to {100 * high:+.1f})"


def _front_matter(facts: Facts) -> Iterator[str]:
    yield from ("---", f"license: {facts.licence or 'unknown'}", f"base_model: {facts.base}", "language:")
    yield from (f"- {language}" for language in facts.languages)
    yield from ("tags:", "- whisper", "- automatic-speech-recognition", "---", "")


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""]


def _scores(tables: Sequence[ScoreTable]) -> list[str]:
    rows = ["| " + " | ".join(SCORE_HEAD) + " |", "|---|---|--:|--:|--:|---|"]
    rows += ["| " + " | ".join(row) + " |" for row in score_rows(tables)]
    notes = [f"- {table.name}: {table.texts} texts; the interval resamples {table.units}." for table in tables]
    return [
        *rows,
        "",
        "Engine faster-whisper, beam size 5. In scripts without spaces, characters count as words.",
        *notes,
    ]


def _data(facts: Facts) -> list[str]:
    splits = facts.sizes.items()
    sizes = [f"- {split}: {size['examples']} clips, {size['seconds'] / 60:.1f} min" for split, size in splits]
    languages = ", ".join(name_of(code).title() for code in facts.languages)
    return [f"- manifest: {facts.data_digest}", f"- languages: {languages}", *sizes]
