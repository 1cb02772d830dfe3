"""The intermediate results for one meeting, the input of all statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetscribe.analytics.activity import Region, Speech, overlap_time, regions, speech_of
from meetscribe.analytics.floor.changes import Gap, gaps_of
from meetscribe.analytics.floor.interruptions import Basis, Interruption, basis_of, interruptions_of
from meetscribe.analytics.floor.turns import Floor, divide
from meetscribe.analytics.floor.units import units_of
from meetscribe.analytics.lexical.lexicon import Lexicon, lexicon_of
from meetscribe.analytics.lexical.terms import Term, counts_characters, terms_of
from meetscribe.analytics.meeting import Meeting
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.text.sentences import SENTENCE_MARKS
from meetscribe.transcript import Word


@dataclass(frozen=True, slots=True)
class Analysis:
    """Speech, turns, changes between turns and interruptions of one meeting, with the lexicon of its language.

    `basis` is the basis of the detection of interruptions, None if they cannot be detected.
    """

    meeting: Meeting
    speech: Speech
    regions: tuple[Region, ...]
    floor: Floor
    gaps: tuple[Gap, ...]
    basis: Basis | None
    interruptions: tuple[Interruption, ...]
    lexicon: Lexicon
    terms: tuple[Term, ...]  # content words, in order of time
    characters: bool  # whether characters are counted instead of words
    punctuated: bool  # whether sentences have final punctuation


def analyse(meeting: Meeting, settings: AnalyticsSettings) -> Analysis:
    """Return the intermediate results for a meeting."""
    speech = speech_of(meeting.turns)
    found = regions(speech)
    lexicon = lexicon_of(meeting.language, (word.text for word in meeting.words))
    floor = divide(units_of(speech, meeting.words, settings.unit_pause), lexicon, settings)
    basis = basis_of(floor.turns, overlapping=overlap_time(found) > 0)
    return Analysis(
        meeting=meeting,
        speech=speech,
        regions=found,
        floor=floor,
        gaps=gaps_of(floor.turns),
        basis=basis,
        interruptions=interruptions_of(floor.turns, basis, settings),
        lexicon=lexicon,
        terms=tuple(terms_of(meeting.words, lexicon)),
        characters=counts_characters(meeting.words),
        punctuated=_punctuated(meeting.words),
    )


def _punctuated(words: Sequence[Word]) -> bool:
    """Return whether any word ends with sentence-final punctuation."""
    return any(word.text.endswith(tuple(SENTENCE_MARKS)) for word in words)
