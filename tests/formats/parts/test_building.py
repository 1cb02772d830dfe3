from __future__ import annotations

import pytest

from meetscribe.formats.parts.cues import find_style, make_cues
from meetscribe.formats.parts.utterances import PARAGRAPH_WORDS, paragraphs
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.word_runs import split_into_sentences

ENDS = ["done.", 'done."', "done.”)", "写完了。」", "終わり｡", "किया।", "किया॥", "چرا؟"]


@pytest.mark.parametrize("end", ENDS)
def test_formats_agree_on_sentences(end: str) -> None:
    """Sentences read from foreign files, paragraphs and subtitle cues all end where `ends_sentence` says."""
    texts = [end if place == PARAGRAPH_WORDS - 1 else "word" for place in range(PARAGRAPH_WORDS + 5)]
    words = tuple(Word(text, float(place), place + 1.0) for place, text in enumerate(texts))
    first, second = words[:PARAGRAPH_WORDS], words[PARAGRAPH_WORDS:]
    transcript = Transcript((Segment(first), Segment(second)), Meta("en", float(len(words))))
    assert [segment.words for segment in split_into_sentences(words)] == [first, second]
    assert [segment.words for segment in paragraphs(transcript)] == [first, second]


@pytest.mark.parametrize("end", ENDS)
def test_cues_break_after_sentences(end: str) -> None:
    """A cue that must be divided ends after a sentence rather than filling its lines."""
    texts = ["this", "is", "all", "that", "is", "needed", "for", "today,", "and", end, *["then"] * 14]
    words = tuple(Word(text, place / 4, (place + 1) / 4) for place, text in enumerate(texts))
    cues = make_cues(Transcript((Segment(words),), Meta("en", 10.0)), find_style("netflix"))
    assert " ".join(cues[0].parts[0].texts()).endswith(f"and {end}")
