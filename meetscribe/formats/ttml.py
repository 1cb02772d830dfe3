"""TTML in the DAPT profile (W3C Dubbing and Audio Description Transcripts): an event per utterance, with its agent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element

from meetscribe.formats.parts.building import assemble
from meetscribe.formats.parts.cues import timestamp
from meetscribe.formats.parts.document import Document
from meetscribe.formats.parts.meeting import read_date
from meetscribe.formats.parts.parsed_cues import ParsedCue, divide_cue, merge_rolling, segments_from_cues
from meetscribe.formats.parts.ttml_paragraphs import Paragraph, Piece, paragraphs_of
from meetscribe.formats.parts.ttml_times import Rates
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.formats.parts.xml_documents import attribute_of, elements_named, parse_xml
from meetscribe.markup.escaping import escape_markup
from meetscribe.text.languages import code_of
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata"
    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" xml:lang="{language}"
    daptm:langSrc="{language}" daptm:scriptRepresents="audio.dialogue" daptm:scriptType="originalTranscript">
"""


_RECORDED = re.compile(r"Recorded (\S+)")


def matches(document: Document) -> bool:
    """Return whether the file is XML with TTML's root element."""
    return document.head.startswith("<") and re.search(r"<(?:\w+:)?tt[\s>]", document.head) is not None


def read(document: Document) -> Transcript:
    """Read a segment per paragraph and agent, as DAPT, IMSC and EBU-TT-D have them; raises InputError for invalid XML.

    In a file without agents, paragraphs may name their speakers as in SubRip. Spans with times give the starts of
    words. A paragraph without valid times is placed after the previous one and reported.
    """
    root = parse_xml(document, "Export the file again, or as .srt or .vtt.")
    agents = [(attribute_of(agent, "id"), _agent_name(agent)) for agent in elements_named(root, "agent")]
    names = {agent: name for agent, name in agents if agent is not None}
    cues: list[ParsedCue] = []
    pieces: list[Sequence[Piece]] = []
    last = 0.0
    for number, paragraph in enumerate(paragraphs_of(root, Rates.of(root)), start=1):
        if any(piece.text.strip() for piece in paragraph.pieces):
            cues.append(_cue(paragraph, last, number, document))
            pieces.append(paragraph.pieces)
            last = max(last, cues[-1].end)
    if any(piece.agent for paragraph_pieces in pieces for piece in paragraph_pieces):
        segments = [
            part
            for cue, paragraph_pieces in zip(cues, pieces, strict=True)
            for part in _by_agent(cue, paragraph_pieces, names)
        ]
    else:
        segments = segments_from_cues(merge_rolling(cues), document)
    transcript = assemble(segments, code_of(attribute_of(root, "lang") or ""))
    titles = (one_line(title.text or "") for title in elements_named(root, "title"))
    dates = (match[1] for text in elements_named(root, "desc") if (match := _RECORDED.match(text.text or "")))
    return transcript.with_meta(title=next(titles, None) or None, recorded_at=read_date(next(dates, None)))


def _agent_name(agent: Element) -> str | None:
    """Return the name of an agent, None if it has none."""
    return next((text for name in elements_named(agent, "name") if (text := one_line(name.text or ""))), None)


def _cue(paragraph: Paragraph, last: Seconds, number: int, document: Document) -> ParsedCue:
    """Return a paragraph as a cue; one without a valid start is placed at `last` and reported."""
    start, end = paragraph.start, paragraph.end
    if start is None or (end is not None and end < start):
        fault = "no valid times; it was placed after the previous one"
        fault = fault if start is None else "it ends before it starts; its end was set to its start"
        document.notice("formats.cue-times", f", paragraph {number}: {fault}", {"paragraph": number})
    start = last if start is None else start
    lines = tuple(map(one_line, "".join(_shown(piece) for piece in paragraph.pieces).split("\n")))
    starts = tuple(_starts(paragraph.pieces))
    complete = any(one is not None for one in starts) and len(starts) == len(split_words(" ".join(lines)))
    return ParsedCue(start, max(start, end or start), tuple(filter(None, lines)), starts if complete else ())


def _shown(piece: Piece) -> str:
    """Return the text of a piece with spaces for white space; a piece that is one line feed, as of `br`, is kept."""
    return piece.text if piece.text == "\n" else re.sub(r"\s", " ", piece.text)


def _starts(pieces: Sequence[Piece]) -> Iterator[Seconds | None]:
    """Yield the start of each word; None for all words of a span except the first."""
    for piece in pieces:
        words = len(split_words(piece.text))
        yield from [piece.start, *[None] * (words - 1)] if words else []


def _by_agent(cue: ParsedCue, pieces: Sequence[Piece], names: Mapping[str, str | None]) -> Iterator[Segment | None]:
    """Yield the segments of the agents of a cue; text of several agents, or of an unknown one, has no speaker."""
    spoken = [piece for piece in pieces if piece.text.strip()]
    runs = groupby(spoken, key=lambda piece: names.get(piece.agent or ""))
    yield from divide_cue(cue, [(name, " ".join(piece.text for piece in run)) for name, run in runs])


def write(transcript: Transcript) -> str:
    """Write TTML; speakers are characters with names, and an unknown speaker has no agent."""
    names = list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))
    agents = {name: f"character_{number}" for number, name in enumerate(names, start=1)}
    meta = transcript.meta
    title = f"<ttm:title>{escape_markup(meta.title)}</ttm:title>\n" if meta.title else ""
    date = f"<ttm:desc>Recorded {escape_markup(meta.recorded_at)}</ttm:desc>\n" if meta.recorded_at else ""
    head = title + date + "".join(_agent(name, agent) for name, agent in agents.items())
    language = transcript.language if transcript.language != "und" else ""
    numbered = enumerate(utterances(transcript), start=1)
    events = "".join(
        _event(number, utterance, agents.get(speaker_name(transcript, utterance))) for number, utterance in numbered
    )
    return (
        f"{_HEAD.format(language=escape_markup(language))}<head>\n<metadata>\n{head}</metadata>\n</head>\n"
        f"<body>\n{events}</body>\n</tt>\n"
    )


def _agent(name: str, agent: str) -> str:
    alias = f'<ttm:name type="alias">{escape_markup(name)}</ttm:name>'
    return f'<ttm:agent type="character" xml:id="{agent}">{alias}</ttm:agent>\n'


def _event(number: int, utterance: Segment, agent: str | None) -> str:
    """Return an utterance as an event of at least a millisecond, since events must not be empty."""
    start_ms = round(utterance.start * 1000)
    end_ms = max(start_ms + 1, round(utterance.end * 1000))
    attribute = f' ttm:agent="{agent}"' if agent else ""
    return (
        f'<div xml:id="event_{number}" begin="{timestamp(start_ms, ".")}" end="{timestamp(end_ms, ".")}" '
        f'daptm:represents="audio.dialogue"><p{attribute}><span>{escape_markup(utterance.text)}</span></p></div>\n'
    )
