"""Other programs' readers and writers as oracles: what they read in our files is what we wrote."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.formats import FORMATS, read, write
from meetscribe.formats.parts.praat_spellings import unspell
from meetscribe.formats.parts.tiers import WORDS, make_tiers
from meetscribe.formats.parts.utterances import field_names, speaker_name
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Meta, Rename, Segment, Transcript, Word
from meetscribe.transcript.display import shown_name
from meetscribe.transcript.utterances import utterances
from tests.formats.goldens import TRANSCRIPTS, WRITTEN

both = pytest.mark.parametrize("make", TRANSCRIPTS.values(), ids=list(TRANSCRIPTS))
Make = Callable[[], Transcript]


def letters(text: str) -> str:
    return "".join(text.split())


def names_of(transcript: Transcript) -> list[str]:
    """Return the names of the known speakers in order of appearance."""
    return list(dict.fromkeys(shown_name(transcript, label) for label in transcript.speakers))


@both
def test_webvtt_py_reads_webvtt(make: Make) -> None:
    """webvtt-py reads our WebVTT, each cue with its voice."""
    webvtt = pytest.importorskip("webvtt")
    import html

    transcript = make()
    cues = list(webvtt.from_buffer(io.StringIO(write(transcript, "vtt").decode())))
    assert {html.unescape(cue.voice) for cue in cues if cue.voice} == set(names_of(transcript))
    spoken = letters("".join(one.text for one in sorted(utterances(transcript), key=lambda one: one.start)))
    shown = letters(html.unescape("".join(cue.text for cue in cues)))
    assert sorted(shown) == sorted(letters(one_line(spoken)))


@both
def test_srt_and_pysubs2_read_subrip(make: Make) -> None:
    """The packages srt and pysubs2 read the same cues in our SubRip, numbered from one, in order of time."""
    srt, pysubs2 = pytest.importorskip("srt"), pytest.importorskip("pysubs2")
    text = write(make(), "srt").decode()
    cues = list(srt.parse(text, ignore_errors=False))
    assert [cue.index for cue in cues] == list(range(1, len(cues) + 1))
    assert srt.compose(cues, reindex=False).strip() == text.strip()
    events = pysubs2.SSAFile.from_string(text).events
    assert [(event.start, event.end) for event in events] == [
        (round(cue.start.total_seconds() * 1000), round(cue.end.total_seconds() * 1000)) for cue in cues
    ]


@both
def test_pysubs2_reads_ass(make: Make) -> None:
    """pysubs2 reads our ASS: the actor of each event is its speaker, with its own style."""
    pysubs2 = pytest.importorskip("pysubs2")
    transcript = make()
    file = pysubs2.SSAFile.from_string(write(transcript, "ass").decode())
    assert {event.name for event in file.events if event.name} == {
        name.replace(",", "，") for name in names_of(transcript)
    }
    assert {event.style for event in file.events} <= set(file.styles)
    assert len(file.styles) == 1 + len(names_of(transcript))


@both
def test_praatio_reads_textgrids(make: Make, tmp_path: Path) -> None:
    """praatio opens our TextGrid: a tier per speaker and one of its words, with our intervals."""
    textgrid = pytest.importorskip("praatio.textgrid")
    transcript = make()
    (tmp_path / "a.TextGrid").write_bytes(write(transcript, "textgrid"))
    grid = textgrid.openTextgrid(str(tmp_path / "a.TextGrid"), includeEmptyIntervals=False)
    expected = make_tiers(transcript)
    assert set(grid.tierNames) == {*expected, *(f"{name}{WORDS}" for name in expected)}
    for name, (said, _) in expected.items():
        entries = [(round(s * 1000), round(e * 1000), unspell(text)) for s, e, text in grid.getTier(name).entries]
        assert entries == [(one.start_ms, one.end_ms, one.text.strip()) for one in said]


@both
def test_praatio_writes_textgrids(make: Make, tmp_path: Path) -> None:
    """Both of Praat's text forms, written by praatio, read back as the transcript."""
    textgrid = pytest.importorskip("praatio.textgrid")
    transcript = make()
    (tmp_path / "a.TextGrid").write_bytes(write(transcript, "textgrid"))
    grid = textgrid.openTextgrid(str(tmp_path / "a.TextGrid"), includeEmptyIntervals=True)
    ours = read(write(transcript, "textgrid"), "-")
    for form in ("short_textgrid", "long_textgrid"):
        grid.save(str(tmp_path / "b.TextGrid"), form, includeBlankSpaces=True)
        again = read((tmp_path / "b.TextGrid").read_bytes(), "-")
        assert [(one.speaker, one.text) for one in again.segments] == [(one.speaker, one.text) for one in ours.segments]


@both
def test_pympi_reads_eaf(make: Make, tmp_path: Path) -> None:
    """pympi opens our EAF: the same tiers and annotations, with words below their speakers."""
    elan = pytest.importorskip("pympi.Elan")
    transcript = make()
    (tmp_path / "a.eaf").write_bytes(write(transcript, "eaf"))
    file = elan.Eaf(str(tmp_path / "a.eaf"))
    expected = make_tiers(transcript)
    assert set(file.get_tier_names()) == {*expected, *(f"{name}{WORDS}" for name in expected)}
    for name, (said, _) in expected.items():
        assert sorted(tuple(row[:3]) for row in file.get_annotation_data_for_tier(name)) == [
            (one.start_ms, one.end_ms, one.text) for one in said
        ]
        assert file.get_parameters_for_tier(f"{name}{WORDS}")["PARENT_REF"] == name


@both
def test_pylangacq_reads_chat(make: Make, tmp_path: Path) -> None:
    """pylangacq reads our CHAT strictly: the participants, and each utterance with its times and words."""
    pylangacq = pytest.importorskip("pylangacq")
    transcript = make()
    text = write(transcript, "chat").decode()
    media = re.search(r"@Media:\t(\S+), audio", text)
    assert media
    (tmp_path / f"{media[1]}.cha").write_text(text, encoding="utf-8")
    file = pylangacq.read_chat(str(tmp_path / f"{media[1]}.cha"))
    spoken = sorted(utterances(transcript), key=lambda one: one.start)
    times = [(round(one.start * 1000), round(one.end * 1000)) for one in spoken if any(map(str.isalnum, one.text))]
    found = [utterance.time_marks for utterance in file.utterances()]
    assert found == [(start, max(end, start + 1)) for start, end in times]
    unknown = any(one.speaker is None for one in spoken)
    assert len(file.participants()) == len(names_of(transcript)) + unknown


@both
def test_pyannote_reads_rttm_and_uem(make: Make, tmp_path: Path) -> None:
    """pyannote.database loads our RTTM and UEM: the same turns and speakers."""
    load = pytest.importorskip("pyannote.database.util")
    transcript = make()
    (tmp_path / "a.rttm").write_bytes(write(transcript, "rttm"))
    (tmp_path / "a.uem").write_bytes(write(transcript, "uem"))
    (annotation,) = load.load_rttm(str(tmp_path / "a.rttm")).values()
    fields = field_names(transcript)
    found = {
        (round(span.start, 3), round(span.end, 3), label) for span, _, label in annotation.itertracks(yield_label=True)
    }
    assert found == {(turn.start, turn.end, fields[turn.speaker]) for turn in transcript.turns}
    (timeline,) = load.load_uem(str(tmp_path / "a.uem")).values()
    assert timeline.extent().end == transcript.duration


@both
def test_meeteval_reads_research_formats(make: Make, tmp_path: Path) -> None:
    """meeteval loads our SegLST, STM, RTTM and CTM with the same speakers and words, also for names with spaces."""
    io_of = pytest.importorskip("meeteval.io")
    transcript = make()
    for name, suffix in (("seglst", ".json"), ("stm", ".stm"), ("rttm", ".rttm"), ("ctm", ".ctm")):
        (tmp_path / f"a{suffix}").write_bytes(write(transcript, name))
    spoken = list(utterances(transcript))
    fields = field_names(transcript)
    seglst = io_of.SegLST.load(tmp_path / "a.json")
    assert [(row["speaker"], row["words"]) for row in seglst] == [
        (speaker_name(transcript, one) or "unknown", one_line(one.text)) for one in spoken
    ]
    stm = io_of.STM.load(tmp_path / "a.stm")
    assert sorted((float(line.begin_time), line.speaker_id) for line in stm.lines) == sorted(
        (one.start, fields[one.speaker]) for one in spoken
    )
    rttm = io_of.RTTM.load(tmp_path / "a.rttm")
    assert {line.speaker_id for line in rttm.lines} == {fields[turn.speaker] for turn in transcript.turns}
    ctm = io_of.CTM.load(tmp_path / "a.ctm")
    assert len(ctm.lines) == len(transcript.words)


@both
def test_whisperx_takes_our_json(make: Make, tmp_path: Path) -> None:
    """whisperX's writers take our whisperX JSON."""
    utils = pytest.importorskip("whisperx.utils")
    transcript = make()
    result = json.loads(write(transcript, "whisperx"))
    options = {"max_line_width": None, "max_line_count": None, "highlight_words": False}
    for form in ("srt", "vtt", "txt", "tsv", "json", "aud"):
        utils.get_writer(form, str(tmp_path))(result, "a.wav", options)
    text = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert all(f"[{name}]: " in text for name in names_of(transcript))
    assert len(read((tmp_path / "a.json").read_bytes(), "-").words) == len(transcript.words)


def test_whisperx_assigns_speakers_to_our_json() -> None:
    """`whisperx.assign_word_speakers` works on our whisperX JSON."""
    diarize = pytest.importorskip("whisperx.diarize")
    import pandas as pd

    transcript = Transcript((Segment((Word("Hello", 0, 1), Word("you.", 1, 2))),), Meta("en", 2))
    turns = pd.DataFrame({"start": [0.0], "end": [2.0], "speaker": ["S"]})
    result = diarize.assign_word_speakers(turns, json.loads(write(transcript, "whisperx")))
    assert read(json.dumps(result).encode(), "-").speakers == ("S",)


@both
def test_whisper_writers_take_our_json(make: Make, tmp_path: Path) -> None:
    """openai-whisper's writers take our Whisper JSON, with word highlighting too."""
    utils = pytest.importorskip("whisper.utils")
    result = json.loads(write(make(), "whisper"))
    for form in ("srt", "vtt", "txt", "tsv", "json"):
        utils.get_writer(form, str(tmp_path))(result, "a.wav", highlight_words=form in ("srt", "vtt"))
    assert (tmp_path / "a.srt").read_text(encoding="utf-8").count("<u>") >= len(result["segments"])


@both
def test_python_docx_reads_docx(make: Make) -> None:
    """python-docx opens our document, which holds the names and all words."""
    docx = pytest.importorskip("docx")
    transcript = make()
    document = docx.Document(io.BytesIO(write(transcript, "docx")))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert all(f"{name}: " in text for name in names_of(transcript))
    assert all(one_line(word.text) in text for word in transcript.words)


@both
@pytest.mark.parametrize("name", ["docx", "parquet"])
def test_bytes_do_not_depend_on_the_time(name: str, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing the same transcript on another day gives the same bytes."""
    first = write(make(), name)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write(make(), name) == first


class Page(HTMLParser):
    """Collect the tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links.update(str(value) for name, value in attrs if name == "href")
        self.anchors.update(f"#{value}" for name, value in attrs if name == "id")

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_pages_have_known_elements_only(transcript: Transcript) -> None:
    """A page of any transcript has our elements only: no script, no image, no event handler."""
    page = Page()
    page.feed(write(transcript, "html").decode())
    assert page.tags <= {"html", "head", "meta", "title", "style", "body", "h1", "p", "div", "cite", "time", "a", "bdi"}
    assert not any(attribute.startswith("on") for attribute in page.attributes)
    own = {"lang", "charset", "http-equiv", "content", "name", "class", "dir", "id", "datetime", "href"}
    assert page.attributes <= own
    assert page.links <= page.anchors


SPEAKERLESS = {"uem"}
"""Formats without speakers."""


@pytest.mark.parametrize("name", [*WRITTEN, "docx", "parquet"])
def test_speakers_are_in_every_format(name: str) -> None:
    """Every written format carries the speakers by name, except the formats without speakers."""
    said = [
        Segment((Word("One.", 0, 1, speaker="A"), Word("Two.", 1, 2, speaker="B"))),
        Segment((Word("Three.", 9, 10, speaker="B"),)),
    ]
    transcript = Transcript(tuple(said), Meta("en", 10, edits=(Rename({"A": "Annabella", "B": "Bartholomew"}),)))
    data = write(transcript, name)
    if name == "docx":
        data = "".join(p.text for p in pytest.importorskip("docx").Document(io.BytesIO(data)).paragraphs).encode()
    if name == "parquet":
        again = read(data, "-")
        data = "".join(again.name_of(label) for label in again.speakers).encode()
    found = {who for who in ("Annabella", "Bartholomew") if who.encode() in data}
    everyone = {"Annabella", "Bartholomew"}
    assert found == (set() if name in SPEAKERLESS else {"Annabella"} if name == "chapters" else everyone)


WORDLESS = {"rttm", "uem"}
"""Formats without words."""


@pytest.mark.parametrize("name", [name for name, row in FORMATS.items() if row.reads and row.writes])
def test_mixed_segments_keep_their_speakers(name: str) -> None:
    """In a segment of two speakers, each keeps its words in every format that is read back."""
    said = Segment((Word("Yes.", 0, 1, speaker="A"), Word("No.", 1, 2, speaker="B"), Word("So.", 2, 3, speaker="B")))
    again: Any = read(write(Transcript((said,), Meta("en", 3)), name), f"a{FORMATS[name].suffixes[0]}")
    assert [(again.name_of(word.speaker), word.text) for word in again.words] == (
        [] if name in WORDLESS else [("A", "Yes."), ("B", "No."), ("B", "So.")]
    )
