"""The correction methods of `Transcript`; each returns a transcript with a changed list of edits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from meetscribe.transcript.values import Transcript


class Corrections:
    """Corrections of speakers and words.

    Speakers are given by label or name, ignoring case. A passage from `start` to `end` includes the words whose middle
    lies in this half-open span, in seconds. In `replace`, `delete`, `insert` and `split`, `speaker` chooses one of
    several speakers who talk there. The recognised words never change: edits are stored in `meta.edits`, and `edited`
    applies them.
    """

    __slots__ = ()

    def rename(self, names: Mapping[str, str], *, merge: bool = False) -> Transcript:
        """Return the transcript with names for speakers, each given by label or current name.

        With `merge`, two speakers who get the same name are merged. Raises SettingsError for an unknown speaker, and
        without `merge` for a name that another speaker has.
        """
        from meetscribe.transcript.edits import operations

        return operations.rename(_transcript(self), names, merge=merge)

    def merge(self, first: str, *others: str) -> Transcript:
        """Return the transcript with other speakers merged into the first; raises SettingsError for an unknown one."""
        from meetscribe.transcript.edits import operations

        return operations.merge(_transcript(self), first, *others)

    def assign(self, start: Seconds, end: Seconds, speaker: str) -> Transcript:
        """Return the transcript with the words of a passage, of all speakers, assigned to a speaker, who may be new.

        Raises SettingsError if there are no such words.
        """
        from meetscribe.transcript.edits import operations

        return operations.assign(_transcript(self), start, end, speaker)

    def replace(self, start: Seconds, end: Seconds, text: str, *, speaker: str | None = None) -> Transcript:
        """Return the transcript with the words of a passage replaced by a text.

        Words that align with the old ones keep their ids and times. The other words get interpolated times, and ids
        derived from the id of the edit. Raises SettingsError if the passage has no words, if several speakers talk
        there and none is given, or if the text has no visible character.
        """
        from meetscribe.transcript.edits import word_operations

        return word_operations.replace_words(_transcript(self), start, end, text, speaker)

    def delete(self, start: Seconds, end: Seconds, *, speaker: str | None = None) -> Transcript:
        """Return the transcript without the words of a passage.

        Without `speaker`, the words of all speakers are deleted. Raises SettingsError if there are no words, or if the
        words of several speakers overlap and no speaker is given.
        """
        from meetscribe.transcript.edits import word_operations

        return word_operations.delete_words(_transcript(self), start, end, speaker)

    def insert(self, time: Seconds, text: str, speaker: str | None = None) -> Transcript:
        """Return the transcript with a text inserted at a time.

        If a segment (of `speaker`, if given) includes the time, the words become part of it. Without `speaker`, they
        take the speaker of the word before them, or of the first word; with it, they become a new segment if that word
        is another speaker's. If no segment includes the time, they become a new segment with the given speaker, or the
        speaker of both neighbours if it is the same, or none. `speaker` may be new. Raises SettingsError if several
        speakers talk at that time and none is given, if the time is outside the recording, or if the text has no
        visible character.
        """
        from meetscribe.transcript.edits import word_operations

        return word_operations.insert_words(_transcript(self), time, text, speaker)

    def split(self, time: Seconds, *, speaker: str | None = None) -> Transcript:
        """Return the transcript with the segment at a time split in two.

        The second part begins with the first word, other than the first of the segment, whose middle is not before the
        time. Raises SettingsError if there is no segment or no such word, or if several speakers talk then and none is
        given.
        """
        from meetscribe.transcript.edits import word_operations

        return word_operations.split_segment(_transcript(self), time, speaker)

    def join(self, start: Seconds, end: Seconds) -> Transcript:
        """Return the transcript with the segments that have words in a passage joined into one.

        Raises SettingsError if there are fewer than two, or if they or the segments between them have several speakers.
        """
        from meetscribe.transcript.edits import word_operations

        return word_operations.join_segments(_transcript(self), start, end)

    def undo(self, step: int | None = None) -> Transcript:
        """Return the transcript without one of its edits: the last, or number `step`, counted from 1.

        Later edits stay. Edits of words that only this edit created no longer apply (`application.unapplied_edits`).
        Raises SettingsError if there is no such edit.
        """
        from meetscribe.transcript.edits import operations

        return operations.undo(_transcript(self), step)


def _transcript(value: Corrections) -> Transcript:
    return cast("Transcript", value)
