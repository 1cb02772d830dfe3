"""What the hallucination filter removes, and what it must keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.asr import AsrSettings
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.quality.checks import ClipFacts
from meetscribe.asr.quality.hallucinations import filter_hallucinations
from meetscribe.asr.quality.temperature_fallback import FallbackResult, decode_with_fallback, discarded_text
from meetscribe.timeline import Span
from meetscribe.transcript import Word

SENTENCE = "We have moved the review of the second draft to Monday, so please send your notes."
SPEECH = ClipFacts(8.0, (Span(0.3, 7.6),))
SILENCE = ClipFacts(8.0, ())
SETTINGS = AsrSettings()


def decoded(
    first: DecodingResult, again: Callable[[float], DecodingResult], clip: ClipFacts = SPEECH
) -> FallbackResult:
    """Return the fallback result if `again` returns the result at each temperature."""
    options = DecodingOptions("en")
    return decode_with_fallback(first, clip, lambda each: again(each.temperature), options, SETTINGS)


def filtered(fallback: FallbackResult, clip: ClipFacts, **settings: Any) -> tuple[str, list[str], set[str]]:
    """Return the text that is left, the removed texts, and the checks that the rest fails."""
    result, removed, doubts = filter_hallucinations(fallback, clip, AsrSettings(**settings))
    return result.text, [each.text for each in removed], {doubt.kind for doubt in doubts}


def test_a_loop_is_cut_to_two_rounds() -> None:
    """What is a loop at every temperature is cut, and stays doubtful."""
    text = "We agreed on Monday. " + "And so on. " * 30 + "Thank you all."
    fallback = decoded(DecodingResult(text), lambda heat: DecodingResult(text))
    kept, removed, doubts = filtered(fallback, SPEECH)
    assert kept == "We agreed on Monday. And so on. And so on. Thank you all."
    assert removed == [" ".join(["And so on."] * 28)]
    assert doubts == {"compression", "repetition", "rate"}
    assert filtered(fallback, SPEECH, remove_repeats=False)[:2] == (text, [])


def test_a_natural_repetition_is_kept() -> None:
    """Eight times "no" in two seconds is doubtful, but not removed."""
    text = "No, no, no, no, no, no, no, no."
    clip = ClipFacts(2.5, (Span(0.1, 2.4),))
    fallback = decoded(DecodingResult(text), lambda heat: DecodingResult(text), clip)
    assert filtered(fallback, clip) == (text, [], {"repetition"})


@pytest.mark.parametrize(
    "result",
    [
        DecodingResult("Thank you."),
        DecodingResult("Thank you for watching!", (), -0.1, 0.01),
        DecodingResult("The next one.", (), -1.4),
        DecodingResult("The next one.", (), -0.3, 0.9),
        DecodingResult("No, no, no, no, no, no."),
        DecodingResult("The one.", (Word("The", 1, 2, probability=0.2), Word("one.", 2, 3, probability=0.3))),
    ],
)
def test_invented_words_in_silence_are_removed(result: DecodingResult) -> None:
    """Outside speech, known phrases, loops and words of low confidence are removed, unless this is switched off."""
    fallback = decoded(result, lambda heat: result, SILENCE)
    assert filtered(fallback, SILENCE) == ("", [result.text], set())
    assert filtered(fallback, SILENCE, remove_in_silence=False)[:2] == (result.text, [])


@pytest.mark.parametrize(
    ("log_probability", "no_speech", "kept"), [(-1.4, 0.9, False), (-1.4, 0.3, True), (-0.4, 0.9, True)]
)
def test_improbable_text_without_speech_is_removed(log_probability: float, no_speech: float, kept: bool) -> None:
    """As in Whisper, both probabilities must say so; music that a detector takes for speech gives such text."""
    result = DecodingResult("you know", (), log_probability, no_speech)
    fallback = decoded(result, lambda heat: result)
    assert filtered(fallback, SPEECH)[:2] == ((result.text, []) if kept else ("", [result.text]))
    assert filtered(fallback, SPEECH, remove_in_silence=False)[0] == result.text


def test_words_in_silence_that_are_confirmed_are_kept() -> None:
    """A detector can miss speech: words of all attempts are only doubtful, words of one attempt are removed."""
    confirmed = decoded(DecodingResult(SENTENCE), lambda heat: DecodingResult(SENTENCE.lower()), SILENCE)
    assert filtered(confirmed, SILENCE) == (SENTENCE, [], {"silence"})
    invented = decoded(
        DecodingResult(SENTENCE), lambda heat: DecodingResult(f"{heat} is another thing altogether"), SILENCE
    )
    assert filtered(invented, SILENCE)[:2] == ("", [SENTENCE])


def test_only_the_words_outside_speech_are_removed() -> None:
    """With word times, the words inside speech stay."""
    words = (
        Word("Yes.", 0.5, 1.0, probability=0.9),
        Word("Thank", 6.0, 6.4, probability=0.9),
        Word("you.", 6.4, 7.0, probability=0.9),
    )
    result = DecodingResult("Yes. Thank you.", words)
    clip = ClipFacts(8.0, (Span(0.4, 1.2),))
    fallback = decoded(result, lambda heat: result, clip)
    assert filtered(fallback, clip) == ("Yes.", ["Thank you."], set())
    (removed,) = filter_hallucinations(fallback, clip, SETTINGS)[1]
    assert removed.span == Span(6.0, 7.0)


def test_known_phrases_in_a_quiet_clip_are_removed() -> None:
    """Other words of an amplified clip are kept, although no speech was detected."""
    quiet = replace(SILENCE, peak=0.001)
    kept = decoded(DecodingResult("Mm.", (), -1.5), lambda heat: DecodingResult(SENTENCE), quiet)
    assert filtered(kept, quiet) == (SENTENCE, [], set())
    phrase = decoded(DecodingResult("Thank you.", (), -1.5), lambda heat: DecodingResult("Thank you.", (), -0.2), quiet)
    assert filtered(phrase, quiet) == ("", ["Thank you."], set())


def test_without_speech_activity_nothing_is_silence() -> None:
    """If speech activity was not detected, no words are removed for lying outside it."""
    result = DecodingResult("Thank you.", (), -1.4, 0.9)
    unknown = ClipFacts(8.0)
    fallback = decoded(result, lambda heat: result, unknown)
    assert filtered(fallback, unknown) == ("Thank you.", [], {"confidence", "known phrase"})


texts = st.lists(st.sampled_from("yes no so and thank you review".split()), max_size=40).map(" ".join)
results = st.builds(DecodingResult, texts, st.just(()), st.none() | st.floats(-2, 0), st.none() | st.floats(0, 1))
clips = st.builds(
    ClipFacts,
    st.floats(0.2, 30),
    st.none() | st.lists(st.tuples(st.floats(0, 10), st.floats(0, 5)).map(lambda p: Span(p[0], sum(p)))).map(tuple),
)


@given(st.lists(results, min_size=6, max_size=6), clips)
def test_no_word_disappears_without_a_record(decodings: list[DecodingResult], clip: ClipFacts) -> None:
    """The kept and the removed words are together those of the chosen attempt."""
    first, *others = decodings
    again = iter(others)
    fallback = decode_with_fallback(first, clip, lambda options: next(again), DecodingOptions("en"), SETTINGS)
    kept, removed, _ = filter_hallucinations(fallback, clip, SETTINGS)
    chosen = fallback.chosen.result.text.split()
    assert sorted(kept.text.split() + [word for each in removed for word in each.text.split()]) == sorted(chosen)
    assert all(0 <= each.span.start <= each.span.end <= clip.duration for each in removed)
    if not chosen and first.text:
        assert discarded_text(fallback) == first.text
    if not any(attempt.doubts for attempt in fallback.attempts):
        assert (len(fallback.attempts), removed) == (1, [])
