"""Divide groups of clips into the splits train, dev and test; `SplitBy` in `settings.py` lists what a group can be."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Hashable, Mapping, Sequence

from meetscribe.timeline import Seconds
from meetscribe.training.data.values import Split

_EXCESS = 1.5
"""The largest ratio of a held-out split to its requested size; whole groups can exceed the size."""


def connected(members: Sequence[Collection[Hashable]]) -> list[int]:
    """Return the number of the connected component of each item; items are connected if they share a member.

    Components are numbered in the order of their first items.

    >>> connected([{"a", "b"}, {"c"}, {"b", "d"}, {"d"}])
    [0, 1, 0, 0]
    """
    parents = list(range(len(members)))

    def root(item: int) -> int:
        while parents[item] != item:
            parents[item] = parents[parents[item]]
            item = parents[item]
        return item

    first: dict[Hashable, int] = {}
    for item, own in enumerate(members):
        for member in own:
            parents[root(item)] = root(first.setdefault(member, item))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(item), len(numbers)) for item in range(len(members))]


def assign_splits(groups: Mapping[str, Seconds], dev: float, test: float, seed: int) -> dict[str, Split]:
    """Return the split of each group, given its seconds; `dev` and `test` are the shares that are held out.

    The order of the groups is random but depends only on their keys and the seed. Groups that fit go to test, then to
    dev; if none fits, the smallest is taken. At least one group remains for training: two groups leave no dev, one
    leaves neither.
    """
    order = sorted(groups, key=lambda key: random_key(seed, key))
    total = sum(groups.values())
    found: dict[str, Split] = {}
    shares: dict[Split, float] = {"test": test, "dev": dev}
    for split, share in shares.items():
        free = [key for key in order if key not in found]
        most = len(free) - (2 if split == "test" and dev > 0 else 1)
        if share > 0 and len(free) > 1:
            found |= dict.fromkeys(_chosen(free, groups, share * total, max(1, most)), split)
    return {key: found.get(key, "train") for key in groups}


def _chosen(free: Sequence[str], groups: Mapping[str, Seconds], wanted: Seconds, most: int) -> list[str]:
    """Return between one and `most` groups with about the wanted seconds in total."""
    chosen: list[str] = []
    reached = 0.0
    for key in free:
        if reached < wanted and reached + groups[key] <= wanted * _EXCESS and len(chosen) < most:
            chosen.append(key)
            reached += groups[key]
    return chosen or [min(free, key=lambda key: groups[key])]


def random_key(seed: int, *parts: str) -> str:
    """Return a sort key that shuffles items reproducibly."""
    return hashlib.sha256("\n".join([str(seed), *parts]).encode()).hexdigest()


def chosen_shares(keys: Collection[str], share: float, seed: int, purpose: str) -> frozenset[str]:
    """Return a random selection of a share of the keys, rounded to whole keys."""
    order = sorted(keys, key=lambda key: random_key(seed, purpose, key))
    return frozenset(order[: round(share * len(order))])
