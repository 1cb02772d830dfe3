"""Sessions share an engine, with their own context; checks keep doubtful words pending; a silent model is an error."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.errors import MeetscribeError
from meetscribe.live.protocols import Window
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.testing import ScriptedEngine, ScriptedError, synthetic_meeting
from meetscribe.testing.live import fake_live_recogniser
from meetscribe.timeline import Span
from meetscribe.transcript import Word

MEETING = synthetic_meeting(speakers=2, turns=4, seed=3)
SPEECH = MEETING.speech


def window(span: Span, *, final: bool = False, speech: tuple[Span, ...] = SPEECH) -> Window:
    audio = MEETING.audio()
    return Window("s0", 0, round(span.start * 16_000), audio.slice(span), speech, final)


def test_words_have_times_of_the_session() -> None:
    """A window in the middle gives the words there, at their own times."""
    span = SPEECH[1]
    decoding = fake_live_recogniser(MEETING).stream().decode(window(span, final=True)).result(10)
    expected = [word for word in MEETING.transcript.words if span.overlap(word.span) > 0]
    assert [word.text for word in decoding.hypothesis.words] == [word.text for word in expected]
    assert decoding.hypothesis.words[0].start == pytest.approx(expected[0].start, abs=0.002)
    assert decoding.language == "en"


class EarlyEnd(ScriptedEngine):
    """Ends after `limit` words of a clip, as Whisper may; with `stretched`, its last word covers the rest."""

    def __init__(self, limit: int, *, stretched: bool = False, errors: Sequence[ScriptedError] = ()) -> None:
        super().__init__(MEETING.audio(), MEETING.transcript.words, errors, word_times=True)
        self.limit, self.stretched = limit, stretched

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        return [self._ended(result) for result in super().decode(clips, options)]

    def _ended(self, result: DecodingResult) -> DecodingResult:
        words = result.words[: self.limit]
        if self.stretched and len(words) < len(result.words):
            words = (*words[:-1], replace(words[-1], end=result.words[-1].end))
        return replace(result, text=" ".join(word.text for word in words), words=words)


class Looping(ScriptedEngine):
    """Hears one word all the time."""

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        found = super().decode(clips, options)
        words = [tuple(replace(word, text="no") for word in result.words) for result in found]
        texts = [" ".join(word.text for word in each) for each in words]
        return [replace(result, text=text, words=each) for result, text, each in zip(found, texts, words, strict=True)]


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("stretched", [False, True])
def test_a_hypothesis_that_ends_while_speech_goes_on_is_continued(final: bool, stretched: bool) -> None:
    """The audio after its last word is decoded by itself; less than two seconds of words may still be missing."""
    engine = EarlyEnd(len(MEETING.transcript.words) // 3, stretched=stretched)
    whole = Window("s0", 0, 0, MEETING.audio().samples[:], SPEECH, final)
    found = LiveRecogniser(engine, AsrSettings(language="en")).stream().decode_now(whole).hypothesis
    texts, expected = [word.text for word in found.words], [word.text for word in MEETING.transcript.words]
    assert texts == expected[: len(texts)]
    assert MEETING.transcript.words[len(texts) - 1].end > SPEECH[-1].end - 2
    assert (found.span, found.final) == (whole.span, final)


def test_a_continuation_that_fails_a_check_is_not_used() -> None:
    """Laughter after the words is taken for speech, and the engine loops in it."""
    words, end = MEETING.transcript.words, SPEECH[-1].end
    limit = next(number for number, word in enumerate(words) if word.start > 0.6 * end)
    laughter = ScriptedError(Span(words[limit].start, end), "ha " * 30)
    engine = EarlyEnd(limit, errors=[laughter])
    decoding = LiveRecogniser(engine, AsrSettings(language="en")).stream().decode_now(window(Span(0.0, end)))
    assert [word.text for word in decoding.hypothesis.words] == [word.text for word in words[:limit]]
    assert len(engine.calls) == 2


class PassingOver(ScriptedEngine):
    """Returns the first word of a long clip and nothing else."""

    def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        found = super().decode(clips, options)
        return [
            replace(result, text=result.words[0].text, words=result.words[:1]) if len(clip) > 80_000 else result
            for clip, result in zip(clips, found, strict=True)
        ]


def test_a_window_in_which_words_are_missing_is_decoded_without_its_context() -> None:
    engine = PassingOver(MEETING.audio(), MEETING.transcript.words, word_times=True)
    start, end = SPEECH[-2].start, SPEECH[-1].end
    whole = replace(window(Span(0.0, end)), earlier=round(start * 16_000))
    found = LiveRecogniser(engine, AsrSettings(language="en")).stream().decode_now(whole).hypothesis
    expected = [word.text for word in MEETING.transcript.words if word.start >= start - 0.01]
    assert [word.text for word in found.words] == expected
    assert found.span == whole.new


@pytest.mark.parametrize("final", [False, True])
def test_a_short_utterance_is_not_lost_in_its_context(final: bool) -> None:
    """A window whose own part has no words is decoded again without its context."""
    engine = PassingOver(MEETING.audio(), MEETING.transcript.words, word_times=True)
    last = SPEECH[-1]
    whole = replace(window(Span(last.start - 5.0, last.end), final=final), earlier=5 * 16_000)
    found = LiveRecogniser(engine, AsrSettings(language="en")).stream().decode_now(whole).hypothesis
    assert [word.text for word in found.words] == [word.text for word in MEETING.transcript.segments[-1].words]


def test_a_loop_in_a_growing_window_is_doubtful() -> None:
    """It is decoded once only, as a better hypothesis can follow."""
    recogniser = fake_live_recogniser(MEETING, [ScriptedError(SPEECH[0], "the plan " * 12)])
    decoding = recogniser.stream().decode_now(window(SPEECH[0]))
    assert decoding.hypothesis.doubtful
    assert len(recogniser.engine.calls) == 1  # type: ignore[attr-defined]


def test_words_that_are_committed_may_repeat_themselves() -> None:
    """A loop before the words that are still open does not keep those pending."""
    looping = Looping(MEETING.audio(), MEETING.transcript.words, word_times=True)
    stream, end = LiveRecogniser(looping, AsrSettings(language="en")).stream(), SPEECH[-1].end
    assert stream.decode_now(window(Span(0.0, end))).hypothesis.doubtful
    stream.committed([Word("no", end - 1.0, end)])
    assert not stream.decode_now(window(Span(0.0, end))).hypothesis.doubtful


def test_a_loop_in_a_final_window_is_decoded_again() -> None:
    """At a higher temperature the loop ends, and the words are those of the meeting."""
    recogniser = fake_live_recogniser(MEETING, [ScriptedError(SPEECH[0], "the plan " * 12, until=0.1)])
    decoding = recogniser.stream().decode_now(window(SPEECH[0], final=True))
    assert decoding.hypothesis.words[0].text == MEETING.transcript.words[0].text
    assert not decoding.hypothesis.doubtful


def test_invented_text_is_removed() -> None:
    """A known phrase without speech, or one that the engine itself doubts, is not committed."""
    span = Span(0.0, 0.4)
    recogniser = fake_live_recogniser(MEETING, [ScriptedError(span, "Thank you.", no_speech_probability=0.9)])
    decoding = recogniser.stream().decode_now(window(span, final=True, speech=()))
    assert decoding.hypothesis.words == ()
    assert decoding.removed == ("Thank you.",)


def test_the_context_is_that_of_the_stream() -> None:
    """Two streams over one engine never see the text of the other."""
    recogniser = fake_live_recogniser(MEETING)
    first, second = recogniser.stream(), recogniser.stream()
    first.committed(MEETING.transcript.segments[0].words)
    for stream in (first, second):
        stream.decode_now(window(SPEECH[1], final=True))
    prompts = [options.prompt for _, options in recogniser.engine.calls]  # type: ignore[attr-defined]
    assert prompts == [MEETING.transcript.segments[0].text, None]


@dataclass(frozen=True)
class SilentEngine:
    """An engine that never answers."""

    languages: tuple[str, ...] = ("en",)

    def decode(self, clips: Sequence[Any], options: object) -> list[Any]:
        threading.Event().wait(5)
        return []


def test_a_model_that_does_not_answer_is_an_error() -> None:
    recogniser = LiveRecogniser(SilentEngine(), fake_live_recogniser(MEETING).settings)  # type: ignore[arg-type]
    with pytest.raises(MeetscribeError, match="has waited .* for the model"):
        recogniser.warm_up(patience=0.05)
    recogniser.close()


def test_an_error_of_the_engine_reaches_the_caller() -> None:
    """The scripted engine refuses the noise that the warm-up decodes."""
    with pytest.raises(ValueError, match="not from the engine's recording"):
        fake_live_recogniser(MEETING).warm_up()
