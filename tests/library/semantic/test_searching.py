"""Search by words and by meaning together."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.library import Library
from meetscribe.library.stores import open_store
from tests.support.embedders import WordEmbedder
from tests.support.meetings import save_meetings


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library whose embedder compares words."""
    library = Library(open_store(tmp_path / "library.db"), embedder=WordEmbedder)
    assert len(list(library.add(save_meetings(tmp_path)))) == 4
    return library


def found(library: Library, query: str, limit: int = 3) -> list[tuple[str, int, str]]:
    """Return title, position and kind of each hit of a search by meaning."""
    hits = library.search(query, limit, semantic=True).hits
    return [(hit.meeting.title, hit.passage.position, hit.kind) for hit in hits]


def test_hits_by_words_and_by_meaning_are_one_list(library: Library) -> None:
    """A passage that both find comes first, and has the kind by which its words match."""
    assert found(library, "travel expenses were spent")[0][:2] == ("Review", 0)
    kinds = {(title, position): kind for title, position, kind in found(library, "late budget", 9)}
    assert kinds[("Planning", 2)] == kinds[("Review", 1)] == "some"
    assert kinds[("Bauausschuss", 0)] == "meaning"
    assert found(library, "budget", 9)[0][2] == "words"


def test_fields_and_exclusions_apply(library: Library) -> None:
    """Passages of other speakers, meetings and languages are not found, whatever they mean."""
    assert {title for title, *_ in found(library, "the budget was spent meeting:planning")} == {"Planning"}
    assert {title for title, *_ in found(library, "lang:de the budget was spent")} == {"Bauausschuss"}
    assert [hit[:2] for hit in found(library, "speaker:carla travel budget is spent")] == [("Review", 1)]
    assert all(title != "Review" for title, *_ in found(library, "travel was spent -budget", 9))


def test_a_query_without_words_is_not_compared(library: Library) -> None:
    """It lists the passages of a speaker, as without meaning; the reason of an empty result stays."""
    assert [kind for *_, kind in found(library, "speaker:anna")] == ["words", "words"]
    assert library.search("(((", semantic=True).reason == library.search("(((", semantic=False).reason


def test_the_default_is_that_of_the_library(tmp_path: Path) -> None:
    """Off by default; nothing is embedded then."""
    embedder = WordEmbedder()
    for semantic in (False, True):
        with Library(open_store(tmp_path / "library.db"), semantic=semantic, embedder=lambda: embedder) as library:
            list(library.add(save_meetings(tmp_path)))
            library.search("budget")
        assert bool(embedder.embedded) is semantic
