"""Writing of reports to files, in the format of the suffix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from meetscribe.errors import SettingsError, nearest
from meetscribe.publishing.destinations import write_output
from meetscribe.publishing.exports import export_files, is_folder_path
from meetscribe.report.contents import Report
from meetscribe.report.documents.docx import to_docx
from meetscribe.report.documents.markdown import to_markdown
from meetscribe.report.page.composing import to_html
from meetscribe.report.sound import Sound

REPORT_FORMATS = ("html", "md", "docx")
"""The formats of reports, which are also their suffixes."""


def save(report: Report, path: str | Path, sound: Sound | None = None) -> None:
    """Write a report as HTML, Markdown or DOCX, by the suffix of `path`, readable only by its owner.

    HTML plays `sound`; Markdown links to it unless it is embedded. Raises SettingsError for another suffix, OutputError
    if the file cannot be written.
    """
    path = Path(path)
    write_output(path, report_bytes(report, check_format(path.suffix.removeprefix(".").lower()), sound), "report")


def report_bytes(report: Report, format: str, sound: Sound | None = None) -> bytes:
    """Return a report in one of `REPORT_FORMATS`; raises SettingsError if a required package is missing."""
    if format == "docx":
        return to_docx(report)
    if format == "md":
        link = unquote(sound.url) if sound and not sound.size else None  # the Markdown writer escapes it itself
        return to_markdown(report, link).encode("utf-8", "replace")
    return to_html(report, sound).encode("utf-8", "replace")


def report_files(meeting: str, output: str, formats: Sequence[str]) -> dict[str, Path]:
    """Return the file for each format: `output` itself, or `NAME.report.SUFFIX` in the folder `output`.

    For several formats, an `output` without a suffix is a folder, even if it does not exist. Raises SettingsError for
    several formats with one output file.
    """
    found = export_files(meeting, output, formats)
    if len(formats) == 1 and not is_folder_path(output):
        return found
    return {name: file.with_name(f"{file.stem}.report{file.suffix}") for name, file in found.items()}


def check_format(name: str) -> str:
    """Return the name of a report format; raises SettingsError for any other name."""
    if name not in REPORT_FORMATS:
        advice = "Print the page to PDF in a browser." if name == "pdf" else nearest(name, REPORT_FORMATS)
        raise SettingsError(f"reports cannot be written as {name!r}", advice)
    return name
