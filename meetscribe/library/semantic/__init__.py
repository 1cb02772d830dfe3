"""Search by meaning: passages and queries as vectors, compared exactly, and fused with the hits by words.

- `embedding.py`: the embedder. `vectors.py`: the vectors of a library, and the nearest ones to a query.
- `fusion.py`: one list of hits from several.

To use another embedder, write a class with the attributes of `Embedder`, and pass it to `Library.search`.
"""

from __future__ import annotations

from meetscribe.library.semantic.embedding import Embedder, open_embedder

__all__ = ["Embedder", "open_embedder"]
