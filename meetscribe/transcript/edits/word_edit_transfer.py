"""Transfer edits of words to a later transcript of the same recording, whose words are matched by alignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from meetscribe.text.joining import join_words
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import without_whitespace
from meetscribe.timeline import Seconds
from meetscribe.transcript.edits.values import Delete, Insert, Join, Replace, Retime, Split, WordEdit
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_id_transfer import aligned_words
from meetscribe.transcript.words import Word

NEARBY: Seconds = 0.5
"""Words recognised at most this long before or after an insertion may be the inserted words."""

NOT_RECOGNISED = "the words were not recognised again"


class WordEditTransfer:
    """The aligned words of two transcripts of one recording; words created by edits keep their ids."""

    def __init__(self, before: Transcript, after: Transcript) -> None:
        self._before, self._after = before, after

    @cached_property
    def _matched(self) -> dict[str, str]:
        """The ids in the later transcript of the words recognised again, by earlier id."""
        pairs = aligned_words(self._before.words, self._words)
        return {old.id: new.id for old, new in pairs if old.id is not None and new.id is not None}

    @cached_property
    def _words(self) -> tuple[Word, ...]:
        return self._after.words

    @cached_property
    def _earlier_positions(self) -> dict[str, int]:
        return _positions(self._before.words)

    @cached_property
    def _later_positions(self) -> dict[str, int]:
        return _positions(self._words)

    def transferred(self, edit: WordEdit, labels: Mapping[str, str]) -> tuple[WordEdit | None, str]:
        """Return the edit with the ids and labels of the later transcript, and the reason if a part is lost.

        The edit is None if it is lost entirely; an insertion may lose only its speaker. An edit whose result was
        recognised is no longer needed, and is dropped without a reason.
        """
        if isinstance(edit, Insert):
            return self._inserted(edit, labels)
        words = self._ids((edit.word,) if isinstance(edit, Split) else edit.words)
        if words is None:
            return None, "" if self._recognised(edit) else NOT_RECOGNISED
        if isinstance(edit, Split):
            return replace(edit, word=words[0]), ""
        if not isinstance(edit, Join | Retime) and not self._adjacent(edit.words, words):
            return None, "other words were recognised between these"
        return replace(edit, words=words), ""

    def _inserted(self, edit: Insert, labels: Mapping[str, str]) -> tuple[WordEdit | None, str]:
        """Transfer an insertion; one of its two neighbours must be recognised again."""
        texts, nearby = split_words(edit.text), self._between(edit.start - NEARBY, edit.end + NEARBY)
        if any(_same(nearby[index : index + len(texts)], texts) for index in range(len(nearby) - len(texts) + 1)):
            return None, ""
        after, before = (self._id(id) if id is not None else None for id in (edit.after, edit.before))
        if after is None and before is None and (edit.after or edit.before):
            return None, "the words beside it were not recognised again"
        speaker = None if edit.speaker is None else labels.get(edit.speaker)
        lost = f"no speaker matches {edit.speaker}" if speaker is None and edit.speaker is not None else ""
        return replace(edit, after=after, before=before, speaker=speaker), lost

    def _recognised(self, edit: Replace | Delete | Split | Join | Retime) -> bool:
        """Return whether the later words in the time span of the edit equal its result."""
        if not isinstance(edit, Replace | Delete):
            return False
        texts = split_words(edit.text) if isinstance(edit, Replace) else []
        return _same(self._between(edit.start, edit.end), texts)

    def _between(self, start: Seconds, end: Seconds) -> list[str]:
        """Return the texts of the words whose middle lies between two times."""
        return [word.text for word in self._words if start <= word.middle < end]

    def _ids(self, ids: Sequence[str]) -> tuple[str, ...] | None:
        """Return the ids of these words in the later transcript; None if one of them is missing."""
        found = [new for id in ids if (new := self._id(id)) is not None]
        return tuple(found) if len(found) == len(ids) else None

    def _id(self, id: str) -> str | None:
        """Return the id of a word in the later transcript; a word created by an edit keeps its id."""
        return self._matched.get(id) if id in self._earlier_positions else id

    def _adjacent(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Return whether adjacent recognised words are still adjacent."""
        earlier, later = self._earlier_positions, self._later_positions
        for (one, other), (first, second) in zip(pairwise(old), pairwise(new), strict=True):
            if (
                one in earlier
                and other in earlier
                and earlier[other] - earlier[one] == 1
                and later[second] - later[first] != 1
            ):
                return False
        return True


def _positions(words: Sequence[Word]) -> dict[str, int]:
    return {word.id: position for position, word in enumerate(words) if word.id is not None}


def _same(texts: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether two texts are equal, ignoring white space."""
    return without_whitespace(join_words(texts)) == without_whitespace(join_words(others))
