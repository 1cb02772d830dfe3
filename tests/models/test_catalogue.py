"""The catalogue of known models, and models found by name."""

from __future__ import annotations

import pytest

from meetscribe.asr.engine_table import BUILT_IN
from meetscribe.asr.settings import AsrSettings
from meetscribe.errors import SettingsError
from meetscribe.models.catalogue import USES, find_models, known_models
from meetscribe.settings import Settings


@pytest.mark.parametrize("engine", BUILT_IN)
def test_every_setting_that_names_a_model_has_known_models(engine: str) -> None:
    """Names are unique within a setting, except that an aligner may serve several languages."""
    catalogue = known_models(engine)
    assert {entry.use for entry in catalogue} == set(USES)
    for use in USES:
        names = [name for entry in catalogue if entry.use == use for name in entry.names]
        assert len(names) == len(set(names)) or use == "alignment.model"


def test_a_name_finds_the_model_of_the_engine() -> None:
    """The same name stands for another model with another engine; an alias finds the same model."""
    (ours,) = find_models(["turbo"], Settings())
    (alias,) = find_models(["large-v3-turbo"], Settings())
    (other,) = find_models(["turbo"], Settings(asr=AsrSettings(engine="transformers")))
    assert ours == alias
    assert (ours.model, other.model) == (
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        "openai/whisper-large-v3-turbo",
    )


def test_a_pipeline_brings_the_models_that_it_loads() -> None:
    """Its size is that of all files to fetch."""
    (entry,) = [entry for entry in known_models() if entry.names == ("community-1",)]
    assert find_models(["community-1"], Settings()) == entry.specs
    assert entry.size_mb == sum(spec.size_mb or 0 for spec in entry.specs)


@pytest.mark.parametrize(
    ("use", "stage"), [(None, "asr"), ("alignment.model", "alignment"), ("diarization.embedder", "diarization")]
)
def test_an_unknown_id_is_for_the_given_setting(use: str | None, stage: str) -> None:
    (spec,) = find_models(["someone/model"], Settings(), use)
    assert (spec.model, spec.stage) == ("someone/model", stage)


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="unknown model smal: did you mean 'small'"):
        find_models(["smal"], Settings())
    with pytest.raises(SettingsError, match="unknown asr.engine"):
        known_models("whisper-x")
