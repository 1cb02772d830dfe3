"""What a system returns for a recording, with its cost, as a value that is stored as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from meetscribe.results import json_digest
from meetscribe.storage.files import replace_file
from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import JSON, Word

SCHEMA = 1  # of the stored outputs; increase it when their meaning changes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time and of processor time, and the peak memory of the process in megabytes so far.

    `checks` holds the processor seconds of each quality check, `longest_pass` the seconds of the longest call of the
    engine for one clip that was decoded again. Systems that do not report them leave them empty.
    """

    wall: float
    processor: float
    memory: float
    checks: Mapping[str, float] = field(default_factory=dict)
    longest_pass: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """The words that a system recognised, as (text, start, end), the language, and the cost; or the turns it found.

    `timed` is False if the system gives no word times, so that those here are spread over its segments; `segments`
    holds the start, end and text of each segment, `turns` and `exclusive` the start, end and speaker of each turn.
    `findings` holds the kind, start, end and text of each finding of the checks; `decoded_again` of the `chunks` were
    decoded more than once. Only `--variants` fills them.
    """

    language: str
    duration: Seconds
    words: tuple[tuple[str, Seconds, Seconds], ...]
    segments: tuple[tuple[Seconds, Seconds, str], ...]
    timed: bool
    cost: Cost
    turns: tuple[tuple[Seconds, Seconds, str], ...] = ()
    exclusive: tuple[tuple[Seconds, Seconds, str], ...] = ()
    findings: tuple[tuple[str, Seconds, Seconds, str], ...] = ()
    chunks: int = 0
    decoded_again: int = 0

    def as_words(self) -> list[Word]:
        """Return the words in order of time, without empty ones."""
        words = (Word(text.strip(), start, max(start, end)) for text, start, end in self.words if text.strip())
        return sorted(words, key=lambda word: word.start)

    def as_diarization(self) -> Diarization:
        """Return the turns."""
        return Diarization(tuple(Turn(*row) for row in self.turns), tuple(Turn(*row) for row in self.exclusive))

    def to_json(self) -> str:
        """Return the output as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Output:
        """Return the output that `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        words = tuple((word, start, end) for word, start, end in values.pop("words"))
        rows = ("segments", "turns", "exclusive", "findings")
        values |= {name: tuple(map(tuple, values.get(name, ()))) for name in rows}
        return cls(words=words, cost=Cost(**values.pop("cost")), **values)


@dataclass(frozen=True, slots=True)
class Results:
    """The stored outputs: a file for each recording and system, found by everything that the output depends on."""

    folder: Path

    def file(self, recording: str, system: str, dependencies: Mapping[str, JSON]) -> Path:
        """Return the path of an output."""
        digest = json_digest({"schema": SCHEMA, "recording": recording, **dependencies})
        return self.folder / system.replace(" ", "-") / f"{recording.replace('/', '.')}.{digest[-16:]}.json"

    def read(self, file: Path) -> Output | None:
        """Return a stored output; None if there is none or it cannot be read."""
        try:
            return Output.from_json(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, file: Path, output: Output) -> None:
        """Store an output."""
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, output.to_json().encode())
