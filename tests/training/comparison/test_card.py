"""The model card lists data, settings, scores, licence, and the persons that the user named."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.training.comparison.card import CONSENT, model_card, score_rows
from meetscribe.training.comparison.scores import score_texts
from tests.training.comparison.test_scores import BAD, GOOD, texts
from tests.training.test_results import FACTS, result


def test_card() -> None:
    """Everything that a reader must know is in it, with the metadata at its top."""
    card = model_card(result(score_texts("test", texts(8, BAD, GOOD))))
    head, _, body = card.removeprefix("---\n").partition("---\n")
    assert head.splitlines()[:4] == ["license: mit", "base_model: openai/whisper-small", "language:", "- en"]
    for part in ("sha256:d", "- epochs: 3", "- Anna", CONSENT, "It is better than its base", "Heads.", "English"):
        assert part in body, part
    assert "| test | WER | 60.0 % | 0.0 % | -60.0 (-60.0 to -60.0) | better |" in body


def test_persons_are_listed_only_if_named() -> None:
    """Without names there are none, but the reminder of consent stays."""
    card = model_card(replace(result(), facts=replace(FACTS, persons=(), licence=None)))
    assert "Anna" not in card and CONSENT in card
    assert "license: unknown" in card


def test_rows_without_words() -> None:
    """Texts without words have no rate, and the table says so."""
    rows = score_rows([score_texts("test", [])])
    assert rows[0] == ("test", "WER", "n/a", "n/a", "n/a", "too few texts")
