"""Rows of what is made from a transcript: frame, formats, scores, statistics, minutes, report, podcast."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from meetscribe import evaluation, formats
from meetscribe.formats import FORMATS
from meetscribe.transcript import Transcript
from tests.benchmarks.accuracy import SAMPLES, truth_of
from tests.benchmarks.everything.values import Row, Work, parsed

STANDUP = "out/standup.json"


def frame(work: Work) -> str:
    """Make a DataFrame with speakers, and the same transcript from it."""
    found = work.load(STANDUP)
    words = found.to_frame("word")
    share = words["speaker"].notna().mean()
    assert share == 1, f"only {share:.0%} of the words have a speaker"
    assert Transcript.from_frame(words, found.meta) == found, "the frame does not read back equal"
    talk = words.meet.talk_time()
    assert abs(talk["share"].sum() - 1) < 1e-9
    return f"{len(words)} words of {words['speaker'].nunique()} speakers, reads back equal"


def every_format(work: Work) -> str:
    """Export to every format that can be written, and read each that can be read."""
    found = work.load(STANDUP)
    names = [name for name, row in FORMATS.items() if row.writes]
    listed = ",".join(names)
    work.meetscribe("export", STANDUP, "-f", listed, "-o", "formats")
    expected, same = [word.text for word in found.words], 0
    for name in names:
        file = work.folder / "formats" / f"standup{FORMATS[name].suffixes[0]}"
        assert file.stat().st_size > 0, f"{name} is empty"
        if FORMATS[name].reads:
            read = formats.load(file)
            same += [word.text for word in read.words] == expected
            assert read.words or read.turns or name == "uem", f"{name} reads back empty"
    return f"{len(names)} formats written, {sum(FORMATS[name].reads for name in names)} read, {same} with equal words"


def evaluated(work: Work) -> str:
    """Score by the command, and compare with the Levenshtein distance of jiwer or the classic algorithm."""
    work.load(STANDUP)
    options = ("--metrics", "wer,cpwer,der", "--json")
    document = parsed(work.meetscribe("evaluate", STANDUP, SAMPLES / "standup.words.jsonl", *options))
    truth, found = truth_of(SAMPLES / "standup.flac"), work.load(STANDUP)
    reference, hypothesis = (evaluation.normalize(each.text) for each in (truth, found))
    expected = distance(reference, hypothesis) / len(reference)
    rate = find(document, "wer")
    assert abs(rate - expected) < 1e-3, f"WER {rate}, but the classic algorithm says {expected}"
    return f"WER {rate:.1%}, as by the classic algorithm"


def find(document: object, metric: str) -> float:
    """Return the rate of a metric in the JSON of `evaluate`."""
    if isinstance(document, dict):
        inner = document.get(metric)
        if isinstance(inner, dict) and isinstance(inner.get("rate"), float):
            return float(inner["rate"])
        values: Sequence[object] = list(document.values())
    else:
        values = document if isinstance(document, list) else ()
    rates = [rate for value in values if (rate := find(value, metric)) >= 0]
    return rates[0] if rates else -1.0


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the edit distance by Wagner and Fischer's algorithm."""
    row = list(range(len(other) + 1))
    for place, word in enumerate(one, 1):
        diagonal, row[0] = row[0], place
        for column, letter in enumerate(other, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (word != letter))
    return row[-1]


def statistics(work: Work) -> str:
    """Compare the talk time of each speaker with that of the reference turns."""
    work.load(STANDUP)
    document = parsed(work.meetscribe("stats", STANDUP, "--json"))
    truth = truth_of(SAMPLES / "standup.flac")
    expected = sorted(truth.to_frame("word").meet.speakers()["talk_share"], reverse=True)
    found = sorted((row["talk_share"] for row in document["speakers"]), reverse=True)
    worst = max(abs(one - other) for one, other in zip(found, expected, strict=True))
    assert worst <= 0.06, f"talk shares {found}, but the reference has {expected}"
    return f"{len(found)} speakers, talk shares within {worst:.3f} of the reference"


def minutes(work: Work) -> str:
    """Write minutes, and check that each line is proved by the words."""
    work.load(STANDUP)
    text = work.meetscribe("minutes", STANDUP, "--json")
    (work.folder / "standup.minutes.json").write_text(text)
    items = parsed(text)["items"]
    work.meetscribe("minutes", "check", "standup.minutes.json", STANDUP)
    return f"{len(items)} items, all proved by quotes"


def report(work: Work) -> str:
    """Write the report of the meeting, and look for every word of the transcript in the page."""
    found = work.load(STANDUP)
    options = ("--minutes", "rules", "--sound", "none", "-o", "standup.html", "-q")
    work.meetscribe("report", STANDUP, *options)
    text = (work.folder / "standup.html").read_text(encoding="utf-8")
    missing = {word.text for word in found.words if word.text.strip(".,?!'’") not in text}
    assert not missing, f"words are missing: {sorted(missing)[:5]}"
    assert all(label in text for label in found.speakers)
    return f"a page of {len(text) / 1000:.0f} kB with all {len(found.words)} words"


def podcast(work: Work) -> str:
    """Write captions, chapters and notes, and read the captions and the chapters back."""
    work.load(STANDUP)
    shutil.copy(SAMPLES / "standup.flac", work.folder / "standup.flac")
    options = ("--base-url", "https://example.org/audio", "--min-chapter", "20", "--max-chapter", "60")
    work.meetscribe("podcast", STANDUP, "-o", "podcast", *options, "-q")
    chapters = parsed((work.folder / "podcast" / "standup.chapters.json").read_text())["chapters"]
    times = [chapter["startTime"] for chapter in chapters]
    assert times[0] == 0, times
    assert times == sorted(times), times
    captions = formats.load(work.folder / "podcast" / "standup.vtt")
    assert evaluation.normalize(captions.text) == evaluation.normalize(work.load(STANDUP).text)
    notes = (work.folder / "podcast" / "standup.notes.md").read_text()
    assert notes.strip()
    return f"{len(chapters)} chapters, captions with all words"


ROWS = (
    Row("speaker-tagged DataFrame", "Transcript.to_frame('word')", frame),
    Row("every format", "export standup.json -f …", every_format),
    Row("evaluation", "evaluate standup.json standup.words.jsonl", evaluated),
    Row("analytics", "stats standup.json --json", statistics),
    Row("minutes", "minutes standup.json; minutes check", minutes),
    Row("report", "report standup.json", report),
    Row("podcast", "podcast standup.json", podcast),
)
