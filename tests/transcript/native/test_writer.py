from __future__ import annotations

from tests.transcript.native.example import SMALL


def test_layout() -> None:
    """The file has a line per word, members in a fixed order, and no escapes."""
    assert SMALL.to_json().splitlines() == [
        "{",
        ' "schema": "meetscribe/1",',
        ' "language": "en",',
        ' "duration": 2.0,',
        ' "title": "Weekly",',
        ' "recorded_at": "2026-11-27T10:00+01:00",',
        ' "participants": ["Anna", "Zoë"],',
        ' "source": {"name": "m.wav", "hash": null},',
        ' "recording": {"path": "rec/m.wav", "hash": null},',
        ' "speakers": ["A"],',
        ' "segments": [',
        '  {"start": 0.5, "end": 1.25, "speaker": "A", "text": "Hi. Zoë?", "words": [',
        '   {"id": "r-0", "text": "Hi.", "start": 0.5, "end": 1.0, "speaker": "A", "timing": "aligned", "score": 0.75,'
        ' "speaker_score": 1.0, "speaker_source": "turn", "overlap": false, "probability": 0.5, "chars": ['
        '{"text": "H", "start": 0.5, "end": 0.75, "score": 0.5}]},',
        '   {"id": "r-1", "text": "Zoë?", "start": 1.0, "end": 1.25, "speaker": "A", "timing": "engine", "score": null,'
        ' "speaker_score": null, "speaker_source": null, "overlap": false, "probability": null, "language": "de"}',
        "  ]}",
        " ],",
        ' "turns": [',
        '  {"start": 0.5, "end": 1.0, "speaker": "A"}',
        " ],",
        ' "exclusive": [',
        '  {"start": 0.5, "end": 1.0, "speaker": "A"}',
        " ],",
        ' "edits": [',
        '  {"kind": "rename", "names": {"A": "Anna"}, "made": null},',
        '  {"kind": "merge", "speakers": ["A", "B"], "made": "2026-01-02T03:04:05+00:00"},',
        '  {"kind": "assign", "start": 0.5, "end": 1.0, "speaker": "Ben", "made": null}',
        " ],",
        ' "revision": "605193a141e5",',
        ' "warnings": [',
        '  "late"',
        " ],",
        ' "notices": [',
        '  {"code": "speech.none", "text": "late", "data": {"recording": "a.wav"}}',
        " ],",
        ' "findings": [',
        '  {"kind": "removed", "start": 1.25, "end": 2.0, "reason": "no speech", "text": "Thanks."}',
        " ],",
        ' "made_by": {',
        '  "asr": "x"',
        " }",
        "}",
    ]
