"""Which attempt is chosen when doubtful clips are decoded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import ClipFacts
from meetscribe.asr.quality.temperature_fallback import (
    FallbackResult,
    decode_with_fallback,
    discarded_text,
    fallback_options,
)
from meetscribe.timeline import Span
from meetscribe.transcript import Word

SENTENCE = "We have moved the review of the second draft to Monday, so please send your notes."
LOOP = "and so " * 40
SPEECH = ClipFacts(8.0, (Span(0.3, 7.6),))
SILENCE = ClipFacts(8.0, ())
OPTIONS = DecodingOptions("en")
WITH_PROMPT = DecodingOptions("en", prompt="Minutes of the weekly review.")
SETTINGS = AsrSettings()


def decoded(
    first: DecodingResult,
    again: Callable[[float], DecodingResult],
    clip: ClipFacts = SPEECH,
    options: DecodingOptions = OPTIONS,
) -> FallbackResult:
    """Return the fallback result if `again` returns the result at each temperature."""
    return decode_with_fallback(first, clip, lambda options: again(options.temperature), options, SETTINGS)


def never(temperature: float) -> DecodingResult:
    raise AssertionError("decoded again without a reason")


def test_a_result_without_doubts_is_not_decoded_again() -> None:
    fallback = decoded(DecodingResult(SENTENCE), never)
    assert (fallback.chosen.result.text, len(fallback.attempts)) == (SENTENCE, 1)


def test_the_first_attempt_without_doubts_is_chosen() -> None:
    """Later temperatures are not tried."""
    fallback = decoded(DecodingResult(LOOP), lambda heat: DecodingResult(SENTENCE if heat >= 0.4 else LOOP))
    assert fallback.chosen.result.text == SENTENCE
    assert len(fallback.attempts) == 1 + 1  # after the first: 0.4, because 0 would only repeat it


def test_words_outside_speech_are_no_reason_to_decode_again() -> None:
    """A soft "Hmm." that the detectors miss would be found again; a clip without any speech is decoded again."""
    words = (Word("Well.", 0.4, 0.9), Word("Hmm.", 5.0, 5.3))
    clip = ClipFacts(8.0, (Span(0.3, 1.5),))
    fallback = decoded(DecodingResult("Well. Hmm.", words), never, clip)
    assert [doubt.kind for doubt in fallback.chosen.doubts] == ["silence"]
    alone = decoded(DecodingResult("Hmm.", words[1:]), lambda heat: DecodingResult("", ()), clip)
    assert len(alone.attempts) > 1


def test_a_bad_recording_is_decoded_a_limited_number_of_times() -> None:
    """By default at most three times, or four if a prompt is given."""
    fallback = decoded(DecodingResult(LOOP), lambda heat: DecodingResult(LOOP))
    assert len(fallback.attempts) == 3


@pytest.mark.parametrize(
    ("options", "temperatures"),
    [(OPTIONS, [0.4, 0.8]), (WITH_PROMPT, [0.0, 0.4, 0.8])],
)
def test_fallback_options_have_no_prompt_and_repeat_nothing(
    options: DecodingOptions, temperatures: list[float]
) -> None:
    """Without a prompt, temperature 0 would repeat the first attempt; with one, it is tried without it."""
    found = list(fallback_options(options, SETTINGS))
    assert [each.temperature for each in found] == temperatures
    assert all((each.prompt, each.vocabulary) == (None, ()) for each in found)
    assert all(each.language == "en" for each in found)


def test_doubtful_words_are_better_than_none() -> None:
    """If all attempts in speech are doubtful, the most likely one with words is chosen."""
    results = {
        0.4: DecodingResult(SENTENCE, (), -1.5),
        0.8: DecodingResult(SENTENCE.upper(), (), -1.1),
    }
    fallback = decoded(DecodingResult(LOOP, (), -0.1), lambda heat: results.get(heat, DecodingResult(LOOP, (), -0.1)))
    assert fallback.chosen.result.text == SENTENCE.upper()
    assert [doubt.kind for doubt in fallback.chosen.doubts] == ["confidence"]
    assert decoded(DecodingResult(""), lambda heat: DecodingResult("")).chosen.result.text == ""


@pytest.mark.parametrize(
    ("clip", "kept"), [(SILENCE, ""), (SPEECH, "Yes."), (ClipFacts(0.5, (Span(0.2, 0.3),)), "Yes.")]
)
def test_an_empty_result_is_accepted_in_silence_only(clip: ClipFacts, kept: str) -> None:
    """Where any speech was detected, doubtful words are not replaced by an empty result."""
    fallback = decoded(DecodingResult("Yes.", (), -1.5), lambda heat: DecodingResult(""), clip)
    assert fallback.chosen.result.text == kept


def test_an_echo_that_occurs_without_the_prompt_is_none() -> None:
    """Words that are decoded without the prompt too were spoken; they stay as the prompt spells them."""
    echo = DecodingResult("Minutes of the weekly review.", (), -0.2)
    clip = replace(SPEECH, prompt=WITH_PROMPT.prompt or "")
    spoken = decoded(echo, lambda heat: DecodingResult("minutes of the weakly review"), clip, WITH_PROMPT)
    assert (spoken.chosen.result, spoken.chosen.doubts) == (echo, ())
    invented = decoded(echo, lambda heat: DecodingResult(SENTENCE), clip, WITH_PROMPT)
    assert invented.chosen.result.text == SENTENCE


def test_speech_activity_of_a_quiet_clip_is_no_evidence() -> None:
    """Amplified, its words are accepted, although no speech was detected."""
    fallback = decoded(
        DecodingResult("Mm.", (), -1.5), lambda heat: DecodingResult(SENTENCE), replace(SILENCE, peak=0.001)
    )
    assert (len(fallback.attempts), fallback.chosen.result.text) == (2, SENTENCE)


def test_the_text_of_the_first_attempt_is_reported_if_the_chosen_one_is_empty() -> None:
    fallback = decoded(DecodingResult("Thank you."), lambda heat: DecodingResult(""), SILENCE)
    assert fallback.chosen.result.text == ""
    assert discarded_text(fallback) == "Thank you."
    assert discarded_text(decoded(DecodingResult(SENTENCE), never)) == ""
    assert discarded_text(decoded(DecodingResult("..."), never, SILENCE)) == "", "it was chosen"
