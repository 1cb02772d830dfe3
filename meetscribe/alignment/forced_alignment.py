"""A transcript's words put where they are heard, stretch by stretch; networks and paths are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from meetscribe.alignment.ctc import Line, viterbi
from meetscribe.alignment.emissions import Aligner, hear
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.alignment.tokens import Spelling, extend, spell
from meetscribe.alignment.windows import Stretch, cut_stretches
from meetscribe.alignment.word_times import estimated, in_order, timed
from meetscribe.audio import Audio
from meetscribe.errors import Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.transcript import JSON, AlignmentRecord, Segment, Transcript, Word

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def align(
    transcript: Transcript,
    audio: Audio,
    aligners: Callable[[str], Aligner | None],
    settings: AlignmentSettings,
    progress: Progress = ignore_progress,
) -> Transcript:
    """The transcript with the time of each word found in the sound, and a score of how well it was heard.

    `aligners` is asked once for each language. Words of a language without an aligner (None) keep their times, and
    so do those that do not fit their sound, and all words of a translation; `meta.notices` says so once. Words
    with nothing to hear in them lie between their neighbours, with timing "interpolated".
    """
    if _is_translation(transcript):
        progress(1.0)
        text = "words were not aligned, their times are estimates: the words are a translation"
        return transcript.with_notices(Notice("alignment.translation", text))
    stretches = cut_stretches(transcript, audio.duration, settings.pad)
    words = [list(segment.words) for segment in transcript.segments]
    made: dict[str, str] = {}
    missed = done = 0
    for language in dict.fromkeys(stretch.language for stretch in stretches):
        own = [stretch for stretch in stretches if stretch.language == language]
        aligner = aligners(language)
        if aligner is None:
            transcript = transcript.with_notices(_no_aligner(language, own))
            done += len(own)
            continue
        made[language] = aligner.model
        for batch in _batches(own, settings.batch_size):
            for stretch, found in zip(batch, _align(batch, audio, aligner, settings), strict=True):
                missed += found is None
                place = slice(stretch.first, stretch.first + len(stretch.words))
                words[stretch.segment][place] = estimated(stretch.words) if found is None else found
            done += len(batch)
            progress(done / len(stretches))
    progress(1.0)
    if missed:
        said = f"{missed} of {len(stretches)} segments could not be aligned, their word times are estimates"
        data: dict[str, JSON] = {"segments": missed, "of": len(stretches)}
        transcript = transcript.with_notices(Notice("alignment.incomplete", said, data))
    if not made:
        return transcript
    aligned = transcript.with_segments([Segment(tuple(in_order(segment))) for segment in words])
    return aligned.with_provenance(alignment=AlignmentRecord(models=made, pad=settings.pad))


def _is_translation(transcript: Transcript) -> bool:
    """Whether the words are not those that were spoken."""
    asr = transcript.meta.provenance.asr
    return asr is not None and asr.task == "translate"


def _no_aligner(language: str, stretches: Sequence[Stretch]) -> Notice:
    """Return the notice about the words of a language without an aligner."""
    count = sum(len(stretch.words) for stretch in stretches)
    text = f"{count} words were not aligned, their times are estimates: no aligner is known for {language}"
    return Notice("alignment.no-aligner", text, {"language": language, "words": count})


def _batches(stretches: Sequence[Stretch], size: int) -> Iterator[list[Stretch]]:
    """The stretches so many at once, those of like length together."""
    waiting = sorted(stretches, key=lambda stretch: stretch.clip.duration)
    for first in range(0, len(waiting), size):
        yield waiting[first : first + size]


def _align(
    batch: Sequence[Stretch], audio: Audio, aligner: Aligner, settings: AlignmentSettings
) -> list[list[Word] | None]:
    """The words of each stretch with their times; None for those that do not fit."""
    found: list[list[Word] | None] = [None] * len(batch)
    numbers = [number for number, stretch in enumerate(batch) if stretch.clip.duration > 0]
    heard = hear([batch[number].clip for number in numbers], audio, aligner, settings.batch_size)
    spellings, lines = _spelled([batch[number] for number in numbers], heard, aligner)
    for number, spelling, places in zip(numbers, spellings, viterbi(lines), strict=True):
        if places:
            found[number] = timed(batch[number], spelling, places, aligner.stride, chars=settings.char_times)
    return found


def _spelled(
    stretches: Sequence[Stretch], heard: Iterable[tuple[int, npt.NDArray[np.float32]]], aligner: Aligner
) -> tuple[list[Spelling], list[Line]]:
    """The words of each stretch in the aligner's letters, and what is heard of just these letters."""
    import numpy as np

    spellings: list[Spelling] = []
    columns: list[npt.NDArray[np.intp]] = []
    pieces: list[list[npt.NDArray[np.float32]]] = []
    for number, log_probs in heard:
        if number == len(spellings):
            texts, language = stretches[number].texts, stretches[number].language
            spelling = spell(texts, aligner.dictionary, log_probs.shape[1], aligner.blank, language)
            spellings.append(spelling)
            columns.append(np.unique([*spelling.tokens, *spelling.gaps]))
            pieces.append([])
        pieces[number].append(extend(log_probs, aligner.dictionary, aligner.blank)[:, columns[number]])
    lines = [
        Line(
            np.concatenate(heard_of),
            np.searchsorted(used, spelling.tokens).tolist(),
            np.searchsorted(used, spelling.gaps).tolist(),
        )
        for spelling, used, heard_of in zip(spellings, columns, pieces, strict=True)
    ]
    return spellings, lines
