"""The checks find errors of decoding, and accept what people say."""

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
from meetscribe.timeline import Span
from meetscribe.transcript import Word

SETTINGS = AsrSettings()
SPEECH = ClipFacts(8.0, (Span(0.3, 7.6),))
SENTENCE = "We have moved the review of the second draft to Monday, so please send your notes before that."


def kinds(result: DecodingResult, clip: ClipFacts = SPEECH, **settings: Any) -> set[str]:
    """Return the checks that a result fails."""
    return {doubt.kind for doubt in check_result(result, clip, AsrSettings(**settings))}


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
def test_natural_speech_passes(text: str) -> None:
    """Long and short sentences, natural repetitions and thanks pass in several scripts."""
    clip = SPEECH if len(text) > 30 else ClipFacts(2.0, (Span(0.2, 1.8),))
    assert kinds(DecodingResult(text, (), -0.3, 0.02), clip) == set()


@pytest.mark.parametrize(
    ("result", "clip", "failed"),
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
def test_each_check_finds_its_error_only(result: DecodingResult, clip: ClipFacts, failed: set[str]) -> None:
    assert kinds(result, clip) == failed


def test_an_echo_of_the_vocabulary() -> None:
    """Its terms are doubtful in any order if they make up half of the text, and as part of a sentence they are not."""
    clip = ClipFacts(6.0, vocabulary=("Custom Speech", "Speech-to-text"))
    text = "Custom Speech-to-text, Custom Speech-to-text, Custom Speech-to-text."
    assert kinds(DecodingResult(text), clip) == {"echo"}
    assert (
        kinds(DecodingResult("We trained Custom Speech for the Speech-to-text of the clinic last week."), clip) == set()
    )


def test_an_echo_needs_a_prompt() -> None:
    """Consecutive words of the prompt are doubtful if the engine was given it; a few common words are not."""
    prompt = "Minutes of the weekly review with Ünal and Zoë"
    echoed = DecodingResult("Minutes of the weekly review.", (), -0.2)
    assert kinds(echoed, ClipFacts(3.0, prompt=prompt)) == {"echo"}
    assert kinds(echoed, ClipFacts(3.0)) == set()
    assert (
        kinds(DecodingResult("Zoë moved the weekly review to the week after Easter."), ClipFacts(6.0, prompt=prompt))
        == set()
    )


def test_words_outside_speech_are_found_by_their_times() -> None:
    """With word times, only the words farther than SPEECH_MARGIN from any speech are doubtful."""
    words = (Word("Yes.", 0.5, 1.0), Word("Thanks", 6.0, 6.4), Word("all.", 6.4, 7.0))
    clip = ClipFacts(8.0, (Span(0.4, 6.0 - SPEECH_MARGIN - 0.01),))
    assert words_outside_speech(DecodingResult("Yes. Thanks all.", words), clip) == [1, 2]
    assert words_outside_speech(
        DecodingResult("Yes. Thanks all.", words), ClipFacts(8.0, (Span(0.4, 6.0 - SPEECH_MARGIN),))
    ) == [2]
    assert words_outside_speech(DecodingResult("Yes. Thanks all."), clip) == []
    assert words_outside_speech(DecodingResult("Yes. Thanks all."), ClipFacts(8.0, ())) == [0, 1, 2]
    assert words_outside_speech(DecodingResult("Yes. Thanks all.", words), ClipFacts(8.0)) == []


def test_a_doubt_contains_its_number() -> None:
    (doubt,) = check_result(DecodingResult(SENTENCE, (), -1.234), SPEECH, SETTINGS)
    assert str(doubt) == "mean log probability -1.23"


def test_thresholds_can_be_set_and_switched_off() -> None:
    """A threshold of None switches its check off."""
    loop, unlikely = DecodingResult("and so " * 40), DecodingResult(SENTENCE, (), -1.2)
    assert kinds(loop, compression_ratio_threshold=None) == {"repetition"}
    assert kinds(loop, compression_ratio_threshold=50.0) == {"repetition"}
    assert kinds(unlikely, log_prob_threshold=None) == set()
    assert kinds(unlikely, log_prob_threshold=-1.3) == set()
    phrase = DecodingResult("Untertitel im Auftrag des ZDF", (), -0.2, 0.9)
    assert kinds(phrase, no_speech_threshold=None) == kinds(phrase, no_speech_threshold=0.95) == set()


@given(st.text(min_size=1))
def test_the_compression_ratio_is_that_of_whisper(text: str) -> None:
    """It is the number of bytes divided by that of the compressed bytes, as in openai-whisper."""
    data = text.encode()
    assert compression_ratio(text) == len(data) / len(zlib.compress(data))


@given(st.text(), st.text())
def test_the_minimum_duration_is_additive(one: str, other: str) -> None:
    """It is the sum over the parts of a text, and 0 for punctuation."""
    assert minimum_duration(one + other) == pytest.approx(minimum_duration(one) + minimum_duration(other))
    assert minimum_duration(" .,!?-") == 0
