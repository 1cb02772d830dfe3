"""The catalogue of known models: ids, files, download sizes in MB, and licences.

The table of aligners by language is in `meetscribe.alignment.models`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from meetscribe.weights.sources.packages import MODELS
from meetscribe.weights.specification import Kind, ModelSpec

WHISPER: dict[str, tuple[str, int]] = {
    "tiny": ("Systran/faster-whisper-tiny", 78),
    "tiny.en": ("Systran/faster-whisper-tiny.en", 78),
    "base": ("Systran/faster-whisper-base", 148),
    "base.en": ("Systran/faster-whisper-base.en", 148),
    "small": ("Systran/faster-whisper-small", 486),
    "small.en": ("Systran/faster-whisper-small.en", 486),
    "medium": ("Systran/faster-whisper-medium", 1530),
    "medium.en": ("Systran/faster-whisper-medium.en", 1530),
    "large-v1": ("Systran/faster-whisper-large-v1", 3090),
    "large-v2": ("Systran/faster-whisper-large-v2", 3090),
    "large-v3": ("Systran/faster-whisper-large-v3", 3090),
    "large": ("Systran/faster-whisper-large-v3", 3090),
    "large-v3-turbo": ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620),
    "turbo": ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1620),
    "distil-small.en": ("Systran/faster-distil-whisper-small.en", 336),
    "distil-medium.en": ("Systran/faster-distil-whisper-medium.en", 792),
    "distil-large-v2": ("Systran/faster-distil-whisper-large-v2", 1515),
    "distil-large-v3": ("Systran/faster-distil-whisper-large-v3", 1515),
    "distil-large-v3.5": ("distil-whisper/distil-large-v3.5-ct2", 1515),
}
"""Whisper models for CTranslate2 by faster-whisper's names: id on the hub and size in MB. All are MIT."""

TRANSFORMERS_WHISPER: dict[str, tuple[str, int]] = {
    "tiny": ("openai/whisper-tiny", 154),
    "tiny.en": ("openai/whisper-tiny.en", 154),
    "base": ("openai/whisper-base", 293),
    "base.en": ("openai/whisper-base.en", 293),
    "small": ("openai/whisper-small", 970),
    "small.en": ("openai/whisper-small.en", 970),
    "medium": ("openai/whisper-medium", 3060),
    "medium.en": ("openai/whisper-medium.en", 3060),
    "large-v1": ("openai/whisper-large", 6180),
    "large-v2": ("openai/whisper-large-v2", 6180),
    "large-v3": ("openai/whisper-large-v3", 3090),
    "large": ("openai/whisper-large-v3", 3090),
    "large-v3-turbo": ("openai/whisper-large-v3-turbo", 1620),
    "turbo": ("openai/whisper-large-v3-turbo", 1620),
    "distil-small.en": ("distil-whisper/distil-small.en", 336),
    "distil-medium.en": ("distil-whisper/distil-medium.en", 792),
    "distil-large-v2": ("distil-whisper/distil-large-v2", 1515),
    "distil-large-v3": ("distil-whisper/distil-large-v3", 1515),
    "distil-large-v3.5": ("distil-whisper/distil-large-v3.5", 1515),
}
"""The same models in the layout of Transformers, the source of conversions for openai-whisper and MLX. All are MIT."""

MLX_WHISPER: dict[str, tuple[str, int]] = {
    "tiny": ("mlx-community/whisper-tiny-mlx", 75),
    "base": ("mlx-community/whisper-base-mlx", 144),
    "small": ("mlx-community/whisper-small-mlx", 481),
    "medium": ("mlx-community/whisper-medium-mlx", 1525),
    "large-v3": ("mlx-community/whisper-large-v3-mlx", 3080),
    "large": ("mlx-community/whisper-large-v3-mlx", 3080),
    "large-v3-turbo": ("mlx-community/whisper-large-v3-turbo", 1610),
    "turbo": ("mlx-community/whisper-large-v3-turbo", 1610),
}
"""Models published for MLX; the others are converted from the layout of Transformers. All are MIT."""

WHISPER_BY_LAYOUT: dict[str, dict[str, tuple[str, int]]] = {
    "ctranslate2": WHISPER,
    "transformers": TRANSFORMERS_WHISPER,
    "openai-whisper": TRANSFORMERS_WHISPER,
    "mlx": {**TRANSFORMERS_WHISPER, **MLX_WHISPER},
}
"""Whisper models by layout and name."""

TORCHAUDIO_BUNDLES: dict[str, str] = {
    "WAV2VEC2_ASR_BASE_10M": "wav2vec2_fairseq_base_ls960_asr_ll10m.pth",
    "WAV2VEC2_ASR_BASE_100H": "wav2vec2_fairseq_base_ls960_asr_ls100.pth",
    "WAV2VEC2_ASR_BASE_960H": "wav2vec2_fairseq_base_ls960_asr_ls960.pth",
    "WAV2VEC2_ASR_LARGE_10M": "wav2vec2_fairseq_large_ls960_asr_ll10m.pth",
    "WAV2VEC2_ASR_LARGE_100H": "wav2vec2_fairseq_large_ls960_asr_ls100.pth",
    "WAV2VEC2_ASR_LARGE_960H": "wav2vec2_fairseq_large_ls960_asr_ls960.pth",
    "WAV2VEC2_ASR_LARGE_LV60K_10M": "wav2vec2_fairseq_large_lv60k_asr_ll10m.pth",
    "WAV2VEC2_ASR_LARGE_LV60K_100H": "wav2vec2_fairseq_large_lv60k_asr_ls100.pth",
    "WAV2VEC2_ASR_LARGE_LV60K_960H": "wav2vec2_fairseq_large_lv60k_asr_ls960.pth",
    "HUBERT_ASR_LARGE": "hubert_fairseq_large_ll60k_asr_ls960.pth",
    "HUBERT_ASR_XLARGE": "hubert_fairseq_xlarge_ll60k_asr_ls960.pth",
    "VOXPOPULI_ASR_BASE_10K_DE": "wav2vec2_voxpopuli_base_10k_asr_de.pt",
    "VOXPOPULI_ASR_BASE_10K_EN": "wav2vec2_voxpopuli_base_10k_asr_en.pt",
    "VOXPOPULI_ASR_BASE_10K_ES": "wav2vec2_voxpopuli_base_10k_asr_es.pt",
    "VOXPOPULI_ASR_BASE_10K_FR": "wav2vec2_voxpopuli_base_10k_asr_fr.pt",
    "VOXPOPULI_ASR_BASE_10K_IT": "wav2vec2_voxpopuli_base_10k_asr_it.pt",
}
"""The file of each character-level ASR bundle of torchaudio."""

COMMUNITY_1 = "pyannote/speaker-diarization-community-1"
"""The diarization pipeline "community-1" on the hub; it is gated."""

EMBEDDER = "pyannote/wespeaker-voxceleb-resnet34-LM"
"""The embedder on the hub for the bundled pipeline; it needs no account."""

SEGMENTATION, CAMPPLUS = "segmentation-3.0", "campplus"
"""Models from a package for the bundled pipeline: a segmentation model other than its default, and an embedder."""

_TRANSFORMERS_WEIGHTS = "model.safetensors|model.safetensors.index.json|pytorch_model.bin"
_WHISPER_WEIGHTS = {
    "ctranslate2": f"model.bin|{_TRANSFORMERS_WEIGHTS}",
    "transformers": _TRANSFORMERS_WEIGHTS,
    "openai-whisper": _TRANSFORMERS_WEIGHTS,
    "mlx": f"weights.safetensors|weights.npz|{_TRANSFORMERS_WEIGHTS}",
}
_WHISPER_EXTRAS = (
    "model-*.safetensors",
    "generation_config.json",
    "preprocessor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocabulary.*",
    "vocab.json",
    "merges.txt",
    "normalizer.json",
)
_ALIGNER_FILES = (
    "config.json",
    "preprocessor_config.json",
    "vocab.json",
    "model.safetensors|model.safetensors.index.json|pytorch_model.bin",
)
_ALIGNER_EXTRAS = (
    "model-*.safetensors",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)
_PLDA_FILES = ("plda/plda.npz", "plda/xvec_transform.npz")
_COMMUNITY_1_FILES = (
    "config.yaml",
    "embedding/pytorch_model.bin",
    "segmentation/pytorch_model.bin",
    *_PLDA_FILES,
)
# pyannote.audio 4 loads community-1's PLDA for every pipeline, even if it is not used (pyannote-audio #2044).
_PIPELINES: dict[str, tuple[tuple[str, tuple[str, ...], int, str], ...]] = {
    COMMUNITY_1: ((COMMUNITY_1, _COMMUNITY_1_FILES, 33, "CC-BY-4.0"),),
    "pyannote/speaker-diarization-3.1": (
        ("pyannote/speaker-diarization-3.1", ("config.yaml",), 1, "MIT"),
        ("pyannote/segmentation-3.0", ("pytorch_model.bin",), 6, "MIT"),
        (COMMUNITY_1, _PLDA_FILES, 1, "CC-BY-4.0"),
    ),
}
"""The gated models of each known pipeline: id, files, size in MB and licence."""

_OTHER_MODELS = (
    "Or use the models of the Hugging Face hub: --set diarization.segmentation=segmentation-2021 "
    f"--set diarization.embedder={EMBEDDER}"
)
_NO_ACCOUNT = "diarization.pipeline=bundled needs no account."


def whisper_spec(model: str, stage: str = "asr", layout: str = "ctranslate2") -> ModelSpec:
    """Return the specification of a Whisper model, by a name such as "small", an id or a path.

    The model may be in `layout` or in the layout of Transformers.
    """
    names = WHISPER_BY_LAYOUT[layout]
    known = dict(names.values())
    model = names[model][0] if model in names else model
    repository = model.partition("@")[0]
    return ModelSpec(
        stage,
        model,
        files=("config.json", _WHISPER_WEIGHTS[layout]),
        optional=_WHISPER_EXTRAS,
        size_mb=known.get(repository),
        licence="MIT" if repository in known else None,
    )


def aligner_spec(
    model: str, kind: Kind | None = None, licence: str | None = None, stage: str = "alignment"
) -> ModelSpec:
    """Return the specification of an aligner: a bundle of torchaudio, or a wav2vec 2.0 model of Transformers.

    `model` is a name, an id or a path; without `kind`, the name of a bundle selects the bundle.
    """
    if kind is None:
        kind = "torchaudio" if model in TORCHAUDIO_BUNDLES else "huggingface"
    size = _aligner_size(model)
    if kind == "torchaudio":
        files = (TORCHAUDIO_BUNDLES.get(model, f"{model}.pth"),)
        return ModelSpec(stage, model, kind, files=files, size_mb=size, licence=licence or _bundle_licence(model))
    return ModelSpec(stage, model, kind, files=_ALIGNER_FILES, optional=_ALIGNER_EXTRAS, size_mb=size, licence=licence)


def _bundle_licence(bundle: str) -> str:
    """Return the licence of a bundle of torchaudio; models trained on VoxPopuli exclude commercial use."""
    return "CC-BY-NC-4.0" if bundle.startswith("VOXPOPULI") else "MIT"


def _aligner_size(model: str) -> int:
    """Return the approximate size of a wav2vec 2.0 model in MB, derived from its name."""
    name = model.lower()
    if "1b" in name or "xlarge" in name:
        return 3850
    return 378 if "base" in name else 1262


def pipeline_specs(pipeline: str, stage: str = "diarization") -> tuple[ModelSpec, ...]:
    """Return the specifications of a pyannote.audio pipeline (id or path) and of the models that it loads by id.

    "community-1" is short for its id. "bundled" is not a pyannote.audio pipeline and has none. For an unknown pipeline,
    only its configuration is returned.
    """
    if pipeline == "bundled":
        return ()
    if pipeline == "community-1":
        pipeline = COMMUNITY_1
    if pipeline not in _PIPELINES:
        return (ModelSpec(stage, pipeline, setting="pipeline", files=("config.yaml",)),)
    specs = [
        ModelSpec(stage, model, setting="pipeline" if model == pipeline else "", files=files, size_mb=size,
                  licence=licence, gated=True, by_name=model != pipeline, alternative=_NO_ACCOUNT)
        for model, files, size, licence in _PIPELINES[pipeline]
    ]  # fmt: skip
    return (*specs, *([] if pipeline == COMMUNITY_1 else [embedder_spec(EMBEDDER, stage, setting="")]))


def embedder_spec(model: str = EMBEDDER, stage: str = "diarization", setting: str = "embedder") -> ModelSpec:
    """Return the specification of a speaker embedder, by a name such as "campplus", an id or a path."""
    if model in MODELS:
        return _packaged_spec(model, stage, setting)
    known = model.partition("@")[0] == EMBEDDER
    is_directory = Path(model).expanduser().is_dir()  # perhaps that of CAM++, written by `weights pull --to`
    return ModelSpec(
        stage,
        model,
        setting=setting,
        files=(f"pytorch_model.bin|{MODELS[CAMPPLUS].files[0].name}" if is_directory else "pytorch_model.bin",),
        optional=("meetscribe.json",),
        size_mb=27 if known else None,
        licence="CC-BY-4.0" if known else None,
        by_name=not setting,  # the pipeline that requires it loads it by its id
    )


def segmentation_spec(model: str, stage: str = "diarization", setting: str = "segmentation") -> ModelSpec:
    """Return the specification of a segmentation model, by a name such as "segmentation-3.0", an id or a path."""
    if model in MODELS:
        return _packaged_spec(model, stage, setting)
    return ModelSpec(stage, model, setting=setting, files=("pytorch_model.bin",))


def _packaged_spec(model: str, stage: str, setting: str) -> ModelSpec:
    """Return the specification of a model in a package."""
    known = MODELS[model]
    files = tuple(file.name for file in known.files)
    spec = ModelSpec(stage, model, "package", setting, files, size_mb=known.size_mb, licence=known.licence)
    return replace(spec, package_page=known.page, alternative=_OTHER_MODELS)
