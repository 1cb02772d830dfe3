"""A transcript's words are put where they are heard, and what cannot be heard is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from meetscribe.alignment import Aligner, AlignmentSettings, align
from meetscribe.alignment.emissions import hear
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.errors import SettingsError
from meetscribe.timeline import Span
from meetscribe.transcript import AlignmentRecord, AsrRecord, Meta, Provenance, Segment, Transcript, Word
from tests.support.notices import notices

STRIDE = 320
DICTIONARY = {
    "<pad>": 0,
    "|": 1,
    **{letter: 2 + place for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
}


@dataclass
class FakeAligner:
    """Hears the letter whose number a sample is, 0 being none."""

    language: str = "en"
    model: str = "fake"
    dictionary: dict[str, int] = field(default_factory=lambda: DICTIONARY)
    blank: int = 0
    stride: int = STRIDE
    sizes: list[int] = field(default_factory=list)

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Almost certain log probabilities, a frame for every full stride."""
        self.sizes.append(len(clips))
        heard = []
        for clip in clips:
            labels = clip[: len(clip) // STRIDE * STRIDE : STRIDE].astype(int)
            probs = np.full((len(labels), len(DICTIONARY)), 1e-4)
            probs[np.arange(len(labels)), labels] = 1
            heard.append(np.log(probs / probs.sum(axis=1, keepdims=True)).astype(np.float32))
        return heard


def hearing(aligner: Aligner | None) -> Callable[[str], Aligner | None]:
    """The same aligner for every language."""
    return lambda language: aligner


def spoken(seconds: float, *words: tuple[str, float]) -> Audio:
    """A recording for the fake: each word from its time on, 0.04 s a letter."""
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    for word, start in words:
        for place, letter in enumerate(word):
            first = round((start + 0.04 * place) * SAMPLE_RATE)
            samples[first : first + 640] = DICTIONARY[letter]
    return Audio(samples, "made", "sha256:0")


def transcript(*segments: tuple[str, float, float], language: str = "en") -> Transcript:
    """Segments with their words spread evenly, as a recogniser leaves them."""
    made = []
    for text, start, end in segments:
        texts = text.split()
        step = (end - start) / len(texts)
        words = [Word(word, start + step * n, start + step * (n + 1), "interpolated") for n, word in enumerate(texts)]
        made.append(Segment(tuple(words)))
    meta = Meta(language, 20.0, notices=notices("before"), provenance=Provenance(asr=AsrRecord(engine="fake")))
    return Transcript(tuple(made), meta)


def times(result: Transcript) -> list[tuple[str, float, float]]:
    """Text and times of every word."""
    return [(word.text, word.start, word.end) for word in result.words]


def test_words_get_the_times_of_their_letters() -> None:
    """Start of the first letter to end of the last, whatever the recogniser guessed; a pause is nobody's."""
    audio = spoken(20, ("hello", 2.0), ("world", 6.0), ("again", 15.0))
    result = align(
        transcript(("Hello, world!", 1.9, 6.5), ("Again.", 14.9, 15.5)),
        audio,
        hearing(FakeAligner()),
        AlignmentSettings(),
    )
    assert times(result) == [("Hello,", 2.0, 2.2), ("world!", 6.0, 6.2), ("Again.", 15.0, 15.2)]
    assert all(word.timing == "aligned" for word in result.words)
    assert all(word.score is not None and word.score > 0.99 for word in result.words)
    assert result.meta.warnings == ("before",)
    assert result.meta.provenance.alignment == AlignmentRecord(models={"en": "fake"}, pad=0.2)
    assert result.meta.provenance.asr == AsrRecord(engine="fake")


def test_a_word_may_lie_in_the_padding() -> None:
    """Words are found a little outside their segment, at most halfway to the next."""
    audio = spoken(20, ("abc", 1.9), ("def", 2.6))
    result = align(transcript(("abc", 2.0, 2.1), ("def", 2.5, 2.6)), audio, hearing(FakeAligner()), AlignmentSettings())
    assert times(result) == [("abc", 1.9, 2.02), ("def", 2.6, 2.72)]


def test_a_word_without_letters_lies_between_its_neighbours() -> None:
    """It keeps its text, and its timing says what it is."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0))
    result = align(transcript(("ab — cd …", 0.9, 2.5)), audio, hearing(FakeAligner()), AlignmentSettings())
    assert times(result) == [("ab", 1.0, 1.08), ("—", 1.08, 2.0), ("cd", 2.0, 2.08), ("…", 2.08, 2.5)]
    assert [word.timing for word in result.words] == ["aligned", "interpolated", "aligned", "interpolated"]
    assert [word.score is None for word in result.words] == [False, True, False, True]


def test_what_does_not_fit_keeps_its_times_and_is_said_once() -> None:
    """Too short a segment, one without letters and one beyond the recording stay, counted in one warning."""
    audio = spoken(20, ("ab", 1.0))
    given = transcript(("ab", 0.9, 1.5), ("abcdefghijklmno pqrstuvwxyz", 3.0, 3.05), ("...", 5, 6), ("late", 30, 31))
    result = align(given, audio, hearing(FakeAligner()), AlignmentSettings())
    assert result.words[0].timing == "aligned"
    assert result.words[1:] == given.words[1:]
    assert result.meta.warnings[0] == "before"
    (warning,) = result.meta.warnings[1:]
    assert "3 of 4 segments" in warning


@pytest.mark.parametrize("why", ["language", "translation"])
def test_what_cannot_be_aligned_at_all_is_kept(why: str) -> None:
    """Without an aligner, or with words that were not spoken, everything stays, with one warning."""
    given = transcript(("ab", 0.9, 1.5), ("cd", 2, 3), language="xx")
    if why == "translation":
        given = given.with_provenance(asr=AsrRecord(task="translate"))
    seen: list[float] = []
    aligner = FakeAligner() if why == "translation" else None
    result = align(given, spoken(20, ("ab", 1.0)), hearing(aligner), AlignmentSettings(), seen.append)
    assert result.segments == given.segments
    assert len(result.meta.warnings) == 2
    assert result.meta.provenance.alignment is None
    assert seen == [1.0]


def test_everything_else_about_a_word_stays() -> None:
    """Speakers and overlap are not alignment's."""
    given = transcript(("ab", 0.9, 1.5))
    word = replace(given.words[0], speaker="A", speaker_score=0.5, speaker_source="turn", overlap=True)
    result = align(
        given.with_segments([Segment((word,))]), spoken(20, ("ab", 1.0)), hearing(FakeAligner()), AlignmentSettings()
    )
    assert replace(result.words[0], start=word.start, end=word.end, timing=word.timing, score=None) == word


def test_batches_are_of_one_size_and_progress_rises() -> None:
    """Segments go to the network so many at once, those of like length together."""
    given = transcript(
        *((letter * (place % 3 + 1), place * 1.5, place * 1.5 + 1) for place, letter in enumerate("abcdefg"))
    )
    audio = spoken(20, *((letter, place * 1.5 + 0.2) for place, letter in enumerate("abcdefg")))
    aligner = FakeAligner()
    seen: list[float] = []
    align(given, audio, hearing(aligner), AlignmentSettings(batch_size=3), seen.append)
    assert aligner.sizes == [3, 3, 1]
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_an_empty_transcript_stays_empty() -> None:
    """Nothing to align is no trouble."""
    empty = Transcript((), Meta("en", 1.0))
    result = align(empty, spoken(1), hearing(FakeAligner()), AlignmentSettings())
    assert result.segments == ()
    assert result.meta.warnings == ()


def test_segments_that_overlap_are_aligned_each_for_itself() -> None:
    """Two speakers at once, after attribution, do not cut each other's sound."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0))
    result = align(transcript(("ab", 0.5, 3.0), ("cd", 1.5, 2.5)), audio, hearing(FakeAligner()), AlignmentSettings())
    assert [word.timing for word in result.words] == ["aligned"] * 2
    assert times(result)[1] == ("cd", 2.0, 2.08)


def test_words_stay_in_order_in_noise() -> None:
    """Whatever the network hears, words follow one another inside the recording."""

    class Deaf(FakeAligner):
        """Hears anything."""

        def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
            """Random log probabilities."""
            random = np.random.default_rng(0)
            return [np.log(random.dirichlet(np.ones(28), len(clip) // STRIDE)).astype(np.float32) for clip in clips]

    given = transcript(("so it is — they say", 0.1, 2.0), ("well 20 of them", 2.0, 5.0), ("no", 19.0, 20.0))
    result = align(given, spoken(20), hearing(Deaf()), AlignmentSettings())
    assert all(before.end <= after.start for before, after in pairwise(result.words))
    assert result.words[-1].end <= 20.0
    assert [word.text for word in result.words] == [word.text for word in given.words]


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"pad": -0.1}])
def test_settings_out_of_range(wrong: dict[str, float]) -> None:
    """A value out of its range is refused by name."""
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        AlignmentSettings(**wrong)  # type: ignore[arg-type]


def test_a_segment_of_many_minutes_is_aligned() -> None:
    """It is heard in windows, that overlap and hear as one; the network is never given more than they hold."""

    class Patient(FakeAligner):
        """Remembers how much it heard at once."""

        longest = 0

        def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
            """What the fake hears."""
            self.longest = max(self.longest, *map(len, clips))
            return super().emissions(clips)

    random = np.random.default_rng(0)
    starts = np.arange(0.5, 599, 1.6).round(2)
    words = [("".join(random.permutation([*"abcdefghijkl"])), float(start)) for start in starts]
    audio = spoken(600, *words)
    aligner = Patient()
    given = transcript((" ".join(text for text, _ in words), 0, 600))
    result = align(given, audio, hearing(aligner), AlignmentSettings())
    assert result.meta.warnings == ("before",)
    assert [word.timing for word in result.words] == ["aligned"] * len(words)
    for word, (text, start) in zip(result.words, words, strict=True):
        assert (word.start, word.end) == pytest.approx((start, start + 0.04 * len(text)), abs=0.021)
    assert aligner.longest <= 34 * SAMPLE_RATE


def test_windows_of_a_long_clip_hear_as_one() -> None:
    """Frame for frame, wherever it starts and ends, they hear what the whole clip would."""
    samples = np.random.default_rng(0).integers(0, 28, 100 * 50).repeat(STRIDE).astype(np.float32)
    audio = Audio(samples, "made", "sha256:0")
    for first, last in ((0, 41), (3.2, 97.62), (10.02, 76.0), (0, 100)):
        clip = Span(first, last)
        pieces = [heard for _, heard in hear([clip], audio, FakeAligner(), 2)]
        (whole,) = FakeAligner().emissions([audio.slice(clip)])
        assert len(pieces) > 1
        np.testing.assert_array_equal(np.concatenate(pieces), whole)


def test_what_cannot_be_aligned_any_more_says_so() -> None:
    """Words that came with times of an earlier alignment are estimates where they are not found again."""
    words = (Word("abcdefgh", 3.0, 3.02, "aligned", 0.9), Word("ab", 3.02, 3.04, "engine"))
    given = Transcript((Segment(words),), Meta("en", 20.0))
    result = align(given, spoken(20), hearing(FakeAligner()), AlignmentSettings(pad=0))
    assert [(word.timing, word.score) for word in result.words] == [("interpolated", None), ("engine", None)]
    assert [word.span for word in result.words] == [word.span for word in words]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0)])
def test_segments_in_any_order(order: tuple[int, ...]) -> None:
    """Segments that are out of order, or repeated, are aligned where they are."""
    audio = spoken(20, ("ab", 1.0), ("cd", 2.0), ("ef", 3.0))
    rows = [("ab", 0.9, 1.2), ("cd", 1.9, 2.2), ("ef", 2.9, 3.2)]
    result = align(transcript(*(rows[place] for place in order)), audio, hearing(FakeAligner()), AlignmentSettings())
    assert times(result) == [(rows[place][0], place + 1.0, place + 1.08) for place in order]
