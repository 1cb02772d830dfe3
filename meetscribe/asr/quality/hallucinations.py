"""The hallucination filter: remove repetition loops, and words hallucinated where there is no speech.

Words are removed only if two signs agree, because people repeat themselves, and speech detectors can miss speech. The
signs may be two figures of the engine (see `_reports_no_speech`). The exception is a text wholly outside speech that
was decoded only once (see `_is_hallucinated`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meetscribe.asr.quality.checks import ClipFacts, Doubt, check_result, has_low_confidence, words_outside_speech
from meetscribe.asr.quality.known_phrases import is_known_phrase
from meetscribe.asr.quality.repetition import find_repetitions, max_repetitions, normalize_text, normalize_words
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Span
from meetscribe.transcript import join_words

if TYPE_CHECKING:
    from meetscribe.asr.protocol import DecodingResult
    from meetscribe.asr.quality.temperature_fallback import FallbackResult
    from meetscribe.asr.settings import AsrSettings

_KEPT_ROUNDS = 2  # repetitions that are kept of a loop
_UNLIKELY = 0.5  # mean word probability below which the engine itself is in doubt
_UNRELIABLE = {"compression", "rate", "confidence"}  # checks that confirm a repetition as a loop


@dataclass(frozen=True, slots=True)
class RemovedText:
    """Removed text, its span from the start of the clip, and the reason."""

    span: Span
    text: str
    reason: str


def filter_hallucinations(
    fallback: FallbackResult, clip: ClipFacts, settings: AsrSettings
) -> tuple[DecodingResult, list[RemovedText], tuple[Doubt, ...]]:
    """Return the result without hallucinated words, the removed text, and the doubts that remain.

    After a removal in silence, the remaining text is checked again, but not the level of the clip (`peak=1.0`). After
    the removal of a loop, the doubts stay.
    """
    result, doubts = fallback.chosen.result, fallback.chosen.doubts
    removed: list[RemovedText] = []
    # Removed even where speech was detected, because detectors can take music for speech. Without speech detection,
    # nothing is removed as silence.
    if settings.remove_in_silence and clip.speech_activity is not None and _reports_no_speech(result, settings):
        result, removed = _without(result, [range(len(_texts(result)))], clip, "the engine reports no speech")
        return result, removed, check_result(result, replace(clip, peak=1.0), settings)
    if settings.remove_in_silence and (outside := words_outside_speech(result, clip)):
        hallucinated = [run for run in _runs(outside) if _is_hallucinated(result, run, fallback, settings)]
        result, removed = _without(result, hallucinated, clip, "no speech was detected there")
        doubts = check_result(result, replace(clip, peak=1.0), settings) if removed else doubts
    if settings.remove_repeats and {doubt.kind for doubt in doubts} & _UNRELIABLE:
        # Keep the doubts: the rest of a loop may replace other words.
        result, loops = _without(
            result, list(_surplus_rounds(_texts(result))), clip, "repetition loop, cut to two rounds"
        )
        removed += loops
    return result, removed, doubts


def _reports_no_speech(result: DecodingResult, settings: AsrSettings) -> bool:
    """Return whether a text is improbable and probably no speech, as in Whisper (Radford et al., 2022, section 4.5)."""
    threshold, no_speech = settings.no_speech_threshold, result.no_speech_probability
    if threshold is None or no_speech is None or no_speech <= threshold or not normalize_text(result.text):
        return False
    least = settings.log_prob_threshold
    return least is not None and result.log_probability is not None and result.log_probability < least


def _is_hallucinated(result: DecodingResult, run: range, fallback: FallbackResult, settings: AsrSettings) -> bool:
    """Return whether a second sign confirms that words outside speech are hallucinated.

    The signs are a known phrase, a loop, low confidence of the engine, and no confirmation of a doubtful text by other
    attempts. The log probability and the other attempts are those of the whole text, so they count only if all its
    words are outside speech. Such a text is doubtful for that reason alone, so it needs no second sign if there is no
    other attempt, as is usual with the settings of `second_pass`.
    """
    text = join_words(_texts(result)[run.start : run.stop])
    if is_known_phrase(text) or max_repetitions(normalize_words(text)):
        return True
    complete = len(run) == len(_texts(result))
    if complete and (has_low_confidence(result, settings) or (fallback.chosen.doubts and not fallback.confirmed)):
        return True
    probabilities = [word.probability for word in result.words[run.start : run.stop] if word.probability is not None]
    return bool(probabilities) and sum(probabilities) / len(probabilities) < _UNLIKELY


def _surplus_rounds(texts: Sequence[str]) -> Iterator[range]:
    """Yield the indices of the words to cut from each loop: all rounds (see `Repetition`) after the second."""
    worded = [index for index, text in enumerate(texts) if normalize_text(text)]
    for loop in find_repetitions([normalize_text(texts[index]) for index in worded]):
        first, last = worded[loop.start + _KEPT_ROUNDS * loop.length], worded[loop.end - 1]
        yield range(first, last + 1)


def _without(
    result: DecodingResult, runs: Sequence[range], clip: ClipFacts, reason: str
) -> tuple[DecodingResult, list[RemovedText]]:
    """Return the result without these runs of words, and a record of each run."""
    if not runs:
        return result, []
    texts = _texts(result)
    removed = [RemovedText(_span(result, run, clip), join_words(texts[run.start : run.stop]), reason) for run in runs]
    indices = {index for run in runs for index in run}
    words = tuple(word for index, word in enumerate(result.words) if index not in indices)
    kept = [text for index, text in enumerate(texts) if index not in indices]
    return replace(result, text=join_words(kept), words=words), removed


def _texts(result: DecodingResult) -> list[str]:
    """Return the texts of the words."""
    return [word.text for word in result.words] if result.words else split_words(result.text)


def _span(result: DecodingResult, run: range, clip: ClipFacts) -> Span:
    """Return the span of a run of words; without word times, that of the clip."""
    if not result.words:
        return Span(0.0, clip.duration)
    return Span(result.words[run.start].start, max(word.end for word in result.words[run.start : run.stop]))


def _runs(indices: Sequence[int]) -> list[range]:
    """Join consecutive indices into ranges."""
    runs: list[range] = []
    for index in indices:
        if runs and runs[-1].stop == index:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs
