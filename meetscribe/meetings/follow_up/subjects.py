"""The subject of an item, and its coverage by a later sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from meetscribe.meetings.follow_up.statements import Language, Record, Statement
from meetscribe.meetings.follow_up.values import MeetingItem
from meetscribe.minutes.dialogue import stem, token_of
from meetscribe.text.sentences import ends_sentence

ADJUNCT = 0.5
"""The factor for a word after a preposition: in "send the budget to the board", "board" counts half."""


@dataclass(frozen=True)
class Subject:
    """The subject of an item: the weights of its stems, and the `heads`, the stems that are not adjuncts.

    Adjuncts are words after a preposition. `verbs` are the base forms of the verbs with which a sentence can report it.

    `values` are its numbers, weekdays, months and names by kind, by which two decisions on one subject may differ.
    """

    weights: Mapping[str, float]
    heads: frozenset[str]
    verbs: frozenset[str]
    values: Mapping[str, frozenset[str]]

    def coverage(self, stems: Iterable[str]) -> float:
        """Return the weighted share (0 to 1) of the subject's stems among the given stems; 0 without any head."""
        total, found = sum(self.weights.values()), set(stems)
        return sum(self.weights.get(stem, 0.0) for stem in found) / total if self.heads & found else 0.0

    def shared(self, stems: Iterable[str]) -> int:
        """Return the number of the subject's stems among the given stems."""
        return len(self.weights.keys() & set(stems))


def subject_of(item: MeetingItem, language: Language, record: Record) -> Subject:
    """Return the subject of an item, from its text, or from its quote if the text has no subject.

    The values of a decision (its numbers, dates and names) are not part of its subject.
    """
    words = item.text.split()
    heads, adjuncts = _stems_of(words, item, language)
    if not heads | adjuncts:
        words = item.quote.split()
        heads, adjuncts = _stems_of(words, item, language)
    heads = heads or adjuncts  # without heads, the adjuncts count in full
    weights = {stem: record.weight(stem) * (1.0 if stem in heads else ADJUNCT) for stem in heads | adjuncts}
    verbs = language.cues.verbs_for(filter(None, map(token_of, words))) if language.cues else frozenset()
    return Subject(weights, frozenset(heads), verbs, values_in(words, language))


def _stems_of(words: Iterable[str], item: MeetingItem, language: Language) -> tuple[set[str], set[str]]:
    """Return the heads and the adjuncts of an item's subject, as stems."""
    tokens_with_kinds = list(_tokens_with_kinds(words, language))
    tokens = [token for token, _ in tokens_with_kinds]
    owners = {stem(token_of(part)) for owner in item.owners for part in owner.split()}
    heads, adjuncts = set[str](), set[str]()
    for place, (token, kind) in enumerate(tokens_with_kinds):
        is_part = kind is None or item.kind == "action"  # the values of a decision are not part of its subject
        if token and is_part and stem(token) not in owners and not _is_generic(token, language):
            group = adjuncts if _is_adjunct(tokens, place, language) else heads
            group.update(language.stems([token]))
    return heads, adjuncts


def values_in(words: Iterable[str], language: Language) -> dict[str, frozenset[str]]:
    """Return the numbers, weekdays, months and names among words by kind, each in one form."""
    found: dict[str, set[str]] = {}
    for token, kind in _tokens_with_kinds(words, language):
        number = language.lexicon.number(token) if language.lexicon and kind == "number" else None
        if kind:
            found.setdefault(kind, set()).add(stem(token) if number is None else str(number))
    return {kind: frozenset(values) for kind, values in found.items()}


def differ(first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]) -> bool:
    """Return whether there is a kind of which both decisions have values, but none in common."""
    return any(not values & second[kind] for kind, values in first.items() if kind in second)


def is_about(statement: Statement, subject: Subject, threshold: float) -> bool:
    """Return whether a sentence covers a minimum share of a subject.

    Below half of the subject, a sentence of more than three stems must also share at least two stems with it.
    """
    share = subject.coverage(statement.about)
    return share >= threshold and (share >= 0.5 or len(statement.stems) <= 3 or subject.shared(statement.about) > 1)


def _tokens_with_kinds(words: Iterable[str], language: Language) -> Iterator[tuple[str, str | None]]:
    """Yield each word in lower case with its kind of value, None for ordinary words."""
    starts_sentence = True
    for word in words:
        token = token_of(word)
        yield token, _kind(token, word, starts_sentence, language)
        starts_sentence = ends_sentence(word) or word.endswith(":")


def _kind(token: str, word: str, starts_sentence: bool, language: Language) -> str | None:
    """Return the kind of value of a word, None for ordinary words."""
    lexicon = language.lexicon
    # "a" and "one" have the number 1, but are seldom meant as one.
    if re.fullmatch(r"[€$£]?\d[\d.,:]*[%€$£]?", token) or (lexicon and lexicon.numbers.get(token, 0) > 1):
        return "number"
    if lexicon and token.removesuffix("s") in lexicon.data["calendar"]["weekdays"]:
        return "weekday"
    if lexicon and token in lexicon.data["calendar"]["months"] and word[:1].isupper():
        return "month"
    is_content = lexicon is None or lexicon.is_content(token)
    is_name = word[:1].isupper() and not starts_sentence and len(token) > 1 and is_content
    is_german = lexicon is not None and lexicon.language.startswith("de")  # all nouns begin with a capital letter
    return "name" if is_name and not is_german else None


def _is_adjunct(tokens: list[str], place: int, language: Language) -> bool:
    """Return whether a word follows a preposition, with at most two function words between them: "to the board"."""
    if language.cues is None:
        return False
    before = tokens[max(0, place - 3) : place]
    for token in reversed(before):
        if token in language.cues.adjuncts:
            return True
        if language.stems([token]):
            return False
    return False


def _is_generic(token: str, language: Language) -> bool:
    """Return whether a word does not identify a subject: a word of `generic`, or a verb of a group of `alike`."""
    cues = language.cues
    return cues is not None and (token in cues.generic or any(cues.base(token) in group for group in cues.alike))
