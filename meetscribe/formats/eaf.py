"""ELAN's annotation format 3.0 (EAF): a tier per speaker, and under it a tier of its words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

from meetscribe.errors import InputError
from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.tiers import WORDS, Interval, make_tiers, segments_from_tiers
from meetscribe.markup.escaping import escape_markup, xml_text
from meetscribe.text.whitespace import without_whitespace
from meetscribe.transcript import Transcript

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

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
    """Whether the file is XML with ELAN's root."""
    return document.head.startswith("<") and "<ANNOTATION_DOCUMENT" in document.head


def read(document: Document) -> Transcript:
    """The transcript of the tiers whose annotations have times; the participant, else the tier's name, is the speaker.

    A tier under another gives the times of its words, if it has the same text; others, such as translations, are
    passed over. A time that is not given lies between its neighbours. Raises InputError for what is no such file.
    """
    from xml.etree import ElementTree

    try:
        if "<!DOCTYPE" in document.text:  # it may name entities, which may be huge, or other files
            raise ValueError("a document type is declared, which ELAN's files do not have")
        root = ElementTree.fromstring(document.text)
        slots = _slots(root)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"{document.name}: {error}", "Save it again in ELAN.") from error
    tiers = [(tier, list(_intervals(tier, slots))) for tier in root.iter("TIER")]
    said = {tier.get("TIER_ID"): (_name(tier), own) for tier, own in tiers if not tier.get("PARENT_REF")}
    words = (_words(tier, own, said) for tier, own in tiers if tier.get("PARENT_REF"))
    return assemble(segments_from_tiers([*said.values(), *filter(None, words)]))


def _words(
    tier: Element, own: list[Interval], said: dict[str | None, tuple[str, list[Interval]]]
) -> tuple[str, list[Interval]] | None:
    """A tier under another as its tier of words, if it is called so or says the same."""
    above = said.get(tier.get("PARENT_REF"))
    if above is None or not (tier.get("TIER_ID", "").endswith(WORDS) or _letters(own) == _letters(above[1])):
        return None
    return f"{above[0]}{WORDS}", own


def _name(tier: Element) -> str:
    """Whose tier it is."""
    return tier.get("PARTICIPANT") or tier.get("TIER_ID") or ""


def _letters(intervals: list[Interval]) -> str:
    """What a tier says in all, without white space."""
    return without_whitespace("".join(one.text for one in sorted(intervals, key=lambda one: one.start_ms)))


def _slots(root: Element) -> dict[str, int]:
    """The milliseconds of each time slot; of those without, evenly between the ones before and after."""
    slots = list(root.iter("TIME_SLOT"))
    known = [(place, _milliseconds(value)) for place, slot in enumerate(slots) if (value := slot.get("TIME_VALUE"))]
    times = dict(known)
    ends = [(-1, 0), *known, (len(slots), known[-1][1] if known else 0)]
    for (before, since), (after, until) in pairwise(ends):
        for place in range(before + 1, after):
            times[place] = since + round((until - since) * (place - before) / (after - before))
    return {slot.get("TIME_SLOT_ID", ""): times[place] for place, slot in enumerate(slots)}


def _milliseconds(value: str) -> int:
    """A time in whole milliseconds; raises ValueError if it is none, or beyond all recordings."""
    if abs(time := float(value)) > 1e12 or not time.is_integer():
        raise ValueError(f"a time must be whole milliseconds, not {value[:20]}")
    return int(time)


def _intervals(tier: Element, slots: dict[str, int]) -> Iterator[Interval]:
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        start_ms = slots.get(annotation.get("TIME_SLOT_REF1", ""))
        end_ms = slots.get(annotation.get("TIME_SLOT_REF2", ""))
        if start_ms is not None and end_ms is not None:
            text = annotation.findtext("ANNOTATION_VALUE") or ""
            yield Interval(max(0, start_ms), max(0, start_ms, end_ms), text)


def write(transcript: Transcript, *, words: bool = True) -> str:
    """A tier per speaker, with `words` another under it; the recording is looked for beside the file.

    Where a speaker's utterances overlap, the later one is cut short, as a tier holds one thing at a time. The date
    is that of nothing: it would make each file another.
    """
    slots: list[int] = []
    tiers: list[str] = []
    annotations = 0
    for name, (said, spoken) in make_tiers(transcript).items():
        who = escape_markup(name)
        rows = [(said, f'LINGUISTIC_TYPE_REF="utterance" PARTICIPANT="{who}" TIER_ID="{who}"')]
        if words:
            inside = list(_inside(said, spoken))
            attributes = f'LINGUISTIC_TYPE_REF="word" PARENT_REF="{who}" PARTICIPANT="{who}" TIER_ID="{who}{WORDS}"'
            rows.append((inside, attributes))
        for intervals, attributes in rows:
            tiers.append(f"    <TIER {attributes}>\n{_annotations(intervals, annotations, slots)}    </TIER>\n")
            annotations += len(intervals)
    times = "".join(
        f'        <TIME_SLOT TIME_SLOT_ID="ts{place}" TIME_VALUE="{time_ms}"/>\n'
        for place, time_ms in enumerate(slots, start=1)
    )
    order = f"    <TIME_ORDER>\n{times}    </TIME_ORDER>\n"
    return f"{_head(transcript, annotations)}{order}{''.join(tiers)}{_TYPES}</ANNOTATION_DOCUMENT>\n"


def _head(transcript: Transcript, annotations: int) -> str:
    name = xml_text(PurePath(transcript.source.name).name) if transcript.source else ""
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


def _inside(said: list[Interval], spoken: list[Interval]) -> Iterator[Interval]:
    """The words cut to lie in the utterances, as ELAN asks of a tier under another; one outside is left out."""
    place = 0
    for one in said:
        while place < len(spoken) and spoken[place].start_ms < one.end_ms:
            start_ms = max(spoken[place].start_ms, one.start_ms)
            end_ms = min(spoken[place].end_ms, one.end_ms)
            if start_ms < end_ms:
                yield Interval(start_ms, end_ms, spoken[place].text)
            place += 1


def _annotations(intervals: list[Interval], count: int, slots: list[int]) -> str:
    """The annotations of a tier, numbered after the first `count`; their times are added to `slots`."""
    rows: list[str] = []
    for number, one in enumerate(intervals, start=count + 1):
        slots += [one.start_ms, one.end_ms]
        rows.append(
            f'        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" TIME_SLOT_REF1="ts{len(slots) - 1}" '
            f'TIME_SLOT_REF2="ts{len(slots)}"><ANNOTATION_VALUE>{escape_markup(one.text)}</ANNOTATION_VALUE>'
            "</ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        )
    return "".join(rows)
