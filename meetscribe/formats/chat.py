"""CHAT, the transcription format of CHILDES and TalkBank: an utterance per line, with a tier of words and times."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from meetscribe.formats.parts.utterances import utterances
from meetscribe.text.languages import three_letters
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Segment, Transcript
from meetscribe.transcript.display import shown_name

_BULLET = "\x15"
_UNKNOWN = "UNK"
_TERMINATORS = {"?": "?", "？": "?", "؟": "?", "!": "!", "！": "!"}


def write(transcript: Transcript) -> str:
    """The transcript as CHAT; each utterance is followed by its words' times and by what was said to the letter.

    In the main line stand letters, digits, apostrophes and hyphens alone, as the other characters are CHAT's codes.
    Speakers have codes of three letters and their names among the participants.
    """
    names = list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))
    codes: dict[str, str] = {name: f"S{place:02}" for place, name in enumerate(names, start=1)}
    spoken = sorted(utterances(transcript), key=lambda one: one.start)
    people = [f"{code} {_participant(name)} Participant" for name, code in codes.items()]
    everyone = list(codes.values())
    if any(one.speaker is None for one in spoken):
        people.append(f"{_UNKNOWN} Unidentified")
        everyone.append(_UNKNOWN)
    language = three_letters(transcript.language)
    lines = ["@UTF8", "@Begin", f"@Languages:\t{language}"]
    lines.append(f"@Participants:\t{', '.join(people)}")
    roles = ("Unidentified" if code == _UNKNOWN else "Participant" for code in everyone)
    lines += [f"@ID:\t{language}|meetscribe|{code}|||||{role}|||" for code, role in zip(everyone, roles, strict=True)]
    if transcript.source:
        lines.append(f"@Media:\t{_media(transcript.source.name)}, audio")
    lines += [f"@Comment:\t{code} is {name}" for name, code in codes.items()]
    for one in spoken:
        code = codes[shown_name(transcript, one.speaker)] if one.speaker is not None else _UNKNOWN
        lines += _utterance(one, code)
    return "\n".join([*lines, "@End"]) + "\n"


def _utterance(one: Segment, code: str) -> Iterator[str]:
    """The main line and its tiers; nothing, if no word has a letter in it."""
    words = [(cleaned, word) for word in one.words for cleaned in _words(word.text)]
    if not words:
        return
    text = one_line(one.text)
    end = _TERMINATORS.get(text[-1:], ".")
    said = " ".join(cleaned for cleaned, _ in words)
    yield f"*{code}:\t{said} {end} {_bullet(one.start, one.end)}"
    timed = " ".join(f"{cleaned} {_bullet(word.start, word.end)}" for cleaned, word in words)
    yield f"%wor:\t{timed} {end}"
    if text.rstrip(".?!") != said:
        yield f"%com:\t{text}"


def _bullet(start: float, end: float) -> str:
    """A time span in milliseconds, which must last."""
    start_ms, end_ms = round(start * 1000), round(end * 1000)
    return f"{_BULLET}{start_ms}_{max(end_ms, start_ms + 1)}{_BULLET}"


def _words(text: str) -> list[str]:
    """What of a word CHAT takes for words, which start and end with a letter, a mark or a digit."""
    return [part for raw in _letters(one_line(text), "'-").split() if (part := raw.strip("'-"))]


def _participant(name: str) -> str:
    """The name as one word of letters and digits."""
    return "_".join(_letters(name).split()) or "Speaker"


def _media(name: str) -> str:
    """The recording's name without suffix, as one word; CHAT files are to be called the same."""
    return "_".join(_letters(PurePath(one_line(name)).stem, "-").split()) or "recording"


def _letters(text: str, also: str = "") -> str:
    """The text with spaces for all but letters, their marks and digits."""
    composed = unicodedata.normalize("NFC", text).replace("’", "'")
    return "".join(
        character if unicodedata.category(character)[0] in "LMN" or character in also else " " for character in composed
    )
