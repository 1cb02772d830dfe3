"""Splits: connected recordings stay together, every group is in one split, and the seed decides."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from meetscribe.training.data.splitting import assign_splits, chosen_shares, connected

MEMBERS = st.lists(st.frozensets(st.integers(0, 12), max_size=3), max_size=12)
GROUPS = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.floats(1, 1000), min_size=1, max_size=30)
SHARE = st.floats(0, 0.4)


def reachable(members: list[frozenset[int]], start: int) -> set[int]:
    """Return the items that can be reached by members in common, by repeated search."""
    found = {start}
    while True:
        more = {at for at, own in enumerate(members) if any(own & members[other] for other in found)} - found
        if not more:
            return found
        found |= more


@given(MEMBERS)
def test_groups_are_the_connected_items(members: list[frozenset[int]]) -> None:
    """Two items are in one group if and only if a chain of common members leads from one to the other."""
    groups = connected(members)
    for item in range(len(members)):
        assert {at for at, group in enumerate(groups) if group == groups[item]} == reachable(members, item)
    assert list(dict.fromkeys(groups)) == list(range(len(set(groups))))


@given(GROUPS, SHARE, SHARE, st.integers())
def test_every_group_has_one_split(groups: dict[str, float], dev: float, test: float, seed: int) -> None:
    """Some group is for training; with three groups, each split that was asked for has one."""
    found = assign_splits(groups, dev, test, seed)
    assert found.keys() == groups.keys()
    assert "train" in found.values()
    assert ("test" in found.values()) == (test > 0 and len(groups) > 1)
    assert ("dev" in found.values()) == (dev > 0 and len(groups) > (2 if test > 0 else 1))


@given(GROUPS, SHARE, st.integers())
def test_a_split_is_close_to_its_share(groups: dict[str, float], test: float, seed: int) -> None:
    """It exceeds its share by half at most, unless even the smallest group does."""
    assume(test > 0 and len(groups) > 1)
    found = assign_splits(groups, 0.0, test, seed)
    held_out = sum(seconds for key, seconds in groups.items() if found[key] == "test")
    wanted = test * sum(groups.values())
    assert held_out <= max(1.5 * wanted, min(groups.values())) * (1 + 1e-9)


@given(GROUPS, SHARE, SHARE, st.integers())
def test_the_order_of_recordings_does_not_matter(groups: dict[str, float], dev: float, test: float, seed: int) -> None:
    reverse = dict(reversed(groups.items()))
    assert assign_splits(groups, dev, test, seed) == assign_splits(reverse, dev, test, seed)


def test_the_seed_chooses() -> None:
    """Other seeds hold out other groups, so that a result can be checked on several divisions."""
    groups = {str(number): 60.0 for number in range(20)}
    found = [assign_splits(groups, 0.1, 0.1, seed) for seed in range(9)]
    chosen = {frozenset(key for key, split in splits.items() if split == "test") for splits in found}
    assert len(chosen) > 5
    assert {len(one) for one in chosen} == {2}


@given(st.sets(st.text(max_size=3)), st.floats(0, 1), st.integers())
def test_a_share_of_the_keys_is_chosen(keys: set[str], share: float, seed: int) -> None:
    chosen = chosen_shares(keys, share, seed, "prompts")
    assert chosen <= keys
    assert len(chosen) == round(share * len(keys))
