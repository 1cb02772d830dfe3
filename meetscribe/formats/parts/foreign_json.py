"""JSON of unsupported services: the name of the service, and the export to use instead."""

from __future__ import annotations

from collections.abc import Mapping

from meetscribe.formats.parts.document import Document

_TIMED_TEXT = "Export subtitles (.srt or .vtt), or a text with times, and read that."

_SERVICES: Mapping[str, tuple[frozenset[str], str]] = {
    "Azure Speech": (frozenset({"recognizedPhrases"}), "Request displayFormWordLevelTimestamps and convert to .vtt."),
    "Google Speech-to-Text": (frozenset({"results", "totalBilledTime"}), "Request its SRT or WebVTT output."),
    "Speechmatics": (frozenset({"format", "job", "results"}), "Request the transcript with format=srt."),
    "ElevenLabs": (frozenset({"language_code", "language_probability", "words"}), "Request additional_formats: srt."),
    "Gladia": (frozenset({"result", "request_params"}), "Enable subtitles and read the .srt or .vtt."),
    "IBM Watson": (frozenset({"result_index", "results"}), _TIMED_TEXT),
    "Trint": (frozenset({"transcript", "duration", "language_codes"}), _TIMED_TEXT),
    "Descript": (frozenset({"project", "compositions"}), _TIMED_TEXT),
    "oTranscribe": (frozenset({"text", "media", "media-time"}), "Export it as Markdown or text with times."),
    "Adobe Premiere": (frozenset({"segments", "speakers", "language"}), "Export captions as .srt."),
    "yt-dlp (metadata of a video)": (
        frozenset({"id", "extractor", "webpage_url"}),
        "Download the captions: yt-dlp --write-subs --write-auto-subs.",
    ),
}
"""The members that identify the JSON of each service, and the remedy."""


def service_of(document: Document) -> str | None:
    """Return the service that wrote a JSON file; None if it is unknown."""
    members = document.member_names()
    return next((name for name, (required, _) in _SERVICES.items() if required <= members), None)


def export_advice(document: Document) -> str | None:
    """Return the remedy for the JSON of a service; None if the service is unknown."""
    service = service_of(document)
    return _SERVICES[service][1] if service else None
