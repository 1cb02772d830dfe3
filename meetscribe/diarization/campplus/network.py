"""The network CAM++ and its input features.

Hui Wang et al., "CAM++: A fast and efficient network for speaker verification using context-aware masking",
Interspeech 2023. The weights are those of 3D-Speaker, `iic/speech_campplus_sv_zh_en_16k-common_advanced` (Apache-2.0):
192 dimensions, trained on Chinese and English speech.
"""

from __future__ import annotations

import torch
from torch import nn
from torchaudio.compliance.kaldi import fbank

from meetscribe.audio import SAMPLE_RATE
from meetscribe.diarization.campplus.layers import Convolution, DenseBlock, FrontEnd, Projection, Transition, norm_relu

FEATURES = 80
"""The number of mel filter banks."""

DIMENSION = 192

_CHANNELS = 128
_GROWTH = 32
_BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers and dilation


class CamPlusPlus(nn.Module):
    """CAM++ with random weights, in training mode; 7.2 million parameters."""

    def __init__(self, dimension: int = DIMENSION) -> None:
        super().__init__()
        self.head = FrontEnd(FEATURES)
        self.xvector = nn.Sequential()
        self.xvector.add_module("tdnn", Convolution(self.head.out_channels, _CHANNELS, 5, stride=2))
        channels = _CHANNELS
        for number, (layers, dilation) in enumerate(_BLOCKS, start=1):
            block = DenseBlock(channels, layers, _GROWTH, 4 * _GROWTH, dilation)
            channels += layers * _GROWTH
            self.xvector.add_module(f"block{number}", block)
            self.xvector.add_module(f"transit{number}", Transition(channels, channels // 2))
            channels //= 2
        self.xvector.add_module("out_nonlinear", norm_relu(channels))
        self.xvector.add_module("stats", _Statistics())
        self.xvector.add_module("dense", Projection(2 * channels, dimension))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return voiceprints `(clips, dimension)` of the features `(clips, frames, FEATURES)`."""
        output: torch.Tensor = self.xvector(self.head(features.transpose(1, 2)))
        return output


class _Statistics(nn.Module):
    """The mean and the standard deviation over time."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, 2 * channels)`."""
        return torch.cat([x.mean(dim=2), x.std(dim=2)], dim=1)


def compute_features(clip: torch.Tensor) -> torch.Tensor:
    """Return the features `(frames, FEATURES)` of a clip `(samples,)` at 16 000 Hz, of at least 25 ms.

    These are Kaldi's log mel filter banks, without dither, every 10 ms, minus their mean over the clip.
    """
    features: torch.Tensor = fbank(clip[None], num_mel_bins=FEATURES, sample_frequency=SAMPLE_RATE, dither=0.0)
    return features - features.mean(dim=0)
