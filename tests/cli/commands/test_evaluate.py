"""`meetscribe evaluate`: matching of files, tables, limits and the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.transcript import Meta, Segment, Transcript, Word

Call = Callable[..., Result]


def transcript_of(*words: str, speaker: str | None = "A") -> Transcript:
    """Return a transcript with one word per second."""
    timed = tuple(Word(text, index, index + 0.5, speaker=speaker) for index, text in enumerate(words))
    return Transcript((Segment(timed),) if timed else (), Meta("en", 9.0))


@pytest.fixture
def folders(place: Path) -> Path:
    """References of three recordings, and hypotheses with an error in the third."""
    for folder in ("ref", "hyp"):
        (place / folder).mkdir()
    for name in ("one", "two", "three"):
        rows = [
            {"start": at, "end": at + 0.5, "speaker": "Ann", "word": word} for at, word in enumerate("so it is".split())
        ]
        (place / "ref" / f"{name}.words.jsonl").write_text("\n".join(map(json.dumps, rows)))
        (place / "ref" / f"{name}.rttm").write_text(f"SPEAKER {name} 1 0 2.5 <NA> <NA> Ann <NA> <NA>\n")
        transcript_of("So", "it", "is" if name != "three" else "was").save(place / "hyp" / f"{name}.json")
    return place


def test_folders_are_matched_by_name_and_totalled(folders: Path, call: Call) -> None:
    result = call("evaluate", "hyp", "ref", "--metrics", "wer,cpwer,der", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert {name: scores["wer"]["errors"] for name, scores in found["recordings"].items()} == {
        "one": 0,
        "two": 0,
        "three": 1,
    }
    assert found["total"]["cpwer"]["rate"] == pytest.approx(1 / 9)
    assert found["total"]["der"]["total_ms"] == 7500  # of the RTTM beside the words
    assert found["settings"]["collar"] == 0


def test_the_table_states_the_settings_and_the_meaning_of_the_collar(folders: Path, call: Call) -> None:
    result = call("evaluate", "hyp", "ref", "--collar", "0.25", "--skip-overlap")
    assert "collar 0.25 s on each side (pyannote's 0.5), overlap not scored" in result.stdout
    assert "turns of HYP are derived from words" in result.stdout
    assert "1/9; 0 ins 0 del 1 sub" in result.stdout


def test_a_rate_over_its_limit_gives_exit_code_1(folders: Path, call: Call) -> None:
    assert call("evaluate", "hyp", "ref", "--fail-over", "cpwer=0.12").exit_code == 0
    failed = call("evaluate", "hyp", "ref", "--fail-over", "cpwer=0.1")
    assert failed.exit_code == 1
    assert "cpWER is 11.1 %, which exceeds 10.0 %" in failed.stderr


def test_an_unknown_score_is_explained_and_fails_its_limit(folders: Path, call: Call) -> None:
    transcript_of("So", "it", "is", speaker=None).save(folders / "nobody.json")
    result = call("evaluate", "nobody.json", "ref/one.words.jsonl", "--fail-over", "cpwer=0.5")
    assert "the hypothesis names no speakers" in result.stdout
    assert "cpWER is unknown for one" in result.stderr
    assert result.exit_code == 1


def test_a_reference_without_hypothesis_makes_it_incomplete(folders: Path, call: Call) -> None:
    (folders / "hyp" / "two.json").unlink()
    (folders / "ref" / "notes.json").write_text('{"no": "transcript"}')
    result = call("evaluate", "hyp", "ref")
    assert result.exit_code == 6
    assert "two (only in REF)" in result.stderr
    assert "notes" not in result.stderr


def test_two_systems_are_compared_recording_by_recording(folders: Path, call: Call) -> None:
    result = call("evaluate", "hyp", "ref", "--against", "ref", "--metrics", "wer", "--json")
    against = json.loads(result.stdout)["against"]["wer"]
    assert (against["wins"], against["losses"], against["ties"]) == (0, 1, 2)
    assert against["difference"] == pytest.approx(1 / 9)
    assert against["chance"] is None


def test_only_the_regions_of_a_uem_are_scored(folders: Path, call: Call) -> None:
    (folders / "some.uem").write_text("".join(f"{name} 1 0 2\n" for name in ("one", "two", "three")))
    found = json.loads(call("evaluate", "hyp", "ref", "--uem", "some.uem", "--json").stdout)
    assert found["total"]["wer"]["errors"] == 0  # the wrong word is said after that
    assert found["total"]["wer"]["length"] == 6
    (folders / "some.uem").write_text("one 1 0 2\n")
    assert call("evaluate", "hyp", "ref", "--uem", "some.uem").exit_code == 3


def test_files_of_several_recordings_are_split(place: Path, call: Call) -> None:
    (place / "ref.stm").write_text("a 1 Ann 0 1 so it is\nb 1 Bo 0 1 yes\n")
    (place / "hyp.stm").write_text("b 1 2 0 1 no\na 1 1 0 1 so it is\n")
    found = json.loads(call("evaluate", "hyp.stm", "ref.stm", "--json").stdout)
    assert {name: scores["wer"]["errors"] for name, scores in found["recordings"].items()} == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--metrics", "wr"], 2, "wer"),
        (["--fail-over", "purity=0.5"], 2, "purity"),
        (["--fail-over", "wer=low"], 2, "number"),
        (["--fail-over", "cer=0.1", "--metrics", "wer"], 2, "--metrics"),
        (["--collar", "-1"], 2, "negative"),
        (["--audio", "one.wav"], 2, "--html"),
        (["--html", "out.html", "--audio", "nowhere"], 3, "no recording called one"),
    ],
)
def test_invalid_arguments_are_errors(folders: Path, call: Call, arguments: list[str], code: int, word: str) -> None:
    result = call("evaluate", "hyp/one.json", "ref/one.words.jsonl", *arguments)
    assert result.exit_code == code
    assert word in result.stderr


def test_plain_text_is_scored_by_words(place: Path, call: Call) -> None:
    """Plain text is a reference or a hypothesis for WER and CER; metrics that need times say why they are unknown."""
    transcript_of("So", "it", "was").save(place / "a.json")
    (place / "a.txt").write_text("So it is.\n")
    for hypothesis, reference in (("a.json", "a.txt"), ("a.txt", "a.json")):
        result = call("evaluate", hypothesis, reference, "--metrics", "wer,cer,der,tcpwer", "--json")
        assert result.exit_code == 0, result.output
        scores = json.loads(result.stdout)["recordings"]["a"]
        assert scores["wer"]["rate"] == pytest.approx(1 / 3)
        assert scores["cer"]["errors"] == 2
        assert "has no times" in str(scores["der"]) and "has no times" in str(scores["tcpwer"])
    assert "a.txt: a text without times; scores that need times are unknown" in result.stderr


def test_regions_need_times(place: Path, call: Call) -> None:
    """Within the regions of a UEM file, the words of a plain text cannot be scored."""
    transcript_of("So").save(place / "a.json")
    (place / "a.txt").write_text("So.\n")
    (place / "a.uem").write_text("a 1 0 1\n")
    result = call("evaluate", "a.json", "a.txt", "--metrics", "wer", "--json", "--uem", "a.uem")
    assert "the reference has no times, which are needed to score regions" in result.stdout


def test_a_page_is_kept_without_overwrite(folders: Path, call: Call) -> None:
    arguments = ("evaluate", "hyp/three.json", "ref/three.words.jsonl", "--html", "out.html")
    assert call(*arguments).exit_code == 0
    page = (folders / "out.html").read_text()
    assert "<b>is</b><u>was</u>" in page
    assert (folders / "out.html").stat().st_mode & 0o777 == 0o600
    assert call(*arguments).exit_code == 3
    assert call(*arguments, "--overwrite").exit_code == 0
