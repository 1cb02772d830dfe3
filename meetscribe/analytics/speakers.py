"""Statistics of a speaker in one or several meetings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from meetscribe.analytics.activity import overlap_time_by_speaker, ratio, sum_by_key
from meetscribe.analytics.analysis import Analysis
from meetscribe.analytics.lexical.lexicon import plain
from meetscribe.analytics.lexical.terms import count_characters
from meetscribe.analytics.settings import AnalyticsSettings
from meetscribe.timeline import Seconds, total
from meetscribe.transcript import Word

_QUESTION_MARKS = "?？؟"
_CLOSERS = "\"'”’»›)]}」』!！."


@dataclass(frozen=True, slots=True)
class SpeakerStatistics:
    """The statistics of one speaker; None if a value is unknown or its support is too small.

    meeting, meetings           name of the meeting, or "all", and the number of meetings attended
    talk_time_s                 union of the speaker's intervals, so that no time counts twice
    talk_share                  share of the talk times of all speakers, without silence
    airtime_share               share of the duration of the attended meetings
    turns                       see `floor.turns`; backchannels are not turns
    longest_turn_s              the longest turn, including pauses
    monologues                  turns longer than `monologue`
    words                       number of words, or of letters and digits if `counted` is "characters"
    speaking_rate_per_min       words per minute of talk time
    articulation_rate_per_min   words per minute of the words themselves, without pauses; requires measured word times,
                                and words that last half of `min_talk`
    questions                   words that end with a question mark, if the transcript is punctuated
    fillers                     "uh", "um", …, by language; Whisper omits many of them
    response_latency_s          median floor transfer offset of turns after another speaker's turn
    interruptions_made          successful interruptions; None if they cannot be detected, see `floor.interruptions`
    interruptions_suffered      successful interruptions by others
    interruption_attempts       interruptions by the speaker, successful or not
    backchannels                see `floor.turns`
    overlap_s, overlap_share    talk time during which others also speak, and its share of the talk time
    support_s, support_words    amount of speech and number of words behind the rates
    support_responses           number of turns behind `response_latency_s`
    speaker_score               mean speaker score of the words, 0 to 1, if known
    """

    meeting: str
    speaker: str
    meetings: int
    talk_time_s: Seconds
    talk_share: float | None
    airtime_share: float | None
    turns: int
    longest_turn_s: Seconds | None
    monologues: int
    words: int | None
    counted: str | None
    speaking_rate_per_min: float | None
    articulation_rate_per_min: float | None
    questions: int | None
    fillers: int | None
    fillers_per_100_words: float | None
    response_latency_s: Seconds | None
    interruptions_made: int | None
    interruptions_suffered: int | None
    interruption_attempts: int | None
    backchannels: int
    overlap_s: Seconds
    overlap_share: float | None
    support_s: Seconds
    support_words: int
    support_responses: int
    speaker_score: float | None


@dataclass(frozen=True, slots=True)
class _SpeakerData:
    """The input of one speaker's statistics, over the attended meetings."""

    analyses: Sequence[Analysis]
    talk: Seconds
    total_talk: Seconds  # talk time of all speakers
    overlap: Seconds
    turn_durations: Sequence[Seconds]
    words: Sequence[Word]
    responses: Sequence[Seconds]  # floor transfer offsets


def speaker_statistics(
    name: str, analyses: Sequence[Analysis], settings: AnalyticsSettings
) -> tuple[SpeakerStatistics, ...]:
    """Return the statistics of each speaker and silent participant over meetings, the longest talk time first.

    Shares refer to the meetings that the speaker attended. `name` is the value of `meeting` in the result.
    """
    attended: dict[str, list[Analysis]] = {}
    for analysis in analyses:
        for speaker in analysis.meeting.speakers:
            attended.setdefault(speaker, []).append(analysis)
    words: dict[str | None, list[Word]] = {}
    for word in (word for analysis in analyses for word in analysis.meeting.words):
        words.setdefault(word.speaker, []).append(word)
    overlap = sum_by_key(pair for analysis in analyses for pair in overlap_time_by_speaker(analysis.regions).items())
    found = []
    for speaker, meetings in attended.items():
        data = _data_of(speaker, meetings, words.get(speaker, []), overlap.get(speaker, 0.0))
        values = _speech(data, settings) | _words(data, settings) | _floor(speaker, data, settings)
        found.append(SpeakerStatistics(name, speaker, len(meetings), **values))
    return tuple(sorted(found, key=lambda each: -each.talk_time_s))


def _data_of(speaker: str, analyses: Sequence[Analysis], words: Sequence[Word], overlap: Seconds) -> _SpeakerData:
    return _SpeakerData(
        analyses=analyses,
        talk=math.fsum(total(analysis.speech.get(speaker, ())) for analysis in analyses),
        total_talk=math.fsum(total(spans) for analysis in analyses for spans in analysis.speech.values()),
        overlap=overlap,
        turn_durations=[
            turn.duration for analysis in analyses for turn in analysis.floor.turns if turn.speaker == speaker
        ],
        words=words,
        responses=[
            gap.offset
            for analysis in analyses
            for gap in analysis.gaps
            if gap.next_speaker == speaker and gap.kind != "pause"
        ],
    )


def _speech(data: _SpeakerData, settings: AnalyticsSettings) -> dict[str, Any]:
    """Return the values computed from intervals."""
    duration = math.fsum(analysis.meeting.duration for analysis in data.analyses)
    enough = data.talk >= settings.min_talk
    return {
        "talk_time_s": round(data.talk, 3),
        "talk_share": ratio(data.talk, data.total_talk),
        "airtime_share": ratio(data.talk, duration),
        "turns": len(data.turn_durations),
        "longest_turn_s": round(max(data.turn_durations), 3) if data.turn_durations else None,
        "monologues": sum(length > settings.monologue for length in data.turn_durations),
        "overlap_s": round(data.overlap, 3),
        "overlap_share": ratio(data.overlap, data.talk) if enough else None,
        "support_s": round(data.talk, 3),
    }


def _words(data: _SpeakerData, settings: AnalyticsSettings) -> dict[str, Any]:
    """Return the values computed from words; all are None if the meetings have no words."""
    words, analyses = data.words, data.analyses
    if not any(analysis.meeting.words for analysis in analyses):
        return dict.fromkeys(_WORD_VALUES) | {"support_words": 0}
    characters = any(analysis.characters for analysis in analyses)
    count = count_characters(words) if characters else len(words)
    enough = len(words) >= settings.min_words
    fillers = _fillers(words, analyses)
    measured = [word.span for word in words if word.timing != "interpolated"]
    spoken = total(measured) if len(measured) == len(words) else 0.0
    scores = [word.speaker_score for word in words if word.speaker_score is not None]
    return {
        "words": count,
        "counted": "characters" if characters else "words",
        "speaking_rate_per_min": _rate(count, data.talk) if enough and data.talk >= settings.min_talk else None,
        "articulation_rate_per_min": _rate(count, spoken) if enough and spoken >= settings.min_talk / 2 else None,
        "questions": sum(map(_is_question, words)) if any(analysis.punctuated for analysis in analyses) else None,
        "fillers": fillers,
        "fillers_per_100_words": None if fillers is None or not enough else round(100 * fillers / len(words), 3),
        "support_words": len(words),
        "speaker_score": round(fmean(scores), 4) if scores else None,
    }


def _floor(speaker: str, data: _SpeakerData, settings: AnalyticsSettings) -> dict[str, Any]:
    """Return the values about changes of speaker."""
    analyses, responses = data.analyses, data.responses
    detectable = [analysis for analysis in analyses if analysis.basis is not None]
    found = [each for analysis in detectable for each in analysis.interruptions]
    made = [each for each in found if each.speaker == speaker]
    suffered = sum(each.interrupted == speaker and each.successful for each in found)
    enough = len(responses) >= max(1, settings.min_responses)
    return {
        "response_latency_s": round(median(responses), 3) if enough else None,
        "interruptions_made": sum(each.successful for each in made) if detectable else None,
        "interruptions_suffered": suffered if detectable else None,
        "interruption_attempts": len(made) if detectable else None,
        "backchannels": sum(turn.speaker == speaker for analysis in analyses for turn in analysis.floor.backchannels),
        "support_responses": len(responses),
    }


_WORD_VALUES = (
    "words",
    "counted",
    "speaking_rate_per_min",
    "articulation_rate_per_min",
    "questions",
    "fillers",
    "fillers_per_100_words",
    "support_words",
    "speaker_score",
)


def _fillers(words: Iterable[Word], analyses: Sequence[Analysis]) -> int | None:
    """Return the number of fillers, None without a list for the language."""
    fillers = frozenset[str]().union(*(analysis.lexicon.fillers for analysis in analyses))
    return sum(plain(word.text) in fillers for word in words) if fillers else None


def _is_question(word: Word) -> bool:
    """Return whether a word ends with a question mark, ignoring closing quotes and other marks after it."""
    return word.text.rstrip(_CLOSERS).endswith(tuple(_QUESTION_MARKS))


def _rate(count: int, seconds: Seconds) -> float | None:
    """Return the count per minute."""
    return round(60 * count / seconds, 3) if seconds > 0 else None
