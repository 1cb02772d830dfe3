"""Keeping a pipeline of pyannote.audio from running what its files name; how it is loaded is in pretrained.

A pipeline's config.yaml names classes to be called, and its models are pickles, which pyannote.audio reads with
`weights_only=False`: either may run anything. Here only classes of pyannote.audio's pipelines may be named, and the
models are read as those of the bundled pipeline are, by `load_checkpoint`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meetscribe.errors import WeightsError
from meetscribe.segmentation import load_checkpoint

CLASSES = "pyannote.audio.pipelines."
"""Where a pipeline's class must come from."""

_FOREIGN = ("speechbrain", "nvidia")  # embeddings by names such as these are loaded by other packages
_ALLOW = "Load it all the same with --set diarization.allow_code=true, if you know whose it is and trust them."


def check_configuration(configuration: Any, name: str) -> None:
    """Raise WeightsError if a pipeline's configuration names code that is not pyannote.audio's."""
    pipeline = configuration["pipeline"]
    foreign = [str(pipeline["name"])] if not str(pipeline["name"]).startswith(CLASSES) else []
    foreign += [f"preprocessors: {key}" for key in configuration.get("preprocessors") or ()]
    embedding = str((pipeline.get("params") or {}).get("embedding", ""))
    foreign += [embedding] if any(word in embedding.lower() for word in _FOREIGN) else []
    if foreign:
        raise WeightsError(f"{name} asks for code that is not pyannote.audio's: {', '.join(foreign)}", _ALLOW)


@contextmanager
def weights_only() -> Iterator[None]:
    """Meanwhile models of pyannote.audio are read without running code from them, wherever it loads one itself.

    Process-wide while it lasts. What loads a model raises WeightsError if it holds more than weights.
    """
    import pyannote.audio

    model: Any = pyannote.audio.Model
    original = model.__dict__["from_pretrained"]

    def from_pretrained(cls: Any, /, checkpoint: Any, **options: Any) -> Any:
        if isinstance(checkpoint, io.BytesIO):  # load_checkpoint's own
            return original.__func__(cls, checkpoint, **options)
        path = _file(str(checkpoint), options)
        try:
            return load_checkpoint(path)
        except WeightsError as error:
            raise WeightsError(error.message, f"{error.remedy}\n{_ALLOW}".strip()) from error

    model.from_pretrained = classmethod(from_pretrained)
    try:
        yield
    finally:
        model.from_pretrained = original


def _file(checkpoint: str, options: dict[str, Any]) -> Path:
    """The file of a model: a path, in a directory, or of the hub."""
    from pyannote.audio.utils.hf_hub import AssetFileName, download_from_hf_hub

    path, folder = Path(checkpoint), options.get("subfolder") or ""
    if path.is_file():
        return path
    if path.is_dir():
        return path / folder / AssetFileName.Model.value
    where = {key: options.get(key) for key in ("subfolder", "revision", "cache_dir", "token")}
    return Path(str(download_from_hf_hub(checkpoint, AssetFileName.Model, **where)))
