"""A small Whisper over a compact vocabulary, with Transformers' parameter names, and its expansion to the full one.

Only the few hundred tokens that occur are trained, with the specials and timestamps; one shared vector, `other`,
stands for all the rest, and its logit carries + ln(how many there are), so that none of them is ever likely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FULL_VOCABULARY = 51_865
MEL_BINS = 80
MAX_FRAMES = 1_500  # of the encoder: 30 s at 50 a second
MAX_TOKENS = 448


@dataclass(frozen=True, slots=True)
class Size:
    """The dimensions of a model; attention heads are 64 wide, as in Whisper."""

    width: int = 192
    encoder_layers: int = 4
    decoder_layers: int = 2

    @property
    def heads(self) -> int:
        return self.width // 64


def sinusoids(length: int, channels: int) -> Tensor:
    """Whisper's fixed encoder positions, `(length, channels)`."""
    increment = math.log(10_000) / (channels // 2 - 1)
    scales = torch.exp(-increment * torch.arange(channels // 2))
    angles = torch.arange(length)[:, None] * scales[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    """Multi-head attention that also returns where it looked."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width, bias=False)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def _split(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        return x.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, x: Tensor, memory: Tensor, *, causal: bool = False) -> tuple[Tensor, Tensor]:
        """(output, weights `(batch, heads, queries, keys)`); spelled out, which beats the fused kernel on a CPU."""
        q, k, v = (
            self._split(self.q_proj(x)),
            self._split(self.k_proj(memory)),
            self._split(self.v_proj(memory)),
        )
        scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(q.shape[-1])
        if causal:
            scores = scores + torch.full(scores.shape[-2:], -torch.inf, device=x.device).triu(1)
        weights = scores.softmax(-1)
        mixed = weights.to(v.dtype) @ v
        return self.out_proj(mixed.transpose(1, 2).flatten(2)), weights


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward, each with its norm before it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        quiet = self.self_attn_layer_norm(x)
        x = x + self.self_attn(quiet, quiet)[0]
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))  # type: ignore[no-any-return]


class DecoderLayer(nn.Module):
    """Causal self-attention, attention over the encoder, and a feed-forward."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width)
        self.encoder_attn = Attention(width, heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, x: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        own = self.self_attn_layer_norm(x)
        x = x + self.self_attn(own, own, causal=True)[0]
        heard, weights = self.encoder_attn(self.encoder_attn_layer_norm(x), memory)
        x = x + heard
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x)))), weights


class Encoder(nn.Module):
    """Log-mel `(batch, 80, frames)` to states `(batch, frames / 2, width)`; positions are cut to the length."""

    embed_positions: Tensor

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(MEL_BINS, size.width, 3, padding=1)
        self.conv2 = nn.Conv1d(size.width, size.width, 3, stride=2, padding=1)
        self.register_buffer("embed_positions", sinusoids(MAX_FRAMES, size.width), persistent=False)
        self.layers = nn.ModuleList(EncoderLayer(size.width, size.heads) for _ in range(size.encoder_layers))
        self.layer_norm = nn.LayerNorm(size.width)

    def forward(self, mel: Tensor) -> Tensor:
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        x = x + self.embed_positions[: x.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)  # type: ignore[no-any-return]


class Decoder(nn.Module):
    """Tokens `(batch, length)` and states to logits `(batch, length, vocabulary)` and each layer's attention."""

    def __init__(self, size: Size, vocabulary: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, size.width)
        self.embed_positions = nn.Embedding(MAX_TOKENS, size.width)
        self.layers = nn.ModuleList(DecoderLayer(size.width, size.heads) for _ in range(size.decoder_layers))
        self.layer_norm = nn.LayerNorm(size.width)
        nn.init.normal_(self.embed_tokens.weight, std=0.02)
        nn.init.normal_(self.embed_positions.weight, std=0.01)

    def forward(self, tokens: Tensor, states: Tensor) -> tuple[Tensor, list[Tensor]]:
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        attention = []
        for layer in self.layers:
            x, weights = layer(x, states)
            attention.append(weights)
        return self.layer_norm(x) @ self.embed_tokens.weight.T, attention


class TinyWhisper(nn.Module):
    """The model as it is trained, with a head that names the phone of each encoder frame (dropped afterwards)."""

    def __init__(self, size: Size, vocabulary: int, phones: int) -> None:
        super().__init__()
        self.size = size
        self.encoder = Encoder(size)
        self.decoder = Decoder(size, vocabulary)
        self.phone_head = nn.Linear(size.width, phones)

    def forward(self, mel: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """(token logits, phone logits `(batch, frames, phones)`, cross-attention of each decoder layer)."""
        states = self.encoder(mel)
        logits, attention = self.decoder(tokens, states)
        return logits, self.phone_head(states), attention


def expand(model: TinyWhisper, kept: list[int]) -> dict[str, Tensor]:
    """Transformers' state of the model with all 51,865 rows: `kept[i]` is the full id of compact row i.

    The last compact row, `other`, fills every row that is not kept.
    """
    compact = model.decoder.embed_tokens.weight.detach()
    rows = compact[-1].repeat(FULL_VOCABULARY, 1)
    rows[torch.tensor(kept)] = compact[:-1]
    state = {f"model.{name}": value.detach() for name, value in model.state_dict().items() if "phone_head" not in name}
    state["model.encoder.embed_positions.weight"] = sinusoids(MAX_FRAMES, model.size.width)
    state["model.decoder.embed_tokens.weight"] = rows
    return state
