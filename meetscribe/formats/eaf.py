"""ELAN's annotation format 3.0 (EAF): a tier per speaker, with a tier of its words below."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import quote
from xml.etree.ElementTree import Element

from meetscribe.errors import JSON, InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.elan_tiers import read_tiers, spoken_tiers, word_tier
from meetscribe.formats.parts.tiers import WORDS, Interval, make_tiers, segments_from_tiers
from meetscribe.formats.parts.xml_documents import parse_xml
from meetscribe.markup.escaping import escape_markup, xml_text
from meetscribe.transcript import Transcript

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_MIME = {".wav": "audio/x-wav", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".m4a": "audio/mp4", ".mpg": "video/mpeg"}
_TYPES = """\
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="utterance" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Included_In" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="word" \
TIME_ALIGNABLE="true"/>
    <CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation's time interval, gaps are \
allowed" STEREOTYPE="Included_In"/>
"""


def matches(document: Document) -> bool:
    """Return whether the file is XML with ELAN's root element."""
    return document.head.startswith("<") and "<ANNOTATION_DOCUMENT" in document.head


def read(document: Document) -> Transcript:
    """Read the tiers of text; the speaker is the participant, or else the tier's name.

    If a tier holds only reference ids or no text, the text comes from the transcription tier below it, which inherits
    its times. A tier below another provides the word times if it has the same text. Other dependent tiers, such as
    translations, are reported. Times missing from time slots are interpolated. Raises InputError for an invalid file.
    """
    root = parse_xml(document, "Save the file again in ELAN.")
    try:
        tiers = read_tiers(root, _slots(root))
    except ValueError as error:
        raise InputError(f"{document.name}: {error}", "Save the file again in ELAN.") from error
    spoken = spoken_tiers(tiers)
    word_tiers = {
        tier.name: (tier, named_words)
        for tier in tiers.values()
        if (named_words := word_tier(tier, spoken)) is not None
    }
    words = [named_words for tier, named_words in word_tiers.values() if tier.timed]
    used = {*spoken, *word_tiers, *(tier.name for tier in spoken.values())}
    if skipped := [name for name, tier in tiers.items() if name not in used and tier.size]:
        problem = f": tiers that are not transcriptions were not read: {', '.join(skipped)}"
        document.notice("formats.skipped-tiers", problem, {"tiers": list[JSON](skipped)})
    return assemble(segments_from_tiers([*((tier.speaker, tier.intervals) for tier in spoken.values()), *words]))


def _slots(root: Element) -> dict[str, int]:
    """Return the milliseconds of each time slot; missing times are interpolated between the neighbours."""
    slots = list(root.iter("TIME_SLOT"))
    known = [(index, _milliseconds(value)) for index, slot in enumerate(slots) if (value := slot.get("TIME_VALUE"))]
    times = dict(known)
    ends = [(-1, 0), *known, (len(slots), known[-1][1] if known else 0)]
    for (before, start_ms), (after, end_ms) in pairwise(ends):
        for index in range(before + 1, after):
            times[index] = start_ms + round((end_ms - start_ms) * (index - before) / (after - before))
    return {slot.get("TIME_SLOT_ID", ""): times[index] for index, slot in enumerate(slots)}


def _milliseconds(value: str) -> int:
    """Parse whole milliseconds; raises ValueError for other numbers and for impossibly large ones."""
    if abs(time := float(value)) > 1e12 or not time.is_integer():
        raise ValueError(f"a time must be whole milliseconds, not {value[:20]}")
    return int(time)


def write(transcript: Transcript, *, words: bool = True) -> str:
    """Write a tier per speaker and, with `words`, a tier of words below; media is referenced beside the file.

    A tier holds one annotation at a time. Where utterances of one speaker overlap, the later one starts at the end of
    the earlier one; if it ends within the earlier one, its text is appended to that of the earlier one. The date is
    fixed, so that equal transcripts make equal files.
    """
    slots: list[int] = []
    tiers: list[str] = []
    annotations = 0
    for name, (outer, inner) in make_tiers(transcript).items():
        label = escape_markup(name)
        rows = [(outer, f'LINGUISTIC_TYPE_REF="utterance" PARTICIPANT="{label}" TIER_ID="{label}"')]
        if words:
            inside = list(_inside(outer, inner))
            attributes = (
                f'LINGUISTIC_TYPE_REF="word" PARENT_REF="{label}" PARTICIPANT="{label}" TIER_ID="{label}{WORDS}"'
            )
            rows.append((inside, attributes))
        for intervals, attributes in rows:
            tiers.append(f"    <TIER {attributes}>\n{_annotations(intervals, annotations, slots)}    </TIER>\n")
            annotations += len(intervals)
    times = "".join(
        f'        <TIME_SLOT TIME_SLOT_ID="ts{index}" TIME_VALUE="{time_ms}"/>\n'
        for index, time_ms in enumerate(slots, start=1)
    )
    order = f"    <TIME_ORDER>\n{times}    </TIME_ORDER>\n"
    return f"{_head(transcript, annotations)}{order}{''.join(tiers)}{_TYPES}</ANNOTATION_DOCUMENT>\n"


def _head(transcript: Transcript, annotations: int) -> str:
    name = xml_text(PurePath(transcript.recording.name).name) if transcript.recording else ""
    mime = _MIME.get(PurePath(name).suffix.lower(), "unknown")
    url = escape_markup(quote(name))
    media = f'        <MEDIA_DESCRIPTOR MEDIA_URL="file:///{url}" MIME_TYPE="{mime}" RELATIVE_MEDIA_URL="./{url}"/>\n'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ANNOTATION_DOCUMENT AUTHOR="" DATE="1970-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{_SCHEMA}">\n'
        f'    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">\n{media if name else ""}'
        f'        <PROPERTY NAME="lastUsedAnnotationId">{annotations}</PROPERTY>\n    </HEADER>\n'
    )


def _inside(outer: list[Interval], inner: list[Interval]) -> Iterator[Interval]:
    """Yield the words cut to their utterances, as ELAN requires of dependent tiers, without words outside them."""
    index = 0
    for interval in outer:
        while index < len(inner) and inner[index].start_ms < interval.end_ms:
            start_ms = max(inner[index].start_ms, interval.start_ms)
            end_ms = min(inner[index].end_ms, interval.end_ms)
            if start_ms < end_ms:
                yield Interval(start_ms, end_ms, inner[index].text)
            index += 1


def _annotations(intervals: list[Interval], count: int, slots: list[int]) -> str:
    """Return the annotations of a tier, numbered after the first `count`, and append their times to `slots`."""
    rows: list[str] = []
    for number, interval in enumerate(intervals, start=count + 1):
        slots += [interval.start_ms, interval.end_ms]
        rows.append(
            f'        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{len(slots) - 1}" '
            f'TIME_SLOT_REF2="ts{len(slots)}"><ANNOTATION_VALUE>{escape_markup(interval.text)}</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        )
    return "".join(rows)
