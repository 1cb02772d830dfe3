"""Meetings for tests of reports: three speakers with minutes, sound, doubtful words and hostile texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from meetscribe.transcript import Finding, Meta, Segment, Transcript, Word

CANARY = "document.title='owned'"

HOSTILE = (
    f"<script>{CANARY}</script>",
    f'<img/src=x/onerror="{CANARY}">',
    f'"><svg/onload="{CANARY}">',
    f"</style><script>{CANARY}</script>",
    f"'-{CANARY}-'",
    f"javascript:{CANARY}",
    "&lt;b&gt;&#0;",
    "\u202eevil\u2066",
)
"""Texts that would run as scripts, leave their attribute, or reverse the text around them."""

LINES = (
    ("Anna", "Good morning. Today we talk about the budget and the release."),
    ("Ben", "The budget for the release is forty thousand euros."),
    ("Chiara", "Who will write the report about the budget?"),
    ("Anna", "Ben, can you write the report by Friday?"),
    ("Ben", "Yes, I will write the report by Friday."),
    ("Anna", "So we decided to move the release to March."),
    ("Chiara", "Agreed. The release moves to March."),
)

WORD_SECONDS = 0.5


def meeting(lines: Sequence[tuple[str, str]] = LINES, *, repeat: int = 1) -> Transcript:
    """Return a transcript of words of half a second each; the third paragraph is doubtful, and its second word."""
    segments, now = [], 0.0
    for speaker, text in (*lines,) * repeat:
        words = []
        for one in text.split():
            words.append(Word(one, now, now + 0.4, "aligned", 0.9, speaker, probability=0.9))
            now += WORD_SECONDS
        segments.append(Segment(tuple(words)))
        now += 1.0
    first, second, *rest = segments[2].words
    segments[2] = Segment((first, replace(second, probability=0.2), *rest))
    finding = Finding("suspect", segments[2].start, segments[2].end, "the same words are repeated", "will")
    return Transcript(
        tuple(segments), Meta("en", now, title="Budget", recorded_at="2026-11-20T10:00", findings=(finding,))
    )


def hostile_meeting() -> Transcript:
    """Return a transcript whose names, words, title and findings are hostile."""
    lines = tuple((name, " ".join([name, "said", *HOSTILE])) for name in HOSTILE[:4])
    made = meeting(lines)
    finding = Finding("suspect", 0, 3, HOSTILE[1], HOSTILE[0])
    return made.with_meta(title=HOSTILE[0], participants=HOSTILE, findings=(finding,), language="en")
