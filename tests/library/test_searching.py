"""The steps of a search, the places of matches, and the reasons for no hits."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.library import Library, open_library
from meetscribe.library.query import compile_query, parse_query
from meetscribe.library.searching import matched_spans
from tests.support.meetings import meeting


def found(library: Library, query: str) -> list[tuple[str, str, int]]:
    """Return kind, title and position of the hits."""
    return [(hit.kind, hit.meeting.title, hit.passage.position) for hit in library.search(query).hits]


def test_parts_of_words_follow_whole_words(library: Library) -> None:
    """A compound is found by its last part, after the passages that have the word itself."""
    assert found(library, "planung") == [("parts", "Bauausschuss", 0)]
    assert found(library, "plan") == [("words", "Planning", 1), ("parts", "Bauausschuss", 0)]


def test_some_of_the_words_are_the_last_resort(library: Library) -> None:
    """Only if no passage has all words, those with some are returned."""
    assert found(library, "travel rocket") == [("some", "Review", 0)]
    assert found(library, "travel budget") == [("words", "Review", 0)]


def test_phrases_and_exclusions_are_never_widened(library: Library) -> None:
    """A phrase in quotes is not looked for in parts."""
    assert found(library, '"proj"') == []
    assert found(library, "proj") != []
    assert found(library, "proj -plan -egal") == []


@pytest.mark.parametrize(
    ("query", "language", "text", "places"),
    [
        ("budgets", "en", "The Budget, (budget)!", ["Budget", "budget"]),
        ('"next year"', "en", "next, next year and year", ["next year"]),
        ("grosse", "de", "Die Größe", ["Größe"]),
        ("予算", "ja", "来年予算の予定", ["予算"]),
        ('near:"a z"', "en", "a b z", ["a", "z"]),
        ("rocket", "en", "nothing", []),
    ],
)
def test_the_places_of_the_words_are_known(query: str, language: str, text: str, places: list[str]) -> None:
    """The spans are those of the original text, with its case and accents; phrases are one span."""
    spans = matched_spans(text, language, compile_query(parse_query(query), [language]))
    assert [text[start:end] for start, end in spans] == places


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "empty"),
        ("?! (((", "no letters or digits"),
        ("budget after:2027", "no meeting matches the dates"),
        ("budget speaker:Ana", "no speaker of these meetings is called Ana; did you mean 'Anna'?"),
        ("rocket", "no passage of the 4 meetings has these words"),
    ],
)
def test_no_hits_have_a_reason(library: Library, query: str, reason: str) -> None:
    """A search without hits says why."""
    results = library.search(query)
    assert results.hits == ()
    assert reason in results.reason


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    """The reason is not the query."""
    with open_library(tmp_path / "library.db") as library:
        assert library.search("budget").reason == "the library has no meetings"


def test_a_restricted_meeting_does_not_show_in_reasons(library: Library) -> None:
    """Neither its people nor its number are told."""
    library.set_access(library.meeting("Review"), "restricted")
    assert "3 meetings" in library.search("rocket").reason
    assert "Carla" not in library.search("x speaker:Crla").reason


def test_the_best_hits_come_first_over_meetings(tmp_path: Path) -> None:
    """A passage with the word twice is before longer ones with it once."""
    with open_library(tmp_path / "library.db") as library:
        for name, text in (("long", f"rocket {'and other things ' * 10}"), ("twice", "rocket rocket")):
            file = tmp_path / f"{name}.json"
            meeting([("A", text)]).save(file)
            list(library.add([file]))
        assert [hit.meeting.title for hit in library.search("rocket").hits] == ["twice", "long"]
