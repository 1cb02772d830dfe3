"""The licence of the base comes from its card, or from the table of known models."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.training.licences import licence_of


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlanguage: en\nlicense: Apache-2.0\n---\ntext", "apache-2.0"),
        ("no front matter\nlicense: mit", None),
        ("---\nlanguage: en\n---\nlicense: mit", None),
    ],
)
def test_licence_of_a_card(card: str, licence: str | None, tmp_path: Path) -> None:
    """Only the front matter counts."""
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert licence_of(str(tmp_path), tmp_path) == licence


def test_licence_of_known_models(tmp_path: Path) -> None:
    """OpenAI's models are MIT; a folder without a card is unknown."""
    assert licence_of("openai/whisper-small", tmp_path) == licence_of("small", tmp_path) == "mit"
    assert licence_of(str(tmp_path), tmp_path) is None
