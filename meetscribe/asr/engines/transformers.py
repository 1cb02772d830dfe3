"""The engine "transformers": any Whisper model of Hugging Face Transformers, including fine-tuned ones."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from meetscribe.asr.engines import cross_attention
from meetscribe.asr.engines.sampling import TokenSampler
from meetscribe.asr.engines.torch_device import place_on_torch
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.tokens import prompt_tokens
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import WeightsError, first_line
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.threads import use_torch_threads
from meetscribe.text.languages import NAMES
from meetscribe.transcript import AsrRecord

if TYPE_CHECKING:
    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_COMPUTE_TYPES = {
    "cpu": ("float32", "bfloat16"),
    "cuda": ("float16", "bfloat16", "float32"),
    "mps": ("float16", "float32"),
}
_MULTILINGUAL = 51865  # the smallest vocabulary of a multilingual model


class TransformersWhisper(WhisperEngine):
    """Reports log probabilities and no-speech probabilities, and word times if the model lists its alignment heads."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model from a directory or the hub.

        Raises SettingsError for unsupported settings, WeightsError if the model cannot be loaded.
        """
        telemetry.switch_off()
        placement = place_on_torch(settings, device, _COMPUTE_TYPES, "transformers")
        self._device = placement.device
        self._threads = plan.threads
        self._model, self._backend, self._extractor = _load(settings.model, placement.device, placement.compute_type)
        self._config = self._model.generation_config
        self._multilingual = bool(
            getattr(self._config, "is_multilingual", self._model.config.vocab_size >= _MULTILINGUAL)
        )
        record = AsrRecord(
            version=version("transformers"), device=placement.device, compute_type=placement.compute_type
        )
        super().__init__(settings, self._known_languages(), record)
        self._notices = placement.notices

    def _known_languages(self) -> tuple[str, ...]:
        """Return the languages that the model lists, else all languages with a token."""
        if not self._multilingual:
            return ("en",)
        listed = getattr(self._config, "lang_to_id", None) or {}
        return tuple(
            code
            for code in NAMES
            if self._backend.token_to_id(f"<|{code}|>") is not None and (not listed or f"<|{code}|>" in listed)
        )

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        tokens = [self._backend.token_to_id(f"<|{code}|>") for code in self.languages]
        start = torch.full((len(clips), 1), self._backend.token_to_id("<|startoftranscript|>"), device=self._device)
        with torch.inference_mode(), use_torch_threads(self._threads):
            logits = self._model(encoder_outputs=self._encode(clips), decoder_input_ids=start).logits
            probabilities = logits[:, 0, tokens].float().softmax(dim=-1)
        return [dict(zip(self.languages, row, strict=True)) for row in probabilities.tolist()]

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], options: DecodingOptions) -> list[DecodingResult]:
        if options.temperature > 0 and len(clips) > 1:
            return [result for clip in clips for result in self._decode([clip], options)]
        tokenizer = self._tokenizer(options)
        hints = prompt_tokens(self._encode_text, options)
        prompt = [*([tokenizer.sot_prev, *hints] if hints else []), *tokenizer.sot_sequence, tokenizer.no_timestamps]
        with torch.inference_mode(), use_torch_threads(self._threads):
            encoded = self._encode(clips)
            texts = self._generate(encoded, prompt, len(clips), tokenizer, options)
            heads = getattr(self._config, "alignment_heads", None) if options.word_times else None
            scored = cross_attention.score_texts(self._model, encoded, prompt, texts, tokenizer.eot, heads)
        results = []
        for clip, scored_text in zip(clips, scored, strict=True):
            text = tokenizer.decode(scored_text.tokens).strip()
            words = scored_text.words(tokenizer, len(clip) / SAMPLE_RATE)
            no_speech = scored_text.probability(prompt.index(tokenizer.sot), tokenizer.no_speech)
            results.append(DecodingResult(text, words, scored_text.log_probability, no_speech))
        return results

    def _generate(
        self, encoded: Any, prompt: Sequence[int], count: int, tokenizer: Any, options: DecodingOptions
    ) -> list[list[int]]:
        """Return the tokens of each clip after the prompt, without the end of the text."""
        from transformers import GenerationMixin, LogitsProcessorList

        sampling = [_sampling(TokenSampler(options.temperature, options.seed))] if options.temperature else []
        # Not Whisper's own `generate`: it has a temperature fallback, which is part of quality control here.
        written: Any = GenerationMixin.generate(
            self._model,
            encoder_outputs=encoded,
            attention_mask=torch.ones(encoded.last_hidden_state.shape[:2], device=self._device),
            decoder_input_ids=torch.tensor([list(prompt)] * count, device=self._device),
            generation_config=self._generation_config(len(prompt), tokenizer, options),
            use_model_defaults=False,
            logits_processor=LogitsProcessorList(sampling),
        )
        rows = [row[len(prompt) :] for row in written.tolist()]
        return [row[: row.index(tokenizer.eot)] if tokenizer.eot in row else row for row in rows]

    def _generation_config(self, prompt_length: int, tokenizer: Any, options: DecodingOptions) -> Any:
        """Return the configuration of the model, changed for the options and the length of the prompt."""
        config = copy.deepcopy(self._config)
        numerals = self._suppressed_numerals(options, tokenizer.decode, tokenizer.eot)
        limit = self._model.config.max_target_positions
        config.update(
            forced_decoder_ids=None,
            decoder_start_token_id=tokenizer.sot,
            eos_token_id=tokenizer.eot,
            pad_token_id=tokenizer.eot,
            suppress_tokens=[*(config.suppress_tokens or []), *numerals],
            num_beams=1 if options.temperature else options.beam_size,
            do_sample=False,
            max_length=None,
            max_new_tokens=min(limit // 2, limit - prompt_length),
        )
        return config

    def _encode(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """Return the encoder output of the clips, each padded with silence to 30 s."""
        features: Tensor = self._extractor(list(clips), sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
        return self._model.get_encoder()(features.to(self._device, self._model.dtype))

    def _tokenizer(self, options: DecodingOptions) -> Any:
        """Return a tokenizer for the language and the task."""
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(self._backend, self._multilingual, task=options.task, language=options.language)


def _sampling(sampler: TokenSampler) -> Any:
    """Return a logits processor that leaves only the sampled token possible, for one clip."""
    from transformers import LogitsProcessor

    class Sampling(LogitsProcessor):
        """Samples the next token."""

        def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
            only = torch.full_like(scores, float("-inf"))
            only[0, sampler.sample(scores[0].float().cpu().numpy()).token] = 0.0
            return only

    return Sampling()


def _load(model: str, device: str, compute_type: str) -> tuple[Any, Any, Any]:
    """Load the model, its tokenizer (from the package `tokenizers`), and its feature extractor.

    Raises WeightsError if they cannot be loaded.
    """
    try:
        with silence.loading():
            from safetensors import SafetensorError
            from transformers import AutoTokenizer, WhisperForConditionalGeneration

            loaded: Any = WhisperForConditionalGeneration.from_pretrained(
                model,
                dtype=getattr(torch, compute_type),
                attn_implementation="eager",  # the only implementation that returns the attention
            )
            tokenizer: Any = AutoTokenizer
            backend = tokenizer.from_pretrained(model).backend_tokenizer
            extractor = _feature_extractor(model, loaded.config.num_mel_bins)
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(
            f"the Whisper model {model} cannot be loaded: {first_line(error)}",
            "Check its name and the connection, or give a directory as Transformers saves it.",
        ) from error
    return loaded.to(device).eval(), backend, extractor


def _feature_extractor(model: str, bands: int) -> Any:
    """Return the feature extractor of a model; a directory without one gets the default with `bands` mel bands."""
    from transformers import WhisperFeatureExtractor

    extractor: Any = WhisperFeatureExtractor
    if Path(model).is_dir() and not (Path(model) / "preprocessor_config.json").is_file():
        return extractor(feature_size=bands)
    return extractor.from_pretrained(model)
