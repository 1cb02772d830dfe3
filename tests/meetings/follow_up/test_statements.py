"""The sentences of the meetings."""

from __future__ import annotations

from meetscribe.meetings.follow_up.statements import Language, Record
from tests.meetings.follow_up.conftest import MakeLibrary


def test_meetings_are_divided_into_sentences_in_order(make_library: MakeLibrary) -> None:
    """Each sentence has its speaker, and its place in the meeting."""
    library = make_library([("Anna", "Hello Ben. The budget is here.")], [("Ben", "Dr. Berg called.")])
    record = Record.of(library)
    first, second = record.meetings
    assert [(one.speaker, one.text) for one in record.statements[first.id]] == [
        ("Anna", "Hello Ben."),
        ("Anna", "The budget is here."),
    ]
    assert [one.text for one in record.statements[second.id]] == ["Dr. Berg called."]
    assert record.after(first) == (second,)
    assert record.after(second) == ()


def test_an_answer_is_about_the_question(make_library: MakeLibrary) -> None:
    """A sentence that says little is also about what the one before it asks or names."""
    lines = [("Anna", "What about the posters?"), ("Ben", "That's done."), ("Ben", "My aunt visited Rome.")]
    said = Record.of(make_library(lines))
    question, answer, other = next(iter(said.statements.values()))
    assert "poster" in answer.about
    assert question.is_question
    assert "poster" not in other.about


def test_a_rare_word_weighs_more(make_library: MakeLibrary) -> None:
    """The weight falls with the number of sentences that have the word."""
    record = Record.of(make_library([("Anna", "Budget first. Budget second. Posters third.")]))
    assert record.weight("poster") > record.weight("budget") > 0


def test_an_unknown_language_is_guessed() -> None:
    """Languages without word lists have none."""
    german = Language.of("und", "wir haben das nicht vor dem Fest".split())
    assert german.cues is not None
    assert "nicht" in german.cues.incomplete.pattern
    assert Language.of("fi") == Language(None, None)


def test_meetings_without_a_date_have_no_order(make_library: MakeLibrary) -> None:
    """They are left out."""
    assert Record.of(make_library([("Anna", "Hello.")], dated=False)).meetings == ()
