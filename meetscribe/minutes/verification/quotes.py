"""Check quotes: they are in the transcript, as whole words of one speaker, with enough content."""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.citations import WordIndex, tokens_of
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.verification.facts import clipped_scope
from meetscribe.transcript.notes import Citation
from meetscribe.transcript.words import Word

MIN_CONTENT = 2
"""The fewest content words of all quotes of an item together."""

_LONGEST_BACKCHANNEL = 3


def quote_problems(citation: Citation, dialogue: Dialogue, index: WordIndex) -> Iterator[str]:
    """Yield the problems of a citation: ids, order, quote, speakers, or omitted negations and conditions."""
    missing = [id for id in (citation.first_word, citation.last_word) if id not in index.positions]
    if missing:
        yield f"there is no word {missing[0]}"
        return
    words = index.span(citation)
    if not words:
        yield "the last word comes before the first"
        return
    own = tuple(word for word in words if word.speaker == words[0].speaker)
    if words[-1].speaker != words[0].speaker or not _is_one_utterance(words, dialogue):
        yield "the quote joins words of several speakers"
    elif tokens_of(citation.quote.split()) != tokens_of(word.text for word in own):
        yield "the quote differs from the words"
    elif clipped := clipped_scope(own, sentences_of(own, dialogue), dialogue):
        yield f"the quote leaves out “{clipped}”"


def content_problems(citations: tuple[Citation, ...], dialogue: Dialogue) -> Iterator[str]:
    """Yield a problem if the quotes have too few content words to prove anything."""
    content = {word for citation in citations for word in dialogue.content(dialogue.norm(citation.quote.split()))}
    if len(content) < MIN_CONTENT:
        yield f"the quotes have {len(content)} content words, fewer than {MIN_CONTENT}"


def sentences_of(words: tuple[Word, ...], dialogue: Dialogue) -> tuple[Sentence, ...]:
    """Return the sentences of words, in order."""
    found = (dialogue.by_word.get(word.id) for word in words)
    return tuple(dict.fromkeys(sentence for sentence in found if sentence is not None))


def _is_one_utterance(words: tuple[Word, ...], dialogue: Dialogue) -> bool:
    """Return whether words of other speakers in between are only backchannels."""
    others = [word for word in words if word.speaker != words[0].speaker]
    if not others:
        return True
    known = dialogue.lexicon.words("backchannels") if dialogue.lexicon else frozenset()
    tokens = dialogue.norm(others).split()
    return len(tokens) <= _LONGEST_BACKCHANNEL and (" ".join(tokens) in known or all(one in known for one in tokens))
