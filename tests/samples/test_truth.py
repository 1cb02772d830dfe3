"""The samples' truth is what it says: complete, consistent, and never trained on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.formats.rttm import read_rttm
from meetscribe.timeline import Span, total, union

SAMPLES = Path(__file__).parents[2] / "samples"
RECORDINGS = ("standup", "planning", "interview")
SYNTHESISERS = ("flite", "espeak-ng", "festival")


def words_of(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (SAMPLES / f"{name}.words.jsonl").read_text().splitlines()]


def turns_of(name: str) -> list[tuple[Span, str]]:
    turns = read_rttm((SAMPLES / f"{name}.rttm").read_bytes(), name)
    return [(turn.span, turn.speaker) for turn in turns]


def overlap_share(name: str) -> float:
    spans = [span for span, _ in turns_of(name)]
    spoken = total(spans)
    return (sum(span.duration for span in spans) - spoken) / spoken


@pytest.mark.parametrize(
    ("name", "speakers", "shortest", "longest"),
    [("standup", 3, 60, 120), ("planning", 4, 480, 720), ("interview", 2, 120, 180)],
)
def test_recordings_are_as_long_and_as_peopled_as_promised(
    name: str, speakers: int, shortest: float, longest: float
) -> None:
    """Each recording has its number of speakers and its length."""
    audio = load_audio(SAMPLES / f"{name}.flac")

    assert shortest <= audio.duration <= longest
    assert len({word["speaker"] for word in words_of(name)}) == speakers
    assert all(0 <= float(str(word["start"])) < float(str(word["end"])) <= audio.duration for word in words_of(name))


@pytest.mark.parametrize("name", RECORDINGS)
def test_turns_hold_every_word_of_their_speaker(name: str) -> None:
    """A speaker's words lie within the speaker's turns, which are joined over gaps under half a second."""
    turns = turns_of(name)
    for word in words_of(name):
        span = Span(float(str(word["start"])), float(str(word["end"])))
        own = [turn for turn, speaker in turns if speaker == word["speaker"]]
        assert any(turn.start - 0.002 <= span.start and span.end <= turn.end + 0.002 for turn in own)
    for speaker in {speaker for _, speaker in turns}:
        own = sorted(span for span, who in turns if who == speaker)
        assert all(after.start - before.end >= 0.498 for before, after in zip(own, own[1:], strict=False))


def test_planning_overlaps_and_pauses_as_meetings_do() -> None:
    """Of the planning meeting 5 to 10 % overlaps, and pauses reach from short to many seconds."""
    spoken = union(span for span, _ in turns_of("planning"))
    pauses = [after.start - before.end for before, after in zip(spoken, spoken[1:], strict=False)]

    assert 0.05 <= overlap_share("planning") <= 0.10
    assert min(pauses) < 0.2
    assert 6 < max(pauses) <= 20.5


def test_what_was_planted_is_said() -> None:
    """Every decision, action item and open question of the plan is a line of the transcript."""
    plan = json.loads((SAMPLES / "planning.plan.json").read_text())
    said = (SAMPLES / "planning.stm").read_text()

    for kind in ("decisions", "actions", "questions"):
        assert len(plan[kind]) >= 3
        assert all(item["text"] in said for item in plan[kind])
    assert all({"owner", "due"} <= item.keys() for item in plan["actions"])


def test_no_recorded_sentence_was_trained_on() -> None:
    """The recipe's own check finds no sentence of four or more words in the training texts."""
    command = [sys.executable, str(SAMPLES / "recipe" / "check_texts.py"), str(SAMPLES)]
    result = subprocess.run(command, capture_output=True, text=True)

    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 in both" in result.stdout


def test_the_check_of_texts_can_fail(tmp_path: Path) -> None:
    """A recording that says a training sentence is found out."""
    texts = (SAMPLES / "weights" / "training-texts.txt").read_text().splitlines()
    trained = next(text for text in texts if len(text.split()) >= 6)
    (tmp_path / "x.stm").write_text(f"x 1 sally 0.000 2.000 {trained}\n")
    command = [sys.executable, str(SAMPLES / "recipe" / "check_texts.py"), str(tmp_path)]

    assert subprocess.run(command, capture_output=True).returncode == 1


def test_weights_stay_small() -> None:
    """All weights together take at most 40 MB."""
    files = [path for path in (SAMPLES / "weights").rglob("*") if path.is_file()]

    assert len(files) > 3
    assert sum(path.stat().st_size for path in files) <= 40_000_000


@pytest.mark.skipif(
    any(shutil.which(program) is None for program in SYNTHESISERS),
    reason="making a recording needs flite, espeak-ng and festival",
)
def test_a_new_meeting_comes_with_its_truth(tmp_path: Path) -> None:
    """The recipe makes a meeting of a seed with all its files, and no sentence of it was trained on."""
    recipe = SAMPLES / "recipe"
    options = ["--seed", "5", "--minutes", "0.3", "--speakers", "3", "-o", str(tmp_path)]
    subprocess.run([sys.executable, str(recipe / "make_meeting.py"), *options], check=True, capture_output=True)

    for suffix in ("flac", "words.jsonl", "rttm", "stm", "plan.json"):
        assert (tmp_path / f"meeting.{suffix}").stat().st_size > 0
    check = subprocess.run([sys.executable, str(recipe / "check_texts.py"), str(tmp_path)], capture_output=True)
    assert check.returncode == 0
