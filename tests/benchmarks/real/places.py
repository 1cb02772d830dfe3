"""Where the real weights, the recordings and the stored results lie, and how to get what is missing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_ABOVE = Path(__file__).parents[4]  # the folder that contains the repository


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of real weights, which also holds made recordings and results, and the folder of recordings."""

    real: Path
    data: Path

    @classmethod
    def default(cls) -> Places:
        """Return the folders of the environment: $MEETSCRIBE_REAL and $MEETSCRIBE_REAL_DATA, or their defaults."""
        home = Path.home() / ".cache" / "meetscribe-real"
        return cls(
            Path(os.environ.get("MEETSCRIBE_REAL", home)),
            Path(os.environ.get("MEETSCRIBE_REAL_DATA", _ABOVE / "shared" / "data")),
        )

    @property
    def made(self) -> Path:
        """The folder of the recordings that `make` assembles."""
        return self.real / "made"

    @property
    def noises(self) -> Path:
        """The folder of the recordings without speech."""
        return self.real / "noises"

    @property
    def results(self) -> Path:
        """The folder of the stored results."""
        return self.real / "results"

    def model(self, name: str) -> Path:
        """Return the directory of a model, which may also be given as a path."""
        return Path(name) if Path(name).is_dir() else self.real / name

    def missing(self, model: str) -> str | None:
        """Return what is missing for a run with a model, and how to get it; None if nothing is."""
        if not (self.model(model) / "model.bin").is_file():
            return (
                f"skipped: no weights in {self.model(model)}\n"
                "Put a Whisper model in CTranslate2's layout there (model.bin, config.json, tokenizer.json and its "
                "vocabulary),\nor name its directory: --model DIRECTORY. $MEETSCRIBE_REAL moves the folder of weights."
            )
        if not self.data.is_dir():
            return (
                f"skipped: no recordings in {self.data}\n"
                "Name the folder that has ami-excerpts/, languages/, librispeech-speakers/ and speech/: --data FOLDER "
                "or $MEETSCRIBE_REAL_DATA."
            )
        return None
