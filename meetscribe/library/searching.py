"""Search in a store: all words first, then parts of longer words, then some of the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from meetscribe.errors import nearest
from meetscribe.library.analysis import Term, analyze
from meetscribe.library.query import Query, compile_query
from meetscribe.library.stores.expression import Expression, Terms
from meetscribe.library.stores.protocol import Match, Store
from meetscribe.library.values import Filter, Hit, Kind, Meeting, Results

MAX_LONGER_WORDS = 50
"""The maximum number of longer words that are tried for a part of a word."""

_MAX_NAMES = 50  # names among which a hint looks for the nearest


def search(store: Store, query: Query, chosen: Filter, limit: int) -> Results:
    """Return the best hits of a query in the meetings selected by the filter.

    If fewer than `limit` passages contain all words, passages with the words inside longer words follow; if nothing
    matches, passages with some of the words are returned.
    """
    languages = store.languages()
    expression = compile_query(query, languages)
    if query == Query():
        return Results((), "the query is empty")
    if expression.is_empty and (query.words or query.phrases or query.near):
        return Results((), "the query has no letters or digits to look for")
    found: dict[tuple[str, int], Hit] = {}
    for kind, each in _attempts(store, query, expression, languages):
        if kind == "some" and found:
            break
        matches = store.search(each, chosen, limit)
        new = hits_of(store, [match for match in matches if (match.meeting, match.position) not in found], each, kind)
        found.update({(hit.meeting.id, hit.passage.position): hit for hit in new})
        if len(found) >= limit:
            break
    hits = tuple(found.values())[:limit]
    return Results(hits, "" if hits else _reason(store, query, chosen))


def _attempts(
    store: Store, query: Query, expression: Expression, languages: Sequence[str]
) -> Iterator[tuple[Kind, Expression]]:
    """Yield the expressions to search for, from the narrowest to the widest."""
    yield "words", expression
    wider = compile_query(query, languages, lambda part: store.terms_with(part, MAX_LONGER_WORDS))
    if wider != expression:
        yield "parts", wider
    if len(expression.words) > 1:
        yield "some", replace(wider, demand="any")


def hits_of(store: Store, matches: list[Match], expression: Expression, kind: Kind) -> Iterator[Hit]:
    """Yield the hits of matches, except those that another process has since removed."""
    ids = frozenset(match.meeting for match in matches)
    meetings = {meeting.id: meeting for meeting in store.meetings(Filter(ids=ids))} if ids else {}
    for match in matches:
        passages = store.passages(match.meeting, match.position, 1)
        if match.meeting in meetings and passages:
            meeting = meetings[match.meeting]
            spans = matched_spans(passages[0].text, meeting.language, expression)
            yield Hit(meeting, passages[0], match.score, kind, spans)


def matched_spans(text: str, language: str, expression: Expression) -> tuple[tuple[int, int], ...]:
    """Return the half-open character spans of a text that match the words of an expression, in order."""
    terms = list(analyze(text, language))
    near = (part for each in expression.near for part in each.parts)
    wanted: dict[str, list[Terms]] = {}
    for sequence in (sequence for forms in (*expression.words, *near) for sequence in forms):
        wanted.setdefault(sequence[0], []).append(sequence)
    return tuple(_matches(terms, wanted))


def _matches(terms: list[Term], wanted: dict[str, list[Terms]]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the longest matches from left to right; `wanted` holds the sequences by their first terms."""
    next_index = 0
    for index, term in enumerate(terms):
        if index < next_index:
            continue
        lengths = [
            len(sequence)
            for sequence in wanted.get(term.term, ())
            if tuple(each.term for each in terms[index : index + len(sequence)]) == sequence
        ]
        if lengths:
            next_index = index + max(lengths)
            yield term.start, terms[next_index - 1].end


def _reason(store: Store, query: Query, chosen: Filter) -> str:
    """Return the reason why a query found nothing."""
    meetings = store.meetings(chosen)
    if not meetings:
        everything = store.meetings(Filter())
        return "no meeting matches the dates, language and name" if everything else "the library has no meetings"
    people = {name for meeting in meetings for name in meeting.people}
    if query.speakers and not any(_has_name(one, name) for name in query.speakers for one in people):
        hint = nearest(query.speakers[0], sorted(people)[:_MAX_NAMES])
        return f"no speaker of these meetings is called {' or '.join(query.speakers)}; {hint}"
    return f"no passage of the {len(meetings)} meetings has these words"


def _has_name(name: str, part: str) -> bool:
    """Return whether a name contains a part, ignoring case."""
    return part.casefold() in name.casefold()


def meetings_called(meetings: list[Meeting], text: str) -> list[Meeting]:
    """Return the meetings with this id, path or title, or else those whose id begins with it or title contains it."""
    wanted = text.casefold()
    exact = [m for m in meetings if text in (m.id, m.source.path) or m.title.casefold() == wanted]
    return exact or [m for m in meetings if m.id.startswith(wanted) or wanted in m.title.casefold()]
