"""The two transcripts of the golden files.

`python -m tests.formats.goldens` writes the golden files and the tables of the formats' README.
"""

from __future__ import annotations

from pathlib import Path

from meetscribe.errors import Notice
from meetscribe.formats import FORMATS, load, write
from meetscribe.timeline import Turn
from meetscribe.transcript import AsrRecord, Finding, Meta, Provenance, RecordingFile, Rename, Segment, Transcript, Word
from tests.formats.readme_tables import README, filled

GOLDEN = Path(__file__).parent / "golden"


def meeting() -> Transcript:
    """A meeting with an overlap, two scripts and an unknown speaker."""
    return load(GOLDEN / "meeting.json")


def awkward() -> Transcript:
    """A transcript that is hard for formats: markup, formulas, several scripts, odd names and times, 30 hours."""
    late = 30 * 3600.0
    said = [
        (0.0, 2.0, "S0", ["a", "--> b", "<b>bold</b>", "&amp;", "&"]),
        (1.0, 3.0, "S1", ['"Quoted"', "it's", "tab\there", "new\nline", "a,b;c|d"]),
        (3.0, 3.5, None, ["Nobody:", "knows."]),
        (3.5, 4.5, "S2", ["=cmd|' /C calc'!A0", "+1", "@x"]),
        (4.5, 5.5, "S3", ["שלום", "לכולם,", "مرحبا"]),
        (5.5, 6.5, "S0", ["我", "们", "用", "Python", "写", "。"]),
        (6.5, 7.0, "S1", ["👩‍👩‍👧‍👦", "🎉"]),
        (7.0, 7.0, "S0", ["zero"]),
        (7.0, 8.0, "S2", ["{\\an8}", "\\N", "%", "//", "(yes)", "[no]", "*", "_"]),
        (8.0, 8.3, "S0", ["Yes."]),
        (8.3, 8.6, "S1", ["No."]),
        (9.0, 12.0, "S3", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"]),
        (late, late + 2.0, "S0", ["Thirty", "hours", "on."]),
    ]
    segments = [Segment(tuple(_words(*one))) for one in said]
    segments.insert(2, Segment((Word("Mixed", 2.5, 2.7, speaker="S1"), Word("voices.", 2.7, 3.0, speaker="S0"))))
    names = {
        "S0": "Anna: the <Boss> & Co",
        "S1": '=HYPERLINK("http://x";"Ben")',
        "S2": "</v><script>alert(1)</script>",
        "S3": "دانا  כהן\n[x]",
    }
    meta = Meta(
        "en",
        late + 10,
        RecordingFile("board meeting; 30 h.wav", "sha256:" + "0" * 64),
        turns=(Turn(0, 2, "S0"), Turn(1, 3, "S1"), Turn(late, late + 2, "S0")),
        exclusive=(Turn(0, 1.5, "S0"), Turn(1.5, 3, "S1")),
        edits=(Rename(names),),
        notices=(Notice("other", "mind the gap"),),
        provenance=Provenance(asr=AsrRecord(model="small")),
        findings=(Finding("removed", 13, 14, "said again and again", "Thank you."),),
    )
    return Transcript(tuple(segments), meta)


def _words(start: float, end: float, speaker: str | None, texts: list[str]) -> list[Word]:
    """Return the texts as words of equal duration, the second with interpolated times."""
    step = (end - start) / len(texts)
    return [
        Word(
            text,
            start + step * place,
            start + step * (place + 1),
            timing="interpolated" if place == 1 else "aligned",
            score=None if place == 1 else 0.75,
            speaker=speaker,
            overlap=start < 3 and speaker in ("S0", "S1"),
            probability=0.5,
        )
        for place, text in enumerate(texts)
    ]


TRANSCRIPTS = {"meeting": meeting, "awkward": awkward}

WRITTEN = [name for name, row in FORMATS.items() if row.writes and row.package is None]
"""Formats with golden files; the bytes of the others depend on the version of a package."""


def path_of(transcript: str, format: str) -> Path:
    """Return the golden file of a transcript in a format."""
    return GOLDEN / f"{transcript}{FORMATS[format].suffixes[0]}"


def main() -> None:
    """Write all golden files except the meeting's native JSON, their source, and the tables of the README."""
    for transcript, make in TRANSCRIPTS.items():
        for name in WRITTEN:
            if (transcript, name) != ("meeting", "json"):
                path_of(transcript, name).write_bytes(write(make(), name))
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
