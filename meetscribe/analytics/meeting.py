"""The input of the statistics: turns and words of one meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal, TypeAlias

from meetscribe.timeline import Seconds, Turn
from meetscribe.transcript import Transcript, Word
from meetscribe.transcript.sources import SpeechSource, turns_or_transcript
from meetscribe.transcript.turns import turns_of_all_speakers

TurnSource: TypeAlias = Literal["turns", "words"]
"""The source of the speech times: speaker turns, for example from a diarizer, or the words."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting: turns, which may overlap, and the words of known speakers in order of time.

    If all speakers are participants, `silent` are all participants, of whom `speakers` adds those without speech;
    otherwise it is empty. `starts` are the start times of the transcript's segments.
    """

    name: str
    duration: Seconds
    language: str
    turns: tuple[Turn, ...]
    turn_source: TurnSource
    words: tuple[Word, ...] = ()
    starts: tuple[Seconds, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def speakers(self) -> tuple[str, ...]:
        """The speakers by first appearance, then the silent participants."""
        return tuple(dict.fromkeys([*(turn.speaker for turn in self.turns), *self.silent]))

    def renamed(self, names: Mapping[str, str]) -> Meeting:
        """Return the meeting with other names of speakers; `names` maps old names to new ones."""
        return replace(
            self,
            turns=tuple(replace(turn, speaker=names.get(turn.speaker, turn.speaker)) for turn in self.turns),
            words=tuple(
                word.attributed(names[word.speaker], word.speaker_score, word.speaker_source, word.overlap)
                if word.speaker is not None and word.speaker in names
                else word
                for word in self.words
            ),
            silent=tuple(names.get(name, name) for name in self.silent),
        )


def meeting_of(source: SpeechSource, name: str | None = None) -> Meeting:
    """Return the meeting of a transcript with its edits applied, or of turns alone.

    Without `name`, the meeting of a file is named as the file without its suffix, and that of a transcript as its
    recording. A speaker with words but no turns gets turns from the words. Participants without speech count as silent
    only if all speakers are participants; otherwise a label such as SPEAKER_00 could be any of them. Raises InputError
    if a file or a frame cannot be read.
    """
    given = turns_or_transcript(source)
    if isinstance(source, str | Path):
        name = name or Path(source).stem
    if isinstance(given, Transcript):
        return _of_transcript(given.edited(), name)
    end = max((turn.end for turn in given), default=0.0)
    return Meeting(name or "meeting", end, "und", given, "turns")


def _of_transcript(transcript: Transcript, name: str | None) -> Meeting:
    """Return the meeting of an edited transcript; see `meeting_of`."""
    words = tuple(sorted((word for word in transcript.words if word.speaker), key=lambda word: word.start))
    turns = turns_of_all_speakers(transcript)
    speakers = {turn.speaker for turn in turns}
    participants = transcript.meta.participants
    end = max((turn.end for turn in turns), default=0.0)
    last = max((segment.end for segment in transcript.segments), default=0.0)
    return Meeting(
        name=name or _name(transcript),
        duration=max(transcript.duration, end, last),
        language=transcript.language,
        turns=turns,
        turn_source="turns" if transcript.turns else "words",
        words=words,
        starts=tuple(sorted(segment.start for segment in transcript.segments)),
        silent=tuple(dict.fromkeys(participants)) if speakers <= set(participants) else (),
    )


def _name(transcript: Transcript) -> str:
    """Return the name of the recording without its suffix, or the title."""
    if transcript.recording and (stem := PurePath(transcript.recording.name).stem):
        return stem
    return transcript.meta.title or "meeting"
