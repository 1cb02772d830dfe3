"""ELAN's tiers: their annotations with times, and which of them hold the transcription."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element

from meetscribe.formats.parts.tiers import WORDS, Interval
from meetscribe.text.whitespace import without_whitespace

_REFERENCE = re.compile(r"[\w.:@/-]*\d[\w.:@/-]*")
# The usual names of types and tiers: for the transcription, then for translations, glosses, morphemes and notes.
_TRANSCRIPTION = re.compile(
    r"(tx|txt|text|utt|utterances?|trs|transcr\w*|transkr\w*|orth\w*|sentences?|phrases?|default-lt)([\W_].*)?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(f[tglen]|free|lit|trans|translat\w*|gloss\w*|g[elnr]|gls|ps|pos|mb|mp|morph\w*|note\w*|nt|com\w*|words?|wd|eng\w*)"
    r"([\W_].*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier: its name, its type, the name of the tier above it, its speaker, and its annotations.

    `timed` is true if the annotations have their own times; `size` counts all annotations, including those without
    times.
    """

    name: str
    type: str
    parent: str | None
    speaker: str
    intervals: list[Interval]
    timed: bool
    size: int


def read_tiers(root: Element, slots: Mapping[str, int]) -> dict[str, Tier]:
    """Return the tiers by name; an annotation without its own times inherits those of the annotation it refers to."""
    spans: dict[str, tuple[int, int]] = {}
    above: dict[str, str] = {}
    for annotation in root.iter("ALIGNABLE_ANNOTATION"):
        start_ms = slots.get(annotation.get("TIME_SLOT_REF1", ""))
        end_ms = slots.get(annotation.get("TIME_SLOT_REF2", ""))
        if start_ms is not None and end_ms is not None:
            spans[annotation.get("ANNOTATION_ID", "")] = max(0, start_ms), max(0, start_ms, end_ms)
    for annotation in root.iter("REF_ANNOTATION"):
        above[annotation.get("ANNOTATION_ID", "")] = annotation.get("ANNOTATION_REF", "")
    found = (
        Tier(
            tier.get("TIER_ID") or "",
            tier.get("LINGUISTIC_TYPE_REF") or "",
            tier.get("PARENT_REF"),
            tier.get("PARTICIPANT") or tier.get("TIER_ID") or "",
            list(_intervals(tier, spans, above)),
            tier.find(".//ALIGNABLE_ANNOTATION") is not None,
            sum(1 for _ in tier.iter("ANNOTATION")),
        )
        for tier in root.iter("TIER")
    )
    return {tier.name: tier for tier in found}


def _intervals(tier: Element, spans: Mapping[str, tuple[int, int]], above: Mapping[str, str]) -> Iterator[Interval]:
    """Yield the annotations of a tier; several that refer to one annotation divide its time equally."""
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        if span := spans.get(annotation.get("ANNOTATION_ID", "")):
            yield Interval(*span, annotation.findtext("ANNOTATION_VALUE") or "")
    referring = [(_span_of(one.get("ANNOTATION_ID", ""), spans, above), one) for one in tier.iter("REF_ANNOTATION")]
    for span, run in groupby(referring, key=lambda row: row[0]):
        texts = [annotation.findtext("ANNOTATION_VALUE") or "" for _, annotation in run]
        if span is not None:
            edges = [span[0] + (span[1] - span[0]) * part // len(texts) for part in range(len(texts) + 1)]
            yield from map(Interval, edges, edges[1:], texts)


def _span_of(annotation: str, spans: Mapping[str, tuple[int, int]], above: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the times of an annotation, or of the nearest annotation above it that has times."""
    seen: set[str] = set()
    while annotation not in spans and annotation in above and annotation not in seen:
        seen.add(annotation)
        annotation = above[annotation]
    return spans.get(annotation)


def spoken_tiers(tiers: Mapping[str, Tier]) -> dict[str, Tier]:
    """Return the tiers with the transcription, by the names of their outermost tiers."""
    found: dict[str, Tier] = {}
    for tier in tiers.values():
        if not tier.parent:
            below = _transcription_of(tier, tiers) if _refers(tier) else None
            found[tier.name] = below or tier
    return found


def _refers(tier: Tier) -> bool:
    """Return whether a tier holds only distinct reference ids, or no text."""
    texts = [text for interval in tier.intervals if (text := interval.text.strip())]
    return len(set(texts)) == len(texts) and all(map(_REFERENCE.fullmatch, texts))


def _transcription_of(tier: Tier, tiers: Mapping[str, Tier]) -> Tier | None:
    """Return the child tier with the transcription: the first so named, else the first not named as something else."""
    below = [
        one
        for one in tiers.values()
        if one.parent == tier.name and any(interval.text.strip() for interval in one.intervals)
    ]
    named = [one for one in below if _TRANSCRIPTION.fullmatch(one.name) or _TRANSCRIPTION.fullmatch(one.type)]
    others = [one for one in below if not (_OTHER.fullmatch(one.name) or _OTHER.fullmatch(one.type))]
    return next(iter([*named, *others]), None)


def word_tier(tier: Tier, spoken: Mapping[str, Tier]) -> tuple[str, list[Interval]] | None:
    """Return the name and intervals of a tier of words, recognised by its name or its text; None for other tiers."""
    parents = [one for outer, one in spoken.items() if tier.parent in (outer, one.name) and tier is not one]
    if not parents or not (tier.name.endswith(WORDS) or _text_of(tier.intervals) == _text_of(parents[0].intervals)):
        return None
    return f"{parents[0].speaker}{WORDS}", tier.intervals


def _text_of(intervals: list[Interval]) -> str:
    """Return the text of a tier in order of time, without white space."""
    return without_whitespace(
        "".join(interval.text for interval in sorted(intervals, key=lambda interval: interval.start_ms))
    )
