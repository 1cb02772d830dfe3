"""Search by meaning: exact comparison of passage and query vectors, fused with the results of the word search.

- `embedding.py`: the embedder. `vectors.py`: the vectors of a library, and the nearest ones to a query.
- `fusion.py`: one list of hits from several. `searching.py`: the search that combines them.

To use another embedder, write a class that implements `Embedder`, and pass a function that returns one to `Library`.
"""

from __future__ import annotations

from meetscribe.library.semantic.embedding import Embedder, open_embedder

__all__ = ["Embedder", "open_embedder"]
