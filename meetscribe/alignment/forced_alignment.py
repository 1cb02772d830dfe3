"""Forced alignment of a transcript: windows of words, emissions, CTC paths, word times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby
from operator import itemgetter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from meetscribe.alignment.ctc import Trellis, viterbi
from meetscribe.alignment.emissions import Aligner, compute_emissions
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.alignment.tokens import TokenisedWords, extend_emissions, tokenise
from meetscribe.alignment.windows import Window, make_windows
from meetscribe.alignment.word_times import with_times, without_alignment, without_overlaps
from meetscribe.audio import Audio
from meetscribe.errors import Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.transcript import AlignmentRecord, Segment, Transcript, Word

_Aligned: TypeAlias = list[tuple[Window, "list[Word] | None"]]
"""Windows with their aligned words, None if the words do not fit."""


def align(
    transcript: Transcript,
    audio: Audio,
    aligners: Callable[[str], Aligner | None],
    settings: AlignmentSettings,
    progress: Progress = ignore_progress,
) -> Transcript:
    """Return the transcript with aligned word times and their scores.

    `aligners` is called once per language; it returns None if there is no aligner. Words keep their times if their
    language has no aligner, if they do not fit into their clip, or if they are a translation; each case adds a notice,
    the first one per language. Words without tokens are interpolated between their neighbours.
    """
    if _is_translation(transcript):
        progress(1.0)
        text = "words were not aligned, so their times are estimates: the words are a translation"
        return transcript.with_notices(Notice("alignment.translation", text))
    windows = make_windows(transcript, audio.duration, settings.pad)
    aligned: _Aligned = []
    models: dict[str, str] = {}
    done = 0
    for language in dict.fromkeys(window.language for window in windows):
        in_language = [window for window in windows if window.language == language]
        aligner = aligners(language)
        if aligner is None:
            transcript = transcript.with_notices(_no_aligner(language, in_language))
        else:
            models[language] = aligner.model
            report = partial(_report, progress, done, len(windows))
            aligned += _align_windows(in_language, audio, aligner, settings, report)
        done += len(in_language)
    progress(1.0)
    if not models:
        return transcript
    transcript = _with_words(transcript, aligned, len(windows))
    return transcript.with_provenance(alignment=AlignmentRecord(models=models, pad=settings.pad))


def _report(progress: Progress, done: int, total: int, count: int) -> None:
    """Report that `done` + `count` of `total` windows are aligned."""
    progress((done + count) / total)


def _is_translation(transcript: Transcript) -> bool:
    """Return whether the words are a translation of the spoken words."""
    asr = transcript.meta.provenance.asr
    return asr is not None and asr.task == "translate"


def _no_aligner(language: str, windows: Sequence[Window]) -> Notice:
    """Return the notice about the words of a language without an aligner."""
    count = sum(len(window.words) for window in windows)
    text = f"{count} words were not aligned, so their times are estimates: no aligner is known for {language}"
    return Notice("alignment.no-aligner", text, {"language": language, "words": count})


def _with_words(transcript: Transcript, aligned: _Aligned, total: int) -> Transcript:
    """Return the transcript with the aligned words, and a notice if any of `total` windows could not be aligned."""
    words = [list(segment.words) for segment in transcript.segments]
    for window, aligned_words in aligned:
        position = slice(window.first, window.first + len(window.words))
        words[window.segment][position] = without_alignment(window.words) if aligned_words is None else aligned_words
    failed = sum(aligned_words is None for _, aligned_words in aligned)
    if failed:
        # A window is a whole segment, unless its words are in several languages.
        text = f"{failed} of {total} segments could not be aligned, so their word times are estimates"
        notice = Notice("alignment.incomplete", text, {"segments": failed, "of": total})
        transcript = transcript.with_notices(notice)
    return transcript.with_segments([Segment(tuple(without_overlaps(segment))) for segment in words])


def _align_windows(
    windows: Sequence[Window],
    audio: Audio,
    aligner: Aligner,
    settings: AlignmentSettings,
    report: Callable[[int], None],
) -> _Aligned:
    """Return the windows of one language with their aligned words; `report` receives the number of aligned windows."""
    aligned: _Aligned = []
    for batch in _batches(windows, settings.batch_size):
        aligned += zip(batch, _align_batch(batch, audio, aligner, settings), strict=True)
        report(len(aligned))
    return aligned


def _batches(windows: Sequence[Window], size: int) -> Iterator[list[Window]]:
    """Yield batches of `size` windows of similar length."""
    ordered = sorted(windows, key=lambda window: window.clip.duration)
    for first in range(0, len(ordered), size):
        yield ordered[first : first + size]


def _align_batch(
    batch: Sequence[Window], audio: Audio, aligner: Aligner, settings: AlignmentSettings
) -> list[list[Word] | None]:
    """Return the aligned words of each window, None if they do not fit."""
    aligned: list[list[Word] | None] = [None] * len(batch)
    indices = [index for index, window in enumerate(batch) if window.clip.duration > 0]
    windows = [batch[index] for index in indices]
    emissions = compute_emissions([window.clip for window in windows], audio, aligner, settings.batch_size)
    tokenised, trellises = _build_trellises(windows, emissions, aligner)
    for index, words, token_spans in zip(indices, tokenised, viterbi(trellises), strict=True):
        if token_spans:
            aligned[index] = with_times(batch[index], words, token_spans, aligner.stride, chars=settings.char_times)
    return aligned


def _build_trellises(
    windows: Sequence[Window], emissions: Iterable[tuple[int, npt.NDArray[np.float32]]], aligner: Aligner
) -> tuple[list[TokenisedWords], list[Trellis]]:
    """Return the tokens of each window and the trellis of their emissions, without unused columns."""
    tokenised: list[TokenisedWords] = []
    trellises: list[Trellis] = []
    for index, group in groupby(emissions, key=itemgetter(0)):
        blocks = (block for _, block in group)
        first = next(blocks)
        window = windows[index]
        words = tokenise(window.texts, aligner.dictionary, first.shape[1], aligner.blank, window.language)
        columns = np.unique([*words.tokens, *words.gaps])
        extended = (extend_emissions(block, aligner.dictionary, aligner.blank) for block in chain([first], blocks))
        log_probs = np.concatenate([block[:, columns] for block in extended])
        tokens, gaps = (np.searchsorted(columns, used).tolist() for used in (words.tokens, words.gaps))
        tokenised.append(words)
        trellises.append(Trellis(log_probs, tokens, gaps))
    return tokenised, trellises
