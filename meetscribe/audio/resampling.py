"""FFmpeg filters that mix and resample decoded audio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av.error
from av.filter import Graph

from meetscribe.audio.values import SAMPLE_RATE

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame


def resampling_graph(frame: AudioFrame, channel: int | None = None) -> Graph:
    """Return filters that convert frames of the same format to 16 kHz mono without clipping.

    Channels of a known layout are mixed by FFmpeg's rules, channels of other layouts with equal weights. With
    `channel`, counted from 1, only this channel is used, or the last one if there are fewer.
    """
    if channel is not None:
        return _graph(frame, f"mono|c0=c{min(channel, frame.layout.nb_channels) - 1}")
    known = not frame.layout.name.endswith("channels") or frame.layout.nb_channels <= 2
    if known:
        try:
            return _graph(frame)
        except av.error.ArgumentError:  # FFmpeg has no rule for this layout
            pass
    count = frame.layout.nb_channels
    return _graph(frame, "mono|c0=" + "+".join(f"{1 / count}*c{channel}" for channel in range(count)))


def _graph(frame: AudioFrame, mix: str | None = None) -> Graph:
    graph = Graph()
    filters = [
        graph.add(
            "abuffer",
            sample_rate=str(frame.sample_rate),
            sample_fmt=frame.format.name,
            channel_layout=frame.layout.name,
            time_base=f"1/{SAMPLE_RATE}",
        ),
        *([graph.add("pan", mix)] if mix else []),
        # Without rematrix_maxval, FFmpeg's downmix to floats may clip.
        graph.add("aresample", f"{SAMPLE_RATE}:out_sample_fmt=flt:out_chlayout=mono:rematrix_maxval=1"),
        graph.add("abuffersink"),
    ]
    for before, after in zip(filters, filters[1:], strict=False):
        before.link_to(after)
    graph.configure()
    return graph
