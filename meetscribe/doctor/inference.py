"""Small inferences with random weights, which test a library on a device, and a clip to decode."""

from __future__ import annotations

import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

    from meetscribe.runtime.devices import Device

_MELS, _WIDTH = 80, 64
_TOKENS = ["<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>", "<|nospeech|>", *"abcdefghijkl"]


def write_test_clip(folder: Path) -> Path:
    """Write one second of a stereo tone at 44 100 Hz, and return the path of the WAV file."""
    tone = (8000 * np.sin(np.arange(44100) * 0.06)).astype("<i2")
    path = folder / "clip.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(np.repeat(tone, 2).tobytes())
    return path


def run_torch(device: Device) -> str:
    """Compute a convolution, an LSTM and a matrix product on a device, and return a text with the time.

    These are the operations of the aligner, the segmentation model and the embedder. Raises RuntimeError if the result
    differs from the result on the CPU.
    """
    began = time.perf_counter()
    generator = torch.Generator().manual_seed(0)
    convolution = torch.nn.Conv1d(1, _WIDTH, 10, stride=5).eval()
    recurrence = torch.nn.LSTM(_WIDTH, _WIDTH, batch_first=True).eval()
    clips = torch.randn(2, 1, 1600, generator=generator)

    def compute(where: str) -> torch.Tensor:
        features = convolution.to(where)(clips.to(where))
        states, _ = recurrence.to(where)(features.transpose(1, 2))
        return torch.softmax(states @ states.transpose(1, 2), dim=-1).cpu()

    with torch.inference_mode():
        for parameter in (*convolution.parameters(), *recurrence.parameters()):
            parameter.uniform_(-0.1, 0.1, generator=generator)
        expected, found = compute("cpu"), compute(str(device))
    if not torch.allclose(expected, found, atol=1e-2):
        raise RuntimeError(f"the results of {device} differ from those of the CPU")
    return f"computed in {time.perf_counter() - began:.2f} s"


def run_ctranslate2(device: Device) -> str:
    """Decode silence with a tiny Whisper model on a device, and return a text with the time and the compute type.

    Raises RuntimeError or ValueError if it fails.
    """
    # torch is imported first, because both libraries must share its cuDNN.
    import ctranslate2

    began = time.perf_counter()
    kind = "cuda" if device.kind == "cuda" else "cpu"
    supported = ctranslate2.get_supported_compute_types(kind, device.index)
    compute_type = next(name for name in ("float16" if kind == "cuda" else "int8", "float32") if name in supported)
    with tempfile.TemporaryDirectory() as folder:
        _write_whisper(Path(folder))
        model = ctranslate2.models.Whisper(
            folder, device=kind, device_index=device.index, compute_type=compute_type, intra_threads=1
        )
        silence = ctranslate2.StorageView.from_array(np.zeros((1, _MELS, 3000), dtype=np.float32))
        prompt = [[_TOKENS.index("<|startoftranscript|>")]]
        result = model.generate(silence, prompt, beam_size=2, max_length=8)
    if not result or len(result[0].sequences_ids) != 1:
        raise RuntimeError(f"CTranslate2 returns no result on {device}")
    return f"computed in {time.perf_counter() - began:.2f} s, in {compute_type}"


def _write_whisper(folder: Path) -> None:
    """Write a one-layer Whisper model with random weights in CTranslate2's format."""
    from ctranslate2.specs import WhisperSpec

    spec: Any = WhisperSpec(1, 1, 1, 1)  # layers and heads of the encoder, and of the decoder
    encoder, decoder = spec.encoder, spec.decoder
    for layer, channels in ((encoder.conv1, _MELS), (encoder.conv2, _WIDTH)):
        layer.weight, layer.bias = _random(_WIDTH, channels, 3), _random(_WIDTH)
    encoder.position_encodings.encodings = _random(1500, _WIDTH)
    decoder.position_encodings.encodings = _random(448, _WIDTH)
    decoder.embeddings.weight = decoder.projection.weight = _random(len(_TOKENS), _WIDTH)
    for each in (encoder, decoder):
        block = each.layer[0]
        for norm in (each.layer_norm, block.self_attention.layer_norm, block.ffn.layer_norm):
            _fill_norm(norm)
        _fill_linear(block.self_attention.linear, (3, 1))
        _fill_linear((block.ffn.linear_0,), (4,))
        block.ffn.linear_1.weight, block.ffn.linear_1.bias = _random(_WIDTH, 4 * _WIDTH), _random(_WIDTH)
    _fill_norm(decoder.layer[0].attention.layer_norm)
    _fill_linear(decoder.layer[0].attention.linear, (1, 2, 1))
    spec.register_vocabulary(_TOKENS)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def _fill_norm(norm: Any) -> None:
    """Set the weights of a layer normalisation."""
    norm.gamma, norm.beta = _random(_WIDTH) + 1, _random(_WIDTH)


def _fill_linear(layers: Sequence[Any], widths: Sequence[int]) -> None:
    """Set the weights of linear layers; `widths` are their output sizes as multiples of the input size."""
    for layer, width in zip(layers, widths, strict=True):
        layer.weight, layer.bias = _random(width * _WIDTH, _WIDTH), _random(width * _WIDTH)


def _random(*shape: int) -> npt.NDArray[np.float32]:
    """Return small random numbers, the same at each call."""
    return (0.1 * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
