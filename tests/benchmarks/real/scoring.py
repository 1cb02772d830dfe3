"""Score an output against its reference: word errors, invented words, word times.

English is normalized by Whisper's normalizer on both sides of every system, other languages by `basic`: lower case
without punctuation. Scripts without spaces are scored by characters. As in the usual evaluations of Chinese, languages
with two scripts are converted to one, for every system: speech does not tell in which script to write it. The texts of
`languages` contain slashes, which four readers read aloud ("a domain and country slash language"): a slash, written or
in words, is left out on both sides, for every system.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Levenshtein

from meetscribe.errors import SettingsError
from meetscribe.evaluation import ErrorRate, Offsets, WordBoundaryError
from meetscribe.evaluation.metrics.edit_distance import align
from meetscribe.evaluation.normalization import NORMALIZATIONS, Normalizer, plain_word
from meetscribe.text.scripts import SCRIPTS, in_script
from meetscribe.timeline import Seconds, Span
from meetscribe.transcript import Word
from tests.benchmarks.real.outputs import Output
from tests.benchmarks.real.recordings import Recording

SLASHES = {"en": "slash", "es": "barra", "it": "barra", "ko": "슬래시"}
"""How a slash is read aloud, in the languages whose readers do."""

BLOCK = 20
"""Words of the reference in a block of the bootstrap."""

CHARACTERS = ("zh", "ja", "yue", "th", "lo", "my", "km")
"""Languages that are scored by characters."""

_MARGIN: Seconds = 0.5  # a word is in a pause if it reaches at least this far into it


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of an output on a recording.

    `blocks` holds the word errors of consecutive parts of the reference; `invented` counts the words in recordings
    without speech, `in_pauses` the words that reach into spans known to be silent; `times` is None where the
    reference or the system has no word times.
    """

    recording: Recording
    output: Output
    blocks: tuple[ErrorRate, ...]
    invented: int
    in_pauses: int
    times: WordBoundaryError | None

    @property
    def errors(self) -> ErrorRate:
        """The word errors of the recording."""
        return sum(self.blocks, ErrorRate.zero())

    @property
    def language_found(self) -> bool:
        """Whether the language was detected."""
        return self.output.language == self.recording.language


def score(recording: Recording, output: Output) -> Scored:
    """Score an output."""
    words = output.as_words()
    reference = sorted(recording.words, key=lambda word: word.start)
    spoken = bool(reference)
    expected, found = (normalized(each, recording.language) for each in (reference, words))
    return Scored(
        recording,
        output,
        blocks_of_errors(expected, found) if spoken else (),
        0 if spoken else len(found),
        sum(reaches_into(word.span, recording.quiet) for word in words) if output.timed else 0,
        time_errors(reference, words) if output.timed else None,
    )


def time_errors(reference: Sequence[Word], words: Sequence[Word]) -> WordBoundaryError | None:
    """Return the errors of word times, of the reference words whose times are true; None if there are none."""
    timed = [word for word in reference if word.timing != "interpolated"]
    if not timed:
        return None
    spelt = [[plain_word(word.text) for word in each] for each in (reference, words)]
    pairs = [
        (reference[row], words[column])
        for row, column in certain_pairs(*spelt)
        if reference[row].timing != "interpolated" and spelt[0][row] == spelt[1][column]
    ]
    starts = tuple(round(1000 * (found.start - expected.start)) for expected, found in pairs)
    ends = tuple(round(1000 * (found.end - expected.end)) for expected, found in pairs)
    return WordBoundaryError(Offsets(starts), Offsets(ends), len(timed))


def certain_pairs(expected: Sequence[str], found: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of words that the first and the last of the alignments with the fewest edits have in common.

    Of a repeated phrase that was recognised once, it is unknown which occurrence that is.
    """
    backwards = {
        (len(expected) - 1 - row, len(found) - 1 - column) for row, column in align(expected[::-1], found[::-1])
    }
    return [pair for pair in align(expected, found) if pair in backwards]


def normalized(words: Iterable[Word], language: str, *, one_script: bool = True) -> list[str]:
    """Return the words, or characters, in the form in which they are compared, by default in one script."""
    found = normalizer(language)(" ".join(word.text for word in words))
    found = [word for word in found if word != SLASHES.get(language)]
    return in_script(found, SCRIPTS[language][0]) if one_script and language in SCRIPTS else found


def errors_as_written(recording: Recording, output: Output) -> ErrorRate:
    """Return the errors of an output where characters of another script count as wrong."""
    reference = sorted(recording.words, key=lambda word: word.start)
    expected, found = (
        normalized(each, recording.language, one_script=False) for each in (reference, output.as_words())
    )
    return sum(blocks_of_errors(expected, found), ErrorRate.zero())


@cache
def normalizer(language: str) -> Normalizer:
    """Return the normalizer of a language; English falls back to `basic` where Whisper's is not installed."""
    if language in CHARACTERS:
        return lambda text: [character for word in NORMALIZATIONS["cjk"].normalizer(text) for character in word]
    return NORMALIZATIONS[english_normalization() if language == "en" else "basic"].normalizer


@cache
def english_normalization() -> str:
    """Return the name of the normalization of English: Whisper's if it is installed."""
    try:
        NORMALIZATIONS["whisper"].normalizer("")
    except SettingsError:
        return "basic"
    return "whisper"


def blocks_of_errors(expected: Sequence[str], found: Sequence[str], size: int = BLOCK) -> tuple[ErrorRate, ...]:
    """Return the word errors of consecutive blocks of `size` reference words; their sum is the error rate.

    An inserted word belongs to the block of the reference word that follows it, after the last word to the last one.
    """
    count = max(1, -(-len(expected) // size))
    kinds: list[dict[str, int]] = [{} for _ in range(count)]
    for edit in Levenshtein.editops(expected, found):
        block = kinds[min(edit.src_pos // size, count - 1)]
        block[edit.tag] = block.get(edit.tag, 0) + 1
    return tuple(
        ErrorRate(
            sum(block.values()),
            min(size, len(expected) - index * size),
            block.get("insert", 0),
            block.get("delete", 0),
            block.get("replace", 0),
        )
        for index, block in enumerate(kinds)
    )


def reaches_into(word: Span, quiet: Iterable[Span]) -> bool:
    """Return whether a word reaches more than half a second into a span without speech."""
    return any(word.overlap(span) > _MARGIN for span in quiet)
