"""TTML in the DAPT profile (W3C Dubbing and Audio Description Transcripts): an event per utterance, with its agent."""

from __future__ import annotations

from meetscribe.formats.parts.cues import timestamp
from meetscribe.formats.parts.utterances import speaker_name
from meetscribe.markup.escaping import escape_markup
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


def write(transcript: Transcript) -> str:
    """Write TTML; speakers are characters with names, and an unknown speaker has no agent."""
    names = list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))
    agents = {name: f"character_{place}" for place, name in enumerate(names, start=1)}
    meta = transcript.meta
    title = f"<ttm:title>{escape_markup(meta.title)}</ttm:title>\n" if meta.title else ""
    date = f"<ttm:desc>Recorded {escape_markup(meta.recorded_at)}</ttm:desc>\n" if meta.recorded_at else ""
    head = title + date + "".join(_agent(name, agent) for name, agent in agents.items())
    language = transcript.language if transcript.language != "und" else ""
    numbered = enumerate(utterances(transcript), start=1)
    events = "".join(
        _event(place, utterance, agents.get(speaker_name(transcript, utterance))) for place, utterance in numbered
    )
    return (
        f"{_HEAD.format(language=escape_markup(language))}<head>\n<metadata>\n{head}</metadata>\n</head>\n"
        f"<body>\n{events}</body>\n</tt>\n"
    )


def _agent(name: str, agent: str) -> str:
    alias = f'<ttm:name type="alias">{escape_markup(name)}</ttm:name>'
    return f'<ttm:agent type="character" xml:id="{agent}">{alias}</ttm:agent>\n'


def _event(place: int, utterance: Segment, agent: str | None) -> str:
    """Return an utterance as an event of at least a millisecond, since events must not be empty."""
    start_ms = round(utterance.start * 1000)
    end_ms = max(start_ms + 1, round(utterance.end * 1000))
    attribute = f' ttm:agent="{agent}"' if agent else ""
    return (
        f'<div xml:id="event_{place}" begin="{timestamp(start_ms, ".")}" end="{timestamp(end_ms, ".")}" '
        f'daptm:represents="audio.dialogue"><p{attribute}><span>{escape_markup(utterance.text)}</span></p></div>\n'
    )
