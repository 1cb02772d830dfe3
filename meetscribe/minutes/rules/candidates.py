"""Candidates for items: the sentences that state and support them, before they become items."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from meetscribe.minutes.citations import citation, person
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import DueMatch, find_due
from meetscribe.minutes.lexicon import Lexicon
from meetscribe.text.joining import join_words
from meetscribe.transcript.notes import Citation, Due, Item, ItemKind, Status
from meetscribe.transcript.words import Word

MIN_CONTENT = 2
"""The fewest content words of an item."""

LONGEST = 35
"""The most words of a statement: in longer ones, cues are rarely about the whole."""

_MAX_GAP = 1  # difference of sentence numbers up to which two sentences are one citation


@dataclass
class Candidate:
    """A possible item: its statement, the sentences that support it, and the facts in them.

    `due_sentence` is the sentence in which the due date stands. `agreed` has, for each person by name, the sentence in
    which the person agrees or takes the task on. `certain` states that its wording or its replies make it an item,
    whatever its probability.
    """

    kind: ItemKind
    statement: Sentence
    text: str
    support: list[Sentence] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    everyone: bool = False
    due: DueMatch | None = None
    due_sentence: Sentence | None = None
    agreed: dict[str, Sentence] = field(default_factory=dict)
    status: Status = "agreed"
    score: float = 0.5
    certain: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The statement and its support, without duplicates, in the order of the meeting."""
        return tuple(sorted({self.statement, *self.support}, key=lambda one: one.number))

    @property
    def latest(self) -> Sentence:
        """The last of its sentences."""
        return self.sentences[-1]

    def content(self, dialogue: Dialogue) -> frozenset[str]:
        """Return the content words of the statement, as `subject_of` does."""
        return subject_of(self.statement, dialogue)

    def to_item(self, dialogue: Dialogue) -> Item:
        """Return the candidate as an item that cites its sentences, the statement first."""
        return Item(
            self.kind,
            self.text,
            tuple(_citations(self.statement, self.sentences)),
            tuple(person(dialogue, name, self._word(name)) for name in self.owners),
            self.everyone,
            self._due(dialogue),
            tuple(person(dialogue, name, one.words[0]) for name, one in self.agreed.items()),
            self.status,
            round(min(1.0, max(0.0, self.score)), 4),
        )

    def _due(self, dialogue: Dialogue) -> Due | None:
        """Return the due date as said, with its day if that of the meeting is known."""
        if self.due is None:
            return None
        day = self.due.day if dialogue.day else None
        return Due(_as_said(self.due, self.due_sentence or self.statement), day.isoformat() if day else None)

    def _word(self, name: str) -> Word | None:
        sentence = self.agreed.get(name)
        return sentence.words[0] if sentence else None


def subject_of(sentence: Sentence, dialogue: Dialogue) -> frozenset[str]:
    """Return the content words of a sentence without names and due dates, which many sentences share."""
    norm = " ".join(token for token in sentence.tokens if not token.startswith("@"))
    for due in reversed(find_due(norm, dialogue.lexicon, None) if dialogue.lexicon else ()):
        norm = f"{norm[: due.start]} {norm[due.end :]}"
    return dialogue.content(norm)


def due_of(sentence: Sentence, dialogue: Dialogue, *, times: bool = False) -> DueMatch | None:
    """Return the due date in a sentence: the last deadline ("by Friday"), else the last day, else the last wording.

    Among days that are not deadlines, the last other than the day of the meeting is preferred. None without a wording.
    The date of something else ("Thursday is a holiday") does not count. `times` is that of `find_due`.
    """
    lexicon = dialogue.lexicon
    if lexicon is None:
        return None
    found = find_due(sentence.norm, lexicon, dialogue.reference_day, times=times)
    found = tuple(one for one in found if not _is_of_other(one, sentence, lexicon))
    dated = tuple(due for due in found if due.day)
    deadlines = tuple(due for due in dated if lexicon.starts("deadlines", due.said))
    later = tuple(due for due in dated if due.day != dialogue.reference_day)
    return (deadlines or later or dated or found)[-1] if found else None


def is_further_task(sentence: Sentence, statement: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a later sentence is about another task: with another subject, and with "also" or another day."""
    subject = subject_of(sentence, dialogue)
    if not subject or subject & subject_of(statement, dialogue):
        return False
    first, second = due_of(statement, dialogue), due_of(sentence, dialogue)
    days = {due.day for due in (first, second) if due is not None and due.day is not None}
    return dialogue.has("addition", sentence) or len(days) > 1


def promises_further_task(sentence: Sentence, statement: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a later sentence promises a further task: "I'll also call the caterer tomorrow"."""
    promised = dialogue.has("commitment", sentence) and not dialogue.has("task_pronoun", sentence)
    return promised and is_further_task(sentence, statement, dialogue)


def sets_due(due: DueMatch, sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether the words beside a date set it: "I need it by Friday", "Friday is fine"."""
    lexicon = dialogue.lexicon
    # In this cue, and in "no_due", "#" stands for the date.
    return lexicon is not None and lexicon.has("sets_due", f"{sentence.norm[: due.start]}#{sentence.norm[due.end :]}")


def _is_of_other(due: DueMatch, sentence: Sentence, lexicon: Lexicon) -> bool:
    """Return whether the words beside a date make it that of something else: "I'm away from Friday".

    If the date begins with a preposition ("on Monday"), only the words before it are considered.
    """
    ends = due.said.split()[0] in lexicon.data["due_prepositions"]
    return lexicon.has("no_due", f"{sentence.norm[: due.start]}#{'' if ends else sentence.norm[due.end :]}")


def task_text(sentence: Sentence, after: int) -> str:
    """Return the words of a sentence after a character of its normalised text, without the mark at the end."""
    skipped = len(sentence.norm[:after].split())
    texts = [word.text for word in spoken(sentence)[skipped:]]
    return join_words(texts).rstrip(".?!,;: ")


def is_due_only(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence has a due date and begins like a proposal of one: "shall we say Friday"."""
    lexicon = dialogue.lexicon
    if lexicon is None or not lexicon.starts("due_only", sentence.norm):
        return False
    return due_of(sentence, dialogue) is not None


def task_of(sentence: Sentence, after: int, dialogue: Dialogue) -> str:
    """Return the task in a sentence: in English, the words after its cue if they suffice; else the whole sentence.

    `after` is the end of the cue in the normalised text. If the cue ends with a verb, as in "let me call", the task
    begins with the verb.
    """
    before = sentence.norm[:after].split()
    if before and dialogue.content(before[-1]) and not before[-1].startswith("@"):
        after -= len(before[-1])
    rest = task_text(sentence, after)
    if dialogue.language.startswith("en") and len(dialogue.content(dialogue.norm(rest.split()))) >= MIN_CONTENT:
        return rest
    return task_text(sentence, 0)


def spoken(sentence: Sentence) -> list[Word]:
    """Return the words of a sentence that have a letter or digit: one for each token of its normalised text.

    "$", "€" and "£" alone are tokens without such a word, so what follows them is counted one word off.
    """
    return [word for word in sentence.words if any(character.isalnum() for character in word.text)]


def _as_said(due: DueMatch, sentence: Sentence) -> str:
    """Return the wording of a due date as it stands in its sentence."""
    first = len(sentence.norm[: due.start].split())
    words = spoken(sentence)[first : first + len(due.said.split())]
    return join_words(word.text for word in words).strip(".?!,;: ") or due.said


def _citations(statement: Sentence, sentences: Iterable[Sentence]) -> list[Citation]:
    """Return the citations of sentences, the statement first; neighbours of one utterance are one citation."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        previous = groups[-1][-1] if groups else None
        if previous and previous.utterance == sentence.utterance and sentence.number - previous.number <= _MAX_GAP:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    groups.sort(key=lambda group: statement not in group)
    return [citation([word for sentence in group for word in sentence.words]) for group in groups]
