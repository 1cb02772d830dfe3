"""Expressions over the terms of the index, which each store translates into the syntax of its database."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal, TypeAlias

Terms: TypeAlias = tuple[str, ...]
"""A sequence of consecutive terms; a single word is a sequence of one."""

AnyOf: TypeAlias = tuple[Terms, ...]
"""Alternative sequences, one of which must occur: a word in the forms of several languages, or inside longer words."""

NEAR = 10
"""The maximum number of words between two words that are near each other."""


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases that must all occur near each other, in any order."""

    parts: tuple[AnyOf, ...]

    @property
    def pairs(self) -> tuple[tuple[tuple[Terms, Terms], ...], ...]:
        """For every two parts, the pairs of their sequences, of which at least one pair must occur near each other."""
        return tuple(tuple(product(first, second)) for first, second in combinations(self.parts, 2))


@dataclass(frozen=True, slots=True)
class Expression:
    """The conditions on a passage: the `words`, all of `near`, none of `excluded`, one of `speakers`.

    `demand` says whether all of `words` or any of them must occur. `speakers` are names, each as a sequence of terms.
    An empty field is no condition.
    """

    words: tuple[AnyOf, ...] = ()
    near: tuple[Near, ...] = ()
    excluded: tuple[AnyOf, ...] = ()
    speakers: AnyOf = ()
    demand: Literal["all", "any"] = "all"

    @property
    def is_empty(self) -> bool:
        """Whether there are no words and no speakers that passages must match, whatever is excluded.

        A search then returns the passages added last. Only words rank the passages that match, not speakers.
        """
        return not (self.words or self.near or self.speakers)
