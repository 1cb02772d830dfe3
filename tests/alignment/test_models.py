"""Every language of whisperX has an aligner, and the table in the README is complete."""

from __future__ import annotations

from pathlib import Path

import whisperx.alignment

import meetscribe.alignment
from meetscribe.alignment import ALIGNERS, default_aligner

README = Path(meetscribe.alignment.__file__).with_name("README.md")


def test_no_default_excludes_commercial_use() -> None:
    """The torchaudio bundles under CC-BY-NC are replaced; every language of whisperX has an aligner."""
    assert not any("VOXPOPULI" in aligner.model for aligner in ALIGNERS.values())
    theirs = {**whisperx.alignment.DEFAULT_ALIGN_MODELS_HF, **whisperx.alignment.DEFAULT_ALIGN_MODELS_TORCH}
    assert set(ALIGNERS) == set(theirs)
    replaced = {language for language, model in theirs.items() if ALIGNERS[language].model != model}
    assert replaced == {"en", "fr", "de", "es", "it"}
    assert default_aligner("de") == ALIGNERS["de"]


def test_the_table_in_the_readme_lists_all_aligners() -> None:
    """Each language has one row with its model and licence, in the order of the code."""
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if "https://huggingface.co/" in line]
    assert rows == [
        f"| `{language}` | [`{each.model}`](https://huggingface.co/{each.model}) | {each.licence or 'see its page'} |"
        for language, each in ALIGNERS.items()
    ]
