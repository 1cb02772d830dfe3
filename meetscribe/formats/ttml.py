"""TTML as DAPT writes it (W3C Dubbing and Audio Description Transcripts): an event per utterance, with its agent."""

from __future__ import annotations

from meetscribe.formats.parts.cues import timestamp
from meetscribe.formats.parts.utterances import speaker_name, utterances
from meetscribe.markup.escaping import escape_markup
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:daptm="http://www.w3.org/ns/ttml/profile/dapt#metadata"
    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content" xml:lang="{language}"
    daptm:langSrc="{language}" daptm:scriptRepresents="audio.dialogue" daptm:scriptType="originalTranscript">
"""


def write(transcript: Transcript) -> str:
    """The transcript as TTML; speakers are characters, known by name, and who is not known has none."""
    names = list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))
    agents = {name: f"character_{place}" for place, name in enumerate(names, start=1)}
    head = "".join(_agent(name, agent) for name, agent in agents.items())
    language = transcript.language if transcript.language != "und" else ""
    spoken = enumerate(utterances(transcript), start=1)
    events = "".join(_event(place, one, agents.get(speaker_name(transcript, one))) for place, one in spoken)
    return (
        f"{_HEAD.format(language=escape_markup(language))}<head>\n<metadata>\n{head}</metadata>\n</head>\n"
        f"<body>\n{events}</body>\n</tt>\n"
    )


def _agent(name: str, agent: str) -> str:
    alias = f'<ttm:name type="alias">{escape_markup(name)}</ttm:name>'
    return f'<ttm:agent type="character" xml:id="{agent}">{alias}</ttm:agent>\n'


def _event(place: int, one: Segment, agent: str | None) -> str:
    """An utterance; it lasts a millisecond at least, as none may be empty."""
    start_ms = round(one.start * 1000)
    end_ms = max(start_ms + 1, round(one.end * 1000))
    who = f' ttm:agent="{agent}"' if agent else ""
    return (
        f'<div xml:id="event_{place}" begin="{timestamp(start_ms, ".")}" end="{timestamp(end_ms, ".")}" '
        f'daptm:represents="audio.dialogue"><p{who}><span>{escape_markup(one.text)}</span></p></div>\n'
    )
