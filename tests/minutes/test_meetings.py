"""The written meetings are consistent in themselves, and stay as they were written."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("meetings")
FILES = sorted((FOLDER / "written").glob("*.json"))
FURTHER = sorted((FOLDER / "further").glob("*.json"))

WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday".split(),
    "montag dienstag mittwoch donnerstag freitag samstag sonntag".split(),
)

ONES = "first second third fourth fifth sixth seventh eighth ninth".split()
TEENS = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()
TWENTIES = ["twentieth", *(f"twenty-{one}" for one in ONES)]
ENGLISH_DAYS = {word: day for day, word in enumerate([*ONES, *TEENS, *TWENTIES, "thirtieth", "thirty-first"], 1)}
GERMAN_DAYS = {
    "zehnten": 10, "neunzehnten": 19, "zwanzigsten": 20, "vierundzwanzigsten": 24, "einunddreißigste": 31,
}  # fmt: skip

DISTANCES = {
    "at nine": 0, "at seven": 0, "at eleven": 0, "at two o'clock today": 0, "by noon": 0, "after lunch": 0,
    "tonight": 0, "now": 0, "as of today": 0, "um acht": 0, "heute": 0, "nachher": 0, "gleich nach der runde": 0,
    "tomorrow": 1, "tomorrow noon": 1, "tomorrow evening": 1, "in the morning": 1, "morgen vormittag": 1,
    "today": 0, "this afternoon": 0, "this evening": 0, "by three": 0, "straight after this": 0, "heute noch": 0,
    "as soon as we're done here": 0, "before you go home": 0, "first thing tomorrow": 1, "morgen": 1, "morgen abend": 1,
    "by close of play tomorrow": 1, "in drei wochen": 21, 
    "spätestens übermorgen": 2, "in a week": 7, "two weeks": 14, "in zwei wochen": 14, "vierzehn tage": 14,
}  # fmt: skip
"""Days from the meeting, by what was said."""

WEEKS = {
    "this week": 0, "before the weekend": 0, "before the week's out": 0, "noch in dieser woche": 0, "next week": 1,
    "the end of next week": 1, "end of next week": 1, "nächste woche": 1,
}  # fmt: skip
"""Weeks from the meeting's, by what was said; they end on Friday."""

OTHERS = {"on the night": 12, "by the dress rehearsal": 2}
"""Days of the month that another utterance names."""

Meeting = dict[str, Any]


def read(path: Path) -> Meeting:
    meeting: Meeting = json.loads(path.read_text(encoding="utf-8"))
    return meeting


@pytest.fixture(params=FILES + FURTHER, ids=lambda path: path.stem)
def meeting(request: pytest.FixtureRequest) -> Meeting:
    return read(request.param)


def said(meeting: Meeting, item: dict[str, Any]) -> str:
    """Return the text of an item's evidence."""
    texts = {utterance["id"]: utterance["text"] for utterance in meeting["utterances"]}
    return " ".join(texts[name] for name in item["evidence"])


def items(meeting: Meeting) -> Iterator[dict[str, Any]]:
    """Yield the expected decisions, actions and questions."""
    for kind in ("decisions", "actions", "questions"):
        yield from meeting["expected"][kind]


@pytest.mark.parametrize("folder", ["written", "further"])
def test_the_meetings_stay_as_they_were_written(folder: str) -> None:
    """The list of hashes covers the files of the folder, no more and no fewer."""
    lines = [line.split() for line in (FOLDER / f"{folder}.sha256").read_text(encoding="utf-8").splitlines()]
    assert {name: digest for digest, name in lines} == {
        f"{folder}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (FOLDER / folder).glob("*.json")
    }


def test_there_are_enough_of_both_languages() -> None:
    """A quarter of the first 24 and a third of the further 24 are German."""
    assert Counter(read(path)["language"] for path in FILES) == {"en": 18, "de": 6}
    assert Counter(read(path)["language"] for path in FURTHER) == {"en": 16, "de": 8}


def test_the_keys_are_those_of_the_format(meeting: Meeting) -> None:
    """Every object has its keys, in the order of the format's description."""
    assert list(meeting) == ["title", "language", "date", "speakers", "utterances", "expected"]
    assert {tuple(one) for one in meeting["utterances"]} == {("id", "speaker", "text", "start", "end")}
    keys = {kind: {tuple(item) for item in listed} for kind, listed in meeting["expected"].items()}
    assert list(keys) == ["decisions", "actions", "questions", "distractors"]
    assert keys["decisions"] | keys["questions"] == {("text", "evidence")}
    assert keys["distractors"] == {("why", "evidence")}
    assert keys["actions"] <= {("task", "owner", "due_said", "due", "agreed_by", "status", "evidence")}


def test_size_and_speakers(meeting: Meeting) -> None:
    """A meeting has 25 to 60 utterances of 2 to 5 speakers, listed as they first speak."""
    utterances = meeting["utterances"]
    assert 25 <= len(utterances) <= 60 and 2 <= len(meeting["speakers"]) <= 5
    assert meeting["speakers"] == list(dict.fromkeys(utterance["speaker"] for utterance in utterances))
    assert [utterance["id"] for utterance in utterances] == [f"u{n:04d}" for n in range(1, len(utterances) + 1)]


def test_times(meeting: Meeting) -> None:
    """Starts are in order, speakers do not overlap themselves, and they speak at a plausible rate."""
    free: dict[str, float] = {}
    latest = 0.0
    for utterance in meeting["utterances"]:
        start, end = utterance["start"], utterance["end"]
        assert latest <= start < end and free.get(utterance["speaker"], 0.0) <= start
        latest, free[utterance["speaker"]] = start, end
        words = len(utterance["text"].split())
        assert words < 4 or 2.0 <= words / (end - start) <= 3.2


def test_evidence(meeting: Meeting) -> None:
    """Evidence exists and is in order; what distracts supports no item."""
    known = [utterance["id"] for utterance in meeting["utterances"]]
    used: set[str] = set()
    for item in items(meeting):
        assert item["evidence"] and item["evidence"] == [name for name in known if name in item["evidence"]]
        used |= set(item["evidence"])
    for item in meeting["expected"]["distractors"]:
        assert item["evidence"] and set(item["evidence"]) <= set(known) - used


def test_owners(meeting: Meeting) -> None:
    """Owners are speakers, all of them, nobody, or absent people whose names were said."""
    for action in meeting["expected"]["actions"]:
        for owner in filter(None, (action["owner"] or "").split(", ")):
            assert owner == "everyone" or owner in meeting["speakers"] or owner in said(meeting, action)


def test_agreement(meeting: Meeting) -> None:
    """Whoever agreed speaks in the evidence; an action is agreed if and only if a participant took it on."""
    speakers = {utterance["id"]: utterance["speaker"] for utterance in meeting["utterances"]}
    for action in meeting["expected"]["actions"]:
        assert set(action["agreed_by"]) <= {speakers[name] for name in action["evidence"]}
        assert action["status"] == ("agreed" if action["agreed_by"] else "proposed")


def test_due_dates(meeting: Meeting) -> None:
    """A due date was said in the evidence, is not in the past, and is the day of the calendar that was said."""
    for action in meeting["expected"]["actions"]:
        if action["due"] is None:
            continue
        due, words = date.fromisoformat(action["due"]), action["due_said"].lower()
        assert words in said(meeting, action).lower()
        assert due >= date.fromisoformat(meeting["date"])
        assert fits(words, due, date.fromisoformat(meeting["date"])), (action["task"], words, due)


def fits(words: str, due: date, day: date) -> bool:
    """Return whether the words, said on a day, mean the due date."""
    if words in DISTANCES:
        return due - day == timedelta(DISTANCES[words])
    for names in WEEKDAYS:
        for number, name in enumerate(names):
            if name in words:
                later = 7 * any(word in words for word in ("next", "nächsten", " week"))
                return due.weekday() == number and max(later, 1) <= (due - day).days <= 7 + later
    if "weekend" in words and words not in WEEKS or "wochenende" in words:
        return due.weekday() == 6 and 0 < (due - day).days <= 7
    if words in WEEKS:
        return due == day + timedelta(7 * WEEKS[words] + 4 - day.weekday())
    if words.startswith("the week of "):
        return due.weekday() == 4 and ENGLISH_DAYS[words.split()[-1]] == (due - timedelta(4)).day
    if "end" in words.split() or "ende" in words.split():
        return (due + timedelta(1)).day == 1
    if words.split()[-1].startswith(("mid-", "monats")):
        return due.day == 15
    days = ENGLISH_DAYS | GERMAN_DAYS
    return due.day == (OTHERS.get(words) or next(days[word] for word in words.replace(",", "").split() if word in days))


def test_no_wording_comes_twice() -> None:
    """No utterance of four words or more supports an item in two meetings."""
    texts: Counter[str] = Counter()
    for meeting in map(read, FILES):
        names = {name for item in items(meeting) for name in item["evidence"]}
        texts.update(
            {
                re.sub(r"\W+", " ", utterance["text"].lower())
                for utterance in meeting["utterances"]
                if utterance["id"] in names
            }
        )
    assert [text for text, count in texts.items() if count > 1 and len(text.split()) > 3] == []
