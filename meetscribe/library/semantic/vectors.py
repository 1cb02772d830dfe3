"""The vectors of a library's passages, and exact nearest-neighbour search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from meetscribe.library.analysis import analyze
from meetscribe.library.semantic.embedding import Embedder
from meetscribe.library.stores.protocol import Match, Store, Vectors
from meetscribe.library.values import Filter, Meeting, Passage
from meetscribe.runtime.progress import Progress, ignore_progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_TERMS = 4
"""The minimum number of words (or characters of scripts without spaces) of a passage with a vector: "Yes, okay" is
too short to compare."""

_BATCH = 64


def add_vectors(store: Store, embedder: Embedder, progress: Progress = ignore_progress) -> int:
    """Compute the vectors of the meetings without vectors, and return the number of these meetings.

    The vectors of each meeting are stored immediately, so that the next call continues after an interruption.
    """
    meetings = store.without_vectors(embedder.id)
    total = sum(meeting.passages for meeting in meetings) or 1
    done = 0
    for meeting in meetings:
        passages = [one for one in store.passages(meeting.id) if _is_long_enough(one, meeting)]
        store.put_vectors(_vectors(meeting, passages, embedder), embedder.id, meeting.source.content)
        done += meeting.passages
        progress(done / total)
    return len(meetings)


def nearest(store: Store, embedder: Embedder, text: str, chosen: Filter, limit: int) -> list[Match]:
    """Return the `limit` passages nearest to a text by cosine similarity, in the meetings selected by the filter.

    The nearest come first. The text is compared with every vector, so the result is exact.
    """
    import numpy as np

    query = embedder.query(text)
    found: list[tuple[float, str, int]] = []
    for stored in store.vectors(chosen, embedder.id):
        positions = np.frombuffer(stored.positions, "<u4")
        scores = np.frombuffer(stored.rows, "<f2").reshape(len(positions), len(query)).astype(np.float32) @ query
        best = np.argsort(-scores, kind="stable")[:limit]
        found += [(float(scores[index]), stored.meeting, int(positions[index])) for index in best]
        if len(found) > 10 * limit:
            found = sorted(found, reverse=True)[:limit]
    return [Match(meeting, position, score) for score, meeting, position in sorted(found, reverse=True)[:limit]]


def _is_long_enough(passage: Passage, meeting: Meeting) -> bool:
    """Return whether a passage is long enough for a vector."""
    return sum(1 for _ in analyze(passage.text, meeting.language)) >= MIN_TERMS


def _vectors(meeting: Meeting, passages: Sequence[Passage], embedder: Embedder) -> Vectors:
    """Return the vectors of some passages of a meeting."""
    import numpy as np

    batches = (passages[start : start + _BATCH] for start in range(0, len(passages), _BATCH))
    rows: list[NDArray[np.float32]] = [embedder.passages([one.text for one in batch]) for batch in batches]
    positions = np.array([one.position for one in passages], "<u4").tobytes()
    return Vectors(meeting.id, positions, np.concatenate(rows).astype("<f2").tobytes() if rows else b"")
