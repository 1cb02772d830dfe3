"""Reading any bytes gives a transcript or an error that names the fault, in bounded time, and reads no other file."""

from __future__ import annotations

import io
import time
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetscribe.errors import InputError
from meetscribe.formats import FORMATS, Document, detect_format, read, write
from meetscribe.formats.parts.word_document import PART
from meetscribe.transcript import Transcript
from tests.formats.goldens import awkward, meeting
from tests.support.mutations import mutated, mutated_text

READ = [name for name, row in FORMATS.items() if row.reads]
OTHERS = {
    "deepgram": '{"metadata":{"duration":2.0},"results":{"channels":[{"alternatives":[{"transcript":"a b","words":'
    '[{"word":"a","start":0.0,"end":1.0,"confidence":0.9,"speaker":0,"punctuated_word":"A"}]}]}]}}',
    "assemblyai": '{"id":"x","status":"completed","audio_duration":2,"language_code":"en","utterances":[{"speaker":"A",'
    '"start":0,"end":900,"text":"a","words":[{"text":"a","start":0,"end":900,"confidence":0.9,"speaker":"A"}]}]}',
    "pyannoteai": '{"status":"succeeded","output":{"diarization":[{"speaker":"SPEAKER_00","start":0.0,"end":1.0}],'
    '"wordLevelTranscription":[{"text":"a","start":0.1,"end":0.9,"speaker":"SPEAKER_00"}]}}',
    "transformers": '{"text":" a","chunks":[{"timestamp":[0.0,1.0],"text":" a"},{"timestamp":[1.0,null],"text":"b"}]}',
    "whisper_cpp": '{"result":{"language":"en"},"transcription":[{"timestamps":{"from":"00:00:00,000",'
    '"to":"00:00:01,000"},"offsets":{"from":0,"to":1000},"text":" a b"}]}',
    "sbv": "0:00:00.599,0:00:04.160\nAnna: Hello.\n\n0:00:04.160,0:00:06.770\nToday we bake.\n",
    "json3": '{"wireMagic":"pb3","events":[{"tStartMs":160,"dDurationMs":3000,"segs":[{"utf8":"a","acAsrConf":0},'
    '{"utf8":" b","tOffsetMs":320}]},{"tStartMs":2390,"aAppend":1,"segs":[{"utf8":"\\n"}]}]}',
    "srv3": '<timedtext format="3"><body><p t="160" d="3000" w="1"><s ac="0">a</s><s t="320"> b</s></p></body>'
    "</timedtext>",
    "aws": '{"results":{"transcripts":[{"transcript":"A b."}],"items":[{"start_time":"0.5","end_time":"0.8","type":'
    '"pronunciation","alternatives":[{"confidence":"0.99","content":"A"}],"speaker_label":"spk_0"},'
    '{"type":"punctuation","alternatives":[{"content":"."}]}],"speaker_labels":{"segments":[{"items":[{"start_time":"0.5","speaker_label":'
    '"spk_0"}]}]}},"status":"COMPLETED"}',
    "revai": '{"monologues":[{"speaker":0,"elements":[{"type":"text","value":"a","ts":0.2,"end_ts":0.4,'
    '"confidence":1.0},{"type":"punct","value":"."}]}],"speakers":[{"id":0,"name":"Anna"}]}',
    "fireflies": '{"title":"x","sentences":[{"speaker_name":"Anna","text":"a","start_time":0.5,"end_time":"1.5"}]}',
    "word_list": '{"uri":"x","words":[{"start":0.5,"end":0.9,"speaker":"A","word":"Hi."}],"segments":[{"start":0.4,'
    '"end":1.0,"speaker":"A"}]}',
    "dote": '{"lines":[{"startTime":"00:00:01,000","endTime":"00:00:02.5","speakerDesignation":"A","text":"a"}]}',
}
"""Files of the formats that are only read."""

SOON = 10.0  # seconds, on a machine that is busy


@cache
def originals(name: str) -> list[bytes]:
    """Return good files of a format."""
    pytest.importorskip(FORMATS[name].package or "meetscribe")
    if FORMATS[name].writes:
        return [write(make(), name) for make in (meeting, awkward)]
    return [OTHERS[name].encode()]


def transcript_or_error(data: bytes, name: str) -> Transcript | InputError:
    """Return the result of reading; fails if it takes long."""
    start = time.monotonic()
    try:
        return read(data, f"x{FORMATS[name].suffixes[0]}", name)
    except InputError as error:
        assert error.remedy
        return error
    finally:
        assert time.monotonic() - start < SOON


@pytest.mark.parametrize("name", READ)
def test_originals_are_read(name: str) -> None:
    """The unchanged files are read."""
    for data in originals(name):
        assert isinstance(transcript_or_error(data, name), Transcript)


@pytest.mark.parametrize("name", READ)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6))
def test_changed_files(name: str, seed: int) -> None:
    """A file with bytes, words, numbers, lines or brackets changed gives a transcript or an error."""
    data = originals(name)[seed % len(originals(name))]
    transcript_or_error(mutated(data, seed), name)
    if name not in ("parquet", "docx"):
        changed = mutated_text(data.decode(), seed).encode("utf-8", "surrogatepass")
        transcript_or_error(changed, name)


def test_damaged_compression_is_refused() -> None:
    """A Word document whose compressed text is no DEFLATE stream is an error like other damage."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr(PART, "<a/>" * 100)
    data = bytearray(archive.getvalue())
    data[30 + len(PART)] = 0xFF  # the first block, after the header and the name, is of a type that does not exist
    with pytest.raises(InputError, match=r"a\.docx: Error -3 while decompressing data"):
        read(bytes(data), "a.docx", "docx")


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=200) | st.binary(max_size=200))
def test_any_text(text: str | bytes) -> None:
    """Random text and bytes give a transcript or an error in every format and in detection."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for name in ("txt", "srt", "vtt", "json", "csv", "rttm", "eaf", "textgrid", "audacity"):
        transcript_or_error(data, name)
    try:
        detect_format(Document(data, "x"))
    except InputError as error:
        assert error.remedy


BIG = "9" * 400
ATTACKS = {
    "a TextGrid without end": (
        "textgrid",
        f'"ooTextFile"\n"TextGrid"\n0\n9\n<exists>\n1\n"IntervalTier" "A"\n0 9 1\n0 {BIG} "a"\n',
    ),
    "labels without end": ("audacity", f"{BIG}\t{BIG}\ta\n"),
    "a cue after all time": ("srt", f"1\n{BIG}:00:01,000 --> {BIG}:00:02,000\na\n"),
    "hours of 5000 digits": ("vtt", f"WEBVTT\n\n{'9' * 5000}:00:01.000 --> {'9' * 5000}:00:02.000\na\n"),
    "a line after all time": ("txt", f"[{BIG}:00:01] A: a\n"),
    "a score beyond all floats": (
        "jsonl",
        f'{{"start":0,"end":1,"text":"a","words":[{{"text":"a","start":0,"end":1,"score":{BIG}}}]}}',
    ),
    "a row after all time": ("csv", f"start,end,text\n{BIG}:00:01,{BIG}:00:02,a\n"),
    "a slot after all time": ("eaf", f'<A><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="{BIG}"/></A>'),
    "a first line of white space": ("vtt", "\f\n0\n"),
    "lists in lists": ("json", "[" * 100_000 + "]" * 100_000),
    "objects in objects": ("whisper", '{"segments":' * 100_000 + "1" + "}" * 100_000),
    "half of a pair": ("json", '{"schema": "\\ud800"}'),
    "entities in entities": (
        "eaf",
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
        + "]><A>&j;</A>",
    ),
    "entities in TTML": ("ttml", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><tt>&b;</tt>'),
    "elements in elements": ("ttml", "<div>" * 100_000 + "</div>" * 100_000),
    "a caption after all time": ("srv3", f'<timedtext><p t="{BIG}">a</p></timedtext>'),
    "an event after all time": ("json3", f'{{"events": [{{"tStartMs": {BIG}, "segs": [{{"utf8": "a"}}]}}]}}'),
    "an entity elsewhere": ("eaf", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><A>&b;</A>'),
}
"""Inputs that broke a reader, or might, with the format they are read as."""


@pytest.mark.parametrize("case", ATTACKS)
def test_known_attacks(case: str) -> None:
    """Impossibly large numbers, deep nesting and entities are refused."""
    name, text = ATTACKS[case]
    assert isinstance(transcript_or_error(text.encode(), name), InputError)


@pytest.mark.parametrize(("right", "wrong"), [(b"word_score", b"word_s\xffore"), ("Zoë".encode(), b"Zo\xff\xff")])
def test_parquet_that_is_not_text(right: bytes, wrong: bytes) -> None:
    """Column names and cells that are not UTF-8 are refused."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {"word_score": [0.5], "text": ["Zoë"]}
    columns |= {name: [0] for name in ("segment", "word", "start", "end")}
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), out, compression="none", use_dictionary=False, write_statistics=False)
    data = out.getvalue()
    assert right in data
    found = transcript_or_error(data.replace(right, wrong), "parquet")
    assert isinstance(found, InputError) and "UTF" in found.message.upper()


@pytest.mark.parametrize("letter", ["(", "我", "a", "é"])
def test_long_lines_are_read_in_time(letter: str) -> None:
    """The time to read a line of 30 000 characters is not quadratic in its length."""
    found = transcript_or_error(f"0.0\t1.0\té{letter * 30_000}\n".encode(), "audacity")
    assert isinstance(found, Transcript) and len(found.words) in (1, 30_001)


def test_a_cue_before_the_header() -> None:
    """WebVTT without a header, which starts with a cue's times, is read."""
    found = transcript_or_error(b"00:01.000 --> 00:02.000\na\n\n00:02.000 --> 00:03.000\nb\n", "vtt")
    assert isinstance(found, Transcript)
    assert [word.text for word in found.words] == ["a", "b"]
