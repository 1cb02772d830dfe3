"""`meetscribe podcast`: episodes from transcripts and from audio, feeds, and errors with remedies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from click.testing import Result

from meetscribe.audio.opening import file_hash
from meetscribe.corpus import transcription
from meetscribe.formats.chapters import read_chapters
from meetscribe.testing.executors import InProcessExecutor
from meetscribe.transcript import RecordingFile, Transcript
from tests.minutes.llm.server import says, serving
from tests.podcast.episodes import audio, episode, ffmpeg_chapters, packets
from tests.podcast.feed.feeds import FEED

Call = Callable[..., Result]
SAMPLES = Path(__file__).parents[3] / "samples"
SETTINGS = ("--config", str(SAMPLES / "offline.toml"))
LENGTHS = ("--min-chapter", "60", "--max-chapter", "300")


@pytest.fixture
def transcript(place: Path) -> str:
    episode().save(place / "episode.json")
    return "episode.json"


def speech(path: Path, start: float, seconds: float) -> Path:
    """Write a part of the sample as MP3."""
    path.parent.mkdir(exist_ok=True, parents=True)
    with av.open(str(SAMPLES / "standup.flac")) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libmp3lame", rate=16_000, layout="mono")
        resampler = av.AudioResampler("fltp", "mono", 16_000)
        for frame in source.decode(audio=0):
            if frame.time is not None and start <= frame.time < start + seconds:
                frame.pts = None
                for part in resampler.resample(frame):
                    target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return path


def test_a_transcript_needs_no_model(call: Call, place: Path, transcript: str) -> None:
    """Chapters are printed on stdout, the rest on stderr; a second run replaces its own files."""
    done = call("podcast", transcript, "-o", "out", *LENGTHS, "--host", "Anna", "--base-url", "https://example.org")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and lines[0].startswith("00:00:00 ")
    assert sorted(path.name for path in (place / "out").iterdir()) == [
        f"episode{suffix}"
        for suffix in (".chapters.json", ".html", ".notes.md", ".podcast.json", ".psc.xml", ".rss.xml", ".srt", ".vtt")
    ]
    assert '<podcast:person role="host">Anna</podcast:person>' in (place / "out" / "episode.rss.xml").read_text()
    assert "wrote out/episode.vtt" in done.stderr
    assert call("podcast", transcript, "-o", "out").exit_code == 0


def test_json(call: Call, transcript: str) -> None:
    values = json.loads(call("podcast", transcript, "-o", "out", "--json", "--quiet").stdout)
    assert values["title"] == "Soil, stars and sourdough" and values["files"][0] == "out/episode.vtt"
    assert {one["name"] for one in values["speakers"]} == {"Anna", "Ben"}


def test_other_formats_and_names(call: Call, place: Path) -> None:
    """Captions of another program are a source too; --names names the speakers."""
    episode(speakers=("SPEAKER_00", "SPEAKER_01")).save(place / "talk.vtt")
    unnamed = call("podcast", "talk.vtt", "-o", "out")
    assert "no names are known for SPEAKER_00, SPEAKER_01" in unnamed.stderr
    (place / "names.toml").write_text('SPEAKER_00 = "Anna"\nSPEAKER_01 = "Ben"\n')
    named = call("podcast", "talk.vtt", "-o", "out", "--names", "names.toml")
    assert named.exit_code == 0 and "warning" not in named.stderr
    assert "<v Ben>" in (place / "out" / "talk.vtt").read_text()


def test_captions_have_the_language_and_the_title_given(call: Call, place: Path) -> None:
    """The title is that of the published audio, or the name of the file; the language is that of --language."""
    episode(sentences=4).save(place / "talk.srt")
    call("podcast", "talk.srt", "-o", "out", "--language", "English")
    assert 'language="en"' in (place / "out" / "talk.rss.xml").read_text()
    assert (place / "out" / "talk.notes.md").read_text().startswith("# talk\n")
    call("podcast", "talk.srt", "-o", "out", "--audio", str(audio(place / "a.mp3", 30.0)))
    assert (place / "out" / "talk.notes.md").read_text().startswith("# Kept\n")


def test_chapters_that_were_edited(call: Call, place: Path, transcript: str) -> None:
    """Titles that were changed in the JSON are in every file and in the audio, at the same times."""
    episode(sentences=8).save(place / transcript, force=True)
    call("podcast", transcript, "-o", "out", "--min-chapter", "20", "--max-chapter", "100")
    edited = place / "edited.json"
    text = (place / "out" / "episode.chapters.json").read_text()
    first = read_chapters(text.encode())[0].title
    edited.write_text(text.replace(first, "Welcome"))
    audio(place / "published.m4a", Transcript.load(place / transcript).duration)
    done = call("podcast", transcript, "-o", "out", "--chapters", "edited.json", "--audio", "published.m4a")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("00:00:00 Welcome\n")
    copy = place / "out" / "episode.chapters.m4a"
    assert ffmpeg_chapters(copy)[0] == (0.0, "Welcome") and packets(copy) == packets(place / "published.m4a")
    again = call("podcast", transcript, "-o", "out")
    assert "wrote out/episode.chapters.m4a" in again.stderr and ffmpeg_chapters(copy)[0][1] != "Welcome"


def test_chapters_that_were_edited_in_place(call: Call, place: Path, transcript: str) -> None:
    """The file with the chapters may be the one that the command wrote; its pictures and links are kept."""
    call("podcast", transcript, "-o", "out", *LENGTHS)
    file = place / "out" / "episode.chapters.json"
    mine = (
        '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Welcome", "img": "https://example.org/a.png"}]}'
    )
    file.write_text(mine)
    refused = call("podcast", transcript, "-o", "out")
    assert refused.exit_code == 3 and "--chapters out/episode.chapters.json" in refused.stderr
    done = call("podcast", transcript, "-o", "out", "--chapters", "out/episode.chapters.json")
    assert done.exit_code == 0, done.output
    assert file.read_text() == mine and "Welcome" in (place / "out" / "episode.notes.md").read_text()
    assert 'url="episode.chapters.json"' in (place / "out" / "episode.rss.xml").read_text()


def test_adverts(call: Call, place: Path, transcript: str) -> None:
    """Parts cut out and put in move the chapters; the length of the audio is checked."""
    starts = []
    for shifts in ((), ("--shift", "20=-15", "--shift", "0=+60")):
        done = call("podcast", transcript, "-o", "out", *LENGTHS, *shifts, "--json")
        starts.append([one["start"] for one in json.loads(done.stdout)["chapters"]])
    before, after = starts
    assert after == [0.0, *(pytest.approx(start + 45) for start in before[1:])]
    audio(place / "short.mp3", 3.0)
    cut = call("podcast", transcript, "-o", "out", "--audio", "short.mp3")
    assert cut.exit_code == 0 and "was something removed (--shift)?" in cut.stderr
    wrong = call("podcast", transcript, "-o", "out", "--audio", "short.mp3", "--shift", "1=-9:00")
    assert "with its shifts lasts 1 s and the audio 3 s; are the values of --shift right?" in wrong.stderr


def test_titles_by_a_language_model(call: Call, place: Path, transcript: str) -> None:
    """The model is that of [minutes], and so is `redact`; a flag overrides the model."""
    episode(speakers=("Soil", "Ben")).save(place / transcript)
    with serving(says('{"title": "Roses and telescopes"}')) as (url, requests):
        (place / "meetscribe.toml").write_text(
            f'[minutes]\nllm = "{url}"\nmodel = "m"\nredact = true\n\n[podcast]\nmin_chapter = 60\n'
        )
        done = call("podcast", transcript, "-o", "out", "--max-chapter", "300")
    assert done.exit_code == 0 and "Roses and telescopes" in done.stdout and "key terms" in done.stderr
    assert requests[0]["model"] == "m"
    sent = requests[0]["messages"][1]["content"].lower()
    assert "roses" in sent and "soil" not in sent
    remote = call("podcast", transcript, "-o", "out", "--llm", "https://api.example.org/v1")
    assert remote.exit_code == 2 and "--allow-remote" in remote.stderr


def test_audio_is_transcribed(call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real models make the transcript, which is kept to be corrected, and the copy has chapters."""
    monkeypatch.setenv("MEETSCRIBE_RUN__CACHE", "true")
    speech(place / "talk.mp3", 2.0, 9.0)
    done = call("podcast", "talk.mp3", "-o", "out", "--title", "Stand-up", "--no-diarize", *SETTINGS)
    assert done.exit_code == 0, done.output
    assert len(Transcript.load(place / "out" / "talk.json").words) > 5
    assert ffmpeg_chapters(place / "out" / "talk.chapters.mp3")[0][0] == 0.0
    assert packets(place / "out" / "talk.chapters.mp3") == packets(place / "talk.mp3")
    assert (place / "out" / "talk.notes.md").read_text().startswith("# Stand-up\n")


def test_a_feed(call: Call, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Episodes with a local file are transcribed once; a rerun needs no model; broken audio is reported."""
    monkeypatch.setattr(transcription, "ProcessExecutor", InProcessExecutor)
    (place / "feed.xml").write_text(FEED, encoding="utf-8")
    speech(place / "media" / "s1" / "one a.mp3", 2.0, 9.0)
    (place / "media" / "three.mp3").write_bytes(b"no audio")
    arguments = (
        "podcast",
        "--feed",
        "feed.xml",
        "--media",
        "media",
        "-o",
        "out",
        "--no-diarize",
        "--host",
        "Clara",
        *SETTINGS,
    )
    first = call(*arguments)
    assert first.exit_code == 6, first.output
    assert first.stdout.splitlines() == [
        "One & all: 1 chapter, 5 tags",
        "Two: unchanged, because it has a transcript",
        "Three: unchanged, because it is not transcribed",
        "Four: unchanged, because there is no local file four.mp3 (--media)",
    ]
    copy = (place / "out" / "feed.xml").read_bytes()
    assert copy.count(b"<podcast:transcript") == 1 + 4
    (place / "media" / "three.mp3").unlink()
    monkeypatch.setattr(transcription, "TranscriptionWorker", None)
    again = call(*arguments, "--json", "--base-url", "https://cdn.example.org")
    assert again.exit_code == 0, again.output
    values = json.loads(again.stdout)
    assert values["feed"] == "out/feed.xml" and [one["published"] for one in values["episodes"]] == [True, *[False] * 3]
    assert b"https://cdn.example.org/" in (place / "out" / "feed.xml").read_bytes()


def test_warnings_name_the_episode_of_a_feed(call: Call, place: Path) -> None:
    """A transcript in the output folder is used without a model; its recording is beside the feed."""
    (place / "feed.xml").write_text(FEED, encoding="utf-8")
    (place / "one a.mp3").write_bytes(b"audio")
    with (place / "one a.mp3").open("rb") as data:
        recording = RecordingFile("one a.mp3", file_hash(data))
    (place / "out").mkdir()
    episode(speakers=("SPEAKER_00",)).with_meta(recording=recording).save(place / "out" / "one a.json")
    done = call("podcast", "--feed", "feed.xml", "-o", "out")
    assert done.exit_code == 0, done.output
    assert "warning: One & all: no names are known for SPEAKER_00" in done.stderr
    renamed = call("speakers", "rename", "out/one a.json", "SPEAKER_00=Anna").stderr.splitlines()
    assert "one a.rss.xml, feed.xml. To update them" in renamed[-2]
    assert renamed[-1] == "  meetscribe podcast --feed FEED -o out"
    assert call("podcast", "--feed", "feed.xml", "-o", "out").exit_code == 0
    assert b">Anna</podcast:person>" in (place / "out" / "feed.xml").read_bytes()


def test_the_copy_of_a_feed_is_checked_before_transcription(call: Call, place: Path) -> None:
    """A copy that would replace the feed, or an edited copy, is refused before any episode is transcribed."""
    (place / "feed.xml").write_text(FEED, encoding="utf-8")
    speech(place / "media" / "s1" / "one a.mp3", 2.0, 1.0)
    refused = call("podcast", "--feed", "feed.xml", "--media", "media", "-o", ".", *SETTINGS)
    assert refused.exit_code == 3 and "feed.xml is the feed itself" in refused.stderr
    assert not list(place.rglob("*.json*"))


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ((), 2, "Give either EPISODE or --feed FILE."),
        (("episode.json", "--feed", "feed.xml"), 2, "Give either EPISODE or --feed FILE."),
        (("episode.json", "-o", "-"), 2, "-o is a folder here"),
        (("--feed", "feed.xml", "--shift", "1=+2"), 2, "--shift applies to a single episode."),
        (("--feed", "feed.xml", "--chapters", "x.json"), 2, "--chapters applies to a single episode."),
        (("episode.json", "--media", "."), 2, "--media requires --feed."),
        (("episode.json", "--shift", "soon"), 2, "is not TIME=±LENGTH"),
        (("episode.json", "--base-url", "example.org"), 2, "podcast.base_url must be an address"),
        (("episode.json", "--audio", "missing.mp3"), 3, "missing.mp3"),
        (("missing.json",), 3, "missing.json"),
        (("missing.mp3",), 3, "missing.mp3"),
        (("episode.json", "--chapters", "missing.json"), 3, "missing.json cannot be read"),
        (("episode.json", "--chapters", "empty.json"), 3, "has no chapters"),
        (("--feed", "missing.xml"), 3, "missing.xml cannot be read"),
        (
            ("--feed", "https://example.org/f.xml"),
            3,
            "Download the feed first: curl -L -o feed.xml https://example.org/",
        ),
    ],
)
def test_errors(call: Call, place: Path, transcript: str, arguments: tuple[str, ...], code: int, problem: str) -> None:
    (place / "empty.json").write_text('{"version": "1.2.0", "chapters": []}')
    failed = call("podcast", *arguments)
    assert failed.exit_code == code and problem in failed.stderr, failed.output
    assert not (place / "out").exists()
