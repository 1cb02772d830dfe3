"""CHAT, the transcription format of CHILDES and TalkBank: an utterance per line, with a tier of timed words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from meetscribe.text.languages import three_letters
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances

_BULLET = "\x15"
_UNKNOWN = "UNK"
_TERMINATORS = {"?": "?", "？": "?", "؟": "?", "!": "!", "！": "!"}


def write(transcript: Transcript) -> str:
    """Write CHAT; each utterance is followed by its words with times, and by its exact text if it differs.

    The main line holds letters, digits, apostrophes and hyphens only, since CHAT uses other characters as codes.
    Speakers have codes of three characters; their names are listed as participants.
    """
    names = list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))
    codes: dict[str, str] = {name: f"S{number:02}" for number, name in enumerate(names, start=1)}
    ordered = sorted(utterances(transcript), key=lambda utterance: utterance.start)
    people = [f"{code} {_participant(name)} Participant" for name, code in codes.items()]
    everyone = list(codes.values())
    if any(utterance.speaker is None for utterance in ordered):
        people.append(f"{_UNKNOWN} Unidentified")
        everyone.append(_UNKNOWN)
    language = three_letters(transcript.language)
    lines = ["@UTF8", "@Begin", f"@Languages:\t{language}"]
    lines.append(f"@Participants:\t{', '.join(people)}")
    roles = ("Unidentified" if code == _UNKNOWN else "Participant" for code in everyone)
    lines += [f"@ID:\t{language}|meetscribe|{code}|||||{role}|||" for code, role in zip(everyone, roles, strict=True)]
    if transcript.recording:
        lines.append(f"@Media:\t{_media(transcript.recording.name)}, audio")
    lines += [f"@Comment:\t{code} is {name}" for name, code in codes.items()]
    for utterance in ordered:
        code = codes[shown_name(transcript, utterance.speaker)] if utterance.speaker is not None else _UNKNOWN
        lines += _utterance(utterance, code)
    return "\n".join([*lines, "@End"]) + "\n"


def _utterance(utterance: Segment, code: str) -> Iterator[str]:
    """Yield the main line and its tiers; nothing if no word has a letter or digit."""
    words = [(cleaned, word) for word in utterance.words for cleaned in _words(word.text)]
    if not words:
        return
    text = one_line(utterance.text)
    end = _TERMINATORS.get(text[-1:], ".")
    line = " ".join(cleaned for cleaned, _ in words)
    yield f"*{code}:\t{line} {end} {_bullet(utterance.start, utterance.end)}"
    timed = " ".join(f"{cleaned} {_bullet(word.start, word.end)}" for cleaned, word in words)
    yield f"%wor:\t{timed} {end}"
    if text.rstrip(".?!") != line:
        yield f"%com:\t{text}"


def _bullet(start: float, end: float) -> str:
    """Return a time span in milliseconds, at least 1 ms long, because CHAT allows no empty span."""
    start_ms, end_ms = round(start * 1000), round(end * 1000)
    return f"{_BULLET}{start_ms}_{max(end_ms, start_ms + 1)}{_BULLET}"


def _words(text: str) -> list[str]:
    """Return the words of a text as CHAT defines them: starting and ending with a letter, combining mark or digit."""
    return [part for raw in _letters(one_line(text), "'-").split() if (part := raw.strip("'-"))]


def _participant(name: str) -> str:
    """Return the name as one word of letters and digits."""
    return "_".join(_letters(name).split()) or "Speaker"


def _media(name: str) -> str:
    """Return the recording's name without suffix as one word; CHAT requires the media file to have that name."""
    return "_".join(_letters(PurePath(one_line(name)).stem, "-").split()) or "recording"


def _letters(text: str, also: str = "") -> str:
    """Replace all but letters, combining marks, digits and the characters of `also` with spaces."""
    composed = unicodedata.normalize("NFC", text).replace("’", "'")
    return "".join(
        character if unicodedata.category(character)[0] in "LMN" or character in also else " " for character in composed
    )
