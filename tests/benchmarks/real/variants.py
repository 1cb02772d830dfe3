"""What each part of recognition contributes: meetscribe and faster-whisper with one thing changed at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from meetscribe.evaluation.metrics.edit_distance import align
from meetscribe.evaluation.normalization import plain_word
from meetscribe.timeline import Span
from tests.benchmarks.real.recordings import Recording
from tests.benchmarks.real.running import Comparison
from tests.benchmarks.real.scoring import Scored, score
from tests.benchmarks.real.tables import total

BACKCHANNELS = frozenset("yeah yes yep okay ok right sure hm hmm mm mhm mmhmm huh uhhuh great cool no oh".split())
"""Words by which listeners answer, without spaces and punctuation."""

_NEAR = 0.5  # seconds by which a finding may lie beside the words it is about


@dataclass(frozen=True, slots=True)
class Variant:
    """A system with changed settings."""

    name: str
    system: str
    changes: Mapping[str, str] = field(default_factory=dict)


VARIANTS = (
    Variant("ours", "ours"),
    Variant("  without any check", "ours unchecked"),
    Variant("  without coverage", "ours", {"asr.coverage": "false"}),
    Variant("  without fallback", "ours", {"asr.temperatures": "0"}),
    Variant("  Whisper's temperatures", "ours", {"asr.temperatures": "0,0.2,0.4,0.6,0.8,1"}),
    Variant("  keeping words in silence", "ours", {"asr.remove_in_silence": "false"}),
    Variant("  chunks up to 15 s", "ours", {"vad.max_chunk": "15"}),
    Variant("  chunks end at 0.5 s pauses", "ours", {"vad.merge_gap": "0.5"}),
    Variant("  chunks padded by 0.1 s", "ours", {"vad.pad": "0.1"}),
    Variant("  prompted by earlier text", "ours prompted"),
    Variant("fw sequential (prompted)", "fw sequential"),
    Variant("  not prompted", "fw unprompted"),
    Variant("  speech only", "fw filtered"),
    Variant("fw batched", "fw batched"),
)
"""The variants: checks, borders of chunks, text carried over, and windows in sequence or in batches."""


def score_variants(comparison: Comparison, recordings: Sequence[Recording], *, stored: bool) -> dict[str, list[Scored]]:
    """Return the scores of each variant, of the recordings that all of them have done."""
    found = {}
    for variant in VARIANTS:
        changed = replace(comparison.choices, changes={**comparison.choices.changes, **variant.changes})
        found[variant.name] = replace(comparison, choices=changed).outputs(variant.system, recordings, stored=stored)
    if stored:
        found = {name: outputs for name, outputs in found.items() if outputs}
    known = [each for each in recordings if all(each.key in outputs for outputs in found.values())]
    return {name: [score(each, outputs[each.key]) for each in known] for name, outputs in found.items()}


def variants_table(scores: Mapping[str, Sequence[Scored]]) -> Iterator[str]:
    """Yield the errors and the cost of each variant."""
    first = next(iter(scores.values()))
    said = sum(_backchannels(each)[1] for each in first)
    yield (
        f"Variants, on {len(first)} recordings of {total(first).length} words with {said} backchannels; "
        "CPU: processor time per second"
    )
    yield _row("", "WER", "ins.", "del.", "sub.", "backchannels", "invented", "CPU")
    for name, each in scores.items():
        rate = total(each)
        spoken = [one for one in each if one.blocks]
        seconds = sum(one.output.cost.processor for one in spoken) / sum(one.output.duration for one in spoken)
        yield _row(
            name,
            f"{rate.rate or 0:.1%}",
            str(rate.insertions),
            str(rate.deletions),
            str(rate.substitutions),
            str(sum(_backchannels(one)[0] for one in each)),
            str(sum(one.invented for one in each)),
            f"{seconds:.3f}",
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
