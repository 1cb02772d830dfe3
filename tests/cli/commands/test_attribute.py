"""`meetscribe attribute`: words and turns of different programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meetscribe.cli.application import application
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

Call = Callable[..., Result]

WORDS = [("So,", 1.0, 1.4), ("done?", 1.4, 2.0), ("Yes,", 2.6, 3.0), ("all", 3.0, 3.2), ("done.", 3.2, 3.8)]
TURNS = "SPEAKER meeting 1 0.9 1.2 <NA> <NA> Ann <NA> <NA>\nSPEAKER meeting 1 2.5 1.4 <NA> <NA> Ben <NA> <NA>\n"
SAID = [("Ann", "So, done?"), ("Ben", "Yes, all done.")]


@pytest.fixture
def turns(place: Path) -> str:
    (place / "turns.rttm").write_text(TURNS)
    return "turns.rttm"


def transcript(**meta: object) -> Transcript:
    """Return the words in one segment, without speakers."""
    segment = Segment(tuple(Word(text, start, end) for text, start, end in WORDS))
    return Transcript((segment,), Meta("en", 4.0, **meta))  # type: ignore[arg-type]


def whisperx(path: Path) -> str:
    """Write the words as whisperX does: one end is extended over a pause, and one word has no times."""
    words: list[dict[str, object]] = [
        {"word": text, "start": start, "end": end, "score": 0.9} for text, start, end in WORDS
    ]
    words[1]["end"] = 2.6
    del words[3]["start"], words[3]["end"], words[3]["score"]
    segment = {"start": 1.0, "end": 3.8, "text": " ".join(text for text, _, _ in WORDS), "words": words}
    path.write_text(json.dumps({"segments": [segment], "word_segments": words, "language": "en"}))
    return path.name


def lines(result: Transcript) -> list[tuple[str | None, str]]:
    return [(segment.speaker, segment.text) for segment in result.segments]


@pytest.mark.parametrize("suffix", ["json", "srt", "ctm", "TextGrid"])
def test_any_transcript_gets_its_speakers(place: Path, call: Call, turns: str, suffix: str) -> None:
    """Words in any format and turns in RTTM give segments with one speaker each."""
    transcript().save(place / f"meeting.{suffix}")
    done = call("attribute", f"meeting.{suffix}", turns)
    assert done.exit_code == 0, done.output
    assert lines(Transcript.from_json(done.stdout)) == SAID


def test_whisperx_words_are_repaired(place: Path, call: Call, turns: str) -> None:
    """An end extended over a pause moves no other word; a word without times is placed between its neighbours."""
    done = call("attribute", whisperx(place / "whisperx.json"), turns, "-o", "out.json")
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    result = Transcript.load(place / "out.json")
    assert lines(result) == SAID
    assert [(word.start, word.timing) for word in result.words][3] == (3.0, "interpolated")


def test_turns_in_other_formats(place: Path, call: Call, turns: str) -> None:
    """Turns can be those of a saved transcript, or of subtitles with speakers."""
    transcript().save(place / "meeting.json")
    known = call("attribute", "meeting.json", turns)
    (place / "known.json").write_text(known.stdout)
    Transcript.from_json(known.stdout).save(place / "known.vtt")
    for file in ("known.json", "known.vtt"):
        done = call("attribute", "meeting.json", file)
        assert lines(Transcript.from_json(done.stdout)) == SAID, done.output


def test_one_input_from_stdin(place: Path, call: Call, turns: str) -> None:
    transcript().save(place / "meeting.json")
    for arguments, data in ((["-", turns], transcript().to_json()), (["meeting.json", "-"], TURNS)):
        done = CliRunner().invoke(application, ["attribute", *arguments], input=data)
        assert lines(Transcript.from_json(done.stdout)) == SAID, done.output
    assert call("attribute", "-", "-").exit_code == 2


def test_the_method_and_its_parameters_are_settings(place: Path, call: Call, turns: str) -> None:
    """--attribution chooses the method, and --set its parameters."""
    Transcript((Segment((Word("Well", 2.15, 2.35),)),), Meta("en", 4.0)).save(place / "gap.json")
    filled, plain = (call("attribute", "gap.json", turns, *flag) for flag in ((), ("--attribution", "max-overlap")))
    assert [Transcript.from_json(done.stdout).words[0].speaker for done in (filled, plain)] == ["Ann", None]
    transcript().save(place / "meeting.json")
    kept = call("attribute", "meeting.json", turns, "--set", "attribution.change=99", "--set", "attribution.breath=9")
    assert {word.speaker for word in Transcript.from_json(kept.stdout).words} == {"Ben"}
    assert call("attribute", "meeting.json", turns, "--attribution", "majority").exit_code == 2


def test_words_that_no_turn_of_their_speaker_covers_are_listed(place: Path, call: Call, turns: str) -> None:
    """A word in no turn is a line on stderr and a finding in the JSON; without such words, nothing is listed."""
    Transcript((Segment((Word("Well", 2.15, 2.35),)),), Meta("en", 4.0)).save(place / "gap.json")
    done = call("attribute", "gap.json", turns)
    assert "speaker “Well”: in no turn; assigned by the nearest turn" in done.stderr
    assert [finding.kind for finding in Transcript.from_json(done.stdout).meta.findings] == ["speaker"]
    assert call("attribute", "gap.json", turns, "-q").stderr == ""
    transcript().save(place / "meeting.json")
    assert "“" not in call("attribute", "meeting.json", turns).stderr


def test_different_recordings_are_a_warning(place: Path, call: Call) -> None:
    """Different names and ends far apart are warnings; the result is written nevertheless."""
    transcript(recording=RecordingFile("monday.wav")).save(place / "monday.json")
    other = Transcript(
        (), Meta("en", 400.0, RecordingFile("tuesday.wav"), turns=(Turn(0.9, 2.1, "Ann"), Turn(300, 400, "Ben")))
    )
    other.save(place / "tuesday.json")
    done = call("attribute", "monday.json", "tuesday.json")
    assert done.exit_code == 0
    assert "monday" in done.stderr and "tuesday" in done.stderr
    assert "end at 4 s" in done.stderr and "400 s" in done.stderr


def test_a_file_without_turns_is_an_error(place: Path, call: Call) -> None:
    transcript().save(place / "meeting.srt")
    done = call("attribute", "meeting.srt", "meeting.srt")
    assert done.exit_code == 3
    assert "RTTM" in done.stderr


def test_an_existing_file_is_kept(place: Path, call: Call, turns: str) -> None:
    transcript().save(place / "meeting.json")
    done = call("attribute", "meeting.json", turns, "-o", "meeting.json")
    assert done.exit_code == 3
    assert "--overwrite" in done.stderr


def test_names_and_corrections(call: Call, place: Path, turns: str) -> None:
    """--names names the speakers of the turns; a name is kept when other turns use another label."""
    transcript().save("words.json")
    (place / "names.toml").write_text('Ann = "Anna"\n')
    assert call("attribute", "words.json", turns, "--names", "names.toml", "-o", "named.json").exit_code == 0
    assert lines(Transcript.load("named.json").edited()) == [("Anna", "So, done?"), ("Ben", "Yes, all done.")]

    (place / "other.rttm").write_text(TURNS.replace("Ann", "S1").replace("Ben", "S2"))
    assert call("attribute", "named.json", "other.rttm", "-o", "again.json").exit_code == 0
    assert lines(Transcript.load("again.json").edited()) == [("Anna", "So, done?"), ("S2", "Yes, all done.")]
