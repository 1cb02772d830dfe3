"""What a system has shown of a recording and when, and where such outputs are stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from meetscribe.timeline import Seconds


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A committed word, and the moment at which it was committed.

    `start` and `end` are the times that the system gives the word, or the phrase that it belongs to; None if none.
    """

    text: str
    end: Seconds | None
    committed: Seconds
    start: Seconds | None = None

    def distance(self, time: Seconds) -> Seconds:
        """Return the seconds from the times of the word to a time; 0 if they are unknown."""
        if self.end is None:
            return 0.0
        return max(0.0, time - self.end, (self.end if self.start is None else self.start) - time)


@dataclass(frozen=True, slots=True)
class Output:
    """The committed words of a run in order; the pending words that were replaced; the processor seconds.

    `changed` counts the committed words that changed later without a correction.
    """

    words: tuple[ShownWord, ...]
    processor: Seconds
    erased: int = 0
    changed: int = 0

    @classmethod
    def from_json(cls, text: str) -> Output:
        """Return a stored output."""
        value = json.loads(text)
        return cls(tuple(ShownWord(**word) for word in value.pop("words")), **value)


def stored(file: Path, compute: Callable[[], Output] | None) -> Output | None:
    """Return the output in a file; if there is none, compute and store it, or return None without a function."""
    if file.is_file():
        return Output.from_json(file.read_text(encoding="utf-8"))
    if compute is None:
        return None
    output = compute()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(output), ensure_ascii=False), encoding="utf-8")
    return output


def digest(paths: Iterable[Path]) -> str:
    """Return a short digest of the content of files."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()[:10]
