"""Labels of speakers that merges change all at once, without a visit to every word."""

from __future__ import annotations


class Label:
    """A speaker's label; after a merge, that of another speaker."""

    __slots__ = ("_merged_into", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._merged_into: Label | None = None

    @property
    def text(self) -> str:
        """The label after all merges so far."""
        return self._last()._text

    def _last(self) -> Label:
        """Return the label that remains, and shorten the way to it (path compression, Tarjan 1975)."""
        last = self
        while last._merged_into is not None:
            last = last._merged_into
        step = self
        while step._merged_into is not None:
            step._merged_into, step = last, step._merged_into
        return last

    def merge_into(self, other: Label) -> None:
        """Make this label, and all that were merged into it, the other one."""
        self._merged_into = other


class Labels:
    """The labels in use; after a merge, a label that is used again is a new one."""

    def __init__(self) -> None:
        self._current: dict[str, Label] = {}

    def __getitem__(self, text: str) -> Label:
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
