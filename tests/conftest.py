"""Strategies for the values of the package; `strategies.from_type(Transcript)` draws a transcript.

The cache of results is off, except in tests of the cache itself.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from meetscribe.errors import Notice
from meetscribe.storage.folders import cache_folder
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Turn
from meetscribe.transcript import (
    AsrRecord,
    Assign,
    Char,
    Delete,
    Edit,
    Finding,
    Insert,
    Join,
    Merge,
    Meta,
    Provenance,
    RecordingFile,
    Rename,
    Replace,
    Retime,
    Segment,
    Split,
    Transcript,
    Word,
)
from meetscribe.transcript.edits.values import NAME_SOURCES
from meetscribe.transcript.values import FINDING_KINDS
from meetscribe.transcript.words import SPEAKER_SOURCES, TIMINGS
from tests.support.browser import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

SAMPLES = Path(__file__).parents[1] / "samples"

os.environ["MEETSCRIBE_RUN__CACHE"] = "false"
# Threads that wait for work sleep; by default they use a processor, which doubles the time of small models.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# A busy machine draws values slowly and misses deadlines, which says nothing about the code.
_WITHOUT_LIMITS = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("default suite", _WITHOUT_LIMITS, max_examples=50)
settings.register_profile("thorough", _WITHOUT_LIMITS, max_examples=1000)  # pytest --hypothesis-profile=thorough
settings.load_profile("default suite")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Exclude the packages imported by now, such as torch, from all garbage collections."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """Yield Playwright, which can run once at a time; tests skip where `tests.support.browser.MISSING` says why.

    Its event loop runs in this thread until it ends, so that later modules could not run one.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Yield Chromium, which plays sound without a click."""
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield started
    started.close()


@pytest.fixture(scope="session")
def live_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache folder for real commands, with the converted weights of the tests that run in this process."""
    converted = cache_folder() / "converted"
    converted.mkdir(parents=True, exist_ok=True)
    cache = tmp_path_factory.mktemp("live") / "cache"
    cache.mkdir()
    (cache / "converted").symlink_to(converted, target_is_directory=True)
    return cache


@pytest.fixture(scope="session")
def standup_run(tmp_path_factory: pytest.TempPathFactory, live_cache: Path) -> Path:
    """Run the command of the README; return the folder of its files, with its output as `stdout` and `stderr`."""
    folder = tmp_path_factory.mktemp("standup")
    command = [sys.executable, "-m", "meetscribe", "run", "standup.flac", "--config", "offline.toml", "-o", str(folder)]
    variables = {"MEETSCRIBE_CACHE": str(live_cache), "MEETSCRIBE_RUN__CACHE": "true"}
    done = subprocess.run(command, cwd=SAMPLES, env=os.environ | variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (folder / "stdout").write_text(done.stdout)
    (folder / "stderr").write_text(done.stderr)
    return folder


times = st.floats(0, 20_000)
scores = st.none() | st.floats(0, 1)
# Any text at all, line breaks and control characters included, and what formats give a meaning to.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60) | st.sampled_from(
    ["-->", "</v>", "<v Eve>", "&amp;", "=1+1", "我们", "สวัสดี", "a" * 130, ";;", '"', "Hello,", ".", "\\"]
)
word_texts = texts.map(str.strip).filter(bool)
speakers = st.sampled_from(["A", "SPEAKER_01", "Ünal Öz"]) | texts
spans = st.tuples(times, times).map(sorted)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def words(draw: st.DrawFn) -> Word:
    """Draw any valid word."""
    start, end = draw(spans)
    return Word(
        text=draw(word_texts),
        start=start,
        end=end,
        timing=draw(st.sampled_from(TIMINGS)),
        score=draw(scores),
        speaker=draw(st.none() | speakers),
        speaker_score=draw(scores),
        speaker_source=draw(st.none() | st.sampled_from(SPEAKER_SOURCES)),
        overlap=draw(st.booleans()),
        probability=draw(scores),
        language=draw(st.none() | st.sampled_from(["de", "zh-Hant"])),
        id=draw(st.none() | st.integers(0, 99).map("w-{}".format)),
    )


@st.composite
def chars(draw: st.DrawFn) -> Char:
    """Draw any valid character of a word."""
    start, end = draw(spans)
    return Char(draw(st.characters(exclude_categories=["Cs", "Z", "Cc"])), start, end, draw(scores))


@st.composite
def spelled_words(draw: st.DrawFn) -> Word:
    """Draw any valid word, with times of characters."""
    return replace(draw(words()), chars=tuple(draw(st.lists(chars(), max_size=3))))


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """Draw any valid finding."""
    start, end = draw(spans)
    return Finding(draw(st.sampled_from(FINDING_KINDS)), start, end, draw(texts), draw(texts))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """Draw any valid turn."""
    start, end = draw(spans)
    return Turn(start, end, draw(speakers))


dates = st.none() | st.just("2026-01-02T03:04:05+00:00")


def edits() -> st.SearchStrategy[Edit]:
    """Return any valid edit, also of unknown speakers."""
    pairs = st.sampled_from([("A", "SPEAKER_01"), ("SPEAKER_01", "A"), ("Ünal Öz", "A", "B")])
    return st.one_of(
        st.builds(Rename, st.dictionaries(speakers, texts, max_size=1), dates),
        st.builds(
            Rename, st.dictionaries(speakers, texts, max_size=1), dates, st.sampled_from(NAME_SOURCES), scores, scores
        ),
        st.builds(Merge, pairs, dates),
        st.builds(lambda span, who, made: Assign(span[0], span[1], who, made), spans, speakers, dates),
        word_edits(),
    )


@st.composite
def word_edits(draw: st.DrawFn) -> Edit:
    """Any edit of words that may exist, of words that need not."""
    ids, visible = st.sampled_from(["r-0", "r-1", "edit-1-0"]), texts.filter(one_line)
    start, end = draw(spans)
    common: dict[str, Any] = {"quote": draw(texts), "start": start, "end": end, "made": draw(dates)}
    common["source"] = draw(st.none() | texts)
    words = tuple(draw(st.lists(ids, min_size=1, max_size=3, unique=True)))
    near: dict[str, Any] = {
        "after": draw(st.none() | ids),
        "before": draw(st.none() | ids),
        "speaker": draw(st.none() | speakers),
    }
    pairs = tuple((first, last) for first, last in (draw(spans) for _ in words))
    made: list[Callable[[], Edit]] = [
        lambda: Replace(id="edit-1", words=words, text=draw(visible), **common),
        lambda: Delete(words=words, **common),
        lambda: Insert(id="edit-2", text=draw(visible), new_segment=draw(st.booleans()), **near, **common),
        lambda: Split(word=words[0], **common),
        lambda: Join(words=words, **common),
        lambda: Retime(words=words, times=pairs, exact=draw(st.booleans()), **common),
    ]
    return draw(st.sampled_from(made))()


segments = st.builds(Segment, st.lists(words(), min_size=1, max_size=8).map(tuple))


def provenances() -> st.SearchStrategy[Provenance]:
    """Return any provenance, with known and unknown members of any type."""
    known = st.sampled_from([each.name for kind in (Provenance, AsrRecord) for each in fields(kind)])
    members = st.dictionaries(texts | known, json_values | st.dictionaries(texts | known, json_values), max_size=3)
    return members.map(Provenance.from_json)


notices = st.builds(Notice, texts, texts, st.dictionaries(texts, json_values, max_size=2))
metas = st.builds(
    Meta,
    language=st.sampled_from(["en", "und", "zh-Hant"]),
    duration=times,
    recording=st.none() | st.builds(RecordingFile, path=texts, hash=st.none() | texts),
    turns=st.lists(turns(), max_size=3).map(tuple),
    exclusive=st.lists(turns(), max_size=3).map(tuple),
    edits=st.lists(edits(), max_size=2).map(tuple),
    notices=st.lists(notices, max_size=2).map(tuple),
    provenance=provenances(),
    findings=st.lists(findings(), max_size=2).map(tuple),
    title=st.none() | texts,
    recorded_at=st.none() | st.sampled_from(["2026-11-27", "2026-11-27T10:00", "2026-11-27T10:00:00.000000Z"]),
    participants=st.lists(texts, max_size=2).map(tuple),
)
transcripts = st.builds(Transcript, st.lists(segments, max_size=4).map(tuple), metas)

st.register_type_strategy(Word, words())
st.register_type_strategy(Turn, turns())
st.register_type_strategy(Segment, segments)
st.register_type_strategy(Meta, metas)
st.register_type_strategy(Transcript, transcripts)
