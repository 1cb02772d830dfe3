"""Words are aligned with the recording; words that cannot be aligned are reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.alignment import Aligner, AlignmentSettings, align
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import SettingsError
from meetscribe.transcript import AlignmentRecord, AsrRecord, Meta, Provenance, Segment, Transcript, Word
from tests.alignment.conftest import STRIDE, FakeAligner
from tests.support.notices import notices

LETTERS = FakeAligner().dictionary


def always(aligner: Aligner | None) -> Callable[[str], Aligner | None]:
    """Return the same aligner for every language."""
    return lambda language: aligner


def spoken(seconds: float, *words: tuple[str, float]) -> Audio:
    """Return a recording for the fake aligner, with each word at its time, 0.04 s per letter."""
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    for word, start in words:
        for place, letter in enumerate(word):
            first = round((start + 0.04 * place) * SAMPLE_RATE)
            samples[first : first + 640] = LETTERS[letter]
    return Audio(samples, "made", "sha256:0")


def transcript(*segments: tuple[str, float, float], language: str = "en") -> Transcript:
    """Return segments with evenly spread words, as from a recogniser without word times."""
    made = []
    for text, start, end in segments:
        texts = text.split()
        step = (end - start) / len(texts)
        words = [Word(word, start + step * n, start + step * (n + 1), "interpolated") for n, word in enumerate(texts)]
        made.append(Segment(tuple(words)))
    meta = Meta(language, 20.0, notices=notices("before"), provenance=Provenance(asr=AsrRecord(engine="fake")))
    return Transcript(tuple(made), meta)


def times(result: Transcript) -> list[tuple[str, float, float]]:
    """Return the text and times of every word."""
    return [(word.text, word.start, word.end) for word in result.words]


def test_words_get_the_times_of_their_letters() -> None:
    """A word extends from its first letter to its last, whatever its previous times; a pause belongs to no word."""
    audio = spoken(20, ("hello", 2.0), ("world", 6.0), ("again", 15.0))
    result = align(
        transcript(("Hello, world!", 1.9, 6.5), ("Again.", 14.9, 15.5)),
        audio,
        always(FakeAligner()),
        AlignmentSettings(),
    )
    assert times(result) == [("Hello,", 2.0, 2.2), ("world!", 6.0, 6.2), ("Again.", 15.0, 15.2)]
    assert all(word.timing == "aligned" for word in result.words)
    assert all(word.score is not None and word.score > 0.99 for word in result.words)
    assert result.meta.warnings == ("before",)
    assert result.meta.provenance.alignment == AlignmentRecord(models={"en": "fake"}, pad=0.2)
    assert result.meta.provenance.asr == AsrRecord(engine="fake")


def test_a_word_may_be_outside_its_segment() -> None:
    """Words are found up to `pad` seconds outside their segment, at most halfway to the next."""
    audio = spoken(20, ("abc", 1.9), ("def", 2.6))
    result = align(transcript(("abc", 2.0, 2.1), ("def", 2.5, 2.6)), audio, always(FakeAligner()), AlignmentSettings())
    assert times(result) == [("abc", 1.9, 2.02), ("def", 2.6, 2.72)]


def test_a_word_without_letters_is_interpolated() -> None:
    """It lies between its neighbours, without a score."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0))
    result = align(transcript(("ab — cd …", 0.9, 2.5)), audio, always(FakeAligner()), AlignmentSettings())
    assert times(result) == [("ab", 1.0, 1.08), ("—", 1.08, 2.0), ("cd", 2.0, 2.08), ("…", 2.08, 2.5)]
    assert [word.timing for word in result.words] == ["aligned", "interpolated", "aligned", "interpolated"]
    assert [word.score is None for word in result.words] == [False, True, False, True]


def test_segments_that_do_not_fit_are_unchanged_and_counted_in_one_notice() -> None:
    """A segment that is too short, has no letters or is beyond the recording keeps its times."""
    audio = spoken(20, ("ab", 1.0))
    given = transcript(("ab", 0.9, 1.5), ("abcdefghijklmno pqrstuvwxyz", 3.0, 3.05), ("...", 5, 6), ("late", 30, 31))
    result = align(given, audio, always(FakeAligner()), AlignmentSettings())
    assert result.words[0].timing == "aligned"
    assert result.words[1:] == given.words[1:]
    assert result.meta.warnings[0] == "before"
    (warning,) = result.meta.warnings[1:]
    assert "3 of 4 segments" in warning


@pytest.mark.parametrize("why", ["language", "translation"])
def test_without_an_aligner_and_for_translations_nothing_changes(why: str) -> None:
    """All words keep their times, and one notice is added."""
    given = transcript(("ab", 0.9, 1.5), ("cd", 2, 3), language="xx")
    if why == "translation":
        given = given.with_provenance(asr=AsrRecord(task="translate"))
    seen: list[float] = []
    aligner = FakeAligner() if why == "translation" else None
    result = align(given, spoken(20, ("ab", 1.0)), always(aligner), AlignmentSettings(), seen.append)
    assert result.segments == given.segments
    assert len(result.meta.warnings) == 2
    assert result.meta.provenance.alignment is None
    assert seen == [1.0]


def test_all_other_fields_of_a_word_are_unchanged() -> None:
    """Such as speaker and overlap."""
    given = transcript(("ab", 0.9, 1.5))
    word = replace(given.words[0], speaker="A", speaker_score=0.5, speaker_source="turn", overlap=True)
    result = align(
        given.with_segments([Segment((word,))]), spoken(20, ("ab", 1.0)), always(FakeAligner()), AlignmentSettings()
    )
    assert replace(result.words[0], start=word.start, end=word.end, timing=word.timing, score=None) == word


def test_segments_are_aligned_in_batches() -> None:
    """The network is given `batch_size` segments at once, and the progress rises to 1."""
    given = transcript(
        *((letter * (place % 3 + 1), place * 1.5, place * 1.5 + 1) for place, letter in enumerate("abcdefg"))
    )
    audio = spoken(20, *((letter, place * 1.5 + 0.2) for place, letter in enumerate("abcdefg")))
    aligner = FakeAligner()
    seen: list[float] = []
    align(given, audio, always(aligner), AlignmentSettings(batch_size=3), seen.append)
    assert aligner.batches == [3, 3, 1]
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_empty_transcript_stays_empty() -> None:
    empty = Transcript((), Meta("en", 1.0))
    result = align(empty, spoken(1), always(FakeAligner()), AlignmentSettings())
    assert result.segments == ()
    assert result.meta.warnings == ()


def test_overlapping_segments_are_aligned_independently() -> None:
    """Segments of two speakers do not limit each other's clip."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0))
    result = align(transcript(("ab", 0.5, 3.0), ("cd", 1.5, 2.5)), audio, always(FakeAligner()), AlignmentSettings())
    assert [word.timing for word in result.words] == ["aligned"] * 2
    assert times(result)[1] == ("cd", 2.0, 2.08)


def test_words_are_in_order_for_random_emissions() -> None:
    """For any emissions, words are in order and within the recording."""

    class RandomAligner(FakeAligner):
        """An aligner with random emissions."""

        def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
            rng = np.random.default_rng(0)
            size = len(self.dictionary)
            return [np.log(rng.dirichlet(np.ones(size), len(clip) // STRIDE)).astype(np.float32) for clip in clips]

    given = transcript(("so it is — they say", 0.1, 2.0), ("well 20 of them", 2.0, 5.0), ("no", 19.0, 20.0))
    result = align(given, spoken(20), always(RandomAligner()), AlignmentSettings())
    assert all(before.end <= after.start for before, after in pairwise(result.words))
    assert result.words[-1].end <= 20.0
    assert [word.text for word in result.words] == [word.text for word in given.words]


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"pad": -0.1}])
def test_settings_out_of_range(wrong: dict[str, float]) -> None:
    """The error names the setting."""
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        AlignmentSettings(**wrong)  # type: ignore[arg-type]


def test_a_segment_of_many_minutes_is_aligned() -> None:
    """Its emissions are computed in overlapping blocks of limited length."""

    rng = np.random.default_rng(0)
    starts = np.arange(0.5, 599, 1.6).round(2)
    words = [("".join(rng.permutation([*"abcdefghijkl"])), float(start)) for start in starts]
    audio = spoken(600, *words)
    aligner = FakeAligner()
    given = transcript((" ".join(text for text, _ in words), 0, 600))
    result = align(given, audio, always(aligner), AlignmentSettings())
    assert result.meta.warnings == ("before",)
    assert [word.timing for word in result.words] == ["aligned"] * len(words)
    for word, (text, start) in zip(result.words, words, strict=True):
        assert (word.start, word.end) == pytest.approx((start, start + 0.04 * len(text)), abs=0.021)
    assert aligner.longest <= 34 * SAMPLE_RATE


def test_words_that_can_no_longer_be_aligned_are_marked_as_estimates() -> None:
    """Times of an earlier alignment are kept as interpolated ones."""
    words = (Word("abcdefgh", 3.0, 3.02, "aligned", 0.9), Word("ab", 3.02, 3.04, "engine"))
    given = Transcript((Segment(words),), Meta("en", 20.0))
    result = align(given, spoken(20), always(FakeAligner()), AlignmentSettings(pad=0))
    assert [(word.timing, word.score) for word in result.words] == [("interpolated", None), ("engine", None)]
    assert [word.span for word in result.words] == [word.span for word in words]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0)])
def test_segments_in_any_order(order: tuple[int, ...]) -> None:
    """Segments that are out of order or repeated are aligned at their own times."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0), ("ef", 3.0))
    rows = [("ab", 0.9, 1.2), ("cd", 1.9, 2.2), ("ef", 2.9, 3.2)]
    result = align(transcript(*(rows[place] for place in order)), audio, always(FakeAligner()), AlignmentSettings())
    assert times(result) == [(rows[place][0], place + 1.0, place + 1.08) for place in order]
