"""`meetscribe align` with real models: the words of subtitles get their times."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.text.splitting import spread
from meetscribe.timeline import Span
from meetscribe.transcript import Meta, Segment, Transcript, Word

Call = Callable[..., Result]

SAMPLES = Path(__file__).parents[3] / "samples"
CONFIG = ("--config", str(SAMPLES / "offline.toml"))
RECORDING = str(SAMPLES / "standup.flac")
TRUTH = [json.loads(line) for line in (SAMPLES / "standup.words.jsonl").read_text().splitlines()][:40]


@pytest.fixture
def subtitles(place: Path) -> Path:
    """The first forty words of the stand-up as subtitles, with a new cue at each change of speaker."""
    cues: list[list[dict[str, object]]] = []
    for row in TRUTH:
        if not cues or cues[-1][-1]["speaker"] != row["speaker"]:
            cues.append([])
        cues[-1].append(row)
    segments = []
    for cue in cues:
        texts = [str(row["word"]) for row in cue]
        spans = spread(texts, Span(float(str(cue[0]["start"])), float(str(cue[-1]["end"]))))
        segments.append(
            Segment(tuple(Word(t, s.start, s.end, "interpolated") for t, s in zip(texts, spans, strict=True)))
        )
    path = place / "standup.srt"
    Transcript(tuple(segments), Meta("en", 120)).save(path)
    return path


def boundary_errors(transcript: Transcript) -> list[float]:
    """Return the sorted errors of the start times of the words, in seconds."""
    assert [word.text for word in transcript.words] == [row["word"] for row in TRUTH]
    return sorted(abs(word.start - row["start"]) for word, row in zip(transcript.words, TRUTH, strict=True))


def test_subtitles_are_aligned(subtitles: Path, call: Call) -> None:
    """Every word is aligned; the language, which subtitles do not contain, is given."""
    done = call("align", str(subtitles), RECORDING, *CONFIG, "--language", "en", "-q")
    assert done.exit_code == 0, done.output
    transcript = Transcript.from_json(done.stdout)
    errors = boundary_errors(transcript)
    assert errors[len(errors) // 2] < 0.03
    assert {word.timing for word in transcript.words} == {"aligned"}
    assert not any(word.chars for word in transcript.words)


def test_characters_can_have_times(subtitles: Path, call: Call, place: Path) -> None:
    """With --char-times each word has the times of its characters, and the format follows the suffix."""
    done = call("align", str(subtitles), RECORDING, *CONFIG, "--language", "en", "--char-times", "-o", "out.json")
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    for word in Transcript.load(place / "out.json").words:
        assert "".join(char.text for char in word.chars).lower() in word.text.lower()
        assert word.chars[0].start >= word.start and word.chars[-1].end <= word.end
    again = call("align", str(subtitles), RECORDING, *CONFIG, "--language", "en", "-o", "out.json")
    assert again.exit_code == 3
    assert "--overwrite" in again.stderr


def test_a_transcript_from_stdin(subtitles: Path) -> None:
    """`-` reads the transcript from stdin."""
    arguments = ["align", "-", RECORDING, *CONFIG, "--language", "en", "-q"]
    done = CliRunner().invoke(application, arguments, input=subtitles.read_bytes())
    assert done.exit_code == 0, done.output
    assert len(Transcript.from_json(done.stdout).words) == len(TRUTH)


def test_an_unknown_suffix_is_an_error_before_any_work(subtitles: Path, call: Call) -> None:
    done = call("align", str(subtitles), "no-such.wav", *CONFIG, "--language", "en", "-o", "out.xyz")
    assert done.exit_code == 2
    assert "no format has the suffix '.xyz'" in done.stderr


def test_an_unknown_language_is_an_error(subtitles: Path, call: Call) -> None:
    """Subtitles do not contain their language; the error asks for --language."""
    done = call("align", str(subtitles), RECORDING, *CONFIG)
    assert done.exit_code == 2
    assert "--language" in done.stderr
