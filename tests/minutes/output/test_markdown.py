"""Minutes in Markdown: sections, links of the times, escaping, and what was left out."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.minutes import minutes_by_rules, to_markdown
from meetscribe.transcript import RecordingFile
from tests.minutes.verification.test_verifying import MEETING

MINUTES = minutes_by_rules(MEETING)


def test_sections_in_order() -> None:
    """Summary, decisions and actions; empty sections are left out."""
    text = to_markdown(MINUTES, MEETING)
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[:2] == ["# Minutes", "## Summary"] and "## Actions" in headings
    assert text.endswith("\n\n*Compiled by rules from the whole transcript.*\n")


def test_times_link_to_the_recording() -> None:
    """The address is given, or that of the transcript; what would end the link is escaped."""
    recorded = MEETING.with_meta(recording=RecordingFile("talks/my talk.mp4"))
    assert "](my%20talk.mp4#t=" in to_markdown(MINUTES, recorded)
    assert "](a%20b.mp3#t=" in to_markdown(MINUTES, recorded, "a%20b.mp3")
    for address in ("https://example.org/a.mp3", "https://example.org/get?file=a%20b.mp3&token=x"):
        assert f"]({address}#t=" in to_markdown(MINUTES, recorded, address)
    assert "](https://example.org/a%29.mp3#t=" in to_markdown(MINUTES, recorded, "https://example.org/a).mp3")


def test_text_is_escaped() -> None:
    """A text cannot add formatting or links."""
    item = replace(MINUTES.items[0], text="[click](http://x) <b>")
    assert "\\[click\\](http://x) \\<b\\>" in to_markdown(replace(MINUTES, items=(item,)), MEETING)


def test_candidates_are_listed_with_reasons() -> None:
    """With `all_items`, what was left out is listed."""
    left = replace(MINUTES, candidates=(MINUTES.items[0],))
    text = to_markdown(left, MEETING, all_items=True)
    assert "## Left out" in text and f"*(score {MINUTES.items[0].score:.2f})*" in text
    assert "## Left out" not in to_markdown(left, MEETING)


def test_changed_quotes_of_the_summary_are_marked() -> None:
    """A later correction of a word shows in the summary as in the items."""
    quoted = MINUTES.summary[0]
    word = next(word for word in MEETING.words if word.id == quoted.first_word)
    corrected = MEETING.replace(word.start, word.end, "Changed")
    summary = to_markdown(MINUTES, corrected).partition("## Summary")[2].partition("##")[0]
    assert "since)*" in summary and "since)*" not in to_markdown(MINUTES, MEETING)
