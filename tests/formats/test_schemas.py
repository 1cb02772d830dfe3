"""Specifications as schemas: the files of any transcript are valid."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.formats import read, write
from meetscribe.formats.chapters import read_chapters
from meetscribe.formats.json import schema
from meetscribe.formats.parts.utterances import paragraphs
from meetscribe.text.whitespace import one_line
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.utterances import utterances
from tests.formats.goldens import TRANSCRIPTS

PODCAST = {
    "type": "object",
    "required": ["version", "segments"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "1.0.0"},
        "segments": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["startTime", "body"],
                "additionalProperties": False,
                "properties": {
                    "speaker": {"type": "string", "minLength": 1},
                    "startTime": {"type": "number", "minimum": 0},
                    "endTime": {"type": "number", "minimum": 0},
                    "body": {"type": "string"},
                },
            },
        },
    },
}
"""The podcast namespace's schema of JSON transcripts."""

CHAPTERS = {
    "type": "object",
    "required": ["version", "chapters"],
    "properties": {
        "version": {"const": "1.2.0"},
        "chapters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["startTime"],
                "properties": {"startTime": {"type": "number", "minimum": 0}, "title": {"type": "string"}},
            },
        },
    },
}
"""The podcast namespace's schema of chapters."""


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_json_keeps_its_schema(transcript: Transcript) -> None:
    """Any transcript's native JSON is valid by the package's schema, its podcast JSON by the specification's."""
    jsonschema = pytest.importorskip("jsonschema")
    for name, own in (("json", schema()), ("podcast", PODCAST), ("chapters", CHAPTERS)):
        jsonschema.Draft202012Validator(own).validate(json.loads(write(transcript, name)))
    starts = [chapter.start for chapter in read_chapters(write(transcript, "chapters"))]
    assert starts == sorted(starts)


def test_schema_is_valid() -> None:
    """The schema of native JSON is valid itself."""
    pytest.importorskip("jsonschema").Draft202012Validator.check_schema(schema())


def test_schema_refuses_invalid_documents() -> None:
    """The schema of native JSON refuses a word without text and values of the wrong type."""
    jsonschema = pytest.importorskip("jsonschema")
    for key, wrong in (("text", ""), ("start", "0"), ("timing", "felt"), ("score", 2)):
        document = json.loads(write(TRANSCRIPTS["meeting"](), "json"))
        document["segments"][0]["words"][0][key] = wrong
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(document, schema())


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_xml_is_well_formed(transcript: Transcript) -> None:
    """TTML and EAF of any transcript are XML with the expected number of events and no foreign elements."""
    namespace = "{http://www.w3.org/ns/ttml}"
    root = ElementTree.fromstring(write(transcript, "ttml"))
    assert len(root.findall(f".//{namespace}p")) == len(list(utterances(transcript.edited())))
    assert {element.tag.removeprefix(namespace) for element in root.find(f"{namespace}body").iter()} <= {  # type: ignore[union-attr]
        "body",
        "div",
        "p",
        "span",
    }
    ElementTree.fromstring(write(transcript, "eaf"))


def rows_of(key: str, properties: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return the schema of an object with a list of objects at `key`, all of whose members are required."""
    rows = {"type": "array", "items": {"type": "object", "required": list(properties), "properties": properties}}
    return {"type": "object", "required": [key, *members], "properties": {key: rows, **members}}


NUMBER, TEXT, WHOLE = {"type": "number"}, {"type": "string"}, {"type": "integer"}

VERBOSE = rows_of(
    "segments",
    {
        "id": WHOLE,
        "seek": WHOLE,
        "start": NUMBER,
        "end": NUMBER,
        "text": TEXT,
        "tokens": {"type": "array", "items": WHOLE},
        "temperature": NUMBER,
        "avg_logprob": NUMBER,
        "compression_ratio": NUMBER,
        "no_speech_prob": NUMBER,
    },
    duration=NUMBER,
    language=TEXT,
    text=TEXT,
    words={"type": "array", "items": {"type": "object", "required": ["word", "start", "end"]}},
)
"""What OpenAI's reference says of `TranscriptionVerbose`."""

DIARIZED = rows_of(
    "segments",
    {
        "type": {"const": "transcript.text.segment"},
        "id": TEXT,
        "start": NUMBER,
        "end": NUMBER,
        "speaker": {"type": "string", "minLength": 1},
        "text": TEXT,
    },
    task={"const": "transcribe"},
    duration=NUMBER,
    text=TEXT,
)
"""OpenAI's schema of `TranscriptionDiarized`."""


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_openai_clients_find_what_they_expect(transcript: Transcript) -> None:
    """Any transcript's verbose_json and diarized_json have the members that OpenAI's clients require."""
    jsonschema = pytest.importorskip("jsonschema")
    for name, own in (("verbose_json", VERBOSE), ("diarized_json", DIARIZED)):
        jsonschema.Draft202012Validator(own).validate(json.loads(write(transcript, name)))


ELAN = """\
<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema">
<x:element name="ANNOTATION_DOCUMENT">
  <x:complexType><x:sequence>
    <x:element name="HEADER"><x:complexType><x:sequence>
      <x:element name="MEDIA_DESCRIPTOR" minOccurs="0"><x:complexType>
        <x:attribute name="MEDIA_URL" type="x:anyURI" use="required"/>
        <x:attribute name="MIME_TYPE" type="x:string" use="required"/>
        <x:attribute name="RELATIVE_MEDIA_URL" type="x:anyURI"/>
      </x:complexType></x:element>
      <x:element name="PROPERTY" minOccurs="0" maxOccurs="unbounded"><x:complexType><x:simpleContent>
        <x:extension base="x:string"><x:attribute name="NAME" type="x:string"/></x:extension>
      </x:simpleContent></x:complexType></x:element>
    </x:sequence>
      <x:attribute name="MEDIA_FILE" type="x:string"/>
      <x:attribute name="TIME_UNITS" fixed="milliseconds"/>
    </x:complexType></x:element>
    <x:element name="TIME_ORDER"><x:complexType><x:sequence>
      <x:element name="TIME_SLOT" minOccurs="0" maxOccurs="unbounded"><x:complexType>
        <x:attribute name="TIME_SLOT_ID" type="x:ID" use="required"/>
        <x:attribute name="TIME_VALUE" type="x:unsignedInt"/>
      </x:complexType></x:element>
    </x:sequence></x:complexType></x:element>
    <x:element name="TIER" minOccurs="0" maxOccurs="unbounded"><x:complexType><x:sequence>
      <x:element name="ANNOTATION" minOccurs="0" maxOccurs="unbounded"><x:complexType><x:sequence>
        <x:element name="ALIGNABLE_ANNOTATION"><x:complexType><x:sequence>
          <x:element name="ANNOTATION_VALUE" type="x:string"/>
        </x:sequence>
          <x:attribute name="ANNOTATION_ID" type="x:ID" use="required"/>
          <x:attribute name="TIME_SLOT_REF1" type="x:IDREF" use="required"/>
          <x:attribute name="TIME_SLOT_REF2" type="x:IDREF" use="required"/>
        </x:complexType></x:element>
      </x:sequence></x:complexType></x:element>
    </x:sequence>
      <x:attribute name="TIER_ID" type="x:string" use="required"/>
      <x:attribute name="PARTICIPANT" type="x:string"/>
      <x:attribute name="LINGUISTIC_TYPE_REF" type="x:string" use="required"/>
      <x:attribute name="PARENT_REF" type="x:string"/>
    </x:complexType></x:element>
    <x:element name="LINGUISTIC_TYPE" minOccurs="0" maxOccurs="unbounded"><x:complexType>
      <x:attribute name="LINGUISTIC_TYPE_ID" type="x:string" use="required"/>
      <x:attribute name="TIME_ALIGNABLE" type="x:boolean"/>
      <x:attribute name="GRAPHIC_REFERENCES" type="x:boolean"/>
      <x:attribute name="CONSTRAINTS" type="x:string"/>
    </x:complexType></x:element>
    <x:element name="CONSTRAINT" minOccurs="0" maxOccurs="unbounded"><x:complexType>
      <x:attribute name="STEREOTYPE" type="x:string" use="required"/>
      <x:attribute name="DESCRIPTION" type="x:string"/>
    </x:complexType></x:element>
  </x:sequence>
    <x:attribute name="DATE" type="x:dateTime" use="required"/>
    <x:attribute name="AUTHOR" type="x:string" use="required"/>
    <x:attribute name="VERSION" type="x:string" use="required"/>
    <x:attribute name="FORMAT" type="x:string"/>
    <x:anyAttribute namespace="##other" processContents="skip"/>
  </x:complexType>
  <x:key name="tier"><x:selector xpath="TIER"/><x:field xpath="@TIER_ID"/></x:key>
  <x:keyref name="parent" refer="tier"><x:selector xpath="TIER"/><x:field xpath="@PARENT_REF"/></x:keyref>
  <x:key name="type"><x:selector xpath="LINGUISTIC_TYPE"/><x:field xpath="@LINGUISTIC_TYPE_ID"/></x:key>
  <x:keyref name="types" refer="type"><x:selector xpath="TIER"/><x:field xpath="@LINGUISTIC_TYPE_REF"/></x:keyref>
</x:element>
</x:schema>
"""
"""What ELAN's format 3.0 asks of the elements that we write: their order, their attributes, what refers to what."""


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_eaf_is_valid(transcript: Transcript) -> None:
    """Any transcript's EAF follows ELAN's format: tiers and types are unique, and all references resolve."""
    etree = pytest.importorskip("lxml.etree")
    document = etree.fromstring(write(transcript, "eaf"))
    etree.XMLSchema(etree.fromstring(ELAN)).assertValid(document)
    slots = {slot.get("TIME_SLOT_ID"): int(slot.get("TIME_VALUE")) for slot in document.iter("TIME_SLOT")}
    for one in document.iter("ALIGNABLE_ANNOTATION"):
        assert slots[one.get("TIME_SLOT_REF1")] < slots[one.get("TIME_SLOT_REF2")]


def test_elan_schema_refuses_invalid_documents() -> None:
    """The schema of ELAN refuses a missing parent and an invalid time."""
    etree = pytest.importorskip("lxml.etree")
    checked = etree.XMLSchema(etree.fromstring(ELAN))
    right = write(TRANSCRIPTS["meeting"](), "eaf")
    assert checked.validate(etree.fromstring(right))
    for old, wrong in ((b'PARENT_REF="', b'PARENT_REF="x'), (b'TIME_VALUE="', b'TIME_VALUE="x'), (b"HEADER", b"HEAD")):
        assert not checked.validate(etree.fromstring(right.replace(old, wrong)))


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript), st.sampled_from([{}, {"times": False}, {"template": "{text}"}]))
def test_markdown_is_escaped(transcript: Transcript, options: dict[str, Any]) -> None:
    """A CommonMark parser sees named paragraphs in any transcript's Markdown, and no markup from texts or names."""
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    body = write(transcript, "md", **options).decode().split("---\n", 2)[2]
    kinds = {token.type for token in markdown.parse(body)}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close"}
    inside = {child.type for token in markdown.parse(body) for child in token.children or ()}
    assert inside <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}
    if "template" in options:
        shown = "".join(child.content for token in markdown.parse(body) for child in token.children or ())
        assert letters(shown) == letters("".join(one_line(one.text) for one in paragraphs(transcript)))


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", ["textgrid", "eaf"])
def test_tiers_of_odd_names(name: str) -> None:
    """Speakers named like a tier of words, or like the unknown speaker, still have their own tiers."""
    words = [Word(text, n, n + 1, speaker=text) for n, text in enumerate(("A", "B - words", "words", "A - words"))]
    transcript = Transcript(tuple(Segment((word,)) for word in words if word.speaker), Meta("en", 4))
    again = read(write(transcript, name), "-")
    assert [(one.speaker, one.text) for one in again.segments] == [
        ("A", "A"),
        ("B - words_", "B - words"),
        ("words_", "words"),
        ("A - words_", "A - words"),
    ]


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_agents_of_ttml_exist(transcript: Transcript) -> None:
    """Any transcript's TTML defines each speaker once as a character, and every event's agent is defined."""
    ttml, metadata = "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#metadata}"
    root = ElementTree.fromstring(write(transcript, "ttml"))
    ids = [agent.get("{http://www.w3.org/XML/1998/namespace}id") for agent in root.iter(f"{metadata}agent")]
    assert len(ids) == len(set(ids))
    assert {event.get(f"{metadata}agent") for event in root.iter(f"{ttml}p")} - {None} <= set(ids)
    assert all(event.get("begin", "") < event.get("end", "") for event in root.iter(f"{ttml}div"))


@settings(deadline=None, max_examples=10)
@given(st.from_type(Transcript))
def test_short_segments_of_podcasts(transcript: Transcript) -> None:
    """Any transcript's short segments are valid, in order, have at most two lines of captions, and lose no word."""
    jsonschema = pytest.importorskip("jsonschema")
    value = json.loads(write(transcript, "podcast", short=True))
    jsonschema.Draft202012Validator(PODCAST).validate(value)
    rows = value["segments"]
    assert [row["startTime"] for row in rows] == sorted(row["startTime"] for row in rows)
    said = "".join(one_line(word.text) for word in transcript.edited().words)
    assert sorted("".join("".join(row["body"].split()) for row in rows)) == sorted("".join(said.split()))
