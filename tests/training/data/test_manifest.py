"""The manifest reads back equal, and errors name the line and the value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.timeline import Span
from meetscribe.training.data import SPLITS, Example, TimedText, load_examples
from meetscribe.training.data.manifest import MANIFEST, dumps

TEXT = st.text(st.characters(codec="utf-8"))
TIME = st.floats(0, 1e6)
TIMED = st.lists(st.builds(TimedText, TEXT, TIME, TIME), max_size=3).map(tuple)
EXAMPLES = st.builds(
    Example,
    id=TEXT,
    audio=st.just("clips/a.wav"),
    sha256=TEXT,
    seconds=TIME,
    text=TEXT,
    words=TIMED,
    segments=TIMED,
    language=st.sampled_from(["en", "de"]),
    speaker=st.none() | TEXT,
    recording=TEXT,
    span=st.tuples(TIME, TIME).map(lambda ends: Span(*sorted(ends))),
    prompt=st.none() | TEXT,
    timestamps=st.booleans(),
    split=st.sampled_from(SPLITS),
    augmentation=TEXT,
)


@settings(max_examples=30)
@given(st.lists(EXAMPLES, max_size=4))
def test_the_manifest_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, examples: list[Example]) -> None:
    """Whatever the texts contain, line separators of Unicode included."""
    folder = tmp_path_factory.mktemp("data")
    (folder / MANIFEST).write_text(dumps(examples), encoding="utf-8", newline="")
    assert load_examples(folder) == tuple(examples)
    for split in SPLITS:
        assert load_examples(folder, split) == tuple(one for one in examples if one.split == split)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("split", "validation", "split: expected one of train, dev, test"),
        ("audio", "/etc/passwd", "audio: expected a file in clips/"),
        ("audio", "clips/../../x.wav", "audio: expected a file in clips/"),
        ("seconds", "12", "seconds: expected a number"),
        ("span", {"start": 3, "end": 1}, "span: the end is before the start"),
    ],
)
def test_an_invalid_line_is_refused(tmp_path: Path, name: str, value: object, problem: str) -> None:
    """The error names the file, the line and the value."""
    example = Example("a", "clips/a.wav", "", 1, "", (), (), "en", None, "", Span(0, 1), None, False, "dev")
    values = json.loads(dumps([example]))
    lines = [json.dumps(values), json.dumps(values | {name: value})]
    (tmp_path / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_examples(tmp_path)
    assert f"{MANIFEST}, line 2: {problem}" in str(caught.value)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Make a data set first"):
        load_examples(tmp_path)
    (tmp_path / MANIFEST).write_text("{\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1: it is not JSON"):
        load_examples(tmp_path)
