"""A transcript with every member of native JSON."""

from __future__ import annotations

from meetscribe.errors import Notice
from meetscribe.timeline import Turn
from meetscribe.transcript import (
    Assign,
    Char,
    Finding,
    Merge,
    Meta,
    Provenance,
    RecordingFile,
    Rename,
    Segment,
    Transcript,
    Word,
)

WORD = Word(
    "Hi.", 0.5, 1, "aligned", 0.75, "A", 1, "turn", probability=0.5, chars=(Char("H", 0.5, 0.75, 0.5),), id="r-0"
)
SMALL = Transcript(
    (Segment((WORD, Word("Zoë?", 1, 1.25, speaker="A", language="de", id="r-1"))),),
    Meta(
        "en",
        2,
        RecordingFile("rec/m.wav"),
        (Turn(0.5, 1, "A"),),
        (Turn(0.5, 1, "A"),),
        (Rename({"A": "Anna"}), Merge(("A", "B"), "2026-01-02T03:04:05+00:00"), Assign(0.5, 1, "Ben")),
        (Notice("speech.none", "late", {"recording": "a.wav"}),),
        Provenance(extra={"asr": "x"}),
        (Finding("removed", 1.25, 2, "no speech", "Thanks."),),
        "Weekly",
        "2026-11-27T10:00+01:00",
        ("Anna", "Zoë"),
    ),
)
