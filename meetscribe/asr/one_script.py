"""Unify the script of a transcript: a model may mix the two scripts of Chinese or Serbian."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from meetscribe.text.scripts import SCRIPTS, Script, in_script, main_script
from meetscribe.transcript import Segment, Transcript, Word


def unify_script(transcript: Transcript, script: str = "auto") -> Transcript:
    """Return the transcript with the words of each language in one script.

    The script is `script` if the language is written in it, otherwise that of most words. Languages with a single
    script are not changed.
    """
    return _converted(transcript, _scripts(transcript, script, transcript.words))


def match_script(transcript: Transcript, other: Transcript) -> Transcript:
    """Return the transcript with its words converted to the scripts of `other`, a transcript of the same recording."""
    return _converted(transcript, _scripts(other, "auto", other.words))


def _scripts(transcript: Transcript, script: str, words: Sequence[Word]) -> dict[str, Script]:
    """Return the script of each language in the words; words without a language have that of the transcript."""
    scripts: dict[str, Script] = {}
    for language in sorted({word.language or transcript.language for word in words} & SCRIPTS.keys()):
        requested = [name for name in SCRIPTS[language] if name == script]
        text = "".join(word.text for word in words if (word.language or transcript.language) == language)
        chosen = requested[0] if requested else main_script(text, language)
        if chosen is not None:
            scripts[language] = chosen
    return scripts


def _converted(transcript: Transcript, scripts: dict[str, Script]) -> Transcript:
    """Return the transcript with the words of each language in its script."""
    if not scripts:
        return transcript
    return transcript.with_segments(
        Segment(tuple(_converted_words(segment.words, transcript.language, scripts))) for segment in transcript.segments
    )


def _converted_words(words: Sequence[Word], language: str, scripts: dict[str, Script]) -> Iterable[Word]:
    """Return the words of a segment in the script of its language, which is that of its first word."""
    script = scripts.get(words[0].language or language)
    if script is None:
        return words
    texts = in_script([word.text for word in words], script)
    return [word if word.text == text else replace(word, text=text) for word, text in zip(words, texts, strict=True)]
