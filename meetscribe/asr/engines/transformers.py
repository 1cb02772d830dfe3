"""Recognition with any Whisper of Hugging Face Transformers, fine-tuned ones included; recordings are recognition's."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from meetscribe.asr.engines import cross_attention
from meetscribe.asr.engines.sampling import TokenSampler
from meetscribe.asr.engines.torch_device import place
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.asr.whisper.base import WhisperEngine
from meetscribe.asr.whisper.languages import LANGUAGES
from meetscribe.asr.whisper.tokens import prompt_tokens
from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import WeightsError, first_line
from meetscribe.runtime import silence, telemetry
from meetscribe.runtime.threads import use_torch_threads

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

    from meetscribe.asr.planning import DecodingPlan
    from meetscribe.asr.settings import AsrSettings
    from meetscribe.runtime.devices import Device

_COMPUTE_TYPES = {
    "cpu": ("float32", "bfloat16"),
    "cuda": ("float16", "bfloat16", "float32"),
    "mps": ("float16", "float32"),
}
_MULTILINGUAL = 51865  # tokens, at least


class TransformersWhisper(WhisperEngine):
    """The engine "transformers": with word times if the model says which heads tell them."""

    def __init__(self, settings: AsrSettings, device: Device, plan: DecodingPlan) -> None:
        """Load the model from a directory or the hub.

        Raises SettingsError for what it cannot do, WeightsError if it cannot be loaded.
        """
        telemetry.switch_off()
        placement = place(settings, device, _COMPUTE_TYPES, "transformers")
        self._device = placement.device
        self._threads = plan.threads
        self._model, self._backend, self._extractor = _load(settings.model, placement.device, placement.compute_type)
        self._config = self._model.generation_config
        self._multilingual = bool(
            getattr(self._config, "is_multilingual", self._model.config.vocab_size >= _MULTILINGUAL)
        )
        made_by = {
            "version": version("transformers"),
            "device": placement.device,
            "compute_type": placement.compute_type,
        }
        super().__init__(settings, self._known_languages(), made_by)
        self._notices = placement.notices

    def _known_languages(self) -> tuple[str, ...]:
        """The languages that the model lists, else all that it has a token for."""
        if not self._multilingual:
            return ("en",)
        listed = getattr(self._config, "lang_to_id", None) or {}
        return tuple(
            code
            for code in LANGUAGES
            if self._backend.token_to_id(f"<|{code}|>") is not None and (not listed or f"<|{code}|>" in listed)
        )

    def _encode_text(self, text: str) -> Sequence[int]:
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def _detect(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, float]]:
        import torch

        tokens = [self._backend.token_to_id(f"<|{code}|>") for code in self.languages]
        start = torch.full((len(clips), 1), self._backend.token_to_id("<|startoftranscript|>"), device=self._device)
        with torch.inference_mode(), use_torch_threads(self._threads):
            logits = self._model(encoder_outputs=self._encoded(clips), decoder_input_ids=start).logits
            shares = logits[:, 0, tokens].float().softmax(dim=-1)
        return [dict(zip(self.languages, row, strict=True)) for row in shares.tolist()]

    def _decode(self, clips: Sequence[npt.NDArray[np.float32]], decoding: DecodingOptions) -> list[DecodingResult]:
        if decoding.temperature > 0 and len(clips) > 1:
            return [heard for clip in clips for heard in self._decode([clip], decoding)]
        import torch

        tokenizer = self._tokenizer(decoding)
        hints = prompt_tokens(self._encode_text, decoding)
        prompt = [*([tokenizer.sot_prev, *hints] if hints else []), *tokenizer.sot_sequence, tokenizer.no_timestamps]
        with torch.inference_mode(), use_torch_threads(self._threads):
            encoded = self._encoded(clips)
            texts = self._generate(encoded, prompt, len(clips), tokenizer, decoding)
            heads = getattr(self._config, "alignment_heads", None) if decoding.word_times else None
            reading = cross_attention.read(self._model, encoded, prompt, texts, tokenizer.eot, heads)
        found = []
        for clip, tokens, row in zip(clips, texts, reading, strict=True):
            words = row.words(tokenizer, len(clip) / SAMPLE_RATE)
            no_speech_probability = float(row.probability(prompt.index(tokenizer.sot), tokenizer.no_speech))
            found.append(
                DecodingResult(tokenizer.decode(tokens).strip(), words, row.log_probability, no_speech_probability)
            )
        return found

    def _generate(
        self, encoded: Any, prompt: Sequence[int], count: int, tokenizer: Any, decoding: DecodingOptions
    ) -> list[list[int]]:
        """The tokens of each clip behind the prompt, up to the end of the text."""
        import torch
        from transformers import GenerationMixin, LogitsProcessorList

        config = copy.deepcopy(self._config)
        numerals = self._suppressed_numerals(decoding, tokenizer.decode, tokenizer.eot)
        limit = self._model.config.max_target_positions
        config.update(
            forced_decoder_ids=None,
            decoder_start_token_id=tokenizer.sot,
            eos_token_id=tokenizer.eot,
            pad_token_id=tokenizer.eot,
            suppress_tokens=[*(config.suppress_tokens or []), *numerals],
            num_beams=1 if decoding.temperature else decoding.beam_size,
            do_sample=False,
            max_length=None,
            max_new_tokens=min(limit // 2, limit - len(prompt)),
        )
        drawing = [_drawing(TokenSampler(decoding.temperature, decoding.seed))] if decoding.temperature else []
        # Whisper's own generate would decode again what it finds bad, which is recognition's to decide.
        written: Any = GenerationMixin.generate(
            self._model,
            encoder_outputs=encoded,
            attention_mask=torch.ones(encoded.last_hidden_state.shape[:2], device=self._device),
            decoder_input_ids=torch.tensor([list(prompt)] * count, device=self._device),
            generation_config=config,
            use_model_defaults=False,
            logits_processor=LogitsProcessorList(drawing),
        )
        rows = [row[len(prompt) :] for row in written.tolist()]
        return [row[: row.index(tokenizer.eot)] if tokenizer.eot in row else row for row in rows]

    def _encoded(self, clips: Sequence[npt.NDArray[np.float32]]) -> Any:
        """What the encoder makes of the clips, each followed by silence up to 30 s."""
        features: Tensor = self._extractor(list(clips), sampling_rate=SAMPLE_RATE, return_tensors="pt").input_features
        return self._model.get_encoder()(features.to(self._device, self._model.dtype))

    def _tokenizer(self, decoding: DecodingOptions) -> Any:
        """A tokenizer for the language and the task."""
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(self._backend, self._multilingual, task=decoding.task, language=decoding.language)


def _drawing(drawer: TokenSampler) -> Any:
    """What makes a token that is drawn the only possible one, for one clip."""
    import torch
    from transformers import LogitsProcessor

    class Drawing(LogitsProcessor):
        """Draws the next token."""

        def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
            only = torch.full_like(scores, float("-inf"))
            only[0, drawer.draw(scores[0].float().cpu().numpy()).token] = 0.0
            return only

    return Drawing()


def _load(model: str, device: str, compute_type: str) -> tuple[Any, Any, Any]:
    """The model, its tokenizer without Transformers' wrapping, and what makes its spectrograms.

    Raises WeightsError if they cannot be loaded.
    """
    try:
        with silence.loading():
            import torch
            from safetensors import SafetensorError
            from transformers import AutoTokenizer, WhisperFeatureExtractor, WhisperForConditionalGeneration

            loaded: Any = WhisperForConditionalGeneration.from_pretrained(
                model,
                dtype=getattr(torch, compute_type),
                attn_implementation="eager",  # the only one that shows its attention
            )
            tokenizer: Any = AutoTokenizer
            backend = tokenizer.from_pretrained(model).backend_tokenizer
            features: Any = WhisperFeatureExtractor
            if Path(model).is_dir() and not (Path(model) / "preprocessor_config.json").is_file():
                extractor = features(feature_size=loaded.config.num_mel_bins)
            else:
                extractor = features.from_pretrained(model)
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(
            f"the Whisper model {model} cannot be loaded: {first_line(error)}",
            "Check its name and the connection, or give a directory as Transformers saves it.",
        ) from error
    return loaded.to(device).eval(), backend, extractor
