"""Episodes whose topics, pauses and speakers are known, and their audio."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import av

from meetscribe.timeline import Seconds
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word
from tests.support.recordings import KINDS, tone, write

TOPICS = {
    "garden": "soil seeds compost tomatoes watering roses pruning greenhouse",
    "space": "rocket orbit satellite astronaut launch telescope comet lander",
    "bread": "flour yeast oven sourdough crust dough kneading bakery",
    "trains": "railway station locomotive timetable platform tunnel carriage signal",
}
"""The vocabulary of each topic."""

_SENTENCES = (
    "the {} and the {} and {} were about {} again",
    "we think that {} is more than {}",
    "so {} with a {} and some {}",
)


def episode(
    topics: Sequence[str] = ("garden", "space", "bread"),
    speakers: Sequence[str] = ("Anna", "Ben"),
    sentences: int = 40,
    title: str | None = "Soil, stars and sourdough",
) -> Transcript:
    """Return an episode with that many sentences per topic, a pause of three seconds between topics."""
    rng = random.Random(7)
    time: Seconds = 1.0
    segments = []
    turns = cycle(speakers)
    for topic in topics:
        for _ in range(sentences):
            segment = sentence(rng, topic, next(turns), time)
            segments.append(segment)
            time = segment.end + 0.3
        time += 3.0
    recording = RecordingFile("episode.mp3", "sha256:" + "1" * 64)
    return Transcript(tuple(segments), Meta("en", round(time, 3), recording, title=title))


def sentence(rng: random.Random, topic: str, speaker: str, start: Seconds) -> Segment:
    """Return a sentence with random words of a topic, 0.4 s each."""
    form = rng.choice(_SENTENCES)
    texts = form.format(*rng.sample(TOPICS[topic].split(), form.count("{}"))).capitalize().split()
    texts[-1] += "."
    return said(speaker, start, *texts)


def said(speaker: str | None, start: Seconds, *texts: str) -> Segment:
    """Return a segment of words of 0.4 s each."""
    times = [round(start + place * 0.4, 3) for place in range(len(texts) + 1)]
    rows = zip(texts, times, times[1:], strict=False)
    return Segment(tuple(Word(text, first, last, speaker=speaker) for text, first, last in rows))


def topic_starts(transcript: Transcript, sentences: int = 40) -> list[Seconds]:
    """Return the start of each topic of `episode`."""
    return [segment.start for segment in transcript.segments[::sentences]]


def audio(path: Path, seconds: float = 3.0) -> Path:
    """Write audio of the kind of the suffix, with a title in its tags."""
    codec, rate = KINDS[path.suffix[1:]]
    return write(path, tone(rate, 2, seconds), codec, rate, tags={"title": "Kept", "artist": "Änne"})


def packets(path: Path) -> list[tuple[bytes, int | None]]:
    """Return the bytes and the time of each audio packet, as FFmpeg reads them."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        return [(bytes(packet), packet.pts) for packet in container.demux(stream) if packet.size]


def ffmpeg_chapters(path: Path) -> list[tuple[float, str]]:
    """Return the start and the title of each chapter, as FFmpeg reads them."""
    with av.open(str(path)) as container:
        found = container.chapters()
        return [(round(float(one["start"] * (one["time_base"] or 0)), 3), one["metadata"]["title"]) for one in found]


def ffmpeg_tags(path: Path) -> dict[str, str]:
    """Return the tags of the file and of its audio, as FFmpeg reads them."""
    with av.open(str(path)) as container:
        return {
            name.lower(): text
            for tags in (container.metadata, container.streams.audio[0].metadata)
            for name, text in tags.items()
        }
