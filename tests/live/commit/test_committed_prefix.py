"""The new words of a hypothesis are found although times jitter, spellings change and words repeat."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.commit.committed_prefix import words_after
from meetscribe.transcript import Word


def words(text: str, start: float = 0.0, shift: float = 0.0) -> list[Word]:
    """Return words of 0.3 s, one every 0.4 s."""
    starts = [start + 0.4 * n + shift for n in range(len(text.split()))]
    return [Word(each, max(0.0, at), at + 0.3) for each, at in zip(text.split(), starts, strict=True)]


def texts(found: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in found)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("no no yes the plan we can".split()), max_size=20),
    st.integers(0, 20),
    st.floats(-0.15, 0.15),
)
def test_jitter_neither_loses_nor_repeats_words(spoken: list[str], count: int, shift: float) -> None:
    """With times shifted by less than half a word, exactly the words after the committed ones are new."""
    count = min(count, len(spoken))
    hypothesis = words(" ".join(spoken), shift=max(shift, 0.0))
    assert len(words_after(words(" ".join(spoken[:count])), hypothesis)) == len(spoken) - count


@pytest.mark.parametrize(
    ("committed", "hypothesis", "new"),
    [
        ("", "the plan", "the plan"),
        ("the plan", "", ""),
        ("the plan", "The plan, is late", "is late"),
        ("no no", "no no no", "no"),
        ("so the plan", "the plan is", "is"),  # the first word has been lost meanwhile
        ("the plan", "well the plan is", "is"),  # a word has been found before the committed ones
    ],
)
def test_examples(committed: str, hypothesis: str, new: str) -> None:
    assert texts(words_after(words(committed), words(hypothesis))) == new


def test_a_pending_word_is_new_wherever_the_hypothesis_places_it() -> None:
    """Its time may jump far back; it then starts where the committed words end."""
    hypothesis = [Word("I", 0.1, 0.2), Word("think", 0.2, 0.3), *words("so too", 2.4)]
    found = words_after(words("the plan"), hypothesis, words("I think", 1.6))
    assert texts(found) == "I think so too"
    assert (found[0].start, found[-1].end) == (0.7, 3.1)
    assert texts(words_after(words("the plan"), hypothesis)) == "so too"


def test_a_word_spelt_otherwise_is_not_new_and_its_follower_is() -> None:
    """ "twenty five" became "25": the follower lies behind the committed words, and is kept."""
    hypothesis = [*words("plans"), Word("25", 0.4, 1.1), Word("people", 1.2, 1.5)]
    assert texts(words_after(words("plans twenty five"), tuple(hypothesis))) == "people"
