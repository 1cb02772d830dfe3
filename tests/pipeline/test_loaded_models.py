"""Loading and releasing models, and the fallback from a GPU to the CPU."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from meetscribe.asr.planning import Machine
from meetscribe.asr.settings import AsrSettings
from meetscribe.errors import IncompleteRunError, WeightsError
from meetscribe.runtime.devices import Device
from meetscribe.settings import RunSettings
from meetscribe.testing import FakeAligner, FakeDiarizer, fake_recognizer
from meetscribe.timeline import Diarization
from meetscribe.transcript import Transcript
from tests.support.fake_models import MODEL_LOADERS, FakeModels, failing


@pytest.mark.parametrize("fails", [False, True])
def test_a_model_is_released_before_the_next_is_loaded(fakes: FakeModels, fails: bool) -> None:
    """If memory is short, no earlier model is alive when the next one is loaded, also after a failure."""
    alive: list[weakref.ref[object]] = []

    class Heavy:
        language, model = "en", "heavy"

        def __init__(self) -> None:
            self.itself = self  # a reference cycle, as networks have
            alive.append(weakref.ref(self))

        def with_settings(self, settings: object) -> Any:
            return self

        def transcribe(self, *arguments: Any) -> Transcript:
            return fake_recognizer(fakes.meeting).transcribe(*arguments)

        def diarize(self, *arguments: Any) -> Diarization:
            return FakeDiarizer(fakes.meeting).diarize(*arguments)

        def __getattr__(self, name: str) -> Any:
            if fails and name == "emissions":
                raise RuntimeError("out of memory")
            return getattr(FakeAligner(), name)

    def load(*arguments: object) -> Heavy:
        assert [reference() for reference in alive] == [None] * len(alive)
        return Heavy()

    gc.disable()  # only the collections that the pipeline triggers count
    try:
        for name in MODEL_LOADERS:
            setattr(fakes, name, load)
        fakes.machine = lambda device: Machine("cpu", 2, 1_000_000_000)
        if fails:
            with pytest.raises(IncompleteRunError):
                fakes.run()
        else:
            fakes.run()
    finally:
        gc.enable()
    assert len(alive) == 3


class FailingCard:
    """A GPU that fails at the first operation of the models in `names`; `loaded` lists model and device."""

    def __init__(self, fakes: FakeModels, *names: str) -> None:
        self.loaded: list[tuple[str, str]] = []
        fakes.device = lambda name: Device("cuda")
        fakes.machine = lambda device: Machine(device.kind, 2)
        for name in MODEL_LOADERS:
            setattr(fakes, name, partial(self.load, name, getattr(fakes, name), name in names))

    def load(self, name: str, load: Callable[..., Any], fails: bool, *arguments: Any) -> Any:
        (device,) = (argument for argument in arguments if isinstance(argument, Device))
        self.loaded.append((name, str(device)))
        if fails and device.kind == "cuda":
            raise RuntimeError("CUDA error: no kernel image is available for execution on the device\nmore")
        return load(*arguments)


@pytest.mark.parametrize("name", MODEL_LOADERS)
def test_a_failing_card_is_replaced_by_the_processor(fakes: FakeModels, name: str) -> None:
    """The segments are those of an undisturbed run, later stages stay on the CPU, and one warning says so."""
    undisturbed = fakes.run()
    card = FailingCard(fakes, name, "diarizer")
    transcript = fakes.run(asr=AsrSettings(compute_type="float16"))
    assert transcript.segments == undisturbed.segments
    (warning,) = (text for text in transcript.meta.warnings if "cuda:0" in text)
    assert warning.endswith("ran on the CPU: CUDA error: no kernel image is available for execution on the device")
    assert card.loaded[-1] == ("diarizer", "cpu")
    assert card.loaded[card.loaded.index((name, "cuda:0")) + 1] == (name, "cpu")


def test_alignment_and_diarization_alone_report_the_fallback(fakes: FakeModels) -> None:
    """As a run does: the transcript has a warning if its word times or turns come from the CPU."""
    FailingCard(fakes, "aligner", "diarizer")
    with fakes.session() as session:
        aligned = session.align(fakes.meeting.transcript, fakes.recording)
        diarized = session.diarize(fakes.recording)
    for transcript in (aligned, diarized):
        assert "run.device" in {notice.code for notice in transcript.meta.notices}


def test_an_empty_transcript_reports_the_fallback(fakes: FakeModels) -> None:
    empty = fake_recognizer(fakes.meeting, ())
    fakes.recognizer = lambda *arguments: empty
    FailingCard(fakes, "recognizer")
    transcript = fakes.run(run=RunSettings(allow_empty=True, cache=False))
    assert transcript.words == ()
    assert {"speech.none", "run.device"} <= {notice.code for notice in transcript.meta.notices}


def test_the_fallback_can_be_switched_off(fakes: FakeModels) -> None:
    card = FailingCard(fakes, "recognizer")
    with pytest.raises(RuntimeError, match="no kernel image"):
        fakes.run(run=RunSettings(cpu_fallback=False, cache=False))
    assert card.loaded == [("recognizer", "cuda:0")]


def test_other_errors_do_not_trigger_the_fallback(fakes: FakeModels) -> None:
    """A damaged model is damaged on the CPU, too."""
    card = FailingCard(fakes)
    fakes.recognizer = failing(WeightsError("the model is damaged"))
    with pytest.raises(WeightsError):
        fakes.run()
    assert card.loaded == []


@pytest.mark.parametrize("kind", [NotImplementedError, RecursionError])
def test_programming_errors_do_not_trigger_the_fallback(fakes: FakeModels, kind: type[Exception]) -> None:
    """They derive from RuntimeError, as torch's out of memory does, and may speak of CUDA."""
    card = FailingCard(fakes)
    fakes.recognizer = failing(kind("no CUDA graphs in this engine"))
    with pytest.raises(kind):
        fakes.run()
    assert card.loaded == []


def test_an_operator_that_the_card_lacks_triggers_the_fallback(fakes: FakeModels) -> None:
    """For these torch raises NotImplementedError; the CPU has the operator."""
    undisturbed = fakes.run()
    load, devices = fakes.diarizer, []

    def diarizer(settings: object, device: Device, *options: object) -> Any:
        devices.append(device.kind)
        if device.kind == "mps":
            raise NotImplementedError("The operator 'aten::unfold' is not currently implemented for the MPS device.")
        return load(settings, device, *options)

    fakes.device = lambda name: Device("mps")
    fakes.diarizer = diarizer
    assert fakes.run().segments == undisturbed.segments
    assert devices == ["mps", "cpu"]
