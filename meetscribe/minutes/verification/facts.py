"""Find the facts in a text that must match the spoken words: numbers, dates, names and negations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from meetscribe.minutes.dialogue import Dialogue, Sentence, token_of
from meetscribe.minutes.lexicon import Lexicon
from meetscribe.transcript.words import Word

_ENDS = re.compile(r"(?<=[.!?…])\s+")
_MARKS = re.compile(r"[,;:.!?–—()]+(?:\s|$)")


def numbers(text: str, lexicon: Lexicon | None) -> frozenset[str]:
    """Return the numbers in a text as digits; "a", "one" and "first" do not count.

    >>> from meetscribe.minutes.lexicon import lexicon
    >>> sorted(numbers("Fifteen chairs, 3.5 % and one table", lexicon("en")))
    ['15', '3.5']
    """
    found = set()
    for token in map(token_of, text.split()):
        value = lexicon.number(token) if lexicon else None
        if lexicon and token in lexicon.data["numbers"]["uncounted"]:
            continue
        if value is not None:
            found.add(str(value))
        elif any(character.isdigit() for character in token):
            found.update(re.findall(r"\d+(?:[.,:]\d+)*", token))
    return frozenset(found)


def dates(text: str, lexicon: Lexicon | None) -> frozenset[str]:
    """Return the weekdays and months in a text, in lower case, without the ambiguous "may" and "march"."""
    if lexicon is None:
        return frozenset()
    known = {*lexicon.data["calendar"]["weekdays"], *lexicon.data["calendar"]["months"]}
    return frozenset(token.removesuffix("'s") for token in map(token_of, text.split())) & known - {"may", "march"}


def names(text: str, dialogue: Dialogue) -> frozenset[str]:
    """Return the people named in a text."""
    return frozenset(dialogue.people_in(dialogue.norm(text.split())))


def clauses(text: str, lexicon: Lexicon | None) -> Iterator[str]:
    """Yield the clauses of a text in lower case, divided at punctuation and conjunctions."""
    words = lexicon.words("clause_words") if lexicon else frozenset()
    for part in _MARKS.split(text):
        clause: list[str] = []
        for token in filter(None, map(token_of, part.split())):
            if token in words:
                yield " ".join(clause)
                clause = []
            else:
                clause.append(token)
        yield " ".join(clause)


def is_negated(norm: str, lexicon: Lexicon) -> bool:
    """Return whether normalised text has a negation."""
    return lexicon.has("negations", norm)


def negation_differs(text: str, quotes: str, dialogue: Dialogue) -> bool:
    """Return whether a clause of a text is negated and the most similar clause of the quotes is not, or the reverse.

    A clause without content words, such as "don't you", differs if the quotes do not have it and it is negated, or if
    they have it with the opposite polarity only.
    A text in the words of the quotes must have their negations too.
    """
    lexicon = dialogue.lexicon
    if lexicon is None:
        return False
    sentences = [dialogue.norm(one.split()).split() for one in _ENDS.split(quotes)]
    if _other_negations(dialogue.norm(text.split()).split(), sentences, lexicon):
        return True
    quoted = list(clauses(quotes, lexicon))
    for clause in clauses(text, lexicon):
        own = dialogue.content(clause)
        shared = [len(dialogue.content(one) & own) for one in quoted]
        if not own and clause:
            if clause not in quoted and _plain(clause, lexicon) in {_plain(one, lexicon) for one in quoted}:
                return True
            if is_negated(clause, lexicon) and clause not in quoted:
                return True
        if not own or not quoted:
            continue
        best = [one for one, count in zip(quoted, shared, strict=True) if count == max(shared)]
        if all(is_negated(one, lexicon) != is_negated(clause, lexicon) for one in best):
            return True
    return False


def _other_negations(text: list[str], sentences: Iterable[list[str]], lexicon: Lexicon) -> bool:
    """Return whether sentences have the words of a text, apart from negations, in a row, but none its negations too.

    Negations count where they stand between those words, and just before and after them.
    """
    wanted = [token for token in text if not lexicon.has("negations", token)]
    found = [said for one in sentences for said in _in_a_row(wanted, one, lexicon)] if wanted else []
    return bool(found) and text not in found


def _in_a_row(wanted: list[str], sentence: list[str], lexicon: Lexicon) -> Iterator[list[str]]:
    """Yield the parts of a sentence that are the wanted words and the negations between and beside them."""
    plain = [place for place, token in enumerate(sentence) if not lexicon.has("negations", token)]
    for first in range(len(plain) - len(wanted) + 1):
        last = first + len(wanted)
        if [sentence[place] for place in plain[first:last]] == wanted:
            before = plain[first - 1] if first else -1
            yield sentence[before + 1 : plain[last] if last < len(plain) else len(sentence)]


def _plain(clause: str, lexicon: Lexicon) -> str:
    """Return a clause without its negations."""
    return " ".join(lexicon.pattern("negations").sub("", clause).split())


def clipped_scope(words: tuple[Word, ...], sentences: tuple[Sentence, ...], dialogue: Dialogue) -> str | None:
    """Return the cue that the quote omits from its clause, None if there is none.

    A cue is a negation before or after the quote, or a condition before it; a condition after it is not looked for.
    """
    lexicon = dialogue.lexicon
    if lexicon is None:
        return None
    for sentence in sentences:
        places = [place for place, word in enumerate(sentence.words) if word.id == words[0].id]
        ends = [place for place, word in enumerate(sentence.words) if word.id == words[-1].id]
        before = _last_clause(sentence.words[: places[0]], lexicon) if places else ""
        after = _first_clause(sentence.words[ends[0]], sentence.words[ends[0] + 1 :], lexicon) if ends else ""
        for cue, part in (("negations", before), ("negations", after), ("hypothetical", before)):
            if found := lexicon.find(cue, part):
                return found.group()
    return None


def _last_clause(words: tuple[Word, ...], lexicon: Lexicon) -> str:
    """Return the last clause of words; empty if they end with punctuation."""
    return list(clauses(" ".join(word.text for word in words), lexicon))[-1] if words else ""


def _first_clause(last: Word, words: tuple[Word, ...], lexicon: Lexicon) -> str:
    """Return the rest of the clause after a word; empty if punctuation follows the word."""
    if not words or _MARKS.search(f"{last.text} "):
        return ""
    return next(clauses(" ".join(word.text for word in words), lexicon))
