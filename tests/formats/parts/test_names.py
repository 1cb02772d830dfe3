from __future__ import annotations

import pytest

from meetscribe.formats.parts.names import colon_label, is_name, naming_of, split_name


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Anna: Yes.", "Anna", "Yes."),
        ("- Anna van der Berg: Yes.", "Anna van der Berg", "Yes."),
        ("[Anna] Yes.", "Anna", "Yes."),
        ("[Applause] Yes.", None, "[Applause] Yes."),
        (">> Yes.", "?", "Yes."),
        (">> Anna: Yes.", "Anna", "Yes."),
        ("It is 10:30 now.", None, "It is 10:30 now."),
        ("my point: no", None, "my point: no"),
        ("o'clock: yes", None, "o'clock: yes"),
        ("that’s right: yes", None, "that’s right: yes"),
        ("d'Artagnan: yes", "d'Artagnan", "yes"),
        ("[Music]: Yes.", None, "[Music]: Yes."),
        ("[ LAUGHTER ]: Yes.", None, "[ LAUGHTER ]: Yes."),
        ("[music]: Yes.", "music", "Yes."),
        ("[Music Hall]: Yes.", "Music Hall", "Yes."),
    ],
)
def test_names_are_split_off(text: str, name: str | None, rest: str) -> None:
    """Names stand before colons or in brackets; sounds, times of day and clauses are text."""
    assert split_name(text) == (name, rest)


def test_names_look_like_names() -> None:
    """A name is short, without words in lower case except particles, or the sign of the unknown speaker."""
    assert all(map(is_name, ("Anna", "Ludwig van Beethoven", "Speaker 2", "speaker2", "?")))
    assert not any(map(is_name, ("the budget", "One Two Three Four Five", "von", "...")))


ZOOM = ["anna: a", "ben | ACME: b", "anna: c", "ben | ACME: d"]


@pytest.mark.parametrize(
    ("texts", "expect_each", "known", "each"),
    [
        (ZOOM, False, {"anna", "ben | ACME"}, True),
        ([*ZOOM, "Hm, right."], False, {"anna", "ben | ACME"}, True),
        ([*ZOOM, "carol: hi"], True, {"anna", "ben | ACME", "carol"}, True),
        ([*ZOOM, "carol: hi"], False, {"anna", "ben | ACME"}, True),
        ([*ZOOM, "my point: no", "Yes."], True, {"anna", "ben | ACME"}, True),
        (["Anna: a", "b", "Ben: c", "d"], False, set(), False),
        (["Anna: a", "b", "Ben: c", "d"], True, set(), False),
        (["Anna: a", "Ben: b", "Anna: c", "d"], False, set(), False),
        (["Anna: a", "Ben: b", "Anna: c", "d"], True, set(), True),
        (["Anna: a", "Anna: b", "c", "d", "e"], False, set(), True),
        (["?: a", "?: b", "c"], False, set(), False),
        (["three points: a", "three points: b", "c", "d"], False, set(), False),
        (["[Music]: a", "[Music]: b", "Anna: c"], True, set(), False),
        (["my point: a", "b", "my point: c", "d"], True, set(), False),
        ([], True, set(), False),
    ],
)
def test_naming(texts: list[str], expect_each: bool, known: set[str], each: bool) -> None:
    """Names in any spelling are found where most texts have one; a name in two texts in a row shows that each has."""
    naming = naming_of(texts, expect_each)
    assert (set(naming.known), naming.each) == (known, each)


@pytest.mark.parametrize(
    "name", ["Anna", "anna", "Dr: Who", "d'amico", "Music", "music", "=SUM(A1)", 'Ana "Nia": <b>', ""]
)
@pytest.mark.parametrize(
    "text", ["Yes.", "Note: this", "[Anna] so", "[Music]: so", "o'clock: so", ">> well", "at 10:30"]
)
def test_labels_split_again(name: str, text: str) -> None:
    """A label is split into the same name and text."""
    found, rest = split_name(colon_label(name, text))
    assert ("" if found in (None, "?") else found, rest) == (name, text)
