"""Check that no audio or text is in two splits: scores on training data are meaningless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.errors import InputError
from meetscribe.evaluation.normalization import normalize
from meetscribe.text.sentences import ends_sentence
from meetscribe.training.data.values import Example, Split

MIN_WORDS = 5
"""The fewest words of a text that is compared; shorter texts recur by chance."""

_RANKS: dict[Split, int] = {"test": 0, "dev": 1, "train": 2}
"""The order in which splits keep an example that is in several of them."""


def shared(examples: Sequence[Example]) -> tuple[tuple[Example, Example], ...]:
    """Return the pairs of examples of different splits that share audio or text.

    The texts of examples, of their segments and of their sentences are compared, without case and punctuation. The
    second of a pair is in the split that keeps the text: test before dev, dev before train. Augmented copies have the
    text of their original.
    """
    seen: dict[str, Example] = {}
    pairs = []
    for example in sorted(examples, key=lambda one: _RANKS[one.split]):
        marks = list(_marks(example))
        other = next((seen[mark] for mark in marks if mark in seen and seen[mark].split != example.split), None)
        if other is not None:
            pairs.append((example, other))
            continue
        for mark in marks:
            seen.setdefault(mark, example)
    return tuple(pairs)


def require_separate(examples: Sequence[Example]) -> None:
    """Raise InputError, naming two examples, if the same audio or text is in two splits."""
    pairs = shared(examples)
    if pairs:
        one, other = pairs[0]
        more = f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""
        raise InputError(
            f"the same audio or text is in {one.split} and {other.split}: {_place(one)} and {_place(other)}{more}",
            "Leave out one of the recordings if it is a copy. For common sentences, --drop-shared leaves out "
            "such examples of train, and those of dev that are also in test.",
        )


def _marks(example: Example) -> Iterator[str]:
    """Yield keys of the audio and the texts of an example; two examples with a common key share one of them."""
    if example.sha256:
        yield f"sha256:{example.sha256}"
    for text in (example.text, *(segment.text for segment in example.segments), *_sentences(example.text)):
        words = normalize(text)
        if len(words) >= MIN_WORDS:
            yield " ".join(words)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text; one without punctuation is a single sentence."""
    words: list[str] = []
    for word in text.split():
        words.append(word)
        if ends_sentence(word):
            yield " ".join(words)
            words = []
    yield " ".join(words)


def _place(example: Example) -> str:
    """Return the file, the part of the recording, and the first words of an example."""
    first = " ".join(example.text.split()[:8])
    return f"{example.audio} ({example.span.start:.1f} to {example.span.end:.1f} s, “{first} …”)"
