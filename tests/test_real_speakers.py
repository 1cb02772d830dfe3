"""The scores of speakers in the benchmark on real recordings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript import Word
from tests.benchmarks.real.outputs import Cost, Output
from tests.benchmarks.real.recordings import Recording
from tests.benchmarks.real.speakers import ROWS, by_segment, by_word, ours, score_all, score_speakers, segments_of
from tests.benchmarks.real.tables import speakers

TURNS = ((0.0, 4.0, "S0"), (4.0, 6.0, "S1"))
TEXT = "Are you there? Yes."
TIMES = ((0.5, 1.0), (1.2, 1.8), (2.0, 3.0), (4.4, 5.0))
RECORDING = Recording(
    "call",
    "one",
    Path("one.wav"),
    "en",
    "tune",
    tuple(Word(t, *at, speaker="AB"[at[0] > 4]) for t, at in zip(TEXT.split(), TIMES, strict=True)),
    (Turn(0.5, 3.0, "A"), Turn(4.4, 5.0, "B")),
)
WORDS = Output(
    "en",
    6.0,
    tuple((text, *at) for text, at in zip(TEXT.split(), TIMES, strict=True)),
    ((0.5, 5.0, TEXT),),
    True,
    Cost(1.0, 1.0, 100.0),
)
TURNS_FOUND = replace(WORDS, words=(), segments=(), turns=TURNS, exclusive=TURNS)
FOUND = TURNS_FOUND.as_diarization()


def test_meetscribe_gives_each_word_a_speaker_and_whisperx_each_segment() -> None:
    assert [word.speaker for word in ours(WORDS, FOUND)] == ["S0", "S0", "S0", "S1"]
    assert [word.speaker for word in by_word(WORDS, FOUND)] == ["S0", "S0", "S0", "S1"]
    assert [word.speaker for word in by_segment(WORDS, FOUND)] == ["S0"] * 4


def test_without_turns_no_word_has_a_speaker() -> None:
    assert [word.speaker for word in by_word(WORDS, Diarization((), ()))] == [None] * 4


def test_words_return_to_their_segments() -> None:
    two = replace(WORDS, segments=((0.5, 3.0, "Are you there?"), (4.4, 5.0, "Yes.")))
    assert [segment.text for segment in segments_of(two)] == ["Are you there?", "Yes."]


def test_words_and_turns_are_scored() -> None:
    right = score_speakers(RECORDING, ours(WORDS, FOUND), FOUND)
    assert (right.cpwer.errors, right.wder.wrong, right.turns.counted) == (0, 0, 1)
    assert right.turns.exact.miss == right.turns.exact.confusion == 0.0
    assert right.turns.exact.false_alarm == pytest.approx(2.9)
    one = Diarization((Turn(0.0, 6.0, "S0"),), ())
    wrong = score_speakers(RECORDING, ours(WORDS, one), one)
    assert (wrong.cpwer.errors, wrong.wder.wrong, wrong.turns.counted) == (2, 1, 0)
    both = right + wrong
    assert (both.cpwer.length, both.turns.recordings, both.turns.counted) == (8, 2, 1)


def test_the_table_has_a_row_for_each_system_and_fits_the_terminal() -> None:
    words = {name: {RECORDING.key: WORDS} for name in ("ours", "whisperX")}
    turns = {diarizer: {RECORDING.key: TURNS_FOUND} for _, diarizer, _ in ROWS.values()}
    lines = list(speakers(score_all([RECORDING, replace(RECORDING, turns=())], words, turns)))
    assert max(map(len, lines)) <= 120
    assert all(any(name in line for line in lines) for name in ROWS)
    assert "1/1" in lines[-1]


def test_turns_are_stored() -> None:
    assert Output.from_json(TURNS_FOUND.to_json()) == TURNS_FOUND
