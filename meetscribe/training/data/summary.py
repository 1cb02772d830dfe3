"""The summary of a data set, `dataset.json`: its sizes, omissions and settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from meetscribe.errors import InputError, Notice, os_reason
from meetscribe.storage.files import LINES_BYTES, read_file
from meetscribe.text.json_values import JSON, as_json
from meetscribe.timeline import Seconds
from meetscribe.training.data.manifest import dumps
from meetscribe.training.data.omissions import EXPLANATIONS, Omission
from meetscribe.training.data.planning import Plan
from meetscribe.training.data.settings import DataSettings
from meetscribe.training.data.values import SPLITS, Example, Split
from meetscribe.transcript.json_node import Node

DATASET = "dataset.json"
"""The name of the summary in the folder of the data set."""

SCHEMA = "meetscribe-training-data/1"


@dataclass(frozen=True, slots=True)
class SplitSummary:
    """The size of a split; `augmented` counts the examples that are changed copies of others.

    `recordings` has the hashes of the recordings.
    """

    examples: int
    augmented: int
    seconds: Seconds
    words: int
    speakers: tuple[str, ...]
    recordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataSummary:
    """The summary of a data set.

    `digest` is the hexadecimal SHA-256 of the manifest. `left_out` has the omitted words by reason. `base` is the model
    whose tokenizer counted the tokens, None if they were estimated. `recordings` maps the hash of each recording to its
    name.
    """

    splits: Mapping[Split, SplitSummary]
    left_out: tuple[Omission, ...]
    recordings: Mapping[str, str]
    settings: DataSettings
    base: str | None
    digest: str
    notices: tuple[Notice, ...] = ()

    def to_json(self) -> JSON:
        """Return the summary as JSON values."""
        values = asdict(self)
        values["left_out"] = [asdict(one) | {"explanation": EXPLANATIONS[one.reason]} for one in self.left_out]
        return as_json({"schema": SCHEMA, **values})

    def to_text(self) -> str:
        """Return the content of `dataset.json`."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"


def summary_of(examples: Sequence[Example], plan: Plan) -> DataSummary:
    """Return the summary of the examples of a plan."""
    return DataSummary(
        {split: _split_summary([one for one in examples if one.split == split]) for split in SPLITS},
        plan.left_out,
        plan.recordings,
        plan.settings,
        plan.base,
        hashlib.sha256(dumps(examples).encode()).hexdigest(),
        plan.notices,
    )


def read_digest(folder: Path) -> str:
    """Return the digest of the manifest of a data set, from its summary; raises InputError if there is none."""
    path = folder / DATASET
    try:
        values = json.loads(read_file(path, LINES_BYTES))
    except (OSError, ValueError, RecursionError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "it is not JSON"
        raise InputError(f"{path}: {reason}", "Make a data set first: meetscribe train data.") from error
    return Node(values, str(path))["digest"].text()


def _split_summary(examples: Sequence[Example]) -> SplitSummary:
    return SplitSummary(
        len(examples),
        sum(bool(one.augmentation) for one in examples),
        round(sum(one.seconds for one in examples), 3),
        sum(len(one.words) for one in examples),
        tuple(sorted({one.speaker for one in examples if one.speaker is not None})),
        tuple(sorted({one.recording for one in examples})),
    )
