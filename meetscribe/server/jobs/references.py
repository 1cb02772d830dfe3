"""Voice samples of known speakers, sent with a recording to name its speakers.

The samples are in the folder of their job, which is deleted before the response is sent. Voiceprints are computed in
the memory of the worker and never stored.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from meetscribe.errors import InputError, SettingsError
from meetscribe.pipeline import Session
from meetscribe.profiles import Consent, Profile
from meetscribe.profiles.dense_speech import dense_speech
from meetscribe.profiles.naming import rename_of
from meetscribe.server.jobs.files import JobFiles
from meetscribe.settings import Settings
from meetscribe.storage.files import SETTINGS_BYTES, read_file, replace_file
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.word_edits import with_edits

MAX_REFERENCES = 8
"""The maximum number of samples for one recording."""

MIN_SPEECH: Seconds = 1.0
"""The minimum speech in a sample; OpenAI's API specifies samples of 2 to 10 s."""

_MAX_NAME = 100
_NAMES = "names.json"
_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[^,;]+)*;base64,", re.ASCII)  # RFC 2397


@dataclass(frozen=True, slots=True)
class Reference:
    """A voice sample of a person, as the bytes of an audio file."""

    name: str
    data: bytes


def parse_references(names: Sequence[str], urls: Sequence[str]) -> tuple[Reference, ...]:
    """Return the references in the form fields: names, and audio as data URLs in base64.

    Names without any audio are ignored. Raises InputError if the numbers of names and URLs differ, for too many
    references, an invalid name, or a URL that is not a data URL in base64.
    """
    if not urls:
        return ()
    if len(names) != len(urls):
        text = f"there are {len(names)} known_speaker_names and {len(urls)} known_speaker_references"
        raise InputError(text, "Send a name with each reference, in the same order.")
    if len(urls) > MAX_REFERENCES:
        raise InputError(f"there are more than {MAX_REFERENCES} known_speaker_references", "Send fewer.")
    if any(not name.strip() or len(name) > _MAX_NAME for name in names):
        raise InputError(f"a known speaker needs a name of 1 to {_MAX_NAME} characters", "Change the name.")
    return tuple(Reference(name.strip(), _audio(name, url)) for name, url in zip(names, urls, strict=True))


def _audio(name: str, url: str) -> bytes:
    """Return the bytes in a data URL; raises InputError."""
    start = _DATA_URL.match(url)
    try:
        data = base64.b64decode(url[start.end() :], validate=True) if start else b""
    except binascii.Error:
        data = b""
    if not data:
        remedy = "Send data:audio/wav;base64, followed by the file in base64; addresses are not loaded."
        raise InputError(f"the reference of {name!r} is not a data URL of audio", remedy)
    return data


def write_references(files: JobFiles, references: Sequence[Reference]) -> None:
    """Store references in the folder of a job with owner-only access; raises OSError."""
    if not references:
        return
    files.references.mkdir(mode=0o700)
    for number, reference in enumerate(references):
        replace_file(files.references / str(number), reference.data)
    replace_file(files.references / _NAMES, json.dumps([reference.name for reference in references]).encode())


class SpeakerNaming:
    """Names speakers by the references of one job; the voiceprints exist only within this object.

    Its session caches no stage results. Raises InputError for a reference without usable speech, SettingsError if no
    thresholds are known for the embedder.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._session = Session(replace(settings, run=replace(settings.run, cache=False)))
        self._profiles = tuple(self._profile(folder / str(number), name) for number, name in enumerate(_names(folder)))

    def __call__(self, recording: Path, transcript: Transcript) -> Transcript:
        """Return the transcript with names for the speakers that match a reference."""
        found = self._session.voiceprints(recording, dense_speech(transcript))
        matches = found.matches(self._profiles).values()
        return with_edits(transcript, [rename_of(match, "profile") for match in matches if match.band != "unknown"])

    def close(self) -> None:
        """Release the models."""
        self._session.__exit__(None, None, None)

    def _profile(self, file: Path, name: str) -> Profile:
        """Return the profile of a person with the voiceprint of a reference."""
        what = f"the reference of {name!r}"
        try:
            found = self._session.voiceprints(file, file=what, min_speech=MIN_SPEECH)
        except InputError as error:
            raise InputError(f"{what} cannot be read", "Send 2 to 10 s of speech in a WAV or MP3 file.") from error
        if found.calibration is None:
            remedy = "Omit known_speaker_references, or use the default embedder."
            raise SettingsError(f"no thresholds were measured for the embedder {found.space.identifier}", remedy)
        voiceprint = found.voiceprints.get("")  # the only speaker, whose label is ""
        if voiceprint is None:
            raise InputError(f"{what} has too little speech, or several voices", "Send 2 to 10 s of one person.")
        return Profile(name, _consent(name), (voiceprint,))


def _consent(name: str) -> Consent:
    """Return the consent record that a profile requires; it is not stored."""
    return Consent(name, "this request only", "the client", date.today().isoformat())


def _names(folder: Path) -> list[str]:
    return list(map(str, json.loads(read_file(folder / _NAMES, SETTINGS_BYTES))))
