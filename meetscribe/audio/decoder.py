"""One open file as FFmpeg (by PyAV) hears it: blocks of samples and a report; meant for a process of its own."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol, cast

from meetscribe.audio.tags import read_tags
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.errors import InputError
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.filter import Graph
    from av.packet import Packet

# Containers that hold sound themselves. Playlists and the like, which make FFmpeg open other files or
# addresses, are not among them, and no protocol is allowed beside the open file.
_CONTAINERS = "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav,webm,wv"
_OPTIONS = {"protocol_whitelist": "none", "format_whitelist": _CONTAINERS}
_NAMES = "wav, flac, mp3, m4a, ogg, opus, webm, mp4, mov or mkv"
_MIN_GAP: Seconds = 0.2
_MAX_GAP: Seconds = 3600.0
MIN_LOSS: Seconds = 0.5
"""What a recording lacks at its end counts as lost from here on."""

_WIDTH = 4  # bytes of a float32
_LAYOUTS = {"1 channels": "mono", "2 channels": "stereo"}  # of which FFmpeg is not told more


class Sink(Protocol):
    """What takes the sound, 16 kHz mono, in order."""

    def length(self, seconds: Seconds | None) -> None:
        """What the file says of its length, before any sound."""

    def sound(self, samples: memoryview) -> None:
        """Some float32 samples; not finite or beyond [-1, 1], where the recording is."""

    def silence(self, frames: int) -> None:
        """So many samples of silence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says of itself, and what of it could not be read.

    `length` is the seconds that it declares, if it does; `tracks` describes its sound tracks, of which `track` was
    read, counted from 1, and has `channels`; `damaged` counts packets, `gaps` is the seconds that had no sound.
    """

    container: str
    length: Seconds | None
    tracks: tuple[str, ...]
    track: int
    damaged: int
    gaps: Seconds
    broken_off: bool
    channels: int = 1
    title: str | None = None
    recorded_at: str | None = None


def decode(data: IO[bytes], name: str, stream: int | None, sink: Sink, channel: int | None = None) -> Report:
    """Put the sound of an open file into `sink`: its track number `stream`, or the main one.

    Of the track all channels are mixed, or `channel` is taken, counted from 1.

    A pause in the timestamps becomes silence. Raises InputError if it is no recording or has no sound.
    """
    with _reading(name), _open(data) as container:
        sound = _choose(container, name, stream)
        decoding = _Decoding(container, sound, sink, channel)
        sink.length(decoding.declared)
        decoding.run()
        tracks = tuple(map(_described, container.streams.audio))
        return Report(
            container.format.name,
            decoding.declared,
            tracks,
            container.streams.audio.index(sound) + 1,
            decoding.damaged,
            decoding.gaps,
            decoding.broken_off,
            decoding.channels,
            *read_tags(container.metadata, sound.metadata),
        )


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn what FFmpeg raises on opening a file into an InputError that says what to do."""
    import av.error

    try:
        yield
    except (av.error.InvalidDataError, av.error.ArgumentError, av.error.EOFError) as error:
        raise InputError(
            f"{name} is not a recording that can be read",
            f"It may be cut off, or no recording at all: copy it again, or convert it to {_NAMES}.",
        ) from error
    except MemoryError as error:
        raise InputError(
            f"decoding {name} takes more memory than it may",
            "If you trust the file, raise audio.max_memory_mb.",
        ) from error
    except (av.error.FFmpegError, OSError, ValueError) as error:  # of the disk; of what PyAV cannot name
        raise InputError(f"{name} cannot be read: {error}", f"Convert it to {_NAMES}.") from error


@contextmanager
def _open(data: IO[bytes]) -> Iterator[InputContainer]:
    """The container of a file, which FFmpeg reads through the open file and nothing else."""
    import av

    with av.open(data, "r", options=_OPTIONS, metadata_errors="replace") as container:
        yield container


def _choose(container: InputContainer, name: str, number: int | None) -> AudioStream:
    """The track of that number, or that which FFmpeg holds for the main sound; raises InputError without it."""
    tracks = container.streams.audio
    if number is None:
        stream = container.streams.best("audio")
    elif number <= len(tracks):
        stream = tracks[number - 1]
    elif tracks:
        there = "; ".join(f"{place}: {_described(track)}" for place, track in enumerate(tracks, start=1))
        raise InputError(f"{name} has no audio track {number}", f"It has {there}.")
    else:
        stream = None
    if stream is not None and stream.codec_context is not None:
        return stream  # type: ignore[return-value]  # its type depends on the argument
    if tracks:
        raise InputError(f"the sound in {name} is in an unknown encoding", f"Convert it to {_NAMES}.")
    raise InputError(f"{name} has no sound: {_instead(container)}", "Choose the file that has the sound.")


def _instead(container: InputContainer) -> str:
    """What a file without sound holds."""
    from av.stream import Disposition

    pictures = container.streams.video
    if not pictures:
        return "it holds no audio track"
    cover = all(picture.disposition & Disposition.attached_pic for picture in pictures)
    return "it holds a picture alone" if cover else "the video holds no audio track"


def _described(track: AudioStream) -> str:
    """A track for people: its encoding, channels, language and title, as far as they are known."""
    context = track.codec_context
    known = [context.name, _LAYOUTS.get(context.layout.name, context.layout.name)] if context else ["unknown"]
    return " ".join(filter(None, [*known, track.metadata.get("language"), track.metadata.get("title")]))


class _Decoding:
    """One pass over an audio stream: how far it is, and what could not be decoded."""

    def __init__(self, container: InputContainer, stream: AudioStream, sink: Sink, channel: int | None) -> None:
        self._channel = channel
        self._container = container
        self._stream = stream
        self._sink = sink
        self._start = max(0.0, (container.start_time or 0) / 1e6)
        self._graph: Graph | None = None
        self._layout: tuple[str, str, int] | None = None
        self._frames = 0
        self.declared = _declared_length(container, stream)
        self.channels = 1
        self.damaged = 0
        self.gaps: Seconds = 0.0
        self.broken_off = False

    def run(self) -> None:
        """Decode the stream to its end, or to where it cannot be read any further."""
        import av.error

        try:
            for packet in self._container.demux(self._stream):
                self._decode(packet)
        except MemoryError:
            raise
        except (av.error.FFmpegError, OSError):  # OSError: of the disk
            self.broken_off = True
        self._flush()

    def _decode(self, packet: Packet[AudioStream]) -> None:
        """Append what is in a packet, or count it as damaged."""
        import av.error

        try:
            for frame in packet.decode():
                self._add(frame)
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1

    def _add(self, frame: AudioFrame) -> None:
        """Append a frame, after silence if its timestamp says that something is missing before it."""
        layout = (frame.format.name, frame.layout.name, frame.sample_rate)
        if layout != self._layout:  # it may change within a stream
            self._flush()
            self._graph = _resampling(frame, self._channel)
            self._layout = layout
            self.channels = frame.layout.nb_channels
        self._fill_gap(frame.time)
        frame.pts = None  # the resampler would insist on an unbroken count
        assert self._graph is not None
        self._graph.push(frame)
        self._pull(self._graph)

    def _fill_gap(self, time: Seconds | None) -> None:
        """Append silence up to `time`, the frame's place on the container's clock, if it lies well ahead."""
        if time is None:
            return
        written = self._frames / SAMPLE_RATE
        gap = time - self._start - written
        end = self.declared + MIN_LOSS if self.declared else written + _MAX_GAP
        if gap > _MIN_GAP and time - self._start <= end:
            self.gaps += gap if self._frames else 0.0  # sound that starts late is not a gap
            frames = round(gap * SAMPLE_RATE)
            self._sink.silence(frames)
            self._frames += frames

    def _flush(self) -> None:
        """Append what the resampler still holds, and let go of it."""
        graph, self._graph, self._layout = self._graph, None, None
        if graph is not None:
            graph.push(None)
            self._pull(graph)

    def _pull(self, graph: Graph) -> None:
        """Append what the resampler gives."""
        import av.error

        while True:
            try:
                block = cast("AudioFrame", graph.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._sink.sound(memoryview(block.planes[0])[: block.samples * _WIDTH])  # the plane may be longer
            self._frames += block.samples


def _resampling(frame: AudioFrame, channel: int | None = None) -> Graph:
    """Filters that make 16 kHz mono of frames like this one; channels in step are mixed to full level, no more.

    Channels of a known layout are mixed as FFmpeg does, of any other layout they count alike. If `channel` is
    given, that one is taken instead, the last one where there are fewer.
    """
    import av.error

    if channel is not None:
        return _graph(frame, f"mono|c0=c{min(channel, frame.layout.nb_channels) - 1}")
    known = not frame.layout.name.endswith("channels") or frame.layout.nb_channels <= 2
    if known:
        try:
            return _graph(frame)
        except av.error.ArgumentError:  # no rule to mix it
            pass
    count = frame.layout.nb_channels
    return _graph(frame, "mono|c0=" + "+".join(f"{1 / count}*c{channel}" for channel in range(count)))


def _graph(frame: AudioFrame, mix: str | None = None) -> Graph:
    from av.filter import Graph

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
        # Without a maximum FFmpeg scales a downmix to floats so that it may clip.
        graph.add("aresample", f"{SAMPLE_RATE}:out_sample_fmt=flt:out_chlayout=mono:rematrix_maxval=1"),
        graph.add("abuffersink"),
    ]
    for before, after in zip(filters, filters[1:], strict=False):
        before.link_to(after)
    graph.configure()
    return graph


def _declared_length(container: InputContainer, stream: AudioStream) -> Seconds | None:
    """How long the sound is by what the file says, which may be an estimate; None if it says nothing."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return container.duration / 1e6
    return None
