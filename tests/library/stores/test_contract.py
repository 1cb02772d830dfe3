"""What every store promises: the same meetings, passages and hits, whatever the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.library.analysis import alternatives
from meetscribe.library.query import compile_query, parse_query
from meetscribe.library.sources import record_of
from meetscribe.library.stores import Expression, Store, open_store
from meetscribe.library.stores.protocol import Vectors
from meetscribe.library.values import Filter, Meeting, Record, SourceFile
from meetscribe.transcript import Transcript
from tests.support.meetings import meeting, save_meetings
from tests.support.postgres import PostgresServer, postgres_server

EVERYTHING = Filter()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Yield a PostgreSQL server on loopback, or skip."""
    with postgres_server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store of each kind."""
    is_file = request.param == "sqlite"
    opened = open_store(tmp_path / "library.db" if is_file else request.getfixturevalue("server").empty_database())
    yield opened
    opened.close()


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    """Return the records of four meetings, in the order in which they are added."""
    return [record(Transcript.load(file), str(file)) for file in save_meetings(tmp_path)]


@pytest.fixture
def filled(store: Store, records: list[Record]) -> Store:
    """Return a store with the four meetings."""
    for each in records:
        store.put(each)
    return store


def record(transcript: Transcript, path: str) -> Record:
    """Return the record of a transcript, with a hash that follows from the path."""
    return record_of(transcript, SourceFile(path, f"sha256:{abs(hash(path)):016x}", 1, 2))


def titles(store: Store, query: str, chosen: Filter = EVERYTHING, limit: int = 20) -> list[str]:
    """Return title and position of what a query finds, the best first."""
    names = {each.id: each.title for each in store.meetings(Filter(hidden=True))}
    matches = store.search(compile_query(parse_query(query), store.languages()), chosen, limit)
    return [f"{names[match.meeting]} {match.position}" for match in matches]


def test_a_stored_meeting_is_returned_as_it_was(filled: Store, records: list[Record]) -> None:
    """Every value of a meeting and its passages survives."""
    assert {each.id: each for each in filled.meetings(EVERYTHING)} == {
        each.meeting.id: each.meeting for each in records
    }
    for each in records:
        assert tuple(filled.passages(each.meeting.id)) == each.passages


def test_the_latest_meeting_comes_first(filled: Store) -> None:
    """Meetings are sorted by date; those without one come last."""
    assert [each.title for each in filled.meetings(EVERYTHING)] == ["Planning", "Review", "Bauausschuss", "会議"]


def test_some_passages_of_a_meeting(filled: Store, records: list[Record]) -> None:
    """A range of positions is returned; beyond the end, and for an unknown meeting, there are none."""
    id = records[0].meeting.id
    assert [each.position for each in filled.passages(id, 1, 1)] == [1]
    assert [each.position for each in filled.passages(id, 1, 10)] == [1, 2]
    assert filled.passages(id, 3) == filled.passages("unknown") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("budget", {"Planning 0", "Review 0", "Review 1"}),
        ("budgets", {"Planning 0", "Review 0", "Review 1"}),
        ("budget travel", {"Review 0"}),
        ("grosse", {"Bauausschuss 0"}),
        ("HAUS", {"Bauausschuss 0"}),
        ("run", {"Planning 2"}),
        ("予算", {"会議 0"}),
        ("算予", set()),
        ("don't", {"Planning 0"}),
        ("C++", {"Planning 1"}),
        ("C", set()),
        ('"annual budget"', {"Planning 0"}),
        ('"budget annual"', set()),
        ('near:"travel spent"', {"Review 0"}),
        ('near:"spent travel"', {"Review 0"}),
        ('near:"annual think"', {"Planning 0"}),
        ("budget -travel", {"Planning 0", "Review 1"}),
        ("-budget lang:en", {"Planning 1", "Planning 2", "Review 0"} - {"Review 0"}),
        ("speaker:ben", {"Planning 1", "Review 0"}),
        ('speaker:"Ben Berg" budget', {"Review 0"}),
        ("speaker:zoe", {"Bauausschuss 0"}),
        ("speaker:budget", set()),
        ("rocket", set()),
    ],
)
def test_a_query_finds_exactly_these_passages(filled: Store, query: str, found: set[str]) -> None:
    """Stems, diacritics, single characters of CJK, phrases, near words, exclusions and speakers."""
    chosen = Filter(languages=frozenset(parse_query(query).languages))
    assert set(titles(filled, query, chosen)) == found


def test_words_further_apart_than_ten_are_not_near(store: Store) -> None:
    """Between near words there are at most ten others, in either order."""
    for count in (10, 11):
        store.put(record(meeting([("A", f"alpha {'x ' * count} omega")], title=f"{count} between"), str(count)))
    assert titles(store, 'near:"alpha omega"') == titles(store, 'near:"omega alpha"') == ["10 between 0"]


def test_the_passage_with_most_of_the_words_is_the_first_hit(store: Store) -> None:
    """A rare word counts at least as much as a common one, and a short passage more than a long one."""
    lines = [("A", f"the plan {'and much more of it ' * 5}"), ("B", "plan plan plan"), ("C", "nothing")]
    store.put(record(meeting(lines, title="M"), "m"))
    assert titles(store, "plan") == ["M 1", "M 0"]
    assert titles(store, "plan", limit=1) == ["M 1"]


def test_any_of_the_words_is_enough_if_asked_for(filled: Store) -> None:
    """With the demand "any", one word suffices."""
    words = tuple(alternatives(word, ["en"]) for word in ("travel", "rocket", "late"))
    found = filled.search(Expression(words, demand="any"), EVERYTHING, 20)
    assert len(found) == 2
    assert filled.search(Expression(words), EVERYTHING, 20) == []


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (Filter(after="2026-10-05"), {"Planning", "Review"}),
        (Filter(before="2026-10-05"), {"Bauausschuss"}),
        (Filter(after="2026-10-01", before="2026-11-20"), {"Review"}),
        (Filter(after="2026-11-20", before="2026-11-21"), {"Planning"}),
        (Filter(languages=frozenset({"de", "JA"})), {"Bauausschuss", "会議"}),
        (Filter(ids=frozenset()), set()),
    ],
)
def test_a_filter_chooses_meetings(filled: Store, chosen: Filter, found: set[str]) -> None:
    """Days are compared without the time of day; a meeting without a date is outside all limits."""
    assert {each.title for each in filled.meetings(chosen)} == found
    matches = filled.search(Expression(), chosen, 20)
    assert {each.id for each in filled.meetings(chosen)} == {match.meeting for match in matches}


def test_the_language_of_a_region_counts_as_its_language(store: Store) -> None:
    """lang:pt finds pt-BR, lang:pt-br too, but lang:pt-PT does not."""
    store.put(record(meeting([("A", "o plano")], "pt-BR"), "a"))
    found = [len(store.meetings(Filter(languages=frozenset({code})))) for code in ("pt", "pt-br", "pt-PT")]
    assert found == [1, 1, 0]


def test_all_passages_match_an_empty_expression_the_latest_first(filled: Store, records: list[Record]) -> None:
    """Without words, the passages are those of the meetings, in the opposite order of adding."""
    assert [match.position for match in filled.search(Expression(), EVERYTHING, 2)] == [0, 0]
    chosen = Filter(ids=frozenset({records[0].meeting.id}))
    assert [match.position for match in filled.search(Expression(), chosen, 2)] == [2, 1]


def test_a_meeting_is_replaced_as_a_whole(filled: Store, records: list[Record]) -> None:
    """No word of the earlier version is found any more."""
    old = records[0].meeting
    new = record_of(meeting([("Dora", "A rocket")], title="New"), old.source, old.id)
    filled.put(new)
    assert filled.passages(old.id) == list(new.passages)
    assert titles(filled, "speaker:anna") == titles(filled, "annual") == []
    assert titles(filled, "rocket") == ["New 0"]
    assert filled.check() == []


def test_a_removed_meeting_is_gone(filled: Store, records: list[Record]) -> None:
    """Meeting, passages and words are gone; removing again says that there was nothing."""
    id = records[1].meeting.id
    assert filled.remove(id)
    assert not filled.remove(id)
    assert filled.passages(id) == []
    assert titles(filled, "travel") == []
    assert id not in {each.id for each in filled.meetings(Filter(hidden=True))}
    assert filled.check() == []


def test_a_restricted_meeting_is_hidden_and_stays_restricted(filled: Store, records: list[Record]) -> None:
    """No search finds it, also after it is read again, or removed and added again, until it is opened."""
    id = records[1].meeting.id
    filled.set_access(id, "restricted")
    for step in (
        lambda: None,
        lambda: filled.put(records[1]),
        lambda: filled.remove(id),
        lambda: filled.put(records[1]),
    ):
        step()
        assert titles(filled, "travel") == []
        assert id not in {each.id for each in filled.meetings(EVERYTHING)}
    hidden = {each.id: each for each in filled.meetings(Filter(hidden=True))}
    assert hidden[id] == replace(records[1].meeting, access="restricted")
    filled.set_access(id, "open")
    assert titles(filled, "travel") == ["Review 0"]


def test_an_unknown_access_means_restricted(filled: Store, records: list[Record]) -> None:
    """A value that a later version may write hides the meeting."""
    id = records[1].meeting.id
    filled.set_access(id, "team only")  # type: ignore[arg-type]
    assert titles(filled, "travel") == []
    assert [each.access for each in filled.meetings(Filter(hidden=True)) if each.id == id] == ["restricted"]


def test_a_meeting_without_its_file_is_hidden(filled: Store, records: list[Record]) -> None:
    """A meeting whose file is missing is not found; a new place of the file is stored."""
    found: Meeting = replace(records[1].meeting, available=False)
    filled.update_source(found)
    assert titles(filled, "travel") == []
    moved = replace(found, source=SourceFile("/elsewhere", "sha256:1", 3, 4), available=True)
    filled.update_source(moved)
    assert titles(filled, "travel") == ["Review 0"]
    assert moved in filled.meetings(EVERYTHING)


def test_parts_of_words(filled: Store) -> None:
    """Words that contain a part are listed as their terms, the shortest first; a part is plain text."""
    assert filled.terms_with("planung", 5) == ["projektplan"]
    assert filled.terms_with("annu", 5) == ["annual"]
    assert filled.terms_with("ann", 1) == ["annual"]
    assert filled.terms_with("xyz", 5) == []


def test_the_index_can_be_made_again(filled: Store) -> None:
    """The same passages are found afterwards, and progress ends at 1."""
    done: list[float] = []
    filled.rebuild_index(done.append)
    assert set(titles(filled, "budget")) == {"Planning 0", "Review 0", "Review 1"}
    assert filled.terms_with("planung", 5) == ["projektplan"]
    assert (done, filled.check()) == (sorted(done), [])
    assert done[-1] == 1.0
    assert filled.size() > 0


def test_vectors_go_with_their_meeting(filled: Store, records: list[Record]) -> None:
    """They are those of one embedder and of the meetings that the filter admits, until the meeting is stored again."""
    first, second = (each.meeting for each in records[:2])
    stored = [Vectors(each.id, bytes([0, 0, 0, 0]), bytes([index, 255])) for index, each in enumerate((first, second))]
    for each, own in zip(stored, (first, second), strict=True):
        filled.put_vectors(each, "small/1", own.source.content)
    assert list(filled.vectors(EVERYTHING, "small/1")) == stored
    assert list(filled.vectors(EVERYTHING, "small/2")) == []
    assert list(filled.vectors(Filter(ids=frozenset({second.id})), "small/1")) == stored[1:]
    assert {each.id for each in filled.without_vectors("small/1")} == {each.meeting.id for each in records[2:]}
    assert len(filled.without_vectors("small/2")) == len(records)
    filled.put_vectors(stored[0], "small/2", "sha256:changed")
    assert list(filled.vectors(EVERYTHING, "small/2")) == []
    filled.put(records[0])
    filled.remove(second.id)
    assert list(filled.vectors(Filter(hidden=True), "small/1")) == []


def test_derived_texts_go_with_their_meeting(filled: Store, records: list[Record]) -> None:
    """One is replaced by the next, and is not stored if the file has another content meanwhile."""
    first, second = (each.meeting for each in records[:2])
    for key, own in (("1", first), ("2", first), ("1", second)):
        filled.put_note(own.id, key, f"text {key}", own.source.content)
    filled.put_note(first.id, "3", "text 3", "sha256:changed")
    assert filled.notes() == {first.id: ("2", "text 2"), second.id: ("1", "text 1")}
    filled.put(records[0])
    filled.remove(second.id)
    assert filled.notes() == {}


def test_languages_and_place(filled: Store) -> None:
    """The languages of all meetings are known, and the store says where it is."""
    assert filled.languages() == ["de", "en", "ja"]
    assert filled.location
