"""What each part of recognition contributes: meetscribe and faster-whisper with one thing changed at a time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from meetscribe.evaluation.metrics.edit_distance import align
from meetscribe.evaluation.normalization import plain_word
from meetscribe.timeline import Span
from meetscribe.transcript import JSON
from tests.benchmarks.real.outputs import Output
from tests.benchmarks.real.recordings import Recording
from tests.benchmarks.real.running import Comparison, digest_of
from tests.benchmarks.real.scoring import Scored, score
from tests.benchmarks.real.systems import dependencies
from tests.benchmarks.real.tables import total
from tests.benchmarks.real.variant_runs import Variant, VariantRuns

BACKCHANNELS = frozenset("yeah yes yep okay ok right sure hm hmm mm mhm mmhmm huh uhhuh great cool no oh".split())
"""Words by which listeners answer, without spaces and punctuation."""

_NEAR = 0.5  # seconds by which a finding may lie beside the words it is about


_UNCHECKED = {"asr.quality": "false", "asr.coverage": "false"}

OURS: dict[str, Variant] = {
    "ours": ({}, False),
    "  without any check": (_UNCHECKED, False),
    "  without coverage": ({"asr.coverage": "false"}, False),
    "  without fallback": ({"asr.temperatures": "0"}, False),
    "  Whisper's temperatures": ({"asr.temperatures": "0,0.2,0.4,0.6,0.8,1"}, False),
    "  keeping words in silence": ({"asr.remove_in_silence": "false"}, False),
    "  chunks up to 15 s": ({"vad.max_chunk": "15"}, False),
    "  chunks end at 0.5 s pauses": ({"vad.merge_gap": "0.5"}, False),
    "  chunks padded by 0.1 s": ({"vad.pad": "0.1"}, False),
    "  prompted by earlier text": ({}, True),
}
"""Variants of meetscribe."""

PEERS = {
    "fw sequential (prompted)": "fw sequential",
    "  not prompted": "fw unprompted",
    "  speech only": "fw filtered",
    "fw batched": "fw batched",
}
"""Variants of faster-whisper: windows in sequence or in batches."""


def score_variants(comparison: Comparison, recordings: Sequence[Recording]) -> dict[str, list[Scored]]:
    """Return the scores of each variant; outputs are stored like those of the systems."""
    weights = comparison.weights
    files = {name: _files(comparison, recordings, variant, weights) for name, variant in OURS.items()}
    runs = VariantRuns(comparison.choices)
    found: dict[str, dict[str, Output]] = {name: {} for name in OURS}
    for recording in recordings:
        stored = {name: comparison.results.read(files[name][recording.key]) for name in OURS}
        missing = {name: variant for name, variant in OURS.items() if stored[name] is None}
        for name, output in runs.outputs(recording, missing):
            comparison.results.write(files[name][recording.key], output)
            stored[name] = output
            print(f"{recording.key}: {name.strip()}", file=sys.stderr)
        for name, known in stored.items():
            assert known is not None
            found[name][recording.key] = known
    found |= {name: comparison.outputs(system, recordings) for name, system in PEERS.items()}
    return {name: [score(each, outputs[each.key]) for each in recordings] for name, outputs in found.items()}


def _files(comparison: Comparison, recordings: Sequence[Recording], variant: Variant, weights: str) -> dict[str, Path]:
    """Return the files of the outputs of a variant by the keys of the recordings."""
    changes, prompted = variant
    choices = replace(comparison.choices, changes={**comparison.choices.changes, **changes})
    fixed: dict[str, JSON] = {**dependencies("ours", choices, weights), "prompted": prompted}
    return {
        each.key: comparison.results.file(each.key, "variants", {**fixed, "file": digest_of([each.path])})
        for each in recordings
    }


def variants_table(scores: Mapping[str, Sequence[Scored]]) -> Iterator[str]:
    """Yield the errors of each variant, the backchannels that it recognised, and the words invented without speech."""
    first = next(iter(scores.values()))
    said = sum(_backchannels(each)[1] for each in first)
    yield f"Variants, on {len(first)} recordings of {total(first).length} words with {said} backchannels"
    yield _row("", "WER", "ins.", "del.", "sub.", "backchannels", "invented")
    for name, each in scores.items():
        rate = total(each)
        yield _row(
            name,
            f"{rate.rate or 0:.1%}",
            str(rate.insertions),
            str(rate.deletions),
            str(rate.substitutions),
            str(sum(_backchannels(one)[0] for one in each)),
            str(sum(one.invented for one in each)),
        )


def findings_table(scores: Sequence[Scored]) -> Iterator[str]:
    """Yield how many chunks were decoded again, and how many words of the findings were spoken.

    Only recordings whose reference says where the words are count.
    """
    timed = [each for each in scores if each.recording.set == "ami" or each.recording.set.startswith("made")]
    chunks, again = (sum(getattr(each.output, name) for each in timed) for name in ("chunks", "decoded_again"))
    yield f"Quality checks: {again} of {chunks} chunks decoded again; words of findings, and those of them spoken there"
    yield _row("", "findings", "words", "spoken")
    for kind in ("recovered", "removed", "suspect", "uncovered"):
        found = [
            _spoken(each.recording, Span(start, end), text)
            for each in timed
            for name, start, end, text in each.output.findings
            if name == kind
        ]
        yield _row(f"  {kind}", str(len(found)), *(str(sum(each[place] for each in found)) for place in (0, 1)))


def _spoken(recording: Recording, span: Span, text: str) -> tuple[int, int]:
    """Return the number of words in a text, and how many of them the reference has near a span."""
    wide = Span(max(0.0, span.start - _NEAR), span.end + _NEAR)
    words = Counter(filter(None, map(plain_word, text.split())))
    reference = Counter(plain_word(word.text) for word in recording.words if word.span.overlap(wide) > 0)
    return words.total(), (words & reference).total()


def _backchannels(scored: Scored) -> tuple[int, int]:
    """Return how many backchannels were recognised, and how many there are."""
    reference = sorted(scored.recording.words, key=lambda word: word.start)
    expected, found = (
        [plain_word(word.text).replace(" ", "") for word in words] for words in (reference, scored.output.as_words())
    )
    matched = [expected[row] for row, column in align(expected, found) if expected[row] == found[column]]
    return tuple(sum(word in BACKCHANNELS for word in words) for words in (matched, expected))  # type: ignore[return-value]


def _row(name: str, *cells: str) -> str:
    return f"{name:<30}" + "".join(f"{cell:>13}" if len(cells) > 3 else f"{cell:>10}" for cell in cells)
