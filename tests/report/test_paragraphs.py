from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.markup.escaping import xml_text
from meetscribe.report.paragraphs import paragraphs_of, utf16_length
from meetscribe.text.joining import join_words
from meetscribe.transcript import Finding, Meta, Segment, Transcript, Word

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8)
SPOKEN = st.sampled_from(["yes", "no.", "我", "用", "😀", ",", "\u202e", "a\u2066b"]) | TEXTS


def transcript_of(texts: list[str]) -> Transcript:
    words = tuple(Word(text, place, place + 1, speaker="A") for place, text in enumerate(texts))
    return Transcript((Segment(words),), Meta("en", len(texts)))


@given(st.lists(SPOKEN.filter(lambda text: text == text.strip()), min_size=1, max_size=8))
def test_every_word_stands_at_its_offset(texts: list[str]) -> None:
    """In UTF-16, as scripts count, the text at each offset is the word; all of it is what `join_words` returns."""
    (paragraph,) = paragraphs_of(transcript_of(texts))
    coded = paragraph.text.encode("utf-16-le")
    for text, offset in zip(paragraph.texts, paragraph.offsets, strict=True):
        assert coded[2 * offset : 2 * (offset + utf16_length(text))].decode("utf-16-le") == text
    assert paragraph.text == join_words(map(xml_text, texts))


def test_findings_belong_to_the_paragraphs_that_they_overlap() -> None:
    """Doubtful words and speakers belong to their paragraphs; words that were removed are in none."""
    words = [Segment((Word("one", 0, 1, speaker="A"),)), Segment((Word("two", 5, 6, speaker="B"),))]
    findings = (Finding("suspect", 5.5, 7, "why"), Finding("removed", 0, 1, "noise"), Finding("speaker", 1, 5, "why"))
    first, second = paragraphs_of(Transcript(tuple(words), Meta("en", 7, findings=findings)))
    assert first.findings == ()
    assert second.findings == findings[:1]
    assert (second.anchor, second.speaker, second.start, second.end) == ("p2", "B", 5, 6)
