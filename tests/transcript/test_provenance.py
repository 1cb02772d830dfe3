"""Provenance reads any JSON object and writes the same object again."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from meetscribe.transcript import AlignmentRecord, AsrRecord, DiarizationRecord, Provenance
from tests.conftest import provenances


@given(provenances())
def test_provenance_reads_back_equal(value: Provenance) -> None:
    """Known and unknown members of any type survive a round trip."""
    assert Provenance.from_json(json.loads(json.dumps(value.to_json()))) == value


def test_members_are_typed() -> None:
    """Known members of the right type are fields, all others are kept beside them."""
    members = {"meetscribe": "1.0", "asr": {"engine": "x", "beam_size": "many", "prompt": None}, "speech": {"by": "y"}}
    read = Provenance.from_json(members)  # type: ignore[arg-type]
    assert read == Provenance(
        meetscribe="1.0",
        asr=AsrRecord(engine="x", extra={"beam_size": "many", "prompt": None}),
        extra={"speech": {"by": "y"}},
    )
    assert (read.asr and read.asr.beam_size, read.alignment) == (None, None)
    assert read.to_json() == members


def test_unknown_members_are_left_out_or_null() -> None:
    """An unknown member is written only if it is explicit; a value takes the place of the null."""
    record = DiarizationRecord(pipeline="bundled")
    assert record.to_json() == {"pipeline": "bundled"}
    assert record.explicit("embedder").to_json() == {"pipeline": "bundled", "embedder": None}
    known = DiarizationRecord(embedder="e", extra={"embedder": None})
    assert known == DiarizationRecord(embedder="e")


def test_members_are_in_order() -> None:
    """Known members come first, in the order of the fields; vocabulary is a list."""
    record = AsrRecord.from_json({"x": 1, "vocabulary": ["Zoë"], "engine": "e", "model": None})
    assert list(record.to_json().items()) == [("engine", "e"), ("model", None), ("vocabulary", ["Zoë"]), ("x", 1)]
    assert record.vocabulary == ("Zoë",)


def test_revision_is_that_of_the_model() -> None:
    """The name of a model from the hub ends in its revision."""
    assert AsrRecord(model="Systran/faster-whisper-small@0123").revision == "0123"
    assert AsrRecord(model="small").revision is None
    assert AsrRecord().revision is None


@given(st.dictionaries(st.text(), st.text()))
def test_records_can_be_keys(models: dict[str, str]) -> None:
    """Equal records have equal hashes."""
    assert len({AlignmentRecord(models=models), AlignmentRecord(models=dict(models))}) == 1
