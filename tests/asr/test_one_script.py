"""A transcript in Chinese or Serbian is in one script."""

from __future__ import annotations

from meetscribe.asr.one_script import match_script, unify_script
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word

MIXED = ("我们在这里说话", "後來說話", "项目和模型")


def transcript(*texts: str, language: str = "zh", of_words: str | None = None) -> Transcript:
    """Return a transcript with a segment of ten seconds for each text."""
    segments = []
    for number, text in enumerate(texts):
        words = split_words(text)
        spans = spread(words, Span(10.0 * number, 10.0 * number + 10))
        segments.append(
            Segment(tuple(Word(w, s.start, s.end, language=of_words) for w, s in zip(words, spans, strict=True)))
        )
    return Transcript(tuple(segments), Meta(language, 60.0))


def texts(result: Transcript) -> list[str]:
    return [segment.text for segment in result.segments]


def test_the_text_is_in_the_script_of_most_of_it() -> None:
    """Of three segments, the second is in traditional characters; times stay as they are."""
    mixed = transcript(*MIXED)
    result = unify_script(mixed)
    assert texts(result) == ["我们在这里说话", "后来说话", "项目和模型"]
    assert [word.span for word in result.words] == [word.span for word in mixed.words]
    assert unify_script(result) == result


def test_the_setting_chooses_the_script() -> None:
    """A script in which the language is not written has no effect."""
    assert texts(unify_script(transcript(*MIXED), "traditional")) == ["我們在這裏說話", "後來說話", "項目和模型"]
    assert unify_script(transcript("Добар дан"), "latin") == transcript("Добар дан")
    assert texts(unify_script(transcript("Добар dan", language="sr"), "latin")) == ["Dobar dan"]


def test_languages_with_one_script_are_left_alone() -> None:
    """In Japanese the characters of both Chinese scripts are right; a word may have another language."""
    for other in (transcript(*MIXED, language="ja"), transcript(*MIXED, of_words="ja")):
        assert unify_script(other, "simplified") is other
    assert texts(unify_script(transcript(*MIXED, language="en", of_words="zh")))[1] == "后来说话"


def test_recovered_words_take_the_script_of_the_transcript() -> None:
    """A second decoding may be in the other script."""
    assert texts(match_script(transcript("后来说话"), transcript("我們在這裡"))) == ["後來說話"]
    assert texts(match_script(transcript("后来说话"), transcript("一二三"))) == ["后来说话"]
