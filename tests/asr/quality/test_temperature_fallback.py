"""What is decoded again, what is taken for heard then, and what is taken out."""

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
ASKED = DecodingOptions("en")
HINTED = DecodingOptions("en", prompt="Minutes of the weekly review.")
SETTINGS = AsrSettings()


def settled(
    first: DecodingResult,
    then: Callable[[float], DecodingResult],
    clip: ClipFacts = SPEECH,
    asked: DecodingOptions = ASKED,
) -> FallbackResult:
    """The verdict if the clip is heard so at each temperature."""
    return decode_with_fallback(first, clip, lambda options: then(options.temperature), asked, SETTINGS)


def never(temperature: float) -> DecodingResult:
    raise AssertionError("decoded again without reason")


def test_what_is_not_doubted_is_not_decoded_again() -> None:
    verdict = settled(DecodingResult(SENTENCE), never)
    assert (verdict.chosen.result.text, len(verdict.attempts)) == (SENTENCE, 1)


def test_the_first_attempt_without_doubts_is_taken() -> None:
    """The ladder is climbed as far as it must be, and no farther."""
    verdict = settled(DecodingResult(LOOP), lambda heat: DecodingResult(SENTENCE if heat >= 0.4 else LOOP))
    assert verdict.chosen.result.text == SENTENCE
    assert len(verdict.attempts) == 1 + 2  # after the first: 0.2 and 0.4, for 0 would only repeat it


@pytest.mark.parametrize(
    ("asked", "steps"),
    [(ASKED, [0.2, 0.4, 0.6, 0.8, 1.0]), (HINTED, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])],
)
def test_the_ladder_has_no_hints_and_no_repetition(asked: DecodingOptions, steps: list[float]) -> None:
    """Without hints the first step would be what was heard already; with hints it is tried without them."""
    decodings = list(fallback_options(asked, SETTINGS))
    assert [options.temperature for options in decodings] == steps
    assert all((options.prompt, options.vocabulary) == (None, ()) for options in decodings)
    assert all(options.language == "en" for options in decodings)


def test_of_doubted_attempts_words_go_before_none() -> None:
    """Where somebody speaks, doubted words are kept rather than nothing; of two, the likelier ones."""
    texts = {
        0.2: DecodingResult(""),
        0.4: DecodingResult(SENTENCE, (), -1.5),
        0.6: DecodingResult(SENTENCE.upper(), (), -1.1),
    }
    verdict = settled(DecodingResult(LOOP, (), -0.1), lambda heat: texts.get(heat, DecodingResult(LOOP, (), -0.1)))
    assert verdict.chosen.result.text == SENTENCE.upper()
    assert [doubt.kind for doubt in verdict.chosen.doubts] == ["confidence"]
    assert settled(DecodingResult(""), lambda heat: DecodingResult("")).chosen.result.text == ""


@pytest.mark.parametrize(
    ("clip", "kept"), [(SILENCE, ""), (SPEECH, "Yes."), (ClipFacts(0.5, (Span(0.2, 0.3),)), "Yes.")]
)
def test_hearing_nothing_is_believed_in_silence_only(clip: ClipFacts, kept: str) -> None:
    """Doubted words where any voice is heard are not given up for an attempt that hears none."""
    verdict = settled(DecodingResult("Yes.", (), -1.5), lambda heat: DecodingResult(""), clip)
    assert verdict.chosen.result.text == kept


def test_an_echo_that_is_heard_without_hints_is_none() -> None:
    """What is heard without the prompt too was said; it stays as the prompt spells it."""
    echoed = DecodingResult("Minutes of the weekly review.", (), -0.2)
    clip = replace(SPEECH, hints=HINTED.prompt or "")
    said = settled(echoed, lambda heat: DecodingResult("minutes of the weakly review"), clip, HINTED)
    assert (said.chosen.result, said.chosen.doubts) == (echoed, ())
    invented = settled(echoed, lambda heat: DecodingResult(SENTENCE), clip, HINTED)
    assert invented.chosen.result.text == SENTENCE


def left(verdict: FallbackResult, clip: ClipFacts, **settings: Any) -> tuple[str, list[str], set[str]]:
    """The text that is left, the texts that were taken out, and the doubts about what is left."""
    heard, removed, reasons = filter_hallucinations(verdict, clip, AsrSettings(**settings))
    return heard.text, [each.text for each in removed], {doubt.kind for doubt in reasons}


def test_a_loop_keeps_two_rounds() -> None:
    """What stays a loop at every temperature is cut after two rounds; it stays doubted what was said there."""
    text = "We agreed on Monday. " + "And so on. " * 30 + "Thank you all."
    verdict = settled(DecodingResult(text), lambda heat: DecodingResult(text))
    kept, removed, doubts = left(verdict, SPEECH)
    assert kept == "We agreed on Monday. And so on. And so on. Thank you all."
    assert removed == [" ".join(["And so on."] * 28)]
    assert doubts == {"compression", "repetition", "rate"}
    assert left(verdict, SPEECH, remove_repeats=False)[:2] == (text, [])


def test_repetition_that_can_be_said_is_only_doubted() -> None:
    """Eight times "no" in two seconds is no loop: nothing is taken out."""
    text = "No, no, no, no, no, no, no, no."
    clip = ClipFacts(2.5, (Span(0.1, 2.4),))
    verdict = settled(DecodingResult(text), lambda heat: DecodingResult(text), clip)
    assert left(verdict, clip) == (text, [], {"repetition"})


@pytest.mark.parametrize(
    "heard",
    [
        DecodingResult("Thank you."),
        DecodingResult("Thank you for watching!", (), -0.1, 0.01),
        DecodingResult("The next one.", (), -1.4),
        DecodingResult("The next one.", (), -0.3, 0.9),
        DecodingResult("No, no, no, no, no, no."),
        DecodingResult("The one.", (Word("The", 1, 2, probability=0.2), Word("one.", 2, 3, probability=0.3))),
    ],
)
def test_invented_words_in_silence_are_removed(heard: DecodingResult) -> None:
    """Where no voice is heard, a stock phrase and what the engine itself doubts goes, if that is wished."""
    verdict = settled(heard, lambda heat: heard, SILENCE)
    assert left(verdict, SILENCE) == ("", [heard.text], set())
    assert left(verdict, SILENCE, remove_in_silence=False)[:2] == (heard.text, [])


def test_words_that_are_heard_again_are_kept_though_no_voice_is() -> None:
    """A voice may be missed: words heard again and again are only doubted, others are taken out."""
    said = settled(DecodingResult(SENTENCE), lambda heat: DecodingResult(SENTENCE.lower()), SILENCE)
    assert left(said, SILENCE) == (SENTENCE, [], {"silence"})
    invented = settled(
        DecodingResult(SENTENCE), lambda heat: DecodingResult(f"{heat} is another thing altogether"), SILENCE
    )
    assert left(invented, SILENCE)[:2] == ("", [SENTENCE])


def test_words_at_the_edge_of_silence_go_alone() -> None:
    """With the engine's times the words far from any voice are taken out, and the others stay."""
    words = (
        Word("Yes.", 0.5, 1.0, probability=0.9),
        Word("Thank", 6.0, 6.4, probability=0.9),
        Word("you.", 6.4, 7.0, probability=0.9),
    )
    heard = DecodingResult("Yes. Thank you.", words)
    clip = ClipFacts(8.0, (Span(0.4, 1.2),))
    verdict = settled(heard, lambda heat: heard, clip)
    text, removed, doubts = left(verdict, clip)
    assert (text, removed, doubts) == ("Yes.", ["Thank you."], set())
    (line,) = filter_hallucinations(verdict, clip, SETTINGS)[1]
    assert line.span == Span(6.0, 7.0)


def test_in_a_very_quiet_clip_voices_are_no_evidence() -> None:
    """Made louder, its words are believed though nobody heard a voice; stock phrases go as ever."""
    quiet = replace(SILENCE, peak=0.001)
    verdict = settled(DecodingResult("Mm.", (), -1.5), lambda heat: DecodingResult(SENTENCE), quiet)
    assert (len(verdict.attempts), *left(verdict, quiet)) == (2, SENTENCE, [], set())
    invented = settled(
        DecodingResult("Thank you.", (), -1.5), lambda heat: DecodingResult("Thank you.", (), -0.2), quiet
    )
    assert left(invented, quiet) == ("", ["Thank you."], set())


def test_without_voices_nothing_is_silence() -> None:
    """If nobody looked for voices, no text is taken out for being where there is none."""
    heard = DecodingResult("Thank you.", (), -1.4, 0.9)
    unknown = ClipFacts(8.0)
    verdict = settled(heard, lambda heat: heard, unknown)
    assert left(verdict, unknown) == ("Thank you.", [], {"confidence", "known phrase"})


def test_text_that_is_heard_once_only_is_told() -> None:
    """If the attempt that is taken hears nothing, the text of the first one is not forgotten."""
    verdict = settled(DecodingResult("Thank you."), lambda heat: DecodingResult(""), SILENCE)
    assert verdict.chosen.result.text == ""
    assert discarded_text(verdict) == "Thank you."
    assert discarded_text(settled(DecodingResult(SENTENCE), never)) == ""


texts = st.lists(st.sampled_from("yes no so and thank you review".split()), max_size=40).map(" ".join)
hearings = st.builds(DecodingResult, texts, st.just(()), st.none() | st.floats(-2, 0), st.none() | st.floats(0, 1))
clips = st.builds(
    ClipFacts,
    st.floats(0.2, 30),
    st.none() | st.lists(st.tuples(st.floats(0, 10), st.floats(0, 5)).map(lambda p: Span(p[0], sum(p)))).map(tuple),
)


@given(st.lists(hearings, min_size=6, max_size=6), clips)
def test_no_word_is_lost_without_a_line(heard: list[DecodingResult], clip: ClipFacts) -> None:
    """What is left and what was taken out are together the words of the attempt that is taken, in any case."""
    first, *others = heard
    again = iter(others)
    verdict = decode_with_fallback(first, clip, lambda options: next(again), ASKED, SETTINGS)
    kept, removed, _ = filter_hallucinations(verdict, clip, SETTINGS)
    taken = verdict.chosen.result.text.split()
    assert sorted(kept.text.split() + [word for each in removed for word in each.text.split()]) == sorted(taken)
    assert all(0 <= each.span.start <= each.span.end <= clip.duration for each in removed)
    if not taken and first.text:
        assert discarded_text(verdict) == first.text
    if not any(attempt.doubts for attempt in verdict.attempts):
        assert (len(verdict.attempts), removed) == (1, [])
