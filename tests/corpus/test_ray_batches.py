"""The options of a batch on Ray."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from meetscribe.corpus import Delivery
from meetscribe.corpus.ray_batches import RayWorkers, _factory_for, ray_options
from meetscribe.corpus.transcription import TranscriptionFactory, transcription_options
from meetscribe.settings import Settings, load_settings


def test_each_pool_has_its_device_and_threads() -> None:
    """Cards come first; each worker reserves as many CPUs as it has threads."""
    settings = load_settings(overrides={"run.threads": "4"})
    gpu, cpu = RayWorkers(cpu=8, gpu=2).pools(settings)
    assert (gpu.device, gpu.workers, gpu.cpus, gpu.gpus) == ("cuda", 2, 4, 1.0)
    assert (cpu.device, cpu.workers, cpu.cpus, cpu.gpus) == ("cpu", 8, 4, 0.0)
    assert [pool.device for pool in RayWorkers(cpu=0, gpu=1).pools(settings)] == ["cuda"]
    factory = _factory_for(TranscriptionFactory(settings, Delivery(Path("out"), ("json",)), load=True), gpu)
    assert isinstance(factory, TranscriptionFactory)
    assert (factory.settings.run.device, factory.settings.run.threads, factory.load) == ("cuda", 4, True)


def test_a_manifest_is_continued_on_any_machine() -> None:
    """Local runs and all workers have the same digest, whatever their device, threads and folder."""
    delivery = Delivery(Path("out"), ("json",))
    local = transcription_options(load_settings(overrides={"run.device": "cpu", "run.offline": "true"}), delivery)
    on_ray = ray_options(Settings(), delivery, RayWorkers(cpu=2, gpu=1), print)
    assert local.settings_digest == on_ray.settings_digest
    for pool in RayWorkers(cpu=2, gpu=1).pools(Settings()):
        factory = pickle.loads(pickle.dumps(_factory_for(TranscriptionFactory(Settings(), delivery), pool)))
        assert factory.settings_digest == local.settings_digest


@pytest.mark.parametrize("key", ["asr.language", "run.allow_empty"])
def test_settings_that_change_transcripts_count(key: str) -> None:
    delivery = Delivery(Path("out"), ("json",))
    changed = load_settings(overrides={key: "en" if key == "asr.language" else "true"})
    digests = {transcription_options(settings, delivery).settings_digest for settings in (Settings(), changed)}
    assert len(digests) == 2
