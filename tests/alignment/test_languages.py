"""Words of every script are aligned, including numbers, symbols and emoji."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.alignment import AlignmentSettings, align
from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.transcript import AlignmentRecord, Meta, Segment, Transcript, Word
from tests.alignment.conftest import ALPHABETS, STRIDE, FakeAligner


def spoken(language: str, *sounds: str) -> Audio:
    """Return audio of the sounds: 0.04 s per letter and 0.02 s of silence after it, 0.3 s after each sound."""
    dictionary = FakeAligner(language).dictionary
    labels = [0] * 10
    for sound in sounds:
        for letter in sound:
            labels += [dictionary[letter]] * 2 + [0]
        labels += [0] * 15
    return Audio(np.repeat(np.array(labels, np.float32), STRIDE), "made", "sha256:0")


def aligned(language: str, texts: list[str], audio: Audio, *, char_times: bool = False) -> tuple[Word, ...]:
    """Return the aligned words, which were spread evenly over the recording."""
    step = audio.duration / len(texts)
    words = [Word(text, step * n, step * (n + 1), "interpolated") for n, text in enumerate(texts)]
    given_ = Transcript((Segment(tuple(words)),), Meta(language, audio.duration))
    found = align(given_, audio, FakeAligner, AlignmentSettings(char_times=char_times))
    assert found.meta.warnings == ()
    return found.words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [("We", "we"), ("paid", "paid"), ("$5.50,", "fivedollarsfifty"), ("42%", "fortytwopercent"), ("on", "on"),
             ("the", "the"), ("3rd", "third"), ("to", "to"), ("jo@a.com", "joatadotcom"), ("👍", ""), ("at", "at"),
             ("10:30.", "tenthirty")],
        ),
        (
            "de",
            [("Für", "für"), ("5,50€", "fünfeurofünfzig"), ("42", "zweiundvierzig"), ("Straßen", "straßen"),
             ("🙂", ""), ("a@b.de", "aätbpunktde"), ("100%.", "einhundertprozent")],
        ),
        (
            "zh",
            [("我们", "我们"), ("今天", "今天"), ("有", "有"), ("24", "二十四"), ("个", "个"), ("问题。", "问题"),
             ("jo@a.com", "好的二十四点开始"), ("€5", "四点"), ("👍", "")],
        ),
        (
            "ar",
            [("عندنا", "عندنا"), ("42", "اثنانوأربعون"), ("سؤال،", "سؤال"), ("٣", "ثلاثة"),
             ("jo@a.com", "جوايكومي"), ("$5", "خمسد"), ("👍", "")],
        ),
        ("th", [("กิน", "กิน"), ("ข้าว", "ข้าว"), ("ๆ", "ขา"), ("เมือง", "เมือง")]),
    ],
)  # fmt: skip
def test_every_word_has_a_time(language: str, words: list[tuple[str, str]]) -> None:
    """Including numbers, currency, addresses and emoji; words are aligned where they are spoken."""
    texts = [text for text, _ in words]
    audio = spoken(language, *(sound for _, sound in words if sound))
    found = aligned(language, texts, audio)
    assert [word.text for word in found] == texts
    assert all(before.end <= after.start for before, after in pairwise(found))
    start = 0.2
    for word, (text, sound) in zip(found, words, strict=True):
        if not sound:
            assert (word.timing, word.score) == ("interpolated", None)
            continue
        if word.timing == "aligned":
            assert word.score is not None and word.score > 0.9
            assert (word.start, word.end) == pytest.approx((start, start + 0.06 * len(sound) - 0.02), abs=0.021)
        else:
            assert text in ("24", "jo@a.com", "€5", "$5", "ๆ")
            assert (word.timing, word.score) == ("wildcard", None)
            assert start - 0.3 <= word.start <= word.end <= start + 0.06 * len(sound) + 0.3
        start += 0.06 * len(sound) + 0.3


def test_a_word_of_wildcards_only_has_no_score() -> None:
    """Its timing is "wildcard"; a word with a letter in the vocabulary has the score of the letter."""
    found = aligned("zh", ["7", "我7"], spoken("zh", "好", "我们"))
    assert [(word.timing, word.score is None) for word in found] == [("wildcard", True), ("aligned", False)]


def test_characters_have_times_on_request() -> None:
    """Spoken characters have times, in order; the digits of a number share its time."""
    audio = spoken("en", "don't", "fortytwo")
    words = aligned("en", ["Don't,", "42"], audio, char_times=True)
    assert ["".join(char.text for char in word.chars) for word in words] == ["Don't", "42"]
    assert [(char.start, char.end) for char in words[0].chars][:2] == [(0.2, 0.24), (0.26, 0.3)]
    for word in words:
        assert (word.chars[0].start, word.chars[-1].end) == (word.start, word.end)
        assert all(before.end <= after.start for before, after in pairwise(word.chars))
        assert all(char.score is not None and char.score > 0.9 for char in word.chars)
    assert all(word.chars == () for word in aligned("en", ["Don't,", "42"], audio))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8)
             .filter(lambda text: text == text.strip()), min_size=1, max_size=8),
    st.sampled_from(sorted(ALPHABETS)),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_any_text_has_times_in_the_recording(texts: list[str], language: str, seed: int) -> None:
    """For any text and any emissions, words and characters are in order and within the recording."""
    labels = np.random.default_rng(seed).integers(0, len(ALPHABETS[language]), 400).astype(np.float32)
    audio = Audio(np.repeat(labels, STRIDE), "made", "sha256:0")
    words = [Word(text, n, n + 1.0, "interpolated") for n, text in enumerate(texts)]
    given_ = Transcript((Segment(tuple(words)),), Meta(language, audio.duration))
    found = align(given_, audio, FakeAligner, AlignmentSettings(char_times=True)).words
    assert [word.text for word in found] == texts
    assert all(0 <= word.start <= word.end <= audio.duration for word in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for word in found:
        assert all(before.end <= after.start for before, after in pairwise(word.chars))
        assert all(word.start <= char.start and char.end <= word.end for char in word.chars)


def test_each_language_has_its_own_aligner() -> None:
    """Each is requested once; words of a language without an aligner keep their times, with one notice."""
    english, german = spoken("en", "good", "morning").samples[:], spoken("de", "schöne", "grüße").samples[:]
    audio = Audio(np.concatenate([english, german, np.zeros(SAMPLE_RATE, np.float32)]), "made", "sha256:0")
    border = len(english) / SAMPLE_RATE
    words = (
        Word("Good", 0.1, 0.5, "interpolated", probability=0.7),
        Word("morning,", 0.5, border, "interpolated"),
        Word("schöne", border, border + 0.6, "interpolated", language="de", speaker="A"),
        Word("Grüße,", border + 0.6, border + 1.3, "interpolated", language="de"),
        Word("bawo", border + 1.4, border + 1.6, "engine", language="yo"),
    )
    later = Segment((Word("ni.", audio.duration - 0.4, audio.duration - 0.1, "interpolated", language="yo"),))
    requested: list[str] = []

    def aligners(language: str) -> FakeAligner | None:
        requested.append(language)
        return FakeAligner(language) if language in ALPHABETS else None

    found = align(Transcript((Segment(words), later), Meta("en", audio.duration)), audio, aligners, AlignmentSettings())
    assert requested == ["en", "de", "yo"]
    assert [word.timing for word in found.words] == ["aligned"] * 4 + ["engine", "interpolated"]
    assert found.words[4:] == (words[4], *later.words)
    assert found.words[0].probability == 0.7
    assert (found.words[2].speaker, found.words[2].language) == ("A", "de")
    assert found.words[2].start == pytest.approx(border + 0.2)
    assert found.words[3].end == pytest.approx(border + 1.14, abs=0.03)
    assert found.meta.warnings == (
        "2 words were not aligned, so their times are estimates: no aligner is known for yo",
    )
    assert found.meta.provenance.alignment == AlignmentRecord(models={"en": "fake", "de": "fake"}, pad=0.2)
