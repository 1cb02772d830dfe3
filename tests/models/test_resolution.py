"""Resolving models: what "auto" stands for and what is fetched, with a fake hub and converter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from meetscribe import weights
from meetscribe.alignment.settings import AlignmentSettings
from meetscribe.asr.settings import AsrSettings
from meetscribe.diarization.settings import DiarizationSettings
from meetscribe.errors import SettingsError, WeightsError
from meetscribe.models import resolution
from meetscribe.models.resolution import Models, prepare_aligner, prepare_models
from meetscribe.runtime.devices import Device
from meetscribe.settings import RunSettings, Settings
from meetscribe.weights import LocatedModel, ModelSpec
from tests.support.notices import texts_of

CPU, CUDA = Device("cpu"), Device("cuda")
SMALL = "Systran/faster-whisper-small"
COMMUNITY_1 = "pyannote/speaker-diarization-community-1"
EMBEDDER = "pyannote/wespeaker-voxceleb-resnet34-LM"
CAMPPLUS = "campplus"


class Hub:
    """A hub and a machine: models in `here` are on the machine, those in `refused` are not available."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.here: set[str] = set()
        self.refused: set[str] = set()
        self.checked: list[tuple[tuple[str, ...], bool, str | None]] = []
        self.fetched: list[str] = []
        self.token = False

    def locate(self, spec: ModelSpec, folder: Path | None = None) -> Path | None:
        if Path(spec.model).exists():
            return Path(spec.model)
        path = self.folder / "hub" / "snapshots" / "0123456789abcdef"
        return path if spec.model in self.here or spec.model in self.fetched else None

    def check(
        self, specs: Sequence[ModelSpec], *, offline: bool = False, token: str | None = None, folder: Path | None = None
    ) -> tuple[LocatedModel, ...]:
        self.checked.append((tuple(spec.model for spec in specs), offline, token))
        missing = [n.model for n in specs if n.model not in self.here and (offline or n.model in self.refused)]
        if missing:
            raise WeightsError(" and ".join(missing))
        return tuple(LocatedModel(spec, self.locate(spec)) for spec in specs)

    def fetch(self, spec: ModelSpec, token: str | None = None, progress: Any = None) -> Path:
        for done in (0.5, 1.0):
            progress(done)
        self.fetched.append(spec.model)
        path = self.locate(spec)
        assert path is not None
        return path


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    hub = Hub(tmp_path)
    for name in ("check", "locate", "fetch"):
        monkeypatch.setattr(weights, name, getattr(hub, name))
    monkeypatch.setattr(resolution, "has_token", lambda token: bool(token) or hub.token)
    return hub


def prepared(device: Device = CPU, **settings: Any) -> Models:
    return prepare_models(Settings(**settings), device)


def test_the_defaults_on_a_processor(hub: Hub) -> None:
    """Without an account, small and the bundled pipeline with the free embedder are used, and a notice says so."""
    found = prepared()
    assert found.names == {"asr": f"{SMALL}@0123456789ab", "embedder": f"{CAMPPLUS}@0123456789ab"}
    assert found.settings.diarization.segmentation == "auto"
    assert found.settings.diarization.pipeline == "bundled"
    assert Path(found.settings.diarization.embedder).is_absolute()
    assert found.settings.asr.model == str(hub.folder / "hub" / "snapshots" / "0123456789abcdef")
    (warning,) = texts_of(found.notices)
    assert "needs no account" in warning and COMMUNITY_1 in warning and "HF_TOKEN" in warning


@pytest.mark.parametrize(
    ("task", "model"),
    [("transcribe", "mobiuslabsgmbh/faster-whisper-large-v3-turbo"), ("translate", "Systran/faster-whisper-large-v3")],
)
def test_the_defaults_on_a_graphics_card(hub: Hub, task: str, model: str) -> None:
    """A large model is used; turbo models cannot translate."""
    assert prepared(CUDA, asr=AsrSettings(task=task)).names["asr"].startswith(model)


def test_all_models_are_checked_at_once(hub: Hub) -> None:
    """One error names all that are missing, the embedder by its default, and nothing is fetched before it."""
    hub.refused = {SMALL, CAMPPLUS, EMBEDDER}
    with pytest.raises(WeightsError, match=f"{SMALL} and {CAMPPLUS}"):
        prepared(asr=AsrSettings(language="en"))
    assert hub.fetched == []


def test_progress_rises_to_one(hub: Hub) -> None:
    reported: list[float] = []
    prepare_models(Settings(asr=AsrSettings(language="en")), CPU, reported.append)
    assert reported == sorted(reported)
    assert reported[0] == pytest.approx(0.15)
    assert (reported[-1], len(hub.fetched)) == (1.0, 3)


def test_local_models_are_not_fetched(hub: Hub) -> None:
    hub.here = {SMALL, EMBEDDER}
    prepared(run=RunSettings(offline=True))
    assert hub.fetched == []
    assert hub.checked[-1] == ((SMALL, EMBEDDER), True, None)


@pytest.mark.parametrize("offline", [False, True])
def test_a_local_community_1_is_used(hub: Hub, offline: bool) -> None:
    """A local copy needs neither token nor network."""
    hub.here = {SMALL, COMMUNITY_1}
    found = prepared(run=RunSettings(offline=offline))
    assert found.names["diarization"] == f"{COMMUNITY_1}@0123456789ab"
    assert Path(found.settings.diarization.pipeline).is_absolute()
    assert found.notices == ()


def test_community_1_is_used_with_a_token(hub: Hub) -> None:
    hub.token = True
    assert COMMUNITY_1 in prepared().names["diarization"]
    assert COMMUNITY_1 in hub.fetched


def test_a_token_in_the_settings_is_used(hub: Hub) -> None:
    prepared(diarization=DiarizationSettings(token="hf_mine"))
    assert {token for _, _, token in hub.checked} == {"hf_mine"}
    assert COMMUNITY_1 in hub.fetched


def test_the_bundled_pipeline_is_used_if_conditions_are_not_accepted(hub: Hub) -> None:
    """A token does not grant access to every model."""
    hub.token, hub.refused = True, {COMMUNITY_1}
    found = prepared()
    assert found.settings.diarization.pipeline == "bundled"
    assert len(found.notices) == 1


def test_a_pipeline_that_is_named_is_never_replaced(hub: Hub) -> None:
    hub.refused = {COMMUNITY_1}
    with pytest.raises(WeightsError, match=COMMUNITY_1):
        prepared(diarization=DiarizationSettings(pipeline="community-1"))


@pytest.mark.parametrize(
    ("here", "refused", "embedder"),
    [
        (set(), set(), CAMPPLUS),
        ({CAMPPLUS, EMBEDDER}, set(), CAMPPLUS),
        ({EMBEDDER}, set(), EMBEDDER),
        (set(), {CAMPPLUS}, EMBEDDER),
    ],
)
def test_the_embedder_is_the_best_one_available(hub: Hub, here: set[str], refused: set[str], embedder: str) -> None:
    """One on this machine is used before another one is fetched."""
    hub.here, hub.refused = here, refused
    assert prepared().names["embedder"].startswith(embedder)


def test_a_segmentation_model_is_fetched(hub: Hub, tmp_path: Path) -> None:
    """A name stands for a model in a package, the default for the one that is part of whisperx."""
    found = prepared(diarization=DiarizationSettings(segmentation="segmentation-3.0", embedder=str(tmp_path)))
    assert found.settings.diarization.pipeline == "bundled"
    assert Path(found.settings.diarization.segmentation).is_absolute() and "segmentation-3.0" in hub.fetched
    found = prepared(diarization=DiarizationSettings(segmentation="segmentation-2021", embedder=str(tmp_path)))
    assert found.settings.diarization.segmentation == "segmentation-2021" and "segmentation" not in found.names
    with pytest.raises(SettingsError, match="segmentation applies only to the bundled"):
        prepared(diarization=DiarizationSettings(pipeline="community-1", segmentation="segmentation-3.0"))


def test_an_embedder_selects_the_bundled_pipeline(hub: Hub, tmp_path: Path) -> None:
    hub.here = {COMMUNITY_1, str(tmp_path)}
    found = prepared(diarization=DiarizationSettings(embedder=str(tmp_path)))
    assert (found.settings.diarization.pipeline, found.notices) == ("bundled", ())
    assert found.settings.diarization.embedder == str(tmp_path)
    assert found.names["embedder"] == tmp_path.name


def test_a_pipeline_brings_its_own_embedder(hub: Hub) -> None:
    """Settings that exclude each other are an error before any work."""
    with pytest.raises(SettingsError, match="has its own"):
        prepared(diarization=DiarizationSettings(pipeline="community-1", embedder="a/b"))
    assert hub.checked == []


def test_disabled_stages_need_no_models(hub: Hub) -> None:
    found = prepared(
        asr=AsrSettings(language="en"),
        alignment=AlignmentSettings(enabled=False),
        diarization=DiarizationSettings(enabled=False),
    )
    assert list(found.names) == ["asr"]
    assert found.notices == ()


def test_the_aligner_of_a_known_language_is_prepared(hub: Hub) -> None:
    """The language is known if it is set, or if the model supports only English."""
    assert "german" in prepared(asr=AsrSettings(language="de")).names["alignment"]
    found = prepared(asr=AsrSettings(model="small.en"))
    assert found.names["alignment"] == "facebook/wav2vec2-base-960h@0123456789ab"


@pytest.mark.parametrize(
    "settings",
    [
        {"asr": AsrSettings()},
        {"asr": AsrSettings(language="yue")},
        {"asr": AsrSettings(language="de", task="translate")},
    ],
)
def test_an_aligner_is_prepared_only_if_it_can_be_used(hub: Hub, settings: dict[str, Any]) -> None:
    """There is none for an unknown language, for a language without aligner, and for a translation."""
    assert "alignment" not in prepared(**settings).names


def test_a_named_aligner_is_always_prepared(hub: Hub) -> None:
    named = AlignmentSettings(model="someone/letters")
    assert prepared(alignment=named).names["alignment"].startswith("someone/letters@")


def test_the_aligner_of_a_detected_language(hub: Hub) -> None:
    """It is fetched when its language is known; some languages have none."""
    found = prepare_aligner(Settings(), "de")
    assert found is not None and "german@" in found[1]
    assert prepare_aligner(Settings(), "yue") is None
    with pytest.raises(WeightsError):
        prepare_aligner(replace(Settings(), run=RunSettings(offline=True)), "fr")


def test_a_transformers_model_is_converted(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine gets the converted directory, and the provenance the name of the original."""
    directory = tmp_path / "my-whisper"
    directory.mkdir()
    hub.here = {str(directory)}
    monkeypatch.setattr(hub, "locate", lambda spec, folder=None: directory if spec.stage == "asr" else None)
    monkeypatch.setattr(weights, "converted", lambda path, target: path / target)
    found = prepared(asr=AsrSettings(model=str(directory)), diarization=DiarizationSettings(enabled=False))
    assert found.settings.asr.model == str(directory / "ctranslate2")
    assert found.names["asr"] == "my-whisper"


@pytest.mark.parametrize(
    ("engine", "small", "turbo", "layout"),
    [
        ("faster-whisper", SMALL, "mobiuslabsgmbh/faster-whisper-large-v3-turbo", "ctranslate2"),
        ("whisperx", SMALL, "mobiuslabsgmbh/faster-whisper-large-v3-turbo", "ctranslate2"),
        ("transformers", "openai/whisper-small", "openai/whisper-large-v3-turbo", "transformers"),
        ("openai-whisper", "openai/whisper-small", "openai/whisper-large-v3-turbo", "openai-whisper"),
        ("mlx-whisper", "mlx-community/whisper-small-mlx", "mlx-community/whisper-large-v3-turbo", "mlx"),
    ],
)
def test_each_engine_has_its_own_models(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, engine: str, small: str, turbo: str, layout: str
) -> None:
    """A name stands for a model in the layout of the engine, or from which that can be made."""
    (hub.folder / "hub" / "snapshots" / "0123456789abcdef").mkdir(parents=True)
    monkeypatch.setattr(weights, "converted", lambda path, target: path / target)
    for device, name in ((CPU, small), (CUDA, turbo)):
        found = prepared(device, asr=AsrSettings(engine=engine))
        assert found.names["asr"] == f"{name}@0123456789ab"
        assert Path(found.settings.asr.model).name == layout


def test_a_language_that_the_model_lacks_is_an_error_before_anything_is_converted(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the model as it was given; a language that the model lists is accepted."""
    (tmp_path / "generation_config.json").write_text('{"lang_to_id": {"<|en|>": 50259, "<|de|>": 50261}}')
    monkeypatch.setattr(weights, "converted", lambda path, layout: path)
    prepared(asr=AsrSettings(model=str(tmp_path), language="de"))
    monkeypatch.delattr(weights, "converted")
    with pytest.raises(SettingsError, match=f"the model {tmp_path} does not support Spanish"):
        prepared(asr=AsrSettings(model=str(tmp_path), language="es"))
