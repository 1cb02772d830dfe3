"""A transcript as a dialogue: utterances of one speaker each, divided into sentences of normalised text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from meetscribe.minutes.due_dates import ANY_DAY
from meetscribe.minutes.lexicon import Lexicon, guess_language, lexicon
from meetscribe.text.dates import parse_date
from meetscribe.text.joining import join_words
from meetscribe.text.sentences import ends_sentence, is_abbreviation
from meetscribe.timeline import Seconds
from meetscribe.transcript.utterances import utterances
from meetscribe.transcript.values import Transcript
from meetscribe.transcript.word_ids import with_word_ids
from meetscribe.transcript.words import Word

_EDGES = re.compile(r"^[^\w@+€$£]+|[^\w%€$£]+$")
_QUESTION_MARKS = "?？؟"
_GUESSED_WORDS = 2000  # words from which an unknown language is guessed
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "herr", "frau", "prof"})


def token_of(text: str) -> str:
    """Return a word in lower case, without the punctuation around it.

    >>> token_of("“Friday,"), token_of("I’ll"), token_of("3.5%.")
    ('friday', "i'll", '3.5%')
    """
    return _EDGES.sub("", text.replace("’", "'").lower())


@dataclass(frozen=True)
class Sentence:
    """A sentence of one speaker: its index, that of its utterance, its words, and their normalised text.

    `norm` is the text that cues are matched in: the tokens with spaces, "@" before the name of a person.
    """

    number: int
    utterance: int
    words: tuple[Word, ...]
    norm: str

    @property
    def speaker(self) -> str | None:
        """The name of the speaker, as corrected."""
        return self.words[0].speaker

    @cached_property
    def text(self) -> str:
        """The text of the sentence."""
        return join_words(word.text for word in self.words)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words of `norm`."""
        return tuple(self.norm.split())

    @property
    def start(self) -> Seconds:
        """The start of its first word."""
        return self.words[0].start

    @property
    def is_question(self) -> bool:
        """Whether it ends with a question mark."""
        return any(mark in self.words[-1].text for mark in _QUESTION_MARKS)


class Dialogue:
    """A transcript, prepared for minutes.

    Words have ids and current speaker names. `unedited` is the transcript before its edits, which knows the names of
    labels. `runs` are the words of each utterance. `names` maps each lower-case part of a participant's name to the
    name, if only one has it; `absent` does so for other people, and `labels` maps names to speaker labels. `more_dates`
    is whether dateparser reads the due dates that the rules do not know.
    """

    def __init__(self, transcript: Transcript, *, more_dates: bool = False) -> None:
        """Divide the edited transcript into utterances and sentences."""
        self.more_dates = more_dates
        self._content: dict[str, frozenset[str]] = {}
        self.unedited = with_word_ids(transcript)
        self.transcript = self.unedited.edited()
        self.language = transcript.language
        if self.language == "und":
            tokens = [token_of(word.text) for word in self.transcript.words[:_GUESSED_WORDS]]
            self.language = guess_language(tokens) or "und"
        self.lexicon: Lexicon | None = lexicon(self.language)
        self.labels = {self.unedited.name_of(label): label for label in reversed(self.unedited.speakers)}
        self.names = _name_parts([*self.transcript.speakers, *transcript.meta.participants])
        self.runs = tuple(tuple(run) for run in _runs(self.transcript))
        self.absent = self._absent_names()
        self.sentences = tuple(self._sentences())
        self._found: dict[tuple[str, int], re.Match[str] | None] = {}
        self._cued: dict[tuple[str, ...], tuple[Sentence, ...]] = {}

    @cached_property
    def day(self) -> date | None:
        """The day of the meeting, None if it is unknown."""
        stamp = self.transcript.meta.recorded_at
        return parse_date(stamp).date() if stamp else None

    @cached_property
    def reference_day(self) -> date:
        """The day from which the rules count: that of the meeting, or any, so that they find the same items."""
        return self.day or ANY_DAY

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The names of the participants who speak."""
        return self.transcript.speakers

    @cached_property
    def by_utterance(self) -> Mapping[int, tuple[Sentence, ...]]:
        """The sentences of each utterance."""
        return {number: tuple(own) for number, own in groupby(self.sentences, key=lambda one: one.utterance)}

    @cached_property
    def by_word(self) -> Mapping[str | None, Sentence]:
        """The sentence of each word, by its id."""
        return {word.id: sentence for sentence in self.sentences for word in sentence.words}

    def find(self, cue: str, sentence: Sentence) -> re.Match[str] | None:
        """Return the first match of a cue in a sentence, cached; None without a match or without rules."""
        key = cue, sentence.number
        if key not in self._found:
            self._found[key] = self.lexicon.find(cue, sentence.norm) if self.lexicon else None
        return self._found[key]

    def has(self, cue: str, sentence: Sentence) -> bool:
        """Return whether a sentence has a cue."""
        return self.find(cue, sentence) is not None

    def all_with(self, *cues: str) -> tuple[Sentence, ...]:
        """Return the sentences that have one of the cues."""
        if cues not in self._cued:
            self._cued[cues] = tuple(one for one in self.sentences if any(self.has(cue, one) for cue in cues))
        return self._cued[cues]

    def utterance(self, number: int) -> tuple[Sentence, ...]:
        """Return the sentences of an utterance; none for an index out of range."""
        return self.by_utterance.get(number, ())

    def content(self, text: str) -> frozenset[str]:
        """Return the content words of normalised text, shortened to their stems."""
        if text not in self._content:
            known = self.lexicon
            tokens = text.replace("@", "").split()
            found = frozenset(stem(token) for token in tokens if known is None or known.is_content(token))
            self._content[text] = found
        return self._content[text]

    def person(self, token: str) -> str | None:
        """Return the participant or absent person with a name that has this part, None for another word.

        The token may end with "'s" or "'ll".
        """
        part = _without_ending(token.lstrip("@"))
        return self.names.get(part) or self.absent.get(part)

    def people_in(self, norm: str) -> list[str]:
        """Return the people named in normalised text, in order."""
        found = [self.person(token) for token in norm.split() if token.startswith("@")]
        return list(dict.fromkeys(name for name in found if name))

    def norm(self, words: Iterable[Word | str]) -> str:
        """Return words as normalised text, with the usual spelling of colloquial forms ("net" as "nicht")."""
        variants = self.lexicon.data["variants"] if self.lexicon else {}
        tokens = []
        for word in words:
            token = token_of(word if isinstance(word, str) else word.text)
            if token:
                part = _without_ending(token)
                known = part in self.names or part in self.absent
                tokens.append(f"@{token}" if known else variants.get(token, token))
        return " ".join(tokens)

    def _sentences(self) -> Iterator[Sentence]:
        number = 0
        for index, run in enumerate(self.runs):
            for words in split_sentences(run):
                norm = self.norm(words)
                if norm:
                    yield Sentence(number, index, words, norm)
                    number += 1

    def _absent_names(self) -> dict[str, str]:
        """Return the names of absent people by token.

        They are capitalised words that never occur in lower case, and at least once stand where the name of a person
        stands.
        """
        lower = {word.text.strip(".,?!;:") for run in self.runs for word in run if word.text[:1].islower()}
        found: dict[str, str] = {}
        skip = self.lexicon.words("names_not") if self.lexicon else frozenset()
        for run in self.runs:
            for before, word, after in zip((None, *run), run, (*run[1:], None), strict=False):
                text = word.text.strip(".,?!;:“”\"'’")
                token = _without_ending(token_of(text))
                if token in skip or token in self.names or text.lower() in lower or not text[:1].isupper():
                    continue
                if self._is_name(text, before, after):
                    found[token] = _without_ending(text)
        return found

    def _is_name(self, text: str, before: Word | None, after: Word | None) -> bool:
        """Return whether the context of a capitalised word shows that it is the name of a person."""
        if not self.lexicon or not text[1:2].islower() or self.lexicon.number(token_of(text)) is not None:
            return False
        name = token_of(text).removesuffix("'ll")
        if not self.lexicon.is_content(name) or name in self.lexicon.data["calendar"]["months"]:
            return False
        after_token = token_of(after.text) if after else ""
        previous = token_of(before.text) if before else ""
        if previous in _TITLES or text.endswith(("'ll", "’ll")):
            return True
        if name in self.lexicon.data["calendar"]["weekdays"]:
            return False
        opens = self.lexicon.words("before_names")  # none in English, where only names are capitalized
        expected = before is None or ends_sentence(before.text) or previous in opens
        return after_token in self._person_verbs and (expected if opens else previous not in self._determiners)

    @property
    def _person_verbs(self) -> frozenset[str]:
        """The verbs before which a capitalised word is the name of a person."""
        if self.language.startswith("de"):
            return frozenset("soll muss kann wird übernimmt macht schickt kümmert klärt hat wollte schreibt".split())
        return frozenset("will promised said wants offered agreed has needs should can volunteered please".split())

    @property
    def _determiners(self) -> frozenset[str]:
        """The words before common nouns, for languages that capitalise names only."""
        return frozenset("the a an our my your this that their his her its these those no every each some any".split())


def stem(token: str) -> str:
    """Return the first six letters of a word, so that its inflected forms compare equal.

    >>> stem("invoices") == stem("invoice"), stem("@tom")
    (True, 'tom')
    """
    return token.lstrip("@").removesuffix("'s")[:6].rstrip("s")


def _without_ending(text: str) -> str:
    """Return a name without "'s" or "'ll"."""
    return re.sub("['’](?:s|ll)$", "", text)


def split_sentences(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Divide words into sentences at final punctuation, but not after abbreviations and ordinals such as "19.".

    A number after "at" or "um" is a time, not an ordinal.
    """
    start = 0
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else ""
        is_time = index > start and words[index - 1].text.lower() in ("at", "um")
        ordinal = not is_time and re.fullmatch(r"\d{1,2}\.", word.text) is not None
        ends = ends_sentence(word.text) and not is_abbreviation(word.text) and not (ordinal and following)
        if ends or not following:
            yield tuple(words[start : index + 1])
            start = index + 1


def _runs(transcript: Transcript) -> Iterator[list[Word]]:
    """Yield the words of each utterance: consecutive utterances of the transcript by one known speaker are joined."""
    speakers = ((utterance.words[0].speaker, utterance) for utterance in utterances(transcript))
    for speaker, group in groupby(speakers, key=lambda one: one[0]):
        own = [utterance for _, utterance in group]
        if speaker is not None:
            yield [word for utterance in own for word in utterance.words]
        else:
            yield from (list(utterance.words) for utterance in own)


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name in lower case, in order, without titles.

    >>> name_parts("Dr. Anna Smith")
    ('anna', 'smith')
    """
    return tuple(part for part in dict.fromkeys(map(token_of, name.split())) if part and part not in _TITLES)


def _name_parts(names: Iterable[str]) -> dict[str, str]:
    """Return the names by their lower-case parts, in order, without parts that several names share."""
    parts: dict[str, str | None] = {}
    for name in dict.fromkeys(names):
        for part in name_parts(name):
            parts[part] = None if part in parts else name
    return {part: name for part, name in parts.items() if name is not None}
