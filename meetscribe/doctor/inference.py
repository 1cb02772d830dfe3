"""Tiny inferences with made-up weights, to see whether an engine computes on a device, and a clip to decode."""

from __future__ import annotations

import tempfile
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.runtime.devices import Device

_MELS, _WIDTH = 80, 64
_TOKENS = ["<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>", "<|nospeech|>", *"abcdefghijkl"]


def made_clip(folder: Path) -> Path:
    """A second of a tone at 44 100 Hz in two channels, as a wav."""
    import numpy as np

    tone = (8000 * np.sin(np.arange(44100) * 0.06)).astype("<i2")
    path = folder / "clip.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(np.repeat(tone, 2).tobytes())
    return path


def listen_with_torch(device: Device) -> str:
    """How long convolution, recurrence and product took on the device; raises RuntimeError if they go wrong.

    They are those of the networks that align and tell voices apart, and are compared with the processor's.
    """
    import torch

    began = time.perf_counter()
    torch.manual_seed(0)
    convolution = torch.nn.Conv1d(1, _WIDTH, 10, stride=5).eval()
    recurrence = torch.nn.LSTM(_WIDTH, _WIDTH, batch_first=True).eval()
    sound = torch.randn(2, 1, 1600)

    def hear(where: str) -> torch.Tensor:
        heard = convolution.to(where)(sound.to(where))
        states, _ = recurrence.to(where)(heard.transpose(1, 2))
        return torch.softmax(states @ states.transpose(1, 2), dim=-1).cpu()

    with torch.inference_mode():
        right, here = hear("cpu"), hear(str(device))
    if not torch.allclose(right, here, atol=1e-2):
        raise RuntimeError(f"{device} computes something else than the processor")
    return f"computed in {time.perf_counter() - began:.2f} s"


def listen_with_ctranslate2(device: Device) -> str:
    """How long a tiny Whisper took to write on the device; raises RuntimeError or ValueError if it fails."""
    import numpy as np

    if device.kind == "cuda":
        import torch  # noqa: F401  # before ctranslate2: it brings the cuDNN that both are to share
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
        sound = ctranslate2.StorageView.from_array(np.zeros((1, _MELS, 3000), dtype=np.float32))
        result = model.generate(sound, [[1]], beam_size=2, max_length=8)
    if not result or len(result[0].sequences_ids) != 1:
        raise RuntimeError(f"CTranslate2 writes nothing on {device}")
    return f"computed in {time.perf_counter() - began:.2f} s, in {compute_type}"


def _write_whisper(folder: Path) -> None:
    """Write a Whisper of one layer with random weights, as CTranslate2 reads it."""
    from ctranslate2.specs import WhisperSpec

    spec: Any = WhisperSpec(1, 1, 1, 1)
    encoder, decoder = spec.encoder, spec.decoder
    for layer, channels in ((encoder.conv1, _MELS), (encoder.conv2, _WIDTH)):
        layer.weight, layer.bias = _drawn(_WIDTH, channels, 3), _drawn(_WIDTH)
    encoder.position_encodings.encodings = _drawn(1500, _WIDTH)
    decoder.position_encodings.encodings = _drawn(448, _WIDTH)
    decoder.embeddings.weight = decoder.projection.weight = _drawn(len(_TOKENS), _WIDTH)
    for each in (encoder, decoder):
        block = each.layer[0]
        for norm in (each.layer_norm, block.self_attention.layer_norm, block.ffn.layer_norm):
            _normalize(norm)
        _connect(block.self_attention.linear, (3, 1))
        _connect((block.ffn.linear_0,), (4,))
        block.ffn.linear_1.weight, block.ffn.linear_1.bias = _drawn(_WIDTH, 4 * _WIDTH), _drawn(_WIDTH)
    _normalize(decoder.layer[0].attention.layer_norm)
    _connect(decoder.layer[0].attention.linear, (1, 2, 1))
    spec.register_vocabulary(_TOKENS)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def _normalize(norm: Any) -> None:
    """Give a normalisation its weights."""
    norm.gamma, norm.beta = _drawn(_WIDTH) + 1, _drawn(_WIDTH)


def _connect(layers: Sequence[Any], widths: Sequence[int]) -> None:
    """Give each linear layer its weights, so many times as wide as what comes in."""
    for layer, width in zip(layers, widths, strict=True):
        layer.weight, layer.bias = _drawn(width * _WIDTH, _WIDTH), _drawn(width * _WIDTH)


def _drawn(*shape: int) -> npt.NDArray[np.float32]:
    """Small random numbers, the same each time."""
    import numpy as np

    return (0.1 * np.random.default_rng(0).standard_normal(shape)).astype(np.float32)
