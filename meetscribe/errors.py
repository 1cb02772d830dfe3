"""The exceptions that meetscribe raises on purpose, and `Notice`, which reports a problem without an exception.

    MeetscribeError             1   base class of all others
    ├── SettingsError           2   unknown key, invalid value, or conflicting flags
    ├── InputError              3   a recording or transcript cannot be read
    ├── OutputError             3   a file or folder cannot be written
    │   └── RevisionError       3   a transcript was corrected in between
    ├── UnreachableError        3   a remote store such as s3:// does not respond
    ├── WeightsError            4   model weights or an access token are missing
    ├── NoSpeechError           5   the recording contains no speech
    ├── ClusterError            1   a cluster cannot be joined, or has no node that can process recordings
    ├── EndpointError           1   a language model cannot be reached, or gives no usable answer
    ├── ThresholdError          1   a check failed, or a score exceeds the limit that was given
    └── IncompleteError         6   finished, but a stage or a file is missing
        └── IncompleteRunError  6   a stage failed after transcription; carries the transcript

The numbers are the exit codes of the command line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

JSON: TypeAlias = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
"""The values of a JSON document."""


class MeetscribeError(Exception):
    """An error with a `message` and a `remedy`: what went wrong, and what to do about it.

    >>> print(MeetscribeError("no such file: a.wav", "Check the path."))
    no such file: a.wav
    Check the path.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        """Store both parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}" if self.remedy else self.message


class SettingsError(MeetscribeError):
    """A key is unknown, a value is invalid, or settings conflict."""

    exit_code = 2


class InputError(MeetscribeError):
    """A recording or transcript cannot be read."""

    exit_code = 3


class BusyError(InputError):
    """The server has too many unfinished jobs or live sessions; the same request may succeed later."""


class OutputError(MeetscribeError):
    """A file or folder cannot be written."""

    exit_code = 3


class RevisionError(OutputError):
    """A transcript has corrections, made in between, that would be lost.

    `revision` is that of the file. `added` describes the corrections that only the file has, `missing` those that it
    does not have.
    """

    def __init__(
        self,
        message: str,
        remedy: str = "",
        revision: str = "",
        added: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
    ) -> None:
        """Store all parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.args = (message, remedy, revision, added, missing)
        self.revision, self.added, self.missing = revision, added, missing


class UnreachableError(MeetscribeError):
    """A remote store such as s3:// does not respond; another attempt may succeed."""

    exit_code = 3


class WeightsError(MeetscribeError):
    """Model weights, or the token required to download them, are missing."""

    exit_code = 4


class NoSpeechError(MeetscribeError):
    """The recording contains no speech."""

    exit_code = 5


class EndpointError(MeetscribeError):
    """The endpoint cannot be reached, refuses the request, or answers with something else than a chat completion.

    `status` is the HTTP status, None without a response.
    """

    def __init__(self, message: str, remedy: str = "", status: int | None = None) -> None:
        """Store all parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.args = (message, remedy, status)
        self.status = status


class ClusterError(MeetscribeError):
    """A cluster cannot be joined, or has no node that can process recordings."""


class ThresholdError(MeetscribeError):
    """A check failed, or a score exceeds the limit that was given."""


class IncompleteError(MeetscribeError):
    """The command finished, but a stage of a recording or a recording of a batch is missing."""

    exit_code = 6


class IncompleteRunError(IncompleteError):
    """A stage failed after transcription; `transcript` is the `Transcript` without its result.

    The attribute is typed `Any` because this module is below `meetscribe.transcript`.
    """

    def __init__(self, message: str, remedy: str, transcript: Any) -> None:
        """Store all parts in `args`, so that the error can be pickled."""
        super().__init__(message, remedy)
        self.args = (message, remedy, transcript)
        self.transcript = transcript


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning about a result: a stable code, a text for people and the values in the text.

    Code that must decide something reads `code` and `data`, never `text`. `data` takes part in comparison, but not in
    the hash.

    =========================  ==========================================================  =======================
    code                       cause                                                       data
    =========================  ==========================================================  =======================
    alignment.incomplete       segments did not fit their audio and kept estimated times   segments, of
    alignment.no-aligner       no aligner is known for a language                          language, words
    alignment.translation      a translation cannot be aligned
    asr.device                 the engine cannot use the device and runs on the CPU        device, engine
    asr.language-differs       the recording is probably not in the language that was set  language, detected
    asr.language-uncertain     the detected language has a low probability                 language, probability
    asr.memory                 the batch size was reduced for lack of memory               size, asked
    asr.quality                passages are doubtful, removed, recovered or uncovered      number of each kind
    attribution.mismatch       transcript and turns seem to be of different recordings
    attribution.no-speakers    diarization found no speakers
    attribution.no-words       speakers of the number that was requested have no words     speakers
    audio.damaged              damaged packets were skipped                                packets
    audio.gaps                 gaps in the recording were filled with silence              seconds
    audio.invalid-samples      samples that are not numbers were replaced by silence       samples
    audio.several-tracks       one of several audio tracks was read                        track, tracks
    audio.short-header         the header announces less sound than the file contains      seconds, declared
    audio.truncated            the recording is truncated                                  seconds, declared
    cluster.excluded           a node of a cluster gets no more workers                    node, host, reason
    cluster.unplaced           workers could not be placed in the cluster for a minute     pool, workers, resources
    diarization.pipeline       the bundled pipeline was used instead of a better one
    diarization.speaker-count  the number of speakers is not the one asked for             found, min, max
    diarization.untuned        a threshold is not tuned for the embedder                   threshold
    edits.not-applied          a correction does not apply, or only in part                edit, reason
    edits.other-recording      the corrections beside the output are of another recording  path
    edits.set-aside            the corrected transcript was renamed before replacing it    path
    formats.blank-line         text below a blank line in a WebVTT cue was kept            line
    formats.clock-times        times of day were counted from the first one                line
    formats.cue-times          a cue without valid times got those of its neighbours       line
    formats.damaged-text       damaged bytes of a text were replaced                       characters, line
    formats.encoding           the encoding of a file was guessed                          encoding
    formats.no-times           a text has no times, so its words have none                 lines
    formats.skipped-text       text of a file that is no speech was not read               line, lines
    formats.skipped-tiers      tiers of a file were not read                               tiers
    formats.unnamed-cues       cues without a speaker in a file that names speakers        cues, of
    library.network-folder     the library is in a folder of another machine               path, kind
    minutes.fallback           the model gave no usable answer, so rules read the words        share
    minutes.no-date            due dates have no day, since that of the meeting is unknown
    minutes.no-rules           there are no rules for the language                         language
    names.not-given            a speaker could not be given a name                         name
    other                      a warning of an older file, which has no code
    outputs.other-recording    the transcript of another recording was renamed             path, recording
    podcast.copy-not-updated   the copy of the audio has earlier chapters and tags         path
    podcast.key-titles         the model gave no titles, so key terms are used             chapters, of
    podcast.late-chapters      given chapters begin after the end of the episode           chapters
    podcast.no-host            none of the hosts is a speaker, so no roles are known       hosts
    podcast.other-length       transcript and audio of an episode differ in length         transcript, audio
    podcast.unnamed-speakers   speakers have labels in place of names                      speakers
    podcast.unshifted          given chapters were not shifted with the transcript         transcript
    profiles.channels          known speakers are not identified in separate channels
    profiles.other-embedder    voiceprints of persons are not comparable with these        names, embedder
    profiles.same-person       a second speaker sounds like a person                       speaker, name, other
    profiles.suggested         a speaker may be a known person                             speaker, name, score
    profiles.uncalibrated      no thresholds are known for the embedder                    embedder
    report.changed-transcript  the transcript was changed after its minutes                minutes
    run.device                 a device failed, and the CPU was used instead               device, reason
    run.not-cached             a result could not be stored for the next run               stage, reason
    run.other-recording        the transcript was made from another file                   recording
    run.stage-failed           a stage failed and was left out                             stage, reason, error
    speech.none                the recording has no speech                                 recording
    training.edits             corrections of a transcript have no effect                  meeting, edits
    training.empty-split       a split of a data set is empty                              splits
    training.engine            an engine cannot use a trained model, or makes more errors  engine, rate
    training.forgetting        a trained model is worse on the regression set              difference
    training.other-recording   the recording is not the one that was transcribed           meeting
    =========================  ==========================================================  =======================
    """

    code: str
    text: str
    data: Mapping[str, JSON] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", dict(self.data))

    def __str__(self) -> str:
        return self.text


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown name: the closest known name, or all known names.

    >>> nearest("jsn", ["json", "vtt"])
    "did you mean 'json'?"
    >>> nearest("docx", ["json", "vtt"])
    'known: json, vtt'
    """
    names = list(known)
    folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), list(folded), n=1)
    if close:
        return f"did you mean {folded[close[0]]!r}?"
    return f"known: {', '.join(names)}" if names else ""


def first_line(error: BaseException, default: str = "") -> str:
    """Return the first line of an error's text, or `default` (or the name of its class) if it has none.

    >>> first_line(RuntimeError("CUDA error: out of memory\\nCompile with TORCH_USE_CUDA_DSA."))
    'CUDA error: out of memory'
    >>> first_line(KeyError())
    'KeyError'
    """
    return (str(error).strip() or default or type(error).__name__).splitlines()[0]


def os_reason(error: BaseException) -> str:
    """Return why the system refused something, without the number and the file name that Python adds.

    >>> os_reason(FileNotFoundError(2, "No such file or directory", "a.wav"))
    'No such file or directory'
    """
    return getattr(error, "strerror", None) or str(error)
