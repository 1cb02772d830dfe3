"""A diarizer hands the recording over, tells how far it is, and keeps the pipeline's chatter to itself."""

from __future__ import annotations

import numpy as np
import pytest

from meetscribe.audio import Audio
from meetscribe.devices import Device
from meetscribe.diarization import DiarizationSettings, Diarizer, diarize, load_diarizer
from meetscribe.diarization.diarizer import Loaded, batch_size
from meetscribe.errors import SettingsError
from meetscribe.timeline import Diarization
from tests.diarization.conftest import Annotation, FakePipeline, Output

SECOND = Audio(np.zeros(16000, dtype=np.float32), "zeros.wav", "sha256:0")
TUNED = {
    "segmentation": {"threshold": 0.4, "min_duration_off": 0.3},
    "clustering": {"threshold": 0.7, "min_cluster_size": 12},
}


def diarizer(pipeline: FakePipeline, **settings: object) -> Diarizer:
    return Diarizer(Loaded(pipeline, lambda _: TUNED), DiarizationSettings(**settings))  # type: ignore[arg-type]


def test_progress_rises_to_one_although_pyannote_counts_too_far() -> None:
    steps: tuple[tuple[str, int | None, int | None], ...] = (
        ("segmentation", 52, 0),
        ("segmentation", 52, 64),
        ("segmentation", None, None),
        ("speaker_counting", None, None),
        ("embeddings", 4, 0),
        ("embeddings", 4, 2),
        ("embeddings", 4, 1),
        ("embeddings", 4, 4),
        ("discrete_diarization", None, None),
    )
    told: list[float] = []
    diarizer(FakePipeline(steps=steps)).diarize(SECOND, told.append)
    assert told == pytest.approx([0.0, 0.5, 0.5, 0.725, 0.725, 0.95, 1.0])


def test_only_what_the_callback_prints_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    pipeline = FakePipeline(steps=(("segmentation", 1, 1),))
    diarizer(pipeline).diarize(SECOND, print)
    assert capsys.readouterr().out.split() == ["0.5", "1.0"]


def test_hints_are_passed_by_name_and_only_when_given() -> None:
    pipeline = FakePipeline()
    diarizer(pipeline).diarize(SECOND)
    assert pipeline.arguments == {}
    diarizer(pipeline, speakers=2, min_speakers=1, max_speakers=3).diarize(SECOND)
    assert pipeline.arguments == {"num_speakers": 2, "min_speakers": 1, "max_speakers": 3}


def test_settings_come_before_tuning_and_pauses_are_left_to_be_filled_afterwards() -> None:
    pipeline = FakePipeline()
    diarizer(pipeline, clustering_threshold=0.9, segmentation_threshold=0.3).diarize(SECOND)
    assert pipeline.parameters == {
        "segmentation": {"threshold": 0.3, "min_duration_off": 0.0},
        "clustering": {"threshold": 0.9, "min_cluster_size": 12},
    }


def test_a_setting_the_pipeline_does_not_have_is_refused_before_anything_runs() -> None:
    vbx = Loaded(FakePipeline(), lambda _: {"clustering": {"threshold": 0.6, "Fa": 0.07, "Fb": 0.8}})
    with pytest.raises(SettingsError, match="min_cluster_size"):
        Diarizer(vbx, DiarizationSettings(min_cluster_size=3))


@pytest.mark.parametrize("samples", [0, 800])
def test_a_recording_too_short_for_a_word_has_no_speakers(samples: int) -> None:
    noise = np.random.default_rng(0).standard_normal(samples).astype(np.float32)
    pipeline = FakePipeline(Output(Annotation((0.0, 0.05, "a")), Annotation()))
    assert diarizer(pipeline).diarize(Audio(noise, "short.wav", "sha256:0")) == Diarization((), ())


@pytest.mark.parametrize("settings", [DiarizationSettings(), DiarizationSettings(embedder="x")])
def test_what_is_not_resolved_is_refused(settings: DiarizationSettings) -> None:
    with pytest.raises(SettingsError, match=r"diarization\.pipeline must name"):
        load_diarizer(settings, Device("cpu"))
    with pytest.raises(SettingsError, match="bundled"):
        diarize(SECOND, settings, Device("cpu"))


def test_a_processor_computes_few_windows_at_once_and_a_graphics_card_many() -> None:
    automatic, fixed = DiarizationSettings(), DiarizationSettings(batch_size=7)
    assert [batch_size(automatic, Device(kind)) for kind in ("cpu", "cuda", "mps")] == [4, 32, 32]
    assert batch_size(fixed, Device("cpu")) == 7


@pytest.mark.parametrize(
    "wrong",
    [
        {"speakers": 0},
        {"min_speakers": 3, "max_speakers": 2},
        {"speakers": 2, "min_speakers": 3},
        {"speakers": 4, "max_speakers": 3},
        {"segmentation_threshold": 1.5},
        {"clustering_threshold": float("nan")},
        {"step": 0.0},
        {"min_duration_off": -0.1},
        {"min_cluster_size": 0},
        {"batch_size": -1},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        DiarizationSettings(**wrong)  # type: ignore[arg-type]


def test_the_token_is_not_shown() -> None:
    assert "hf_secret" not in repr(DiarizationSettings(token="hf_secret"))
