"""Aligners of the wav2vec2 family, from Transformers or torchaudio."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import torch
import torchaudio.pipelines
from safetensors import SafetensorError
from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

from meetscribe.errors import WeightsError, first_line
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES

_PADDED_LENGTH = 48_000  # samples; batches are padded to a multiple, since torch caches memory for each length
_MIN_SAMPLES = 400  # receptive field of the convolutions
_TORCHAUDIO_STRIDE = 320  # samples
_TRAINING_ONLY = {"wav2vec2.masked_spec_embed"}  # missing in some checkpoints
_BLANKS = ("[pad]", "<pad>")  # names of the blank in vocabularies of Transformers; in torchaudio, it is the first
_LOADING_ERRORS = (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, SafetensorError)


@dataclass(frozen=True, slots=True)
class Wav2Vec2:
    """A network on its device, with its vocabulary; the `Aligner` for models of Transformers and torchaudio.

    `stride` is the number of samples per frame, `huggingface` whether the network is of Transformers. `normalize` and
    `batched` depend on its training: whether clips must be scaled to zero mean and unit variance, and whether the
    network supports padding.
    """

    network: Any
    dictionary: Mapping[str, int]
    blank: int
    stride: int
    language: str
    model: str
    device: str
    huggingface: bool
    normalize: bool = False
    batched: bool = False

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Return the log probabilities `(frames, columns)` of each clip `(samples,)` at 16 000 Hz."""
        prepared = [self.prepare(clip) for clip in clips]
        if self.batched:
            return self._forward(prepared)
        return [log_probs for clip in prepared for log_probs in self._forward([clip])]

    def prepare(self, clip: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the clip, padded to at least one frame and, if the network requires it, normalised."""
        if self.normalize and len(clip):
            clip = (clip - clip.mean()) / np.sqrt(clip.var() + 1e-7)
        return np.pad(clip, (0, max(0, _MIN_SAMPLES - len(clip)))).astype(np.float32)

    def _forward(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Return the log probabilities of clips, computed in one batch, without padding frames."""
        length = max(len(clip) for clip in clips)
        if self.batched:
            length = -(-length // _PADDED_LENGTH) * _PADDED_LENGTH
        values = torch.zeros(len(clips), length)
        mask = torch.zeros(len(clips), length, dtype=torch.long)
        for row, clip in enumerate(clips):
            values[row, : len(clip)] = torch.from_numpy(clip)
            mask[row, : len(clip)] = 1
        with torch.inference_mode():
            logits = self._logits(values.to(self.device), mask)
            log_probs = torch.log_softmax(logits.float(), dim=-1).cpu().numpy()
        if not self.batched:
            return list(log_probs)
        frames = self.network._get_feat_extract_output_lengths(mask.sum(dim=1)).tolist()
        return [row[:count] for row, count in zip(log_probs, frames, strict=True)]

    def _logits(self, values: torch.Tensor, mask: torch.Tensor) -> Any:
        """Return the output `(clips, frames, columns)` of the network for `(clips, samples)`."""
        if not self.huggingface:
            return self.network(values)[0]
        if self.batched:
            return self.network(values, attention_mask=mask.to(self.device)).logits
        return self.network(values).logits


def load(model: str, language: str, device: str) -> Wav2Vec2:
    """Load an aligner from a directory, an id on the Hugging Face hub, a torchaudio bundle, or the file of a bundle.

    Raises WeightsError if it cannot be loaded.
    """
    name, folder = _torchaudio_bundle(model)
    try:
        if name in torchaudio.pipelines.__all__:
            return _from_torchaudio(name, folder, language, device)
        return _from_transformers(name, language, device)
    except _LOADING_ERRORS as error:
        raise WeightsError(
            f"the aligner {name} cannot be loaded: {first_line(error)}",
            "Check its name and the connection, or give the directory of a wav2vec2 model.",
        ) from error


def _torchaudio_bundle(model: str) -> tuple[str, str | None]:
    """Return the name of a torchaudio bundle and the folder of its file; for other models, the model and None.

    torchaudio would unpickle the file without restrictions, so WeightsError is raised if it contains more than weights.
    """
    path = Path(model).expanduser()
    names = {file: name for name, file in TORCHAUDIO_BUNDLES.items()}
    if path.name not in names or not path.is_file():
        return model, None
    try:
        torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(
            f"{path} is damaged, or contains more than weights: {first_line(error)}",
            "It was not loaded. Remove it, and fetch it again with: meetscribe weights pull " + names[path.name],
        ) from error
    return names[path.name], str(path.parent)


def _from_torchaudio(name: str, folder: str | None, language: str, device: str) -> Wav2Vec2:
    """Load a torchaudio bundle from a folder or torch's cache."""
    bundle = getattr(torchaudio.pipelines, name)
    network = bundle.get_model(dl_kwargs={"model_dir": folder}).to(device).eval()
    dictionary = {letter.lower(): column for column, letter in enumerate(bundle.get_labels())}
    return Wav2Vec2(
        network, dictionary, _blank(dictionary), _TORCHAUDIO_STRIDE, language, name, device, huggingface=False
    )


def _from_transformers(model: str, language: str, device: str) -> Wav2Vec2:
    """Load a model of Transformers; for a directory, the recorded name is its last component."""
    processor: Any = Wav2Vec2Processor.from_pretrained(model)  # type: ignore[no-untyped-call]
    network, loaded = cast("tuple[Any, Any]", Wav2Vec2ForCTC.from_pretrained(model, output_loading_info=True))
    if missing := sorted(set(loaded["missing_keys"]) - _TRAINING_ONLY):
        raise WeightsError(
            f"{model} is not an aligner: it lacks weights of a wav2vec2 CTC model, such as {missing[0]}",
            "Give a wav2vec2 model that was trained to recognise speech (CTC).",
        )
    dictionary = {letter.lower(): column for letter, column in processor.tokenizer.get_vocab().items()}
    return Wav2Vec2(
        network=network.to(device).eval(),
        dictionary=dictionary,
        blank=_blank(dictionary),
        stride=int(network.config.inputs_to_logits_ratio),
        language=language,
        model=Path(model).name if Path(model).is_dir() else model,
        device=device,
        huggingface=True,
        normalize=bool(getattr(processor.feature_extractor, "do_normalize", False)),
        # Networks with group normalisation have no attention mask: padding would change their output.
        batched=network.config.feat_extract_norm == "layer",
    )


def _blank(dictionary: Mapping[str, int]) -> int:
    """Return the column of the blank: that of a known name, otherwise the first column."""
    return next((dictionary[name] for name in _BLANKS if name in dictionary), 0)
