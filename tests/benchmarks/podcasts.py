"""Score the chapters of episodes joined from talks, and read the files of podcasts with other programs.

    python -m tests.benchmarks.podcasts                 # joins the meetings of AMI in ../shared, if they are there
    python -m tests.benchmarks.podcasts --data FOLDER   # a folder with NAME.words.jsonl

Parts of several minutes from different meetings are joined, so that the places where the subject changes are known. A
chapter is right if it begins within 20 seconds of one of them, each counted once. "topics" are those of `meetscribe
stats`; "pauses" is the format `chapters`, which divides at long pauses only; "evenly" begins as many chapters at equal
distances. Reach and limit of `chapters/dividing.py` were chosen by the first half of the meetings in alphabetical
order; the second half is held out. Then an episode of three hours is published: the time and the size of its files,
and the chapters that each reader finds in the copies.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from meetscribe import formats
from meetscribe.analytics import stats
from meetscribe.formats.chapters import read_chapters
from meetscribe.podcast import EpisodeOptions, PodcastSettings, make_chapters, make_episode, write_episode
from meetscribe.timeline import Seconds
from meetscribe.transcript import Meta, Segment, Transcript, Word
from tests.podcast.episodes import audio, episode, ffmpeg_chapters, packets

DATA = Path(__file__).parents[3] / "shared" / "data" / "ami"
EPISODES, PARTS = 30, 4
LENGTHS: tuple[Seconds, Seconds] = (180.0, 540.0)
NEAR: Seconds = 20.0
GAP: Seconds = 1.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="words of meetings")
    files = sorted(parser.parse_args().data.glob("*.words.jsonl"))
    half = len(files) // 2
    if half >= PARTS:
        print(f"{EPISODES} episodes, each of {PARTS} parts of {half} meetings, chapters within {NEAR:g} s")
        print(f"{'':32} {'found':>5} {'parts':>5} {'precision':>9} {'recall':>6} {'F1':>5} {'seconds':>8}")
        for name, own in (("development", files[:half]), ("held out", files[half:])):
            print_chapters(name, [read_words(file) for file in own])
    else:
        print("chapters: no meetings to join (--data)")
    with tempfile.TemporaryDirectory() as folder:
        print_files(Path(folder))


def read_words(file: Path) -> list[Word]:
    """Return the words of a meeting in order of time."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    words = [
        Word(row["word"].strip(), row["start"], max(row["start"], row["end"]), speaker=row["speaker"])
        for row in rows
        if row["word"].strip()
    ]
    return sorted(words, key=lambda word: word.start)


def joined(talks: Sequence[list[Word]], source: random.Random) -> tuple[Transcript, list[Seconds]]:
    """Return an episode of parts of different talks, and the times at which parts begin, but the first."""
    words: list[Word] = []
    edges: list[Seconds] = []
    now = 0.0
    for talk in source.sample(talks, PARTS):
        length = source.uniform(*LENGTHS)
        first = source.uniform(0, max(0.0, talk[-1].end - length))
        part = [word for word in talk if first <= word.start and word.end <= first + length]
        speakers = dict.fromkeys(word.speaker for word in part)
        names = {speaker: f"S{place}" for place, speaker in enumerate(speakers)}  # the same voices in all parts
        edges.append(now)
        words += [
            replace(one, start=one.start - first + now, end=one.end - first + now, speaker=names[one.speaker])
            for one in part
        ]
        now += length + GAP
    segments = (Segment(tuple(run)) for _, run in groupby(words, key=lambda word: word.speaker))
    return Transcript(tuple(segments), Meta("en", now)), edges[1:]


def print_chapters(group: str, talks: Sequence[list[Word]]) -> None:
    """Print precision, recall and F1 of the beginnings of chapters."""
    methods: dict[str, Callable[[Transcript], list[Seconds]]] = {
        "meetscribe podcast": lambda talk: [chapter.start for chapter in make_chapters(talk)][1:],
        "topics": lambda talk: [topic.start for topic in stats(talk).topics][1:],
        "pauses": lambda talk: [one.start for one in read_chapters(formats.write(talk, "chapters"))][1:],
        "evenly": evenly,
    }
    source = random.Random(1)
    episodes = [joined(talks, source) for _ in range(EPISODES)]
    for name, method in methods.items():
        started = time.process_time()
        found = [method(talk) for talk, _ in episodes]
        spent = time.process_time() - started
        hits = sum(matches(own, edges) for own, (_, edges) in zip(found, episodes, strict=True))
        count, parts = sum(map(len, found)), sum(len(edges) for _, edges in episodes)
        f1, label = 2 * hits / (count + parts), f"{group}, {name}"
        print(f"{label:32} {count:5} {parts:5} {hits / max(1, count):9.3f} {hits / parts:6.3f} {f1:5.3f} {spent:8.2f}")


def evenly(talk: Transcript) -> list[Seconds]:
    """Return as many beginnings as `meetscribe podcast` finds, at equal distances."""
    count = len(make_chapters(talk))
    return [talk.duration * place / count for place in range(1, count)]


def matches(found: Sequence[Seconds], edges: Sequence[Seconds]) -> int:
    """Return the number of edges that have a beginning of their own within reach, the nearest pairs first."""
    pairs = sorted((abs(start - edge), start, edge) for start in found for edge in edges if abs(start - edge) <= NEAR)
    used: set[tuple[str, Seconds]] = set()
    count = 0
    for _, start, edge in pairs:
        if ("start", start) not in used and ("edge", edge) not in used:
            used |= {("start", start), ("edge", edge)}
            count += 1
    return count


def print_files(folder: Path) -> None:
    """Publish an episode of three hours, and print its files and what other programs read in the copies."""
    talk = episode(("garden", "space", "bread", "trains") * 15, sentences=48)
    started = time.process_time()
    made = make_episode(talk, EpisodeOptions())
    files = write_episode(made, folder, "show").files
    spent = time.process_time() - started
    sizes = ", ".join(f"{file.name.removeprefix('show')} {file.stat().st_size // 1000} kB" for file in files)
    print(f"{talk.duration / 3600:.1f} h, {len(talk.words)} words: {len(made.chapters)} chapters in {spent:.1f} s")
    print(f"    {sizes}")
    print(f"{'copies of 60 s':14} {'same packets':>12}  chapters read")
    short = make_episode(episode(sentences=6), EpisodeOptions(PodcastSettings(10.0, 20.0), duration=60.0))
    for kind in ("mp3", "m4a", "ogg", "opus"):
        source = audio(folder / f"source.{kind}", 60.0)
        copy = write_episode(short, folder / kind, "show", audio=source).files[-1]
        same = "yes" if packets(copy) == packets(source) else "NO"
        counts = ", ".join(f"{name} {count}" for name, count in readers(copy))
        print(f"{kind:14} {same:>12}  written {len(short.chapters)}: {counts}")


def readers(copy: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of each installed reader of chapters, and the number that it finds in a file."""
    yield "FFmpeg", len(ffmpeg_chapters(copy))
    try:
        import mutagen

        file = mutagen.File(copy)
        if copy.suffix == ".mp3":
            yield "mutagen", len(file.tags.getall("CHAP"))
        else:
            names = [name for name in dict(file.tags) if name.lower().startswith("chapter")]
            yield "mutagen", len(getattr(file, "chapters", None) or names[::2])
    except ImportError:
        pass
    try:
        import eyed3

        if copy.suffix == ".mp3":
            yield "eyeD3", len(list(eyed3.load(str(copy)).tag.chapters))
    except ImportError:
        pass
    try:
        from pymediainfo import MediaInfo

        for track in MediaInfo.parse(str(copy)).tracks:
            if track.track_type == "Menu":
                yield "MediaInfo", sum(name[:2].isdigit() for name in track.to_data())
    except (ImportError, OSError):
        pass


if __name__ == "__main__":
    main()
