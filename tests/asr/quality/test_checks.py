"""What is doubted, and what must not be."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr import AsrSettings
from meetscribe.asr.protocol import DecodingResult
from meetscribe.asr.quality.checks import (
    SPEECH_MARGIN,
    ClipFacts,
    check_result,
    compression_ratio,
    minimum_duration,
    words_outside_speech,
)
from meetscribe.asr.quality.known_phrases import PHRASES, PREFIXES, is_known_phrase
from meetscribe.asr.quality.repetition import (
    Repetition,
    find_repetitions,
    longest_common_run,
    max_repetitions,
    normalize_text,
    normalize_words,
    similarity,
)
from meetscribe.timeline import Span
from meetscribe.transcript import Word

SETTINGS = AsrSettings()
SPEECH = ClipFacts(8.0, (Span(0.3, 7.6),))
SENTENCE = "We have moved the review of the second draft to Monday, so please send your notes before that."


def kinds(heard: DecodingResult, clip: ClipFacts = SPEECH, **settings: Any) -> set[str]:
    """By which tests a text is doubted."""
    return {reason.kind for reason in check_result(heard, clip, AsrSettings(**settings))}


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "No, no, no, no, no. That is not what I said.",
        "Thank you.",
        "Thank you for watching.",
        "Das Qualitätsmanagementhandbuch liegt, wie besprochen, auf dem Gruppenlaufwerk.",
        "我们下周一开会讨论第二版草案，请大家提前准备好意见。",
        "Bye bye. Bye bye. Bye.",
        "1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    ],
)
def test_what_people_say_is_not_doubted(text: str) -> None:
    """Long and short sentences, repetitions as people make them, thanks, in several scripts."""
    clip = SPEECH if len(text) > 30 else ClipFacts(2.0, (Span(0.2, 1.8),))
    assert kinds(DecodingResult(text, (), -0.3, 0.02), clip) == set()


@pytest.mark.parametrize(
    ("heard", "clip", "found"),
    [
        (DecodingResult("and so " * 40), SPEECH, {"compression", "repetition"}),
        (DecodingResult(SENTENCE, (), -1.2), SPEECH, {"confidence"}),
        (DecodingResult(SENTENCE), ClipFacts(0.8), {"rate"}),
        (DecodingResult("我们下周一开会讨论第二版草案"), ClipFacts(0.6), {"rate"}),
        (DecodingResult("I don't know. " * 4, (), -0.1), SPEECH, {"repetition"}),
        (DecodingResult("The review."), ClipFacts(9.0, ()), {"silence"}),
        (DecodingResult("Thank you."), ClipFacts(9.0, ()), {"silence", "known phrase"}),
        (DecodingResult("Untertitel im Auftrag des ZDF", (), -0.2, 0.9), SPEECH, {"known phrase"}),
        (DecodingResult(""), SPEECH, {"few words"}),
        (DecodingResult(" ... "), SPEECH, {"few words"}),
        (DecodingResult("Mm."), SPEECH, {"few words"}),
        (DecodingResult(""), ClipFacts(9.0, (Span(1, 2),)), set()),
        (DecodingResult(""), ClipFacts(9.0), set()),
        (DecodingResult(SENTENCE), ClipFacts(8.0, peak=0.001), {"level"}),
        (DecodingResult(""), ClipFacts(8.0, peak=0.001), {"level"}),
        (DecodingResult(""), ClipFacts(8.0, peak=0.0), set()),
    ],
)
def test_each_doubt_has_its_name(heard: DecodingResult, clip: ClipFacts, found: set[str]) -> None:
    """Each test finds what it is for, and only that."""
    assert kinds(heard, clip) == found


def test_an_echo_is_found_only_where_there_were_hints() -> None:
    """Words of the prompt in their order are doubted if the engine was given it; a few common words are not."""
    hints = "Minutes of the weekly review with Ünal and Zoë"
    echoed = DecodingResult("Minutes of the weekly review.", (), -0.2)
    assert kinds(echoed, ClipFacts(3.0, hints=hints)) == {"echo"}
    assert kinds(echoed, ClipFacts(3.0)) == set()
    assert (
        kinds(DecodingResult("Zoë moved the weekly review to the week after Easter."), ClipFacts(6.0, hints=hints))
        == set()
    )


def test_words_far_from_voices_are_found_by_their_times() -> None:
    """Where the engine tells times, only the words beyond SPEECH_MARGIN of any voice are doubted."""
    words = (Word("Yes.", 0.5, 1.0), Word("Thanks", 6.0, 6.4), Word("all.", 6.4, 7.0))
    clip = ClipFacts(8.0, (Span(0.4, 6.0 - SPEECH_MARGIN - 0.01),))
    assert words_outside_speech(DecodingResult("Yes. Thanks all.", words), clip) == [1, 2]
    assert words_outside_speech(
        DecodingResult("Yes. Thanks all.", words), ClipFacts(8.0, (Span(0.4, 6.0 - SPEECH_MARGIN),))
    ) == [2]
    assert words_outside_speech(DecodingResult("Yes. Thanks all."), clip) == []
    assert words_outside_speech(DecodingResult("Yes. Thanks all."), ClipFacts(8.0, ())) == [0, 1, 2]
    assert words_outside_speech(DecodingResult("Yes. Thanks all.", words), ClipFacts(8.0)) == []


def test_a_reason_says_its_number() -> None:
    (reason,) = check_result(DecodingResult(SENTENCE, (), -1.234), SPEECH, SETTINGS)
    assert str(reason) == "mean log probability -1.23"


def test_thresholds_can_be_set_and_switched_off() -> None:
    """Each of Whisper's thresholds is used, and none is used that is None."""
    loop, doubted = DecodingResult("and so " * 40), DecodingResult(SENTENCE, (), -1.2)
    assert kinds(loop, compression_ratio_threshold=None) == {"repetition"}
    assert kinds(loop, compression_ratio_threshold=50.0) == {"repetition"}
    assert kinds(doubted, log_prob_threshold=None) == set()
    assert kinds(doubted, log_prob_threshold=-1.3) == set()
    stock = DecodingResult("Untertitel im Auftrag des ZDF", (), -0.2, 0.9)
    assert kinds(stock, no_speech_threshold=None) == kinds(stock, no_speech_threshold=0.95) == set()


@given(st.text(min_size=1))
def test_the_compression_ratio_is_whispers(text: str) -> None:
    """Bytes over compressed bytes, as openai-whisper computes it."""
    data = text.encode()
    assert compression_ratio(text) == len(data) / len(zlib.compress(data))


@given(st.text(), st.text())
def test_time_to_say_a_text_adds_up(one: str, other: str) -> None:
    """The least time is that of its parts, and none for what is not spoken."""
    assert minimum_duration(one + other) == pytest.approx(minimum_duration(one) + minimum_duration(other))
    assert minimum_duration(" .,!?-") == 0


# The words and the rounds of loops


WORDS = st.lists(st.sampled_from("abc"), max_size=40)


def slow_loops(words: list[str]) -> list[Repetition]:
    """Every start and every length tried, in the order of the promise."""
    needed = {1: 6, 2: 5} | dict.fromkeys(range(3, 8), 4)
    found: list[Repetition] = []
    start = 0
    while start < len(words):
        best = None
        for length in range(1, len(words)):
            rounds = 1
            while words[start + rounds * length : start + (rounds + 1) * length] == words[start : start + length]:
                rounds += 1
            if rounds >= needed.get(length, 3):
                best = Repetition(start, length, rounds)
                break
        found += [best] if best else []
        start = best.end if best else start + 1
    return found


@given(WORDS)
def test_loops_are_those_of_the_obvious_search(words: list[str]) -> None:
    """The quick search finds what trying everything finds."""
    assert find_repetitions(words) == slow_loops(words)


@given(WORDS, st.lists(st.sampled_from("defgh"), min_size=1, max_size=12, unique=True), st.integers(6, 9), WORDS)
def test_a_loop_is_found_anywhere(before: list[str], round: list[str], rounds: int, after: list[str]) -> None:
    """Words that come round often enough are found behind and before others."""
    loop = Repetition(len(before), len(round), rounds)
    assert loop in find_repetitions(before + round * rounds + after)
    assert max_repetitions(before + round * rounds + after) >= rounds


def test_bare_words_are_without_case_and_punctuation() -> None:
    assert normalize_words("Well -- it's DONE. 写完了。") == ["well", "its", "done", "写", "完", "了"]
    assert max_repetitions(normalize_words("No. No! no, NO no -- no")) == 6
    assert max_repetitions([]) == 0


@given(WORDS, WORDS)
def test_the_common_run_is_the_longest(one: list[str], other: list[str]) -> None:
    """It is the length of the longest list of neighbours that both have."""
    runs = {tuple(one[a:b]) for a in range(len(one)) for b in range(a, len(one) + 1)}
    slow = max((len(run) for run in runs if _within(list(run), other)), default=0)
    assert longest_common_run(one, other) == slow


def _within(run: list[str], words: list[str]) -> bool:
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


@given(st.text(), st.text())
def test_likeness_is_between_none_and_all(one: str, other: str) -> None:
    """Equal letters are fully alike, whatever their case; strange ones are not at all."""
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1
    assert similarity("abc", "XYZ") == 0
    assert similarity("A, b.", "a b") == 1


def test_stock_phrases_are_whole_texts() -> None:
    """A phrase is one alone, repeated or with punctuation, but not inside what people say."""
    assert all(is_known_phrase(phrase) for phrase in PHRASES | set(PREFIXES))
    assert is_known_phrase("Thanks for watching! Thanks for watching!")
    assert is_known_phrase("字幕由某某提供")
    assert not is_known_phrase("")
    assert not is_known_phrase("Thank you for watching the build while I was away.")
    assert all(phrase == normalize_text(phrase) and phrase for phrase in PHRASES | set(PREFIXES))
