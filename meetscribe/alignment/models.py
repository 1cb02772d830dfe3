"""The default aligner of each language, with its licence.

To add a language, add a row here and to the table in README.md, which lists the requirements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["huggingface", "torchaudio"]


@dataclass(frozen=True, slots=True)
class AlignerModel:
    """A wav2vec2 network: its id on the Hugging Face hub or the name of a torchaudio bundle.

    `licence` is an SPDX identifier; None if it was not checked: see the model's page.
    """

    model: str
    kind: Kind = "huggingface"
    licence: str | None = None


def _apache(model: str) -> AlignerModel:
    """Return a model on the Hugging Face hub under the Apache licence."""
    return AlignerModel(model, licence="Apache-2.0")


# The models of whisperX, except for its torchaudio bundles. The English model is the same network from the hub, which
# has a hash and is not a pickle. The bundles for French, German, Spanish and Italian (VOXPOPULI_ASR_BASE_10K_*) exclude
# commercial use (CC-BY-NC-4.0).
ALIGNERS: dict[str, AlignerModel] = {
    "en": _apache("facebook/wav2vec2-base-960h"),
    "fr": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-french"),
    "de": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-german"),
    "es": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-spanish"),
    "it": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-italian"),
    "ja": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-japanese"),
    "zh": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-chinese-zh-cn"),
    "nl": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-dutch"),
    "pt": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-portuguese"),
    "ar": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-arabic"),
    "ru": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-russian"),
    "pl": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-polish"),
    "hu": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-hungarian"),
    "fi": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-finnish"),
    "fa": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-persian"),
    "el": _apache("jonatasgrosman/wav2vec2-large-xlsr-53-greek"),
    "uk": AlignerModel("Yehor/wav2vec2-xls-r-300m-uk-with-small-lm"),
    "cs": AlignerModel("comodoro/wav2vec2-xls-r-300m-cs-250"),
    "tr": AlignerModel("mpoyraz/wav2vec2-xls-r-300m-cv7-turkish"),
    "da": AlignerModel("saattrupdan/wav2vec2-xls-r-300m-ftspeech"),
    "he": AlignerModel("imvladikon/wav2vec2-xls-r-300m-hebrew"),
    "vi": AlignerModel("nguyenvulebinh/wav2vec2-base-vi-vlsp2020", licence="CC-BY-NC-4.0"),
    "ko": AlignerModel("kresnik/wav2vec2-large-xlsr-korean"),
    "ur": AlignerModel("kingabzpro/wav2vec2-large-xls-r-300m-Urdu"),
    "te": AlignerModel("anuragshas/wav2vec2-large-xlsr-53-telugu"),
    "hi": AlignerModel("theainerd/Wav2Vec2-large-xlsr-hindi"),
    "ca": AlignerModel("softcatala/wav2vec2-large-xlsr-catala"),
    "ml": AlignerModel("gvs/wav2vec2-large-xlsr-malayalam"),
    "no": AlignerModel("NbAiLab/nb-wav2vec2-1b-bokmaal-v2"),
    "nn": AlignerModel("NbAiLab/nb-wav2vec2-1b-nynorsk"),
    "sk": AlignerModel("comodoro/wav2vec2-xls-r-300m-sk-cv8"),
    "sl": AlignerModel("anton-l/wav2vec2-large-xlsr-53-slovenian"),
    "hr": AlignerModel("classla/wav2vec2-xls-r-parlaspeech-hr"),
    "ro": AlignerModel("gigant/romanian-wav2vec2"),
    "eu": AlignerModel("stefan-it/wav2vec2-large-xlsr-53-basque"),
    "gl": AlignerModel("ifrz/wav2vec2-large-xlsr-galician"),
    "ka": AlignerModel("xsway/wav2vec2-large-xlsr-georgian"),
    "lv": AlignerModel("jimregan/wav2vec2-large-xlsr-latvian-cv"),
    "tl": AlignerModel("Khalsuu/filipino-wav2vec2-l-xls-r-300m-official"),
    "sv": AlignerModel("KBLab/wav2vec2-large-voxrex-swedish"),
    "id": AlignerModel("cahya/wav2vec2-large-xlsr-indonesian"),
}
"""The aligner of each language, by Whisper's language code."""


def default_aligner(language: str) -> AlignerModel | None:
    """Return the aligner for "auto" in a language, None if there is none."""
    return ALIGNERS.get(language)
