"""The cues of the languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.meetings.follow_up import cues as module
from meetscribe.meetings.follow_up.cues import cues
from meetscribe.minutes.lexicon import lexicon

LANGUAGES = sorted(file.stem for file in (Path(module.__file__).parent / "languages").glob("*.toml"))


@pytest.mark.parametrize(
    ("language", "form", "base"),
    [
        ("en", "sent", "send"),
        ("en", "booked", "book"),
        ("en", "written", "writ"),
        ("en", "reviewed", "review"),
        ("de", "geschickt", "schick"),
        ("de", "reserviert", "reservier"),
        ("de", "angerufen", "ruf"),
        ("de", "abgeholt", "hol"),
    ],
)
def test_the_past_of_a_verb_leads_to_its_base(language: str, form: str, base: str) -> None:
    """The base is that of the infinitive or the imperative."""
    known = cues(language)
    assert known is not None
    assert known.past_base(form) == base


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_rules_for_minutes_too(language: str) -> None:
    """Items come from minutes, so cues without those would be of no use."""
    assert lexicon(language) is not None
    assert cues(f"{language}-XX") is not None


@pytest.mark.parametrize(
    ("text", "done", "incomplete"),
    [
        ("the posters are done", True, False),
        ("they're not done", True, True),
        ("that's sorted", True, False),
        ("i'll be done with it by friday", True, True),
        ("the posters look nice", False, False),
    ],
)
def test_cues_tell_done_from_not_yet_done(text: str, done: bool, incomplete: bool) -> None:
    """A sentence may report completion and take it back."""
    known = cues("en")
    assert known is not None
    assert (bool(known.completion.search(text)), bool(known.incomplete.search(text))) == (done, incomplete)


def test_a_language_without_cues_has_none() -> None:
    """So does a name that is no language."""
    assert cues("fi") is None
    assert cues("../en") is None
