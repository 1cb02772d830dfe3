"""Networks of the wav2vec2 family as aligners, of Transformers or torchaudio; what they are for is in aligning."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from meetscribe.alignment.models import default_aligner
from meetscribe.errors import WeightsError, first_line
from meetscribe.runtime import silence, telemetry
from meetscribe.weights.catalogue import TORCHAUDIO_BUNDLES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from meetscribe.runtime.devices import Device

_GRID = 48_000  # samples, 3 s, to a multiple of which batches are filled up
_SHORTEST = 400  # samples that the first layers of every wav2vec2 need for a frame
_TORCHAUDIO_STRIDE = 320
_UNUSED = {"wav2vec2.masked_spec_embed"}  # by training only, and missing in some models
_BLANKS = ("[pad]", "<pad>")  # what the vocabularies call it; torchaudio's bundles have it first


@dataclass(frozen=True, slots=True)
class Wav2Vec2:
    """A network on its device, with its letters; `normalize` and `batched` say how it learned to listen."""

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
        """The log probabilities `(frames, columns)` of each clip `(samples,)` at 16 000 Hz."""
        prepared = [self._prepare(clip) for clip in clips]
        if self.batched:
            return self._hear(prepared)
        return [heard for clip in prepared for heard in self._hear([clip])]

    def _prepare(self, clip: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The clip long enough for a frame, and of zero mean and unit variance where the network wants it."""
        import numpy as np

        if self.normalize and len(clip):
            clip = (clip - clip.mean()) / np.sqrt(clip.var() + 1e-7)
        return np.pad(clip, (0, max(0, _SHORTEST - len(clip)))).astype(np.float32)

    def _hear(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """The log probabilities of clips in one pass, those of the padding cut off."""
        import torch

        longest = max(len(clip) for clip in clips)
        if self.batched:  # torch keeps memory for each length that it has met
            longest = -(-longest // _GRID) * _GRID
        values = torch.zeros(len(clips), longest)
        mask = torch.zeros(len(clips), longest, dtype=torch.long)
        for row, clip in enumerate(clips):
            values[row, : len(clip)] = torch.from_numpy(clip)
            mask[row, : len(clip)] = 1
        with torch.inference_mode():
            if not self.huggingface:
                logits = self.network(values.to(self.device))[0]
            elif self.batched:
                logits = self.network(values.to(self.device), attention_mask=mask.to(self.device)).logits
            else:
                logits = self.network(values.to(self.device)).logits
            heard = torch.log_softmax(logits.float(), dim=-1).cpu().numpy()
        if not self.batched:
            return list(heard)
        frames = self.network._get_feat_extract_output_lengths(mask.sum(dim=1)).tolist()
        return [row[:count] for row, count in zip(heard, frames, strict=True)]


def load_aligner(model: str, language: str, device: Device) -> Wav2Vec2 | None:
    """The aligner `model` (a directory, a hub id, a torchaudio bundle or its file) for a language, on `device`.

    "auto" is the one in `ALIGNERS`, None if it has none for the language. Raises WeightsError if the model
    cannot be loaded.
    """
    if model == "auto":
        default = default_aligner(language)
        if default is None:
            return None
        model = default.model
    telemetry.switch_off()
    with silence.loading():
        import torchaudio.pipelines
        from safetensors import SafetensorError

        name, folder = _bundle(model)
        try:
            if name in torchaudio.pipelines.__all__:
                return _of_torchaudio(name, folder, language, str(device))
            return _of_transformers(name, language, str(device))
        except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, SafetensorError) as error:
            raise WeightsError(
                f"the aligner {name} cannot be loaded: {first_line(error)}",
                "Check its name and the connection, or give the directory of a wav2vec2 model.",
            ) from error


def _bundle(model: str) -> tuple[str, str | None]:
    """The name of a model, and the folder of its file if it is one of a bundle; else the model alone.

    torchaudio would unpickle the file whatever it holds: raises WeightsError if that is more than weights.
    """
    path = Path(model).expanduser()
    names = {file: name for name, file in TORCHAUDIO_BUNDLES.items()}
    if path.name not in names or not path.is_file():
        return model, None
    import torch

    try:
        torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(
            f"{path} is damaged, or holds more than weights: {first_line(error)}",
            "It was not loaded. Remove it, and fetch it again with: meetscribe weights pull " + names[path.name],
        ) from error
    return names[path.name], str(path.parent)


def _of_torchaudio(name: str, folder: str | None, language: str, device: str) -> Wav2Vec2:
    """A bundle of torchaudio, its file in a folder or in torch's cache."""
    import torchaudio.pipelines

    bundle = getattr(torchaudio.pipelines, name)
    network = bundle.get_model(dl_kwargs={"model_dir": folder}).to(device).eval()
    dictionary = {letter.lower(): column for column, letter in enumerate(bundle.get_labels())}
    return Wav2Vec2(network, dictionary, _blank(dictionary), _TORCHAUDIO_STRIDE, language, name, device, False)


def _of_transformers(model: str, language: str, device: str) -> Wav2Vec2:
    """A model of Transformers, with what its configuration says of it; of its path only the last part is kept."""
    from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

    processor: Any = Wav2Vec2Processor.from_pretrained(model)  # type: ignore[no-untyped-call]
    network, loaded = cast("tuple[Any, Any]", Wav2Vec2ForCTC.from_pretrained(model, output_loading_info=True))
    if missing := sorted(set(loaded["missing_keys"]) - _UNUSED):
        raise WeightsError(
            f"{model} is no aligner: a wav2vec2 that writes letters has weights that it lacks, such as {missing[0]}",
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
        # Networks with group normalisation know no mask: padding would change what they hear.
        batched=network.config.feat_extract_norm == "layer",
    )


def _blank(dictionary: Mapping[str, int]) -> int:
    """The column for no letter."""
    return next((dictionary[name] for name in _BLANKS if name in dictionary), 0)
