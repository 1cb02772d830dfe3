"""Recognition with a scripted engine: from chunks to a transcript with findings, for any engine."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.asr import AsrSettings, EngineRecognizer
from meetscribe.asr.planning import DecodingPlan
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import MeetscribeError
from meetscribe.runtime.progress import ignore_progress
from meetscribe.testing import ScriptedEngine, ScriptedError
from meetscribe.timeline import Span
from meetscribe.transcript import AsrRecord, Finding, RecordingFile, Transcript, Word
from tests.support.notices import notices

TEXTS = (
    "We have moved the review to Monday.",
    "Please send your notes before that.",
    "Who takes care of the second draft?",
    "I will do that together with Zoë.",
)
CHUNKS = tuple(Span(10.0 * number + 1, 10.0 * number + 5) for number in range(4))
NOISE = Span(45.0, 49.0)
LOOP = "and so on " * 40


def recording(seconds: float = 50.0) -> Audio:
    """Return noise, in which no two clips are equal."""
    samples = 0.1 * np.random.default_rng(0).standard_normal(round(seconds * SAMPLE_RATE))
    return Audio(samples.astype(np.float32), "noise.wav", "sha256:0", notices("a warning of the recording"))


def script() -> tuple[Word, ...]:
    """Return the words of a text in each chunk, half a second each."""
    return tuple(
        Word(text, chunk.start + 0.5 * number, chunk.start + 0.5 * number + 0.4)
        for chunk, line in zip(CHUNKS, TEXTS, strict=True)
        for number, text in enumerate(line.split())
    )


@dataclass
class Recognition:
    """An engine after a run, and the transcript."""

    engine: ScriptedEngine
    transcript: Transcript

    @property
    def made(self) -> AsrRecord:
        made = self.transcript.meta.provenance.asr
        assert made is not None
        return made

    @property
    def texts(self) -> list[str]:
        return [segment.text for segment in self.transcript.segments]


def recognize(
    *errors: ScriptedError,
    chunks: Sequence[Span] = (*CHUNKS, NOISE),
    speech_activity: Sequence[Span] | None = CHUNKS,
    plan: DecodingPlan | None = None,
    engine: Mapping[str, Any] | None = None,
    **settings: Any,
) -> Recognition:
    """Return the transcript of the recording if the engine makes these errors."""
    scripted = ScriptedEngine(recording(), script(), errors, **(engine or {}))
    recognizer = EngineRecognizer(scripted, AsrSettings(**settings), plan or DecodingPlan(batch_size=2))
    return Recognition(scripted, recognizer.transcribe(scripted.audio, chunks, ignore_progress, speech_activity))


def test_each_chunk_with_words_has_a_segment() -> None:
    """Segments are in the order of the chunks, with words inside the chunk and without speakers."""
    result = recognize()
    assert result.texts == list(TEXTS)
    for segment, chunk in zip(result.transcript.segments, CHUNKS, strict=True):
        assert chunk.start <= segment.start and segment.end <= chunk.end
        assert all(before.end <= after.start for before, after in pairwise(segment.words))
        assert {(word.timing, word.speaker) for word in segment.words} == {("interpolated", None)}


def test_the_metadata_describes_the_recording_and_the_run() -> None:
    """Language, duration, recording, notices and provenance are recorded."""
    result = recognize(language="en", prompt="Minutes.", vocabulary=("Zoë",))
    meta = result.transcript.meta
    assert (meta.language, meta.duration, meta.recording) == ("en", 50.0, RecordingFile("noise.wav", "sha256:0"))
    assert meta.warnings == ("a warning of the recording",)
    assert meta.findings == ()
    assert (result.made.engine, result.made.model, result.made.version) == ("scripted", "script", "0")
    assert (result.made.prompt, result.made.vocabulary) == ("Minutes.", ("Zoë",))
    assert (result.made.chunks, result.made.decoded_again, result.made.decodings) == (5, 0, 5)


def test_times_of_the_engine_are_kept() -> None:
    """Measured times and probabilities of words are not changed."""
    result = recognize(engine={"word_times": True})
    assert [(w.text, w.start, w.end) for w in result.transcript.words] == [(w.text, w.start, w.end) for w in script()]
    assert {(word.timing, word.probability, word.score) for word in result.transcript.words} == {("engine", 0.9, None)}


def test_words_without_times_are_spread_over_speech() -> None:
    """They lie in the speech of the chunk, not in its pauses."""
    speech_activity = [Span(chunk.start + 2, chunk.end) for chunk in CHUNKS]
    result = recognize(speech_activity=speech_activity)
    assert [segment.start for segment in result.transcript.segments] == [active.start for active in speech_activity]
    assert result.texts == list(TEXTS)


def test_no_chunks_are_no_segments() -> None:
    """Without chunks nothing is decoded, and the language is that of the settings or unknown."""
    for language, expected in ((None, "und"), ("de", "de")):
        result = recognize(chunks=(), language=language)
        assert (result.transcript.segments, result.transcript.language) == ((), expected)
        assert result.engine.calls == []


def test_a_chunk_longer_than_a_clip_is_decoded_in_parts() -> None:
    """No clip is longer than 30 s, and no word is lost."""
    result = recognize(chunks=[Span(1.0, 32.0)], speech_activity=None)
    assert [word for text in result.texts for word in text.split()] == [
        word.text for word in script() if word.start < 32
    ]
    assert all(span.duration <= 30 for spans, _ in result.engine.calls for span in spans)


def test_progress_rises_to_one() -> None:
    """Progress never falls, and is reported for each batch."""
    reported: list[float] = []
    engine = ScriptedEngine(recording(), script())
    EngineRecognizer(engine, AsrSettings(), DecodingPlan(workers=2, batch_size=1)).transcribe(
        engine.audio, CHUNKS, reported.append, None
    )
    assert reported == sorted(reported)
    assert reported == [0.25, 0.5, 0.75, 1.0, 1.0]


ERRORS = (
    ScriptedError(CHUNKS[1], LOOP, until=0.5),
    ScriptedError(CHUNKS[2], "well " * 60),
    ScriptedError(NOISE, "Thank you for watching."),
)


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_the_result_does_not_depend_on_the_plan(workers: int, batch_size: int) -> None:
    """Words, findings and seeds are the same for other batch sizes and numbers of workers."""
    first, other = recognize(*ERRORS), recognize(*ERRORS, plan=DecodingPlan(workers, 1, batch_size))
    assert other.transcript.segments == first.transcript.segments
    assert other.transcript.meta.findings == first.transcript.meta.findings
    assert sampled(other) == sampled(first)


def sampled(result: Recognition) -> set[tuple[float, float, int]]:
    """Return start, temperature and seed of the decodings with sampling."""
    return {(spans[0].start, how.temperature, how.seed) for spans, how in result.engine.calls if how.temperature > 0}


def test_sampling_is_seeded_by_the_position_of_the_chunk() -> None:
    """The seed of a chunk does not depend on other chunks."""
    seeds = {(start, seed) for start, _, seed in sampled(recognize(*ERRORS))}
    assert seeds == {(span.start, round(span.start * 1000)) for span in (CHUNKS[1], CHUNKS[2], NOISE)}
    alone = {(start, seed) for start, _, seed in sampled(recognize(*ERRORS, chunks=CHUNKS[1:2], seed=7))}
    assert alone == {(CHUNKS[1].start, 7 + round(CHUNKS[1].start * 1000))}


def test_doubtful_chunks_are_decoded_again_alone() -> None:
    """They are decoded one by one, without the prompt, until a result passes."""
    result = recognize(ScriptedError(CHUNKS[1], LOOP, until=0.3), prompt="Minutes.", chunks=CHUNKS)
    again = [(spans, how) for spans, how in result.engine.calls if how.prompt is None]
    assert [(spans, how.temperature) for spans, how in again] == [((CHUNKS[1],), heat) for heat in (0.0, 0.4)]
    assert result.texts == list(TEXTS)
    assert result.transcript.meta.findings == ()
    assert (result.made.decoded_again, result.made.decodings) == (1, 4 + 2)


def test_text_that_stays_doubtful_is_kept_and_listed() -> None:
    """The finding gives the reason, and a notice counts it."""
    result = recognize(ScriptedError(CHUNKS[1], "We shall seed the gnomes.", log_probability=-1.4))
    assert result.texts[1] == "We shall seed the gnomes."
    (finding,) = result.transcript.meta.findings
    assert finding == Finding("suspect", 11.0, 15.0, "mean log probability -1.40", "We shall seed the gnomes.")
    notice = "passages to check: 1 doubtful (meetscribe report lists them)"
    assert result.transcript.meta.warnings[-1] == notice


def test_removed_text_is_listed() -> None:
    """Invented words and surplus rounds of a loop are removed, each with a finding; one notice counts them."""
    result = recognize(*ERRORS, ScriptedError(CHUNKS[3], "I seed them.", log_probability=-1.2))
    assert result.texts == [TEXTS[0], TEXTS[1], "well well", "I seed them."]
    assert [(f.kind, f.text, f.reason) for f in result.transcript.meta.findings] == [
        ("removed", "well " * 57 + "well", "repetition loop, cut to two rounds"),
        (
            "suspect",
            "well well",
            "compression ratio 17.6; too much text for the speech: 2.0 times what can be spoken in that time; "
            "the same words 60 times in a row",
        ),
        ("suspect", "I seed them.", "mean log probability -1.20"),
        ("removed", "Thank you for watching.", "no speech was detected there"),
    ]
    assert result.transcript.meta.warnings[-1].startswith("passages to check: 2 doubtful, 2 removed (meetscribe report")


def test_an_echo_of_the_prompt_is_decoded_without_it() -> None:
    """Text that occurs only with the prompt is replaced."""
    prompt = "Minutes of the weekly review with Zoë"
    result = recognize(ScriptedError(CHUNKS[0], "Minutes of the weekly review.", aided=True), prompt=prompt)
    assert result.texts == list(TEXTS)
    assert result.made.decoded_again == 1


def test_text_that_a_second_decoding_does_not_confirm_is_listed() -> None:
    """If the second result in silence is empty, a finding holds the first text."""
    result = recognize(ScriptedError(NOISE, "Thank you.", until=0.1))
    assert result.texts == list(TEXTS)
    (finding,) = result.transcript.meta.findings
    assert (finding.kind, finding.span, finding.text) == ("removed", NOISE, "Thank you.")
    assert finding.reason.startswith("not confirmed by a second decoding: ")


def test_speech_without_words_is_listed() -> None:
    """Speech whose results are all empty is a finding."""
    result = recognize(ScriptedError(CHUNKS[2], ""))
    assert result.texts == [TEXTS[0], TEXTS[1], TEXTS[3]]
    (finding,) = result.transcript.meta.findings
    assert (finding.kind, finding.span, finding.text) == ("suspect", CHUNKS[2], "")
    assert "almost no words in 4.0 s" in finding.reason


def test_quality_control_can_be_switched_off() -> None:
    """Without it, the first result of each chunk is used."""
    result = recognize(*ERRORS, quality=False)
    assert result.texts == [TEXTS[0], LOOP.strip(), ("well " * 60).strip(), TEXTS[3], "Thank you for watching."]
    assert len(result.engine.calls) == 3
    assert result.transcript.meta.findings == ()


def test_removal_can_be_switched_off() -> None:
    """Then the text is kept, and listed as doubtful."""
    result = recognize(*ERRORS, remove_in_silence=False, remove_repeats=False)
    assert result.texts[2:] == [("well " * 60).strip(), TEXTS[3], "Thank you for watching."]
    assert {finding.kind for finding in result.transcript.meta.findings} == {"suspect"}


def test_too_little_memory_halves_the_batch_with_one_notice() -> None:
    """The words are the same; too little memory for one chunk is an error."""
    result = recognize(*ERRORS, plan=DecodingPlan(workers=1, batch_size=8), engine={"memory": 3})
    assert result.transcript.segments == recognize(*ERRORS).transcript.segments
    assert [warning for warning in result.transcript.meta.warnings if "memory" in warning] == [
        "the device ran out of memory: 2 chunks were decoded at once instead of 8"
    ]
    with pytest.raises(MeetscribeError, match="too little memory"):
        recognize(engine={"memory": 0})


def test_a_short_recording_occupies_every_worker() -> None:
    """It is not decoded in a single batch."""
    calls = recognize(chunks=CHUNKS, plan=DecodingPlan(workers=2, batch_size=8), quality=False).engine.calls
    assert [len(spans) for spans, _ in calls] == [2, 2]


def test_a_very_quiet_chunk_is_amplified_and_decoded_again() -> None:
    """Its second decoding is at a normal level and at temperature 0; digital silence is not amplified."""
    audio = recording()
    samples = audio.samples[:].copy()
    samples[: 6 * SAMPLE_RATE] *= 0.001
    samples[45 * SAMPLE_RATE :] = 0
    peaks: list[float] = []

    class PeakEngine(ScriptedEngine):
        def decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
            peaks.extend(round(float(np.abs(clip).max()), 3) for clip in clips)
            return super().decode(clips, options)

    engine = PeakEngine(replace(audio, samples=samples), script())
    transcript = EngineRecognizer(engine, AsrSettings(), DecodingPlan()).transcribe(
        engine.audio, [CHUNKS[0], NOISE], speech_activity=None
    )
    assert peaks == [pytest.approx(0, abs=0.001), 0.0, 0.5]
    assert [how.temperature for _, how in engine.calls] == [0.0, 0.0]
    assert transcript.text == TEXTS[0]
    assert transcript.meta.findings == ()


# Languages


def detected(span: Span) -> dict[str, float]:
    """Return German from 20 to 30 s, Welsh for a short sound, and English elsewhere."""
    share = span.overlap(Span(20, 30)) / span.duration
    if span.duration < 1:
        return {"cy": 0.8, "en": 0.2}
    return {"de": 0.9 * share + 0.05, "en": 0.9 * (1 - share) + 0.05}


def test_the_language_is_that_of_the_recording() -> None:
    """The probabilities of several clips are averaged, and all chunks are decoded in this language."""
    result = recognize(engine={"detected": detected}, speech_activity=None)
    assert result.transcript.language == "en"
    assert result.made.language_probability == pytest.approx((3 * 0.95 + 0.05 + 0.95) / 5)
    assert result.made.language_chunks == 5
    assert {how.language for _, how in result.engine.calls} == {"en"}


def test_a_given_language_is_not_detected_in_a_short_recording() -> None:
    result = recognize(engine={"detected": lambda span: 1 / 0}, language="de")
    assert (result.transcript.language, result.made.language_probability) == ("de", None)


def test_a_given_language_is_checked_in_a_long_recording() -> None:
    """The longest chunk is almost certainly in another language; the text is decoded as it was asked for."""
    chunks = (*CHUNKS, *(Span(start, start + 0.5) for start in range(41, 45)))
    result = recognize(chunks=chunks, engine={"detected": lambda span: {"en": 0.97, "de": 0.03}}, language="de")
    (notice,) = (one for one in result.transcript.meta.notices if one.code == "asr.language-differs")
    assert notice.data == {"language": "de", "detected": "en"} and result.transcript.language == "de"
    result = recognize(chunks=chunks, engine={"detected": lambda span: {"en": 0.9, "de": 0.1}}, language="de")
    assert "asr.language-differs" not in [one.code for one in result.transcript.meta.notices]


def test_an_uncertain_language_is_a_notice() -> None:
    """The notice contains the probability and the remedy."""
    result = recognize(engine={"detected": lambda span: {"cy": 0.3, "en": 0.4, "de": 0.3}})
    assert result.transcript.meta.warnings[-1] == (
        "the detected language en is uncertain, with a probability of 0.40 (set it with --language)"
    )


def test_each_chunk_may_have_its_own_language() -> None:
    """Words carry a language that differs from the transcript's; a short sound has none of its own."""
    chunks = (*CHUNKS[:3], Span(25.2, 29.0), Span(31.0, 31.4), CHUNKS[3])
    result = recognize(
        chunks=chunks, speech_activity=None, multilingual=True, engine={"detected": detected}, quality=False
    )
    used = {span: how.language for spans, how in result.engine.calls for span in spans}
    assert [used[chunk] for chunk in chunks] == ["en", "en", "de", "de", "en", "en"]
    languages = {segment.start: segment.language for segment in result.transcript.segments}
    assert (result.transcript.language, languages[21.0], languages[1.0]) == ("en", "de", None)


def test_a_translation_is_english() -> None:
    """The transcript has the language of the text, and the provenance that of the speech."""
    result = recognize(*ERRORS, language="de", task="translate")
    assert {(how.language, how.task) for _, how in result.engine.calls} == {("de", "translate")}
    assert result.transcript.language == "en"
    assert (result.made.language, result.made.task) == ("de", "translate")


def test_prompt_vocabulary_and_numerals_reach_every_chunk() -> None:
    result = recognize(prompt="Minutes.", vocabulary=("Zoë", "Ünal"), numerals=False, beam_size=3)
    used = {replace(how, seed=0) for _, how in result.engine.calls}
    assert {(how.prompt, how.vocabulary, how.numerals, how.beam_size) for how in used} == {
        ("Minutes.", ("Zoë", "Ünal"), False, 3)
    }


class LazySamples:
    """Samples of any length, made when they are read."""

    def __init__(self, seconds: float) -> None:
        self.length = round(seconds * SAMPLE_RATE)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> npt.NDArray[np.float32]:
        start, stop, _ = part.indices(self.length)
        return np.full(stop - start, 0.1, np.float32)


class SilentEngine(ScriptedEngine):
    """Returns empty results without looking up the clip."""

    def _span(self, clip: npt.NDArray[np.float32]) -> Span:
        return Span(0.0, len(clip) / SAMPLE_RATE)


def test_memory_does_not_grow_with_the_recording() -> None:
    """At most one batch for each worker is held at once, and one that is read ahead."""
    audio = Audio(LazySamples(3600), "long.wav", "sha256:0")
    chunks = [Span(start, start + 20) for start in range(0, 3600, 30)]
    recognizer = EngineRecognizer(SilentEngine(audio), AsrSettings(), DecodingPlan(workers=2, batch_size=2))
    tracemalloc.start()
    recognizer.transcribe(audio, chunks)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    batch = 2 * 20 * SAMPLE_RATE * 4
    assert peak < (2 + 1) * batch + 1_000_000


def test_the_text_is_in_one_script() -> None:
    """An engine that changes the script between chunks is corrected, by default to the script of most of the text."""
    lines = ("我们在这里说话", "後來說話", "项目和模型", "我们一起说话")
    words = tuple(
        Word(character, chunk.start + 0.5 * number, chunk.start + 0.5 * number + 0.4)
        for chunk, line in zip(CHUNKS, lines, strict=True)
        for number, character in enumerate(line)
    )
    for script, second in (("auto", "后来说话"), ("traditional", "後來說話")):
        recognizer = EngineRecognizer(
            ScriptedEngine(recording(), words), AsrSettings(language="zh", script=script), DecodingPlan()
        )
        result = recognizer.transcribe(recording(), CHUNKS, speech_activity=CHUNKS)
        assert result.segments[1].text == second
