"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from meetscribe.text.counting import counted


@pytest.mark.parametrize(("number", "text"), [(0, "0 turns"), (1, "1 turn"), (2, "2 turns"), (12345, "12,345 turns")])
def test_the_noun_follows_the_number(number: int, text: str) -> None:
    """Only one has no plural; thousands are separated."""
    assert counted(number, "turn") == text
