"""The benchmark on real recordings: its scores, its stored results, and its tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe import evaluation
from meetscribe.asr.protocol import DecodingOptions, DecodingResult
from meetscribe.evaluation import ErrorRate
from meetscribe.timeline import Span
from tests.benchmarks.real import __main__ as command
from tests.benchmarks.real.code import digest_of_statements, statements
from tests.benchmarks.real.ours import Passes, settings_of
from tests.benchmarks.real.outputs import Cost, Output, Results
from tests.benchmarks.real.places import Places
from tests.benchmarks.real.recordings import Part, Recording, read_texts, untimed_words
from tests.benchmarks.real.scoring import (
    blocks_of_errors,
    certain_pairs,
    errors_as_written,
    normalizer,
    reaches_into,
    score,
)
from tests.benchmarks.real.systems import OTHERS, SYSTEMS
from tests.benchmarks.real.variant_runs import PromptingEngine, RememberingEngine
from tests.benchmarks.real.variants import OURS, PEERS, findings_table, variants_table

Clip: TypeAlias = npt.NDArray[np.float32]

WORDS = st.lists(st.sampled_from("a b c d e".split()), max_size=60)


def output(text: str, *, language: str = "en", timed: bool = True) -> Output:
    words = tuple((word, float(index), index + 0.5) for index, word in enumerate(text.split()))
    cost = Cost(2.0, 4.0, 900.0, {"fallback": 1.0}, 0.5)
    return Output(language, 10.0, words, ((0.0, 10.0, text),), timed, cost)


def recording(text: str, *, set_: str = "readers", name: str = "one", part: Part = "tune") -> Recording:
    words = tuple(replace(word, timing="engine") for word in untimed_words(text, Span(0.0, 10.0)))
    return Recording(set_, name, Path(f"{name}.flac"), "en", part, words)


@given(WORDS, WORDS)
def test_the_blocks_of_a_recording_add_up_to_its_error_rate(expected: list[str], found: list[str]) -> None:
    blocks = blocks_of_errors(expected, found, size=7)
    assert sum(blocks, ErrorRate.zero()) == evaluation.wer(expected, found)


def test_an_error_counts_in_the_block_of_its_word() -> None:
    blocks = blocks_of_errors("a b c d".split(), "a b x d e".split(), size=2)
    assert [(block.errors, block.length) for block in blocks] == [(0, 2), (2, 2)]


def test_scripts_without_spaces_are_scored_by_characters() -> None:
    assert normalizer("zh")("我们用Python。") == ["我", "们", "用", *"python"]


def test_chinese_is_scored_in_one_script_and_as_written() -> None:
    spoken = replace(recording("我们在这里"), language="zh", words=untimed_words("我们在这里", Span(0.0, 10.0)))
    found = output("我們在這裡", language="zh")
    assert score(spoken, found).errors.errors == 0
    assert errors_as_written(spoken, found).substitutions == 3


def test_a_slash_counts_neither_written_nor_read_aloud() -> None:
    spoken = recording("a country/language")
    assert score(spoken, output("a country-slash language")).errors.errors == 0
    assert score(spoken, output("a country / language")).errors.errors == 0


def test_words_in_a_recording_without_speech_are_invented() -> None:
    silent = Recording("noise", "hum", Path("hum.flac"), "en", "tune")
    scored = score(silent, output("Thank you."))
    assert (scored.invented, scored.blocks) == (2, ())


def test_only_true_times_and_given_times_are_compared() -> None:
    scored = score(recording("so it goes"), output("so it goes"))
    assert scored.times is not None
    assert scored.times.matched == 3
    assert score(recording("so it goes"), output("so it goes", timed=False)).times is None
    untimed = replace(recording("so it goes"), words=untimed_words("so it goes", Span(0.0, 10.0)))
    assert score(untimed, output("so it goes")).times is None


def test_a_word_that_may_be_either_of_two_has_no_true_time() -> None:
    pairs = certain_pairs("more than he is there more than he said".split(), "is there more than he said".split())
    assert pairs == [(3, 0), (4, 1), (5, 2), (6, 3), (7, 4), (8, 5)]
    assert certain_pairs("so than than said".split(), "so than said".split()) == [(0, 0), (3, 2)]


@pytest.mark.parametrize(("end", "inside"), [(5.4, False), (5.6, True)])
def test_a_word_in_a_pause_reaches_half_a_second_into_it(end: float, inside: bool) -> None:
    assert reaches_into(Span(4.0, end), [Span(5.0, 9.0)]) is inside


def test_outputs_are_stored_by_what_they_depend_on(tmp_path: Path) -> None:
    results, made = Results(tmp_path), output("so it goes")
    file = results.file("ami/one", "fw batched", {"code": "1"})
    assert results.read(file) is None
    results.write(file, made)
    assert results.read(file) == made
    assert results.file("ami/one", "fw batched", {"code": "2"}) != file
    file.write_text("{", encoding="utf-8")
    assert results.read(file) is None


def test_comments_and_docstrings_do_not_count_as_code() -> None:
    plain, documented, other = (
        "def f():\n    return 1",
        'def f():\n    """One."""\n    return 1  # one',
        "def f(): return 2",
    )
    assert statements(plain) == statements(documented) != statements(other)
    assert digest_of_statements(["timeline", "vad"]) != digest_of_statements(["timeline"])


def test_a_clip_that_is_decoded_again_counts_as_a_check() -> None:
    passes, clip = Passes(), np.array([0.0, 0.1, 0.2, 0.0], np.float32)
    passes.timer.stage, passes.timer.processor = "transcription", {"transcription": 8.0, "coverage": 2.0}
    passes.add([clip], 3.0)
    passes.add([4 * clip], 1.0)  # amplified
    assert passes.checks() == {"coverage": 2.0, "fallback": 2.0}
    assert passes.longest == 1.0
    passes.timer.stage = "coverage"
    passes.add([clip[:3], clip[1:]], 5.0)
    assert passes.checks()["fallback"] == 2.0
    assert passes.longest == 2.5


def test_a_prompted_engine_gives_each_clip_the_text_before_it() -> None:
    prompts: list[str | None] = []

    class Scripted:
        def decode(self, clips: Sequence[Clip], options: DecodingOptions) -> list[DecodingResult]:
            prompts.append(options.prompt)
            return [DecodingResult(f"clip {len(prompts)}") for _ in clips]

    engine, clips = PromptingEngine(Scripted()), [np.zeros(2, np.float32)] * 2
    engine.decode(clips, DecodingOptions("en"))
    engine.decode(clips, DecodingOptions("en", temperature=0.4))  # a fallback has no prompt
    engine.decode(clips[:1], DecodingOptions("en"))
    assert prompts == [None, "clip 1", None, "clip 2"]


def test_the_table_of_variants_counts_backchannels_and_the_spoken_words_of_findings() -> None:
    spoken = recording("yeah so it goes", set_="ami")
    findings = (("recovered", 0.0, 2.0, "yeah no"), ("removed", 9.0, 9.5, "thanks"))
    found = replace(output("yeah so it went"), findings=findings, chunks=3, decoded_again=1)
    lines = list(variants_table({"ours": [score(spoken, found)]}))
    assert "4 words with 1 backchannels" in lines[0]
    assert lines[2].split() == ["ours", "25.0%", "0", "0", "1", "1", "0"]
    first, _, recovered, removed, *_ = findings_table([score(spoken, found)])
    assert "1 of 3 chunks" in first
    assert (recovered.split(), removed.split()) == (["recovered", "1", "2", "1"], ["removed", "1", "1", "0"])


def test_every_variant_names_a_system_and_settings_that_exist() -> None:
    assert set(PEERS.values()) <= {*SYSTEMS, *OTHERS}
    for changes, _ in OURS.values():
        settings_of(Path("model"), "int8", changes)


def test_an_engine_decodes_a_clip_once_for_the_same_options() -> None:
    decoded: list[int] = []

    class Counting:
        def decode(self, clips: Sequence[Clip], options: DecodingOptions) -> list[DecodingResult]:
            decoded.append(len(clips))
            return [DecodingResult(f"{clip[0]:.0f}") for clip in clips]

    engine = RememberingEngine(Counting(), {})
    one, two = np.ones(2, np.float32), np.full(2, 2.0, np.float32)
    assert [result.text for result in engine.decode([one], DecodingOptions("en"))] == ["1"]
    assert [result.text for result in engine.decode([two, one], DecodingOptions("en", seed=7))] == ["2", "1"]
    engine.decode([one], DecodingOptions("en", temperature=0.4))
    assert decoded == [1, 1, 1]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setenv("MEETSCRIBE_REAL", str(tmp_path / "real"))
    monkeypatch.setenv("MEETSCRIBE_REAL_DATA", str(tmp_path / "data"))
    return Places.default()


def run(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["real", *arguments])
    return command.main()


def test_it_skips_and_says_how_to_get_what_is_missing(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([], monkeypatch) == 0
    assert "skipped: no weights in" in capsys.readouterr().err
    (places.real / "whisper-base").mkdir(parents=True)
    (places.real / "whisper-base" / "model.bin").touch()
    assert run([], monkeypatch) == 0
    assert "skipped: no recordings in" in capsys.readouterr().err


def test_the_tables_fit_the_terminal_and_every_system_has_a_column() -> None:
    references = [recording("so it goes " * 9, name="one"), recording("on and on", name="two", part="held out")]
    references.append(Recording("noise", "hum", Path("hum.flac"), "en", "tune"))
    systems = {name: [score(each, output("so it went on")) for each in references] for name in SYSTEMS}
    printed = command.report(systems, {}, command.parse([]))
    assert max(map(len, printed.splitlines())) <= 120
    assert all(name in printed for name in ("readers", "all, held out", "hum", *SYSTEMS))
    assert "wall time" in printed


def test_tables_without_content_are_left_out() -> None:
    plain = replace(recording("so it goes"), words=untimed_words("so it goes", Span(0.0, 10.0)))
    printed = command.report({"ours": [score(plain, output("so it goes"))]}, {}, command.parse([]))
    assert "Invented" not in printed
    assert "Word times" not in printed


def test_the_texts_of_the_recordings_are_complete_lines() -> None:
    texts = read_texts()
    assert len(texts) == 68
    assert all(text.split() for text in texts.values())
