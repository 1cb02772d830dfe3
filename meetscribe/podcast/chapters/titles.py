"""Titles of chapters from their key terms: the phrases that distinguish a passage from the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from meetscribe.analytics.lexical.keywords import log_odds
from meetscribe.analytics.lexical.lexicon import Lexicon, lexicon_of, plain
from meetscribe.analytics.lexical.terms import counts_characters, terms_of
from meetscribe.formats.chapters import opening_title
from meetscribe.text.sentences import ends_clause, ends_sentence
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript, Word

LONGEST = 60
"""The largest number of characters in a title of one or more terms."""

_TERMS = 3  # the most terms in a title
_WORDS = 3  # the most words in a term
_CANDIDATES = 200  # the most terms of a passage that are scored
_PER_WORD = 0.5  # increase of a term's score for each further word, as a fraction


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A run of content words: in lower case, and as written."""

    text: str
    written: str


def key_titles(transcript: Transcript, passages: Sequence[Segment]) -> list[str]:
    """Return a title per passage: up to three terms, such as "Electric cars, charging stations".

    Terms are runs of up to three content words within a clause, ranked by their log-odds against the other passages
    (Monroe et al. 2008), or by frequency if there is only one passage. The title of a passage without terms is its
    first speaker and words. No title is empty.
    """
    words = [word for passage in passages for word in passage.words]
    lexicon = lexicon_of(transcript.language, (word.text for word in words))
    unspaced = counts_characters(words)  # in a script without spaces
    phrases = [list(_terms(passage, lexicon) if unspaced else _phrases(passage, lexicon)) for passage in passages]
    counts = {index: Counter(phrase.text for phrase in each) for index, each in enumerate(phrases)}
    scores = log_odds(counts, _CANDIDATES)
    titles = []
    for index, passage in enumerate(passages):
        scored = {term.term: term.z_score for term in scores[index]} or dict(counts[index].most_common(_CANDIDATES))
        title = ", ".join(_chosen(_ranked(scored), _spellings(phrases[index])))
        titles.append(title[:1].upper() + title[1:] or _opening_words(transcript, passage) or f"Chapter {index + 1}")
    return titles


def _ranked(scores: Mapping[str, float]) -> list[str]:
    """Return the terms, best first; longer terms rank higher, and every word of a term must have a score."""
    whole = [text for text in scores if all(word in scores for word in text.split())]
    return sorted(whole, key=lambda text: (-scores[text] * (1 + _PER_WORD * text.count(" ")), text))


def _opening_words(transcript: Transcript, passage: Segment) -> str:
    """Return the first speaker and the first words of a passage."""
    speaker = passage.words[0].speaker
    first = next((at for at, word in enumerate(passage.words) if word.speaker != speaker), len(passage.words))
    return opening_title(transcript, Segment(passage.words[:first]))


def _phrases(passage: Segment, lexicon: Lexicon) -> Iterator[_Phrase]:
    """Yield all runs of one to three content words of one speaker within a clause.

    A clause of one word at the beginning of a sentence is left out: it is an adverb ("Honestly, ...") or a form of
    address ("Anna, ...") rather than the subject.
    """
    run: list[tuple[str, str]] = []
    for before, word in zip([None, *passage.words], passage.words, strict=False):
        is_opening = before is None or before.speaker != word.speaker or ends_sentence(before.text)
        text = plain(word.text)
        if is_opening or not _is_content(text, lexicon):
            run = []
        if not _is_content(text, lexicon) or (is_opening and ends_clause(word.text)):
            continue
        run = [*run, (text, _bare(word))][-_WORDS:]
        for size in range(1, len(run) + 1):
            yield _Phrase(" ".join(text for text, _ in run[-size:]), " ".join(written for _, written in run[-size:]))
        if ends_clause(word.text):
            run = []


def _is_content(text: str, lexicon: Lexicon) -> bool:
    """Return whether a word can be in a title: at least three characters, no function word, no contraction."""
    return len(text) > 2 and "'" not in text and any(map(str.isalpha, text)) and not lexicon.is_function_word(text)


def _bare(word: Word) -> str:
    """Return a word as written, without surrounding punctuation."""
    at = word.text.lower().replace("’", "'").find(plain(word.text))
    return one_line(word.text[at : at + len(plain(word.text))])


def _terms(passage: Segment, lexicon: Lexicon) -> Iterator[_Phrase]:
    """Yield the terms of a passage in a script without spaces."""
    # `terms_of` would leave out words without a speaker.
    words = (word if word.speaker else word.attributed("unknown", None, None, word.overlap) for word in passage.words)
    yield from (_Phrase(term.text, term.text) for term in terms_of(words, lexicon))


def _spellings(phrases: Sequence[_Phrase]) -> dict[str, str]:
    """Return the most frequent spelling of each phrase."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase in phrases:
        counts[phrase.text][phrase.written] += 1
    return {text: spellings.most_common(1)[0][0] for text, spellings in counts.items()}


def _chosen(ranked: Sequence[str], spellings: dict[str, str]) -> list[str]:
    """Return the best terms that share no word, up to three, within the length of a title."""
    chosen: list[str] = []
    used: set[str] = set()
    for text in ranked:
        words = set(text.split())
        if text in spellings and not words & used and len(", ".join([*chosen, text])) <= LONGEST:
            chosen.append(spellings[text])
            used |= words
        if len(chosen) == _TERMS:
            break
    return chosen
