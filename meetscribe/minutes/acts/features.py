"""The features of a sentence in its dialogue: its speech acts, and those of the utterances around it.

The top of `languages/acts/en.toml` explains the names of the acts. `Features` adds marks to them: the length of a
sentence in words (`len1` to `long`) and in content words (`c0` to `c2`), a question (`q`), a person (`name`), a due
date (`due`, or `vague` without a day), a whole number above one (`num`), "you" (`you`) and a negation (`neg`).
"""

from __future__ import annotations

from collections.abc import Iterator

from meetscribe.minutes.acts.course import Course
from meetscribe.minutes.acts.grammar import acts_of
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.due_dates import find_due

POSITIVE = frozenset({"yes", "fine", "taken", "thanks", "concede"})
"""Acts that agree or accept."""

FIRST_PERSON = frozenset(
    "i_will i_can_task i_will_task i_would_task taken delivery i_must i_doing let_me i_be".split()
)  # fmt: skip
"""Acts by which speakers take something on."""

REQUESTS = frozenset("ask_you please imperative someone_must who handed name_will you_task need".split())
"""Acts by which speakers ask others to do something, or say that it must be done."""

PROPOSALS = frozenset({"prefer", "lets", "shall_we", "we_will", "lets_do", "consent_q"})
"""Acts that propose something to the group."""

CONCLUSIONS = frozenset(
    "then_first then_last it_is settled we_will resolved np_then stays no_more order_it lets_do we_ing"
    " we_do thats_it gone final".split()
)
"""Acts that draw a conclusion."""

DOUBTFUL = frozenset({"past", "they", "condition", "idea"})
"""Acts that report, suppose or play with something."""

_NEXT = frozenset(
    "yes no fine refuse unknown thanks taken i_will i_can_task then_first settled lets postpone ask_you drop ask_time"
    " delivery we_will vote prefer chair q due len1 len3 c0 concede resolved me_part consent_q i_be final gone we_do"
    " past".split()
)
_PREVIOUS = frozenset(
    "ask_you who someone_must shall_we lets prefer yes fine vote call_name i_will i_can_task unknown wh aux ask_time"
    " please imperative offer taken thanks settled no chair q due len1 len3 c0 concede resolved consent_q lets_do"
    " all_of_us i_be final we_do will_be idea condition".split()
)
_NEIGHBOUR = frozenset(
    "you i_will i_can_task taken due q then_first settled call_name unknown ask_you yes no thanks lets condition"
    " prefer concede resolved consent_q stays no_more np_then lets_do i_be me_part final we_do gone past".split()
)
_ANSWERS = frozenset("yes fine no unknown taken i_will refuse neg num they past len1 len3 q name thanks".split())
_LENGTHS = ((2, "len1"), (5, "len3"), (10, "len9"), (22, "len20"))  # words
_SHORT_MEETING = 20  # utterances up to which the place of a sentence in the meeting is not a feature
_EDGE = 0.06  # share of the meeting at its start and end
_BEFORE = 4  # utterances before a sentence whose words it may repeat
_TOPIC = 12  # utterances after which a word is new again
_SOON = 4  # utterances: from the start of a topic to a repetition of its new words, and to a sentence that is near it
_FRESH = 2  # fewest new words of an utterance that opens a topic
_REPEATED = 4  # most words of an utterance that repeats another


class Features:
    """The features of the sentences of a dialogue.

    `own` has the acts of each sentence by its number, with marks of its length and content; `of_utterance` has those of
    all sentences of an utterance.
    """

    def __init__(self, dialogue: Dialogue) -> None:
        """Find the speech acts of every sentence."""
        self.dialogue = dialogue
        self._opening: dict[int, bool] = {}
        self.own = {one.number: self._own(one) for one in dialogue.sentences}
        groups = dialogue.by_utterance.items()
        self._content = {
            number: frozenset().union(*(dialogue.content(one.norm) for one in own)) for number, own in groups
        }
        self.of_utterance = {
            number: frozenset().union(*(self.own[one.number] for one in own)) for number, own in groups
        }
        self._further = Course(dialogue, self.own, self._opens, FIRST_PERSON, CONCLUSIONS)

    def of(self, sentence: Sentence) -> frozenset[str]:
        """Return the features of a sentence.

        Its own acts have no prefix, its words that of their language (`en:`). Other prefixes mark the sentences before
        and after it in its utterance (`a:`, `b:`), the previous and next utterances (`p2:` to `n3:`), and windows
        after, before or around it (`A:`, `B:`, `N:`, `W:`). `T:` is the distance in utterances to the next or last
        start of a topic.
        """
        own = self.own[sentence.number] | self._words(sentence)
        parts = (
            self._neighbours,
            self._around,
            self._adjacent,
            self._window,
            self._course,
            self._question,
            self._place,
            self._further.of,
        )
        return own.union(*(part(sentence) for part in parts))

    def _own(self, sentence: Sentence) -> frozenset[str]:
        dialogue, lexicon = self.dialogue, self.dialogue.lexicon
        found = set(acts_of(sentence.norm, dialogue.language))
        count = len(sentence.tokens)
        found.add(next((name for most, name in _LENGTHS if count <= most), "long"))
        found.add(f"c{min(2, len(dialogue.content(sentence.norm)))}")
        if sentence.is_question:
            found.add("q")
        if dialogue.people_in(sentence.norm):
            found.add("name")
        if lexicon is not None:
            dues = find_due(sentence.norm, lexicon, dialogue.reference_day)
            found |= {"due" if any(due.day for due in dues) else "vague"} if dues else set()
            found |= {name for cue, name in (("you", "you"), ("negations", "neg")) if dialogue.has(cue, sentence)}
            if any((lexicon.number(token) or 0) > 1 for token in sentence.tokens):
                found.add("num")
        return frozenset(found)

    def _words(self, sentence: Sentence) -> frozenset[str]:
        language = self.dialogue.language.partition("-")[0].lower()
        return frozenset(f"{language}:{token}" for token in sentence.tokens if token[0].isalpha())

    def _at(self, utterance: int) -> frozenset[str]:
        return self.of_utterance.get(utterance, frozenset())

    def _neighbours(self, sentence: Sentence) -> Iterator[str]:
        own = self.dialogue.utterance(sentence.utterance)
        place = own.index(sentence)
        for other, prefix in ((place - 1, "a:"), (place + 1, "b:")):
            if 0 <= other < len(own):
                yield from (prefix + one for one in self.own[own[other].number] & _NEIGHBOUR)

    def _around(self, sentence: Sentence) -> Iterator[str]:
        content = self.dialogue.content(sentence.norm)
        for offset, prefix, kept in (
            (1, "n1:", _NEXT), (2, "n2:", _NEXT), (3, "n3:", _NEXT), (-1, "p1:", _PREVIOUS), (-2, "p2:", _PREVIOUS)
        ):  # fmt: skip
            other = self.dialogue.utterance(sentence.utterance + offset)
            if not other:
                continue
            yield from (prefix + one for one in self._at(sentence.utterance + offset) & kept)
            if any(content & self.dialogue.content(one.norm) for one in other):
                yield f"{prefix}echo"
            if other[0].speaker == sentence.speaker:
                yield f"{prefix}same"

    def _adjacent(self, sentence: Sentence) -> Iterator[str]:
        """Yield pairs of acts: a proposal and its agreement, a request and its acceptance, a promise and thanks.

        In their names, P stands for a proposal, C for a conclusion, R for a request and I for a promise; ">no" for a
        refusal in the next utterance, but "&no" for a doubtful act (`DOUBTFUL`) of the sentence itself.
        """
        own, after = self.own[sentence.number], self._at(sentence.utterance + 1)
        before, later = self._at(sentence.utterance - 1), self._at(sentence.utterance + 2)
        if own & PROPOSALS and own & DOUBTFUL:
            yield "P&no"
        elif own & PROPOSALS:
            yield from _named("P", P=True, yes=bool(after & POSITIVE), no=bool(after & {"no", "refuse"}))
            if after & POSITIVE and later & POSITIVE:
                yield "P>yes>yes"
        if own & CONCLUSIONS and before & POSITIVE:
            yield "yes>C"
        if own & FIRST_PERSON:
            yield from self._promise(sentence, own, before, after)
        if own & REQUESTS:
            taken = bool(after & {"taken", "yes", "i_will", "i_can_task", "delivery", "i_be", "me_part"})
            yield from _named("R", R=True, yes=taken, no=bool(after & {"refuse", "no"}))
            if "due" in own:
                yield "R&due"

    def _promise(
        self, sentence: Sentence, own: frozenset[str], before: frozenset[str], after: frozenset[str]
    ) -> Iterator[str]:
        """Yield pairs of a promise with its date, the request before it, thanks after it, and doubt."""
        yield "I"
        conditions = {
            "I&due": "due" in self._at(sentence.utterance),
            "R>I": bool(before & {"ask_you", "who", "someone_must", "please", "imperative"}),
            "I>thanks": "thanks" in after,
            "I&no": bool(own & DOUBTFUL),
        }
        yield from (name for name, holds in conditions.items() if holds)

    def _window(self, sentence: Sentence) -> Iterator[str]:
        place = sentence.utterance
        agreeing = sum(bool(self._at(one) & {"yes", "fine"}) for one in range(place - 1, place + 4))
        yield from (f"W:agree{count}" for count in (2, 3) if agreeing >= count)
        for prefix, span, acts in (
            ("A:", range(place, place + 5), ("vote", "settled", "postpone", "then_first", "then_last")),
            ("B:", range(place - 4, place + 1), ("shall_we", "prefer", "lets", "vote", "then_first", "then_last")),
            (
                "N:",
                range(place - 3, place + 4),
                ("i_will_task", "taken", "ask_you", "unknown", "refuse", "chair", "drop"),
            ),
        ):
            yield from (prefix + act for act in acts if any(act in self._at(one) for one in span))
        # rep-1: the sentence's utterance repeats the one before it; rep+1: the next utterance repeats this one.
        repeats = [self._repeats(one) for one in range(place - 2, place + 3)]
        echoed = self._echoed(sentence)
        if echoed:
            yield from ("echo", "echo&then") if self.own[sentence.number] & CONCLUSIONS else ("echo",)
        if sum(self._echoes(one) for one in range(place - 2, place + 3)) >= 2:
            yield "W:echo2"
        yield from (
            name for name, holds in (("rep-1", repeats[1]), ("rep+1", repeats[2]), ("W:rep", any(repeats))) if holds
        )

    def _course(self, sentence: Sentence) -> Iterator[str]:
        """Yield where a sentence stands in its topic: how soon another opens, and whether others said its words."""
        place = sentence.utterance
        ahead = next((step for step in range(1, _SOON + 1) if self._opens(place + step)), None)
        behind = next((step for step in range(_SOON + 1) if self._opens(place - step)), None)
        yield f"T:next{ahead}" if ahead else "T:within"
        if behind is not None:
            yield f"T:last{behind}"
        content = self.dialogue.content(sentence.norm)
        span = range(place - _TOPIC, place)
        heard = frozenset().union(*(self._content.get(one, frozenset()) for one in span if self._other(one, sentence)))
        if content:
            share = len(content & heard) / len(content)
            yield "heard" if share >= 0.5 else "heard some" if share > 0 else "unheard"

    def _other(self, place: int, sentence: Sentence) -> bool:
        own = self.dialogue.utterance(place)
        return bool(own) and own[0].speaker != sentence.speaker

    def _opens(self, place: int) -> bool:
        """Return whether an utterance opens a topic: most of its words are new, and one of them recurs soon.

        In the chair's announcements, two new words are enough, of which one recurs soon.
        """
        if place not in self._opening:
            content = self._content.get(place, frozenset())
            before = frozenset().union(*(self._content.get(one, frozenset()) for one in range(place - _TOPIC, place)))
            after = frozenset().union(*(self._content.get(place + one, frozenset()) for one in range(1, _SOON + 1)))
            fresh = content - before
            announced = bool(self._at(place) & {"chair"}) or len(fresh) >= max(_FRESH, 0.7 * len(content))
            self._opening[place] = announced and len(fresh) >= _FRESH and bool(fresh & after)
        return self._opening[place]

    def _echoed(self, sentence: Sentence) -> bool:
        """Return whether a few words repeat what others have just said, as a conclusion does: "coach, then"."""
        content = self.dialogue.content(sentence.norm)
        if not 0 < len(content) <= _REPEATED or len(sentence.tokens) > 2 * _REPEATED or sentence.is_question:
            return False
        span = range(sentence.utterance - _BEFORE, sentence.utterance)
        heard = [one for number in span for one in self.dialogue.utterance(number) if one.speaker != sentence.speaker]
        said = frozenset().union(*(self.dialogue.content(one.norm) for one in heard))
        return len(content & said) >= max(1.0, 0.6 * len(content))

    def _echoes(self, place: int) -> bool:
        return any(self._echoed(one) for one in self.dialogue.utterance(place))

    def _repeats(self, place: int) -> bool:
        """Return whether an utterance is followed by another speaker's few words that repeat some of it."""
        first, second = self.dialogue.utterance(place), self.dialogue.utterance(place + 1)
        if not first or not second or first[0].speaker == second[0].speaker:
            return False
        common = self.dialogue.lexicon.stopwords if self.dialogue.lexicon else frozenset()
        words = {token for one in second for token in one.tokens} - common
        said = {token for one in first for token in one.tokens}
        return 0 < len(words) <= _REPEATED and len(words & said) >= max(1.0, 0.6 * len(words))

    def _question(self, sentence: Sentence) -> Iterator[str]:
        # q>ACT: an act of the next utterance; q>long: a number, or a sentence of 11 to 22 words in it. q:wh, q:aux: the
        # form of the question; ?unk: one of the next three utterances leaves it open. q:other: it does not ask for
        # information: it is a request, a proposal, an offer or a vote, or it asks who does something, or by when.
        if not sentence.is_question:
            return
        own, after = self.own[sentence.number], self._at(sentence.utterance + 1)
        yield from (f"q>{one}" for one in after & _ANSWERS)
        unknown = any("unknown" in self._at(sentence.utterance + ahead) for ahead in (1, 2, 3))
        yield "q?unk" if unknown else "q?known"
        yield from (f"q:{act}?unk" if unknown else f"q:{act}" for act in own & {"wh", "aux"})
        if own & {"ask_you", "shall_we", "offer", "who", "ask_time", "vote"}:
            yield "q:other"
        if "offer" in own:
            yield "offer>yes" if after & (POSITIVE | {"please", "ask_you"}) else "offer>no"
        if after & {"num", "len20"}:
            yield "q>long"

    def _place(self, sentence: Sentence) -> Iterator[str]:
        count = len(self.dialogue.runs)
        if count > _SHORT_MEETING:
            share = sentence.utterance / (count - 1)
            yield from (name for name, holds in (("start", share < _EDGE), ("end", share > 1 - _EDGE)) if holds)


def _named(prefix: str, **holds: bool) -> Iterator[str]:
    """Yield "PREFIX>NAME" for each name that holds, and the prefix alone if it is among them."""
    yield from (name if name == prefix else f"{prefix}>{name}" for name, true in holds.items() if true)
