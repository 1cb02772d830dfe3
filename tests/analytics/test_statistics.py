"""`stats` and its tables, for one meeting with known values and for several meetings."""

from __future__ import annotations

import math
import random
import time
from dataclasses import fields

import pandas as pd
import pytest

import meetscribe
from meetscribe.analytics import TABLES, stats
from meetscribe.analytics.frames import columns_of
from meetscribe.errors import SettingsError
from meetscribe.text.splitting import split_words, spread
from meetscribe.timeline import Span, Turn
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

TALK = [
    ("Anna", 0.0, 30.0, "Good morning. " + "We need the budget for the new printer now. " * 9),
    ("Ben", 30.4, 60.4, "Um, do you mean the hotel? " + "I will travel to the hotel by train again. " * 9),
    ("Anna", 60.2, 62.0, "Yes, exactly that hotel."),
    ("Cleo", 62.5, 63.5, "Fine?"),
]


def transcript(name: str = "talk.wav", talk: list[tuple[str, float, float, str]] = TALK, **meta: object) -> Transcript:
    """Return a transcript with the times of its words spread evenly, and the turns."""
    segments = []
    for speaker, start, end, text in talk:
        texts = split_words(text)
        spans = spread(texts, Span(start, end))
        words = tuple(Word(one, *_times(span), speaker=speaker) for one, span in zip(texts, spans, strict=True))
        segments.append(Segment(words))
    turns = tuple(Turn(start, end, speaker) for speaker, start, end, _ in talk)
    found = Transcript(tuple(segments), Meta("en", 70.0, RecordingFile(name), turns=turns))
    return found.with_meta(**meta)


def _times(span: Span) -> tuple[float, float]:
    return span.start, span.end


def test_the_values_of_a_speaker() -> None:
    """Each value is the one computed by hand."""
    anna, ben, cleo = stats(transcript()).speakers

    assert (anna.speaker, anna.talk_time_s, anna.turns, anna.longest_turn_s) == ("Anna", 31.8, 2, 30.0)
    assert anna.talk_share == pytest.approx(31.8 / 62.8, abs=1e-6)
    assert anna.airtime_share == pytest.approx(31.8 / 70, abs=1e-6)
    assert (anna.words, anna.speaking_rate_per_min) == (87, round(60 * 87 / 31.8, 3))
    assert (anna.overlap_s, anna.overlap_share) == (0.2, round(0.2 / 31.8, 6))
    assert (ben.questions, ben.fillers, cleo.questions) == (1, 1, 1)
    assert ben.fillers_per_100_words == round(100 / ben.support_words, 3)


def test_values_with_too_little_support_are_unknown() -> None:
    """A second of speech is too little for a rate, and one answer too little for a latency."""
    *_, cleo = stats(transcript()).speakers
    assert cleo.talk_time_s == 1.0
    for value in (cleo.speaking_rate_per_min, cleo.articulation_rate_per_min, cleo.fillers_per_100_words):
        assert value is None
    assert (cleo.response_latency_s, cleo.support_responses, cleo.overlap_share) == (None, 1, None)


def test_the_values_of_a_meeting() -> None:
    """Silence is what no speaker fills; overlap counts once."""
    (row,) = stats(transcript()).meetings
    assert (row.speech_s, row.silence_s, row.overlap_s, row.turns) == (62.6, 7.4, 0.2, 4)
    assert (row.meeting, row.turn_source, row.interruptions_by, row.lexicon) == ("talk", "turns", "overlap", "en")
    assert (row.dominance, row.long_pauses) == (round(31.8 / 62.8, 6), 0)


def test_silent_participants_count_for_the_balance() -> None:
    """A fourth person who says nothing makes the meeting less balanced."""
    (alone,) = stats(transcript()).meetings
    with_dan = stats(transcript(participants=("Anna", "Ben", "Cleo", "Dan")))
    assert with_dan.meetings[0].speakers == 4
    assert with_dan.speakers[-1].talk_time_s == 0
    assert (with_dan.meetings[0].gini or 0) > (alone.gini or 0)


def test_words_without_measured_times_have_no_articulation_rate() -> None:
    """Interpolated words fill their segment, so that pauses are unknown."""
    frame = transcript().to_frame()
    (anna, *_) = stats(Transcript.from_frame(frame)).speakers
    assert anna.speaking_rate_per_min is not None
    assert anna.articulation_rate_per_min is None


def test_characters_are_counted_in_chinese() -> None:
    """The rate is in characters, and no filler is lost."""
    talk = [("安娜", 0.0, 30.0, "我们今天讨论预算和打印机。" * 9), ("本", 31.0, 55.0, "嗯我明白。" * 12)]
    row, other = stats(transcript(talk=talk).with_meta(language="zh")).speakers
    assert (row.counted, row.words) == ("characters", 12 * 9)
    assert other.fillers == 12


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_frame_with_fixed_columns(table: str) -> None:
    """Columns and dtypes are the same with and without rows."""
    expected = columns_of(table)
    for source in (transcript(), Transcript((), Meta("und", 0)), [Turn(0, 1, "A")]):
        frame = stats(source).frame(table)
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == expected
        assert len(frame) == len(stats(source).rows(table))


def test_metrics_state_support_and_trust() -> None:
    """The long form has every metric of the wide form, with the same value."""
    result = stats(transcript())
    metrics = result.frame("metrics").set_index(["speaker", "metric"])
    wide = result.frame("speakers").set_index("speaker")
    for speaker in wide.index:
        for name in metrics.loc[speaker].index:
            value, row = wide.loc[speaker, name], metrics.loc[(speaker, name)]
            assert (pd.isna(value) and pd.isna(row["value"])) or float(value) == row["value"]
    assert metrics.loc[("Anna", "speaking_rate_per_min"), "minimum"] == 20


def test_wide_tables_state_the_trust_of_each_metric() -> None:
    """The column `trust_METRIC` of a wide table is the trust of that metric in the long one."""
    result = stats(transcript())
    long = result.frame("metrics")
    for table, own in (("speakers", long.dropna(subset="speaker")), ("meeting", long[long["speaker"].isna()])):
        wide, expected = result.frame(table), dict(zip(own["metric"], own["trust"], strict=True))
        for metric, trust in expected.items():
            assert set(wide[f"trust_{metric}"]) == {trust}
    assert set(result.frame("speakers")["trust_talk_share"]) == {"high"}
    assert set(result.frame("gaps")["trust"]) == {"low"}


def test_several_meetings_by_meeting() -> None:
    """Each meeting has its rows; equal names are numbered."""
    result = stats(transcript(), transcript())
    assert [row.meeting for row in result.meetings] == ["talk", "talk (2)"]
    assert len(result.speakers) == 6


def test_several_meetings_by_speaker() -> None:
    """A name is one person, whose counts add up and whose rates are those of all meetings together."""
    other = transcript("b.wav", [*TALK[:1], ("Dan", 31.0, 61.0, "Yes we can do that. " * 8)])
    result = stats(transcript(), other, by="speaker")
    people = {row.speaker: row for row in result.speakers}

    assert (people["Anna"].meetings, people["Anna"].talk_time_s, people["Ben"].meetings) == (2, 61.8, 1)
    assert people["Anna"].airtime_share == pytest.approx(61.8 / 140, abs=1e-6)
    assert people["Dan"].talk_share == 0.5
    assert {row.meeting for row in result.speakers} == {"all"}


def test_automatic_labels_are_not_names() -> None:
    """SPEAKER_00 of one meeting is not SPEAKER_00 of another."""
    turns = [Turn(0, 30, "SPEAKER_00"), Turn(30, 60, "Anna")]
    result = stats(turns, turns, by="speaker", names=["a", "b"])
    assert sorted(row.speaker for row in result.speakers) == ["Anna", "SPEAKER_00 (a)", "SPEAKER_00 (b)"]


def test_unknown_tables_are_refused() -> None:
    """The error names the nearest one."""
    with pytest.raises(SettingsError, match="did you mean 'turns'"):
        stats([]).rows("turn")
    with pytest.raises(SettingsError, match="by meeting or by speaker"):
        stats([], by="person")  # type: ignore[arg-type]


def test_frames_and_the_public_function_agree() -> None:
    """`meetscribe.stats` and `frame.meet` compute the same, also for each group of a groupby."""
    value = transcript()
    frame = value.to_frame("word")
    talk = frame.meet.speakers()[["speaker", "words"]]
    assert talk.equals(meetscribe.stats(value.with_meta(turns=())).frame("speakers")[["speaker", "words"]])

    both = pd.concat([frame.assign(recording="a"), frame.assign(recording="b")])
    grouped = both.groupby("recording").apply(lambda own: own.meet.speakers())
    assert grouped.loc["a"].equals(grouped.loc["b"])
    assert list(grouped.loc["a"]["speaker"]) == list(talk["speaker"])


def test_a_frame_of_turns_needs_no_text() -> None:
    """Start, end and speaker are enough."""
    frame = pd.DataFrame({"start": [0.0, 30.0], "end": [30.0, 50.0], "speaker": ["A", "B"]})
    assert frame.meet.meeting()["speech_s"].tolist() == [50.0]
    assert frame.meet.stats().frame("speakers")["talk_share"].tolist() == [0.6, 0.4]


def long_meeting(hours: float, words_per_hour: int = 10_000) -> Transcript:
    """Return a meeting of eight speakers with overlapping turns."""
    rng = random.Random(1)
    vocabulary = [f"term{rng.randrange(4000)}" for _ in range(5000)] + ["the", "and", "yeah", "we"] * 800
    segments, turns, start = [], [], 0.0
    for _ in range(int(words_per_hour * hours) // 12):
        speaker, texts = f"Person {rng.randrange(8)}", [rng.choice(vocabulary) for _ in range(12)]
        spans = spread(texts, Span(start, start + 4.2))
        segments.append(
            Segment(tuple(Word(t, s.start, s.end, speaker=speaker) for t, s in zip(texts, spans, strict=True)))
        )
        turns.append(Turn(start, start + 4.2, speaker))
        start += rng.uniform(3.8, 4.8)
    return Transcript(tuple(segments), Meta("en", start, turns=tuple(turns)))


def test_statistics_are_linear_and_fast() -> None:
    """All tables of two hours take less than four times as long as those of one."""
    spent = []
    for hours in (1, 2):
        value = long_meeting(hours)
        begun = time.process_time()
        result = stats(value)
        for table in TABLES:
            result.rows(table)
        spent.append(time.process_time() - begun)
    assert spent[1] < 4 * spent[0] + 0.2


def test_rows_hold_no_values_that_json_cannot_hold() -> None:
    """No value is infinite or not a number, for meetings of any size."""
    for source in (transcript(), [Turn(1, 1, "A")], [], [Turn(0, 1e-3, "A"), Turn(0, 1e-3, "B")]):
        result = stats(source)
        for table in TABLES:
            for row in result.rows(table):
                values = [getattr(row, field.name) for field in fields(row)]
                assert all(math.isfinite(value) for value in values if isinstance(value, float))
