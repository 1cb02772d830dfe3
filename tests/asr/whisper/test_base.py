"""What a WhisperEngine checks before the model runs, and how it normalises language probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meetscribe.asr import AsrSettings
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.errors import SettingsError
from meetscribe.transcript import AsrRecord
from tests.asr.sample_engines import Samples

CLIP = np.ones(1600, np.float32)


class CountingWhisper(WhisperEngine):
    """A WhisperEngine that records the clips that reach its model."""

    def __init__(self, languages: Sequence[str] = ("de", "en"), **settings: Any) -> None:
        super().__init__(AsrSettings(**settings), languages, AsrRecord(version="1"))
        self.decoded: list[int] = []
        self.found: Mapping[str, float] = {}

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(text.encode())

    def _detect(self, clips: Sequence[Samples]) -> list[Mapping[str, float]]:
        return [self.found for _ in clips]

    def _decode(self, clips: Sequence[Samples], options: DecodingOptions) -> list[DecodingResult]:
        self.decoded += [len(clip) for clip in clips]
        return [DecodingResult(str(len(clip))) for clip in clips]


def test_empty_clips_do_not_reach_the_model() -> None:
    """Their results are empty, in their place."""
    engine = CountingWhisper()
    results = engine.decode([CLIP[:0], CLIP, CLIP[:0], CLIP[:800]], DecodingOptions("en"))
    assert [result.text for result in results] == ["", "1600", "", "800"]
    assert engine.decoded == [1600, 800]


@pytest.mark.parametrize(
    ("found", "expected"),
    [({"en": 0.6, "de": 0.2, "fr": 0.2}, {"de": 0.25, "en": 0.75}), ({}, {"de": 0.5, "en": 0.5})],
)
def test_language_probabilities_are_those_of_its_languages(
    found: Mapping[str, float], expected: Mapping[str, float]
) -> None:
    """Other languages are left out, and the rest is scaled to 1."""
    engine = CountingWhisper()
    engine.found = found
    assert engine.detect([CLIP]) == [pytest.approx(expected)]
    assert CountingWhisper(("en",)).detect([CLIP]) == [{"en": 1.0}]


@pytest.mark.parametrize(
    ("languages", "settings", "reason"),
    [
        (("en",), {"language": "de"}, "English only, and not German"),
        (("en",), {"task": "translate"}, "English only, and cannot translate"),
        (("de", "en"), {"language": "fr"}, "does not support French"),
        (("de", "en"), {"prompt": "x" * 300}, "too long"),
    ],
)
def test_settings_that_the_model_cannot_honour_are_refused_when_it_is_loaded(
    languages: tuple[str, ...], settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        CountingWhisper(languages, **settings)


def test_the_record_has_no_path(tmp_path: Path) -> None:
    """A directory is named by its last part, a checkpoint file by its folder."""
    (tmp_path / "mine").mkdir()
    assert CountingWhisper(model=str(tmp_path / "mine")).record.model == "mine"
    assert CountingWhisper(model=str(tmp_path / "mine" / "model.pt")).record.model == "mine"
    assert CountingWhisper(model="me/mine").record.model == "me/mine"
