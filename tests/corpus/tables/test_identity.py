"""Ids of meetings: from the content of the recording, so that the same content has the same id."""

from __future__ import annotations

from meetscribe.corpus.tables import Source
from meetscribe.corpus.tables.identity import duplicate_id, meeting_id
from meetscribe.transcript import Meta, Transcript
from tests.support.corpora import transcript_of


def test_the_id_is_the_start_of_the_content_hash() -> None:
    """The transcript's hash comes first, then that of the manifest."""
    transcript = transcript_of(1)
    assert transcript.recording is not None
    assert meeting_id(Source("talks"), transcript) == (transcript.recording.hash or "")[7:23]
    assert meeting_id(Source("talks", hash="sha256:" + "ab" * 32), None) == "ab" * 8


def test_without_a_hash_the_words_decide() -> None:
    """Equal words and turns have the same id, whatever the file; others have another one."""
    one, other = (transcript_of(number, recording=None) for number in (1, 2))
    assert meeting_id(Source("a", transcript="/1.vtt"), one) == meeting_id(Source("b", transcript="/2.vtt"), one)
    assert meeting_id(Source("a"), one) != meeting_id(Source("a"), other)


def test_without_words_the_path_decides() -> None:
    """Two recordings without a transcript, or with an empty one, are not taken for one."""
    empty = Transcript((), Meta("en", 1.0))
    ids = {meeting_id(Source("a", path), found) for path in ("/1.wav", "/2.wav") for found in (None, empty)}
    assert len(ids) == 2


def test_ids_have_16_digits() -> None:
    """So have those of duplicates and of hashes of another kind."""
    ids = [
        duplicate_id("ab" * 8, Source("a", "/1.wav")),
        duplicate_id("ab" * 8, Source("a", "/2.wav")),
        meeting_id(Source("a", hash="sha256:0"), None),
    ]
    assert len(set(ids)) == 3
    assert all(len(id) == 16 and int(id, 16) >= 0 for id in ids)
