"""Words taken out of what is heard: the rounds of a loop, and what is invented where nobody speaks; pure.

Each needs two witnesses, for people do repeat themselves, and a detector of voices may miss one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from meetscribe.asr.quality.checks import ClipFacts, Doubt, check_result, is_low_confidence, words_outside_speech
from meetscribe.asr.quality.known_phrases import is_known_phrase
from meetscribe.asr.quality.repetition import find_repetitions, max_repetitions, normalize_text, normalize_words
from meetscribe.text.splitting import split_words
from meetscribe.timeline import Span
from meetscribe.transcript import join_words

if TYPE_CHECKING:
    from meetscribe.asr.protocol import DecodingResult
    from meetscribe.asr.quality.temperature_fallback import FallbackResult
    from meetscribe.asr.settings import AsrSettings

_KEPT_ROUNDS = 2
_UNLIKELY = 0.5  # mean probability of words below which the engine does not believe in them


@dataclass(frozen=True, slots=True)
class RemovedText:
    """Text that was taken out, and why; `span`, from the start of the clip, where it was heard."""

    span: Span
    text: str
    reason: str


def filter_hallucinations(
    verdict: FallbackResult, clip: ClipFacts, settings: AsrSettings
) -> tuple[DecodingResult, list[RemovedText], tuple[Doubt, ...]]:
    """What is left of what is heard, what was taken out of it, and the reasons to doubt what is left."""
    heard, reasons = verdict.taken.heard, verdict.taken.reasons
    removed: list[RemovedText] = []
    if settings.remove_in_silence and (far := words_outside_speech(heard, clip)):
        invented = [run for run in _runs(far) if _is_invented(heard, run, verdict, settings)]
        heard, removed = _without(heard, invented, clip, "no voice is heard there")
        reasons = check_result(heard, replace(clip, peak=1.0), settings) if removed else reasons
    if settings.remove_repeats and {reason.kind for reason in reasons} & {"compression", "rate", "doubt"}:
        # What is left of a loop stays doubted: it may stand where something else was said.
        heard, gone = _without(heard, list(_rounds(_texts(heard))), clip, "a loop: two rounds are kept")
        removed += gone
    return heard, removed, reasons


def _is_invented(heard: DecodingResult, run: range, verdict: FallbackResult, settings: AsrSettings) -> bool:
    """Whether words where no voice is heard are doubted by another witness: the engine itself, the phrase, a loop,
    or other attempts at the clip that heard something else.
    """
    text = join_words(_texts(heard)[run.start : run.stop])
    whole = len(run) == len(_texts(heard))
    if is_known_phrase(text) or max_repetitions(normalize_words(text)):
        return True
    if whole and (is_low_confidence(heard, settings) or (verdict.taken.reasons and not verdict.confirmed)):
        return True
    probabilities = [word.probability for word in heard.words[run.start : run.stop] if word.probability is not None]
    return bool(probabilities) and sum(probabilities) / len(probabilities) < _UNLIKELY


def _rounds(texts: Sequence[str]) -> Iterator[range]:
    """The indices of the rounds to cut, a range for each loop."""
    spoken = [index for index, text in enumerate(texts) if normalize_text(text)]
    for loop in find_repetitions([normalize_text(texts[index]) for index in spoken]):
        first, last = spoken[loop.start + _KEPT_ROUNDS * loop.length], spoken[loop.end - 1]
        yield range(first, last + 1)


def _without(
    heard: DecodingResult, runs: Sequence[range], clip: ClipFacts, reason: str
) -> tuple[DecodingResult, list[RemovedText]]:
    """What is heard without these words, and a line for each run of them."""
    if not runs:
        return heard, []
    texts = _texts(heard)
    removed = [RemovedText(_span(heard, run, clip), join_words(texts[run.start : run.stop]), reason) for run in runs]
    gone = {index for run in runs for index in run}
    words = tuple(word for index, word in enumerate(heard.words) if index not in gone)
    return replace(heard, text=join_words(_kept(texts, gone)), words=words), removed


def _kept(texts: Sequence[str], gone: Collection[int]) -> list[str]:
    return [text for index, text in enumerate(texts) if index not in gone]


def _texts(heard: DecodingResult) -> list[str]:
    """The words of what is heard, one for each index."""
    return [word.text for word in heard.words] if heard.words else split_words(heard.text)


def _span(heard: DecodingResult, run: range, clip: ClipFacts) -> Span:
    """Where a run of words lies in the clip: where the engine places it, else anywhere."""
    if not heard.words:
        return Span(0.0, clip.duration)
    return Span(heard.words[run.start].start, max(word.end for word in heard.words[run.start : run.stop]))


def _runs(indices: Sequence[int]) -> list[range]:
    """Neighbouring indices put together."""
    runs: list[range] = []
    for index in indices:
        if runs and runs[-1].stop == index:
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs
