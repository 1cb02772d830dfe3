"""The vectors of a library, in both databases' terms the rows of one table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from meetscribe.library import Filter, Library
from meetscribe.library.semantic.vectors import add_vectors, nearest
from tests.support.embedders import WordEmbedder

QUERY = "the budget for travel"


@pytest.fixture
def embedder() -> WordEmbedder:
    """Return an embedder that has not embedded anything yet."""
    return WordEmbedder()


def test_only_new_and_changed_meetings_are_embedded(library: Library, folder: Path, embedder: WordEmbedder) -> None:
    """Passages of fewer than four words have no vector; progress ends at 1; another embedder starts again."""
    done: list[float] = []
    assert add_vectors(library.store, embedder, done.append) == 4
    assert (done, done[-1]) == (sorted(done), 1.0)
    assert embedder.embedded == 7
    assert add_vectors(library.store, embedder) == 0
    review = library.meeting("Review")
    (folder / "review.json").write_text((folder / "review.json").read_text().replace("travel", "hotels"))
    library.refresh()
    assert add_vectors(library.store, embedder) == 1
    assert embedder.embedded == 9
    assert add_vectors(library.store, WordEmbedder("words/2")) == 4
    assert library.remove(review)
    assert {one.meeting for one in library.store.vectors(Filter(hidden=True), "words/2")} == {
        meeting.id for meeting in library.meetings()
    }


def test_the_nearest_passages_are_those_of_the_largest_cosines(library: Library, embedder: WordEmbedder) -> None:
    """All passages compared one by one give the same order; the cosines are stored with 11 bits."""
    add_vectors(library.store, embedder)
    texts = {(m.id, p.position): p.text for m in library.meetings() for p in library.passages(m)}
    query = embedder.query(QUERY)
    scores = {place: float(embedder.query(text) @ query) for place, text in texts.items()}
    found = nearest(library.store, embedder, QUERY, Filter(), 3)
    assert [match[:2] for match in found] == sorted(scores, key=lambda place: -scores[place])[:3]
    assert np.allclose([match.score for match in found], [scores[match[:2]] for match in found], atol=2e-3)


def test_hidden_meetings_have_no_vectors_and_are_not_compared(library: Library, embedder: WordEmbedder) -> None:
    """A meeting that is restricted later is left out; one that is restricted before is not embedded."""
    first, second = library.meeting("Review"), library.meeting("Planning")
    library.set_access(second, "restricted")
    assert add_vectors(library.store, embedder) == 3
    assert nearest(library.store, embedder, QUERY, Filter(), 1)[0].meeting == first.id
    library.set_access(first, "restricted")
    found = {one.meeting for one in nearest(library.store, embedder, QUERY, Filter(), 9)}
    assert found.isdisjoint({first.id, second.id})


def test_vectors_of_a_file_that_changed_meanwhile_are_not_stored(library: Library, embedder: WordEmbedder) -> None:
    """The content must be that of the passages."""
    add_vectors(library.store, embedder)
    (vectors,) = library.store.vectors(Filter(ids=frozenset({library.meeting("Review").id})), embedder.id)
    library.store.put_vectors(vectors, "words/2", "sha256:another")
    assert list(library.store.vectors(Filter(), "words/2")) == []
