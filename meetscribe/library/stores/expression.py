"""A query in terms of the index, which each store translates into the syntax of its database."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal, TypeAlias

Terms: TypeAlias = tuple[str, ...]
"""Terms that follow each other; a single word is a sequence of one."""

AnyOf: TypeAlias = tuple[Terms, ...]
"""Sequences of which a passage must have one: a word in the forms of several languages, or as part of longer words."""

NEAR = 10
"""The largest number of words between two words that are near each other."""


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases that all stand near each other, in any order."""

    parts: tuple[AnyOf, ...]

    @property
    def pairs(self) -> tuple[tuple[tuple[Terms, Terms], ...], ...]:
        """For every two parts the pairs of sequences, of which one must be near each other."""
        return tuple(tuple(product(first, second)) for first, second in combinations(self.parts, 2))


@dataclass(frozen=True, slots=True)
class Expression:
    """The conditions on a passage: all or any of `words`, all of `near`, none of `excluded`, a speaker.

    `speakers` are names, each as a sequence of terms; one of them must be the passage's. Empty parts demand nothing.
    """

    words: tuple[AnyOf, ...] = ()
    near: tuple[Near, ...] = ()
    excluded: tuple[AnyOf, ...] = ()
    speakers: AnyOf = ()
    demand: Literal["all", "any"] = "all"

    @property
    def is_empty(self) -> bool:
        """Whether it has no words and no speakers, so that the order of the passages is that of the meetings."""
        return not (self.words or self.near or self.speakers)
