"""Labels of speakers as a disjoint-set forest: a merge does not visit the words."""

from __future__ import annotations


class Label:
    """The label of a speaker; after a merge, it resolves to the label of the remaining speaker."""

    __slots__ = ("_merged_into", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._merged_into: Label | None = None

    @property
    def text(self) -> str:
        """The label after all merges so far."""
        return self._root()._text

    def _root(self) -> Label:
        """Return the root label, with path compression (Tarjan 1975)."""
        root = self
        while root._merged_into is not None:
            root = root._merged_into
        step = self
        while step._merged_into is not None:
            step._merged_into, step = root, step._merged_into
        return root

    def merge_into(self, other: Label) -> None:
        """Resolve this label, and all labels merged into it, to the other one."""
        self._merged_into = other


class Labels:
    """The current labels by text; a text used again after its merge gets a new label."""

    def __init__(self) -> None:
        self._current: dict[str, Label] = {}

    def __getitem__(self, text: str) -> Label:
        """Return the current label with this text; it is created if there is none."""
        label = self._current.get(text)
        if label is None:
            label = self._current[text] = Label(text)
        return label

    def merge(self, speakers: tuple[str, ...]) -> None:
        """Merge the labels of `speakers` into the first."""
        first, *others = speakers
        for other in others:
            merged = self._current.pop(other, None)
            if merged is not None:
                merged.merge_into(self[first])
