"""Layers of CAM++: a residual convolutional front end and densely connected TDNN layers with context-aware masking.

The names of the layers are those of the published weights.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

_SEGMENT = 100  # frames of a local context of the masking; the other context is the whole clip


class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions with a shortcut; `stride` applies to the frequencies only."""

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut.append(nn.Conv2d(channels, channels, 1, stride=(stride, 1), bias=False))
            self.shortcut.append(nn.BatchNorm2d(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, channels, frequencies / stride, frames)`."""
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


class FrontEnd(nn.Module):
    """Convolutions over time and frequency, which reduce the frequencies to an eighth ("FCM" in the paper)."""

    def __init__(self, features: int, channels: int = 32) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.layer1 = nn.Sequential(ResidualBlock(channels, 2), ResidualBlock(channels, 1))
        self.layer2 = nn.Sequential(ResidualBlock(channels, 2), ResidualBlock(channels, 1))
        self.conv2 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.out_channels = channels * (features // 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, out_channels, frames)` of features `(clips, features, frames)`."""
        y = functional.relu(self.bn1(self.conv1(x[:, None])))
        y = functional.relu(self.bn2(self.conv2(self.layer2(self.layer1(y)))))
        return y.flatten(1, 2)


class ContextAwareMasking(nn.Module):
    """A convolution whose output is scaled by a mask, computed from the mean of the clip and of segments of it."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, dilation: int) -> None:
        super().__init__()
        padding = (kernel - 1) // 2 * dilation
        self.linear_local = nn.Conv1d(in_channels, out_channels, kernel, padding=padding, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(in_channels, in_channels // 2, 1)
        self.linear2 = nn.Conv1d(in_channels // 2, out_channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, out_channels, frames)`."""
        segments = functional.avg_pool1d(x, _SEGMENT, stride=_SEGMENT, ceil_mode=True)
        # All frames of a segment have the same mask, so compute it once per segment.
        context = x.mean(dim=2, keepdim=True) + segments
        mask = torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))
        output: torch.Tensor = self.linear_local(x)
        return output * mask.repeat_interleave(_SEGMENT, dim=2)[:, :, : x.shape[2]]


class DenseLayer(nn.Module):
    """A bottleneck and a masked convolution, whose output is appended to the input by `DenseBlock`."""

    def __init__(self, in_channels: int, growth: int, bottleneck: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = norm_relu(in_channels)
        self.linear1 = nn.Conv1d(in_channels, bottleneck, 1, bias=False)
        self.nonlinear2 = norm_relu(bottleneck)
        self.cam_layer = ContextAwareMasking(bottleneck, growth, 3, dilation)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, growth, frames)`."""
        output: torch.Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return output


class DenseBlock(nn.ModuleDict):
    """Layers that each receive the input of the block and the outputs of all preceding layers."""

    def __init__(self, in_channels: int, layers: int, growth: int, bottleneck: int, dilation: int) -> None:
        super().__init__(
            {
                f"tdnnd{number + 1}": DenseLayer(in_channels + number * growth, growth, bottleneck, dilation)
                for number in range(layers)
            }
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, in_channels + layers * growth, frames)`."""
        for layer in self.values():
            x = torch.cat([x, layer(x)], dim=1)
        return x


class Transition(nn.Module):
    """A reduction of the channels after a dense block."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.nonlinear = norm_relu(in_channels)
        self.linear = nn.Conv1d(in_channels, out_channels, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, out_channels, frames)`."""
        output: torch.Tensor = self.linear(self.nonlinear(x))
        return output


class Convolution(nn.Module):
    """A convolution over time, batch normalisation and ReLU."""

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int) -> None:
        super().__init__()
        padding = (kernel - 1) // 2
        self.linear = nn.Conv1d(in_channels, out_channels, kernel, stride=stride, padding=padding, bias=False)
        self.nonlinear = norm_relu(out_channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, out_channels, frames / stride)`."""
        output: torch.Tensor = self.nonlinear(self.linear(x))
        return output


class Projection(nn.Module):
    """The projection of a clip's statistics to the voiceprint: linear, then batch normalisation without parameters."""

    def __init__(self, in_channels: int, dimension: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(in_channels, dimension, 1, bias=False)
        self.nonlinear = nn.Sequential()
        self.nonlinear.add_module("batchnorm", nn.BatchNorm1d(dimension, affine=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return `(clips, dimension)` of statistics `(clips, in_channels)`."""
        output: torch.Tensor = self.nonlinear(self.linear(x[:, :, None])[:, :, 0])
        return output


def norm_relu(channels: int) -> nn.Sequential:
    """Return batch normalisation followed by ReLU."""
    both = nn.Sequential()
    both.add_module("batchnorm", nn.BatchNorm1d(channels))
    both.add_module("relu", nn.ReLU(inplace=True))
    return both
