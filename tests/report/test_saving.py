from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import meetscribe
from meetscribe.errors import SettingsError
from meetscribe.formats import load
from meetscribe.minutes import minutes_by_rules, to_markdown
from meetscribe.report import Report, link_sound, make_report, minutes_to_docx, minutes_to_html, save, to_json
from meetscribe.report.saving import check_format, report_files
from meetscribe.transcript import Finding, Transcript
from tests.minutes.meeting import dialogue
from tests.report.meetings import HOSTILE, hostile_meeting, meeting


def full(transcript: Transcript) -> Report:
    return make_report(transcript, meetscribe.minutes(transcript, meetscribe.stats(transcript).topics))


def spoken(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(one.speaker, one.text) for one in transcript.segments]


@pytest.mark.parametrize("format", ["md", "docx"])
@pytest.mark.parametrize("hostile", [False, True])
def test_the_transcript_of_a_document_reads_back(tmp_path: Path, format: str, hostile: bool) -> None:
    """Minutes, key passages and statistics stand before the transcript, and are not taken for it."""
    if format == "docx":
        pytest.importorskip("docx")
    report = full(hostile_meeting() if hostile else meeting())
    save(report, tmp_path / f"a.{format}")
    back = load(tmp_path / f"a.{format}", format)
    assert spoken(back) == spoken(load_as_export(report, tmp_path, format))
    assert len(back.segments) == len(report.paragraphs)


@pytest.mark.parametrize("format", ["md", "docx"])
def test_documents_list_the_passages_to_check(tmp_path: Path, format: str) -> None:
    """They stand before the transcript, and are not taken for it."""
    if format == "docx":
        pytest.importorskip("docx")
    findings = Finding("uncovered", 1.0, 9.0, "speech without words"), Finding("suspect", 9.0, 9.5, "unlikely", "Yes.")
    report = make_report(meeting().with_meta(findings=findings))
    save(report, tmp_path / f"a.{format}")
    back = load(tmp_path / f"a.{format}", format)
    assert spoken(back) == spoken(load_as_export(report, tmp_path, format))
    if format == "md":
        text = (tmp_path / "a.md").read_text(encoding="utf-8")
    else:
        text = "\n".join(one.text for one in docx_paragraphs(tmp_path / "a.docx"))
    assert "Passages to check" in text and "doubtful words: unlikely “Yes.”" in text


def docx_paragraphs(path: Path) -> list[Any]:
    import docx

    return list(docx.Document(str(path)).paragraphs)


def load_as_export(report: Report, folder: Path, format: str) -> Transcript:
    """Return the transcript as the format alone writes and reads it."""
    report.transcript.save(folder / f"export.{format}")
    return load(folder / f"export.{format}", format)


def test_markdown_has_all_sections(tmp_path: Path) -> None:
    """Times link to the sound; every section of the report is there; texts are escaped."""
    sound = link_sound(tmp_path / "talk 1.mp3", tmp_path)
    save(full(meeting(repeat=2)), tmp_path / "a.md", sound)
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    for title in ("# Budget", "## Decisions", "## Actions", "## Key passages", "## Keywords", "## Speakers"):
        assert f"\n{title}\n" in text
    assert "(talk%201.mp3#t=" in text
    assert "| Speaker | Talk time | Share | Turns | Words | Words/min |" in text
    save(full(hostile_meeting()), tmp_path / "b.md")
    assert "<script>" not in (tmp_path / "b.md").read_text(encoding="utf-8").replace("\\<", "").partition("---\n# ")[2]


def test_word_documents_have_all_sections(tmp_path: Path) -> None:
    """Actions and speakers are tables whose heads repeat; pages are numbered; equal reports are equal files."""
    docx = pytest.importorskip("docx")
    for name in ("a.docx", "b.docx"):
        save(full(meeting(repeat=2)), tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    document = docx.Document(str(tmp_path / "a.docx"))
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[:2] == ["Budget", "Decisions"]
    assert {"Actions", "Key passages", "Speakers", "Transcript"} <= set(headings)
    actions, speakers = document.tables
    assert [cell.text for cell in actions.rows[0].cells] == ["Task", "Owner", "Due"]
    assert actions.rows[1].cells[1].text == "Ben"
    assert "“Yes, I will write the report by Friday.”" in actions.rows[1].cells[0].text
    assert [row.cells[0].text for row in speakers.rows] == ["Speaker", "Anna", "Ben", "Chiara"]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert 'w:instr="PAGE"' in document.sections[0].footer._element.xml


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(SettingsError, match="pip install python-docx"):
        save(full(meeting()), tmp_path / "a.docx")


def test_json_has_the_contents(tmp_path: Path) -> None:
    """Everything but the words: what a page of one's own needs."""
    report = full(hostile_meeting())
    document = json.loads(to_json(report))
    assert document["title"] == HOSTILE[0]
    assert [row["speaker"] for row in document["speakers"]] == [row.speaker for row in report.speakers]
    assert document["passages"][0]["state"] == "valid"
    assert document["minutes"]["language"] == "en"
    assert json.loads(to_json(replace(report, minutes=None)))["minutes"] is None


def test_the_files_of_a_report(tmp_path: Path) -> None:
    """A file is written as it is named; in a folder, names end with .report and the suffix."""
    assert report_files("out/a.b.json", f"{tmp_path}/x.html", ["html"]) == {"html": tmp_path / "x.html"}
    files = report_files("out/a.b.json", str(tmp_path), ["html", "md"])
    assert files == {"html": tmp_path / "a.b.report.html", "md": tmp_path / "a.b.report.md"}
    new = report_files("out/a.b.json", str(tmp_path / "new"), ["html", "md"])
    assert new == {"html": tmp_path / "new/a.b.report.html", "md": tmp_path / "new/a.b.report.md"}
    with pytest.raises(SettingsError, match="cannot be written to one file"):
        report_files("a.json", "b.html", ["html", "md"])
    with pytest.raises(SettingsError, match="'pdf'"):
        check_format("pdf")


def test_the_next_meeting_has_its_day_in_each_document() -> None:
    """Word, HTML and Markdown show the day of the next meeting, and what compiled the minutes."""
    docx = pytest.importorskip("docx")
    talk = dialogue("Anna: The parser is slow.\nTom: I agree.\nAnna: Let's meet again next Tuesday at ten.")
    minutes = minutes_by_rules(talk)
    word = docx.Document(io.BytesIO(minutes_to_docx(minutes, talk)))
    texts = "\n".join(one.text for one in word.paragraphs), minutes_to_html(minutes, talk), to_markdown(minutes, talk)
    for text in texts:
        assert "— on 2026-12-01 (“next Tuesday at ten”)" in text
        assert "Compiled by rules from the whole transcript." in text
