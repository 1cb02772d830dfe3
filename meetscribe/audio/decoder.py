"""Decode an open file with FFmpeg (PyAV) to blocks of samples and a report; runs in the decoder process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from typing import IO, TYPE_CHECKING, cast

import av
import av.error
from av.filter import Graph
from av.stream import Disposition

from meetscribe.audio.decoding import MIN_LOSS, DecodingReport, Sink
from meetscribe.audio.ogg_links import Section, ogg_links
from meetscribe.audio.resampling import resampling_graph
from meetscribe.audio.tags import read_tags
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.audio.wav_header import understated_length
from meetscribe.errors import InputError
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

# Containers with audio. Playlists and similar formats, which make FFmpeg open other files or addresses, are excluded,
# and no protocol is allowed besides the open file.
_CONTAINERS = "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav,webm,wv"
OPTIONS = {"protocol_whitelist": "none", "format_whitelist": _CONTAINERS}
"""FFmpeg options for opening any recording."""
_NAMES = "wav, flac, mp3, m4a, ogg, opus, webm, mp4, mov or mkv"
_MIN_GAP: Seconds = 0.2  # shorter gaps between timestamps are ignored
_MAX_GAP: Seconds = 3600.0  # longest gap that is filled if the file declares no length
_WIDTH = 4  # bytes of a float32
_LAYOUTS = {"1 channels": "mono", "2 channels": "stereo"}  # layouts that FFmpeg does not name


def decode(data: IO[bytes], name: str, stream: int | None, sink: Sink, channel: int | None = None) -> DecodingReport:
    """Decode track number `stream`, counted from 1, of an open file, or the main track for None, into `sink`.

    All channels are mixed, or only `channel` is decoded, counted from 1. A gap in the timestamps becomes silence.
    Raises InputError if the file is not a recording or has no audio.
    """
    reports = list(_decode_links(data, name, stream, sink, channel))
    return reduce(_joined, reports)


def _decode_links(
    data: IO[bytes], name: str, stream: int | None, sink: Sink, channel: int | None
) -> Iterator[DecodingReport]:
    """Decode each link of a chained Ogg file, or another file as a whole, and yield its report.

    FFmpeg cannot change the encoding within a file, so each link is opened separately.
    """
    links = ogg_links(data)
    for number, (start, end) in enumerate(links, start=1):
        with opening_errors(name), _open(data if len(links) == 1 else Section(data, start, end)) as container:
            sound = choose_track(container, name, stream)
            decoding = _TrackDecoder(container, sound, sink, channel)
            if number == 1:
                sink.length(decoding.declared if len(links) == 1 else None)
            decoding.run()
            tracks = tuple(map(_description, container.streams.audio))
            yield DecodingReport(
                container.format.name,
                decoding.declared,
                tracks,
                container.streams.audio.index(sound) + 1,
                decoding.damaged,
                decoding.gaps,
                decoding.truncated,
                decoding.channels,
                *read_tags(container.metadata, sound.metadata),
            )


def _joined(first: DecodingReport, second: DecodingReport) -> DecodingReport:
    """Return the combined report of two consecutive parts of a file."""
    lengths = (first.length, second.length)
    return replace(
        first,
        length=None if None in lengths else sum(filter(None, lengths)),
        damaged=first.damaged + second.damaged,
        gaps=first.gaps + second.gaps,
        truncated=first.truncated or second.truncated,
        channels=max(first.channels, second.channels),
        title=first.title or second.title,
        recorded_at=first.recorded_at or second.recorded_at,
    )


@contextmanager
def opening_errors(name: str) -> Iterator[None]:
    """Translate FFmpeg's errors on opening a file, and a lack of memory, to InputError with a remedy."""
    try:
        yield
    except (av.error.InvalidDataError, av.error.ArgumentError, av.error.EOFError) as error:
        raise InputError(
            f"{name} is not a recording that can be read",
            f"It may be truncated, or another kind of file: copy it again, or convert it to {_NAMES}.",
        ) from error
    except MemoryError as error:
        raise InputError(
            f"decoding {name} needs more memory than the limit",
            "If you trust the file, raise audio.max_memory_mb.",
        ) from error
    except (
        av.error.FFmpegError,
        OSError,
        ValueError,
    ) as error:  # OSError: of the disk; ValueError: names that PyAV does not know
        raise InputError(f"{name} cannot be read: {error}", f"Convert it to {_NAMES}.") from error


@contextmanager
def _open(data: IO[bytes] | Section) -> Iterator[InputContainer]:
    """Open the container of a file, which FFmpeg reads only through the open file."""
    short = not isinstance(data, Section) and understated_length(data) is not None
    data.seek(0)
    # With ignore_length, FFmpeg reads to the end of the file instead of the end that the header declares.
    options = {**OPTIONS, "ignore_length": "1"} if short else OPTIONS
    with av.open(data, "r", options=options, metadata_errors="replace") as container:
        yield container


def choose_track(container: InputContainer, name: str, number: int | None) -> AudioStream:
    """Return the track with a number, or the main track chosen by FFmpeg; raises InputError if there is none."""
    tracks = container.streams.audio
    if number is None:
        stream = container.streams.best("audio")
    elif number <= len(tracks):
        stream = tracks[number - 1]
    elif tracks:
        existing = "; ".join(f"{index}: {_description(track)}" for index, track in enumerate(tracks, start=1))
        raise InputError(f"{name} has no audio track {number}", f"It has {existing}.")
    else:
        stream = None
    if stream is not None and stream.codec_context is not None:
        return stream  # type: ignore[return-value]  # its type depends on the argument
    if tracks:
        raise InputError(f"the sound in {name} is in an unknown encoding", f"Convert it to {_NAMES}.")
    raise InputError(f"{name} has no sound: {_content_without_sound(container)}", "Choose the file with the sound.")


def _content_without_sound(container: InputContainer) -> str:
    """Return a description of a file without sound."""
    pictures = container.streams.video
    if not pictures:
        return "it holds no audio track"
    cover = all(picture.disposition & Disposition.attached_pic for picture in pictures)
    return "it holds only a picture" if cover else "the video holds no audio track"


def _description(track: AudioStream) -> str:
    """Return the encoding, channels, language and title of a track, if known."""
    context = track.codec_context
    known = [context.name, _LAYOUTS.get(context.layout.name, context.layout.name)] if context else ["unknown"]
    return " ".join(filter(None, [*known, track.metadata.get("language"), track.metadata.get("title")]))


class _TrackDecoder:
    """Decodes one audio track from start to end, and counts the packets that cannot be decoded."""

    def __init__(self, container: InputContainer, stream: AudioStream, sink: Sink, channel: int | None) -> None:
        self._channel = channel
        self._container = container
        self._stream = stream
        self._sink = sink
        self._start = max(0.0, (container.start_time or 0) / 1e6)
        self._graph: Graph | None = None
        self._format: tuple[str, str, int] | None = None  # sample format, channel layout and rate of the frames
        self._written = 0  # samples sent to the sink
        self.declared = _declared_length(container, stream)
        self.channels = 1
        self.damaged = 0
        self.gaps: Seconds = 0.0
        self.truncated = False

    def run(self) -> None:
        """Decode the track to its end, or to the first unreadable position."""
        try:
            for packet in self._container.demux(self._stream):
                self._decode(packet)
        except MemoryError:
            raise
        except (av.error.FFmpegError, OSError):  # OSError: of the disk
            self.truncated = True
        self._flush()

    def _decode(self, packet: Packet[AudioStream]) -> None:
        """Append the audio of a packet, or count the packet as damaged."""
        try:
            for frame in packet.decode():
                self._add(frame)
        except MemoryError:
            raise
        except (av.error.FFmpegError, ValueError):
            if _is_amr_pause(packet):
                self._add_silence(float((packet.duration or 0) * packet.time_base))
            else:
                self.damaged += 1

    def _add(self, frame: AudioFrame) -> None:
        """Append a frame, preceded by silence if its timestamp shows a gap."""
        format = (frame.format.name, frame.layout.name, frame.sample_rate)
        if format != self._format:  # it may change within a track
            self._flush()
            self._graph = resampling_graph(frame, self._channel)
            self._format = format
            self.channels = frame.layout.nb_channels
        self._fill_gap(frame.time)
        frame.pts = None  # the resampler requires timestamps without gaps
        assert self._graph is not None
        self._graph.push(frame)
        self._pull(self._graph)

    def _fill_gap(self, time: Seconds | None) -> None:
        """Append silence up to `time`, the timestamp of the next frame.

        A short gap, and a time beyond the end of the recording, are ignored.
        """
        if time is None:
            return
        written = self._written / SAMPLE_RATE
        gap = time - self._start - written
        end = self.declared + MIN_LOSS if self.declared else written + _MAX_GAP
        if gap > _MIN_GAP and time - self._start <= end:
            self.gaps += gap if self._written else 0.0  # a late start is not a gap
            self._add_silence(gap)

    def _add_silence(self, seconds: Seconds) -> None:
        """Append silence."""
        count = round(seconds * SAMPLE_RATE)
        self._sink.silence(count)
        self._written += count

    def _flush(self) -> None:
        """Append the remaining output of the resampler, and release it."""
        graph, self._graph, self._format = self._graph, None, None
        if graph is not None:
            graph.push(None)
            self._pull(graph)

    def _pull(self, graph: Graph) -> None:
        """Append the available output of the resampler."""
        while True:
            try:
                block = cast("AudioFrame", graph.pull())
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._sink.sound(memoryview(block.planes[0])[: block.samples * _WIDTH])  # the plane may be longer
            self._written += block.samples


def _is_amr_pause(packet: Packet[AudioStream]) -> bool:
    """Return whether a packet has no speech (3GPP TS 26.101, frame types 8 and 15), which FFmpeg does not decode."""
    content = bytes(packet)
    is_amr = packet.stream.codec_context.name.startswith("amr")
    return is_amr and len(content) > 0 and content[0] >> 3 & 15 in (8, 15)


def _declared_length(container: InputContainer, stream: AudioStream) -> Seconds | None:
    """Return the length of the track declared by the file, possibly an estimate, None if it declares none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return container.duration / 1e6
    return None
