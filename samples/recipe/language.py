"""The small English of the samples: a lexicon, a grammar of meeting talk, and the split that keeps tests honest.

A sentence of four or more words belongs either to training or to the recordings, decided by a hash of
its words (`held_out`). Whoever makes a recording draws only held-out sentences, whoever makes training text
only the others, so no recording of any seed holds a trained sentence.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

HELD_OUT_SHARE = 4  # one sentence in four is kept for recordings

NAMES = "Sally Robert Angus Karl Kurt Emma Oscar Diana Martin Julia Peter Laura Thomas Helen Victor".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()
MONTHS = "January February March April June July August September October November December".split()
UNITS = "one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth twelfth fifteenth twentieth".split()
CITIES = "Berlin Paris London Vienna Madrid Oslo Boston Chicago".split()

# What a meeting is about: things, and what is done with them.
OBJECTS = (
    "budget report schedule contract website database server prototype survey invoice release roadmap design "
    "logo newsletter workshop training manual brochure interview study dashboard backup license printer "
    "archive warehouse catalog subscription questionnaire presentation document migration password network "
    "keyboard microphone camera battery package delivery shipment machine engine sensor module interface "
    "template calendar checklist proposal strategy campaign poster video podcast transcript library"
).split()
ADJECTIVES = (
    "new old final first annual monthly weekly digital internal external global local public private "
    "simple cheap expensive important urgent quick slow large small better early late open empty full broken stable "
    "temporary technical original green blue yellow modern heavy light clean strong"
).split()
VERBS = (
    "finish review update test send check prepare order cancel repair replace discuss approve present "
    "publish deliver install explain improve measure change move close start stop share print copy "
    "rewrite simplify translate organize document upgrade confirm"
).split()
PARTICIPLES = (
    "finished reviewed updated tested sent checked prepared ordered cancelled repaired replaced discussed approved "
    "presented published delivered installed explained improved measured changed moved closed started stopped"
).split()
TEAMS = "marketing sales support finance design legal research security customer logistics quality".split()
PEOPLE = "customers users partners managers students visitors engineers suppliers clients colleagues".split()
PLACES = "office kitchen garage basement hotel factory station garden laboratory studio hallway".split()
QUALITIES = "happy worried surprised ready busy optimistic nervous certain confident tired".split()
PROBLEMS = "delay mistake problem conflict leak shortage accident failure complaint bottleneck".split()
UNITS_OF_TIME = "minutes hours days weeks months".split()
CURRENCY = "euros dollars pounds".split()
ADVERBS = "already probably finally usually clearly certainly almost still really quickly carefully".split()
BACKCHANNELS = (
    "Right.",
    "Okay.",
    "Yes.",
    "Exactly.",
    "Sure.",
    "Uh huh.",
    "Good.",
    "True.",
    "I see.",
    "Yeah.",
    "Got it.",
)
OPENERS = "well so okay actually honestly anyway now look fine and but also maybe".split()
FILLERS = (
    "because before after without between about around under during until since while although unless both every "
    "another nobody everybody something nothing somewhere today tomorrow yesterday morning evening afternoon"
    " together again later soon never always often twice left right above below outside inside next last"
    " coffee water window door table paper number letter price winter summer spring music river mountain"
    " bridge doctor teacher lawyer driver question answer reason result example chance idea plan team group"
    " company market product service price color sound voice word story history future science health energy"
).split()

GERMAN = (
    "heute morgen gestern wir haben einen neuen Plan das Projekt ist fast fertig der Bericht kommt am Montag "
    "Dienstag Mittwoch Donnerstag Freitag bitte danke vielleicht die Kosten sind zu hoch Kunde Rechnung Termin "
    "Woche Monat Jahr gut schlecht schnell langsam eins drei vier sechs sieben acht neun zehn zwanzig hundert "
    "und oder aber nicht noch schon immer wieder alle viele wenige Leute Arbeit Haus Stadt Garten Wasser "
    "Kaffee Brief Frage Antwort Fenster Tisch Auto Bahn Zeit Ende Anfang Sprache"
).split()


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.lower())


def held_out(sentence: str) -> bool:
    """True where this sentence is kept for recordings and must not be trained on; short ones are free."""
    spoken = words(sentence)
    return len(spoken) >= 4 and zlib.crc32(" ".join(spoken).encode()) % HELD_OUT_SHARE == 0


def sentences(text: str) -> list[str]:
    """The sentences of a text, cut after `.`, `?` and `!`."""
    return [part.strip() for part in re.split(r"(?<=[.?!])\s+", text) if part.strip()]


class Grammar:
    """Draws sentences of meeting talk from one random generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    # --- small parts -----------------------------------------------------------------------------
    def number(self) -> str:
        """A number from one to ninety nine thousand, in words."""
        kind = self.rng.random()
        if kind < 0.3:
            return self.rng.choice(UNITS[1:])
        if kind < 0.45:
            return self.rng.choice(TEENS)
        if kind < 0.6:
            return self.rng.choice(TENS)
        if kind < 0.8:
            return f"{self.rng.choice(TENS)} {self.rng.choice(UNITS)}"
        if kind < 0.9:
            return f"{self.rng.choice(UNITS)} hundred"
        return f"{self.rng.choice(TENS + UNITS[1:])} thousand"

    def thing(self) -> str:
        """An object, often with an adjective: "new budget"."""
        noun = self.rng.choice(OBJECTS)
        return f"{self.rng.choice(ADJECTIVES)} {noun}" if self.rng.random() < 0.55 else noun

    def a_thing(self) -> str:
        """An object with its indefinite article: "an old budget"."""
        thing = self.thing()
        return f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"

    def when(self) -> str:
        """A point in time: "by Friday", "on the third of June", "next week"."""
        r = self.rng
        return r.choice(
            (
                lambda: f"by {r.choice(DAYS)}",
                lambda: f"before {r.choice(DAYS)}",
                lambda: f"on {r.choice(DAYS)} morning",
                lambda: f"until the {r.choice(ORDINALS)} of {r.choice(MONTHS)}",
                lambda: f"in {r.choice(MONTHS)}",
                lambda: f"in {self.number()} {r.choice(UNITS_OF_TIME)}",
                lambda: f"next {r.choice(['week', 'month', 'summer', 'winter', 'spring'])}",
                lambda: "tomorrow afternoon",
            )
        )()

    def date(self) -> str:
        """A due date: "Friday" or "the third of June"."""
        if self.rng.random() < 0.5:
            return self.rng.choice(DAYS)
        return f"the {self.rng.choice(ORDINALS)} of {self.rng.choice(MONTHS)}"

    # --- sentences -------------------------------------------------------------------------------
    def statement(self) -> str:
        """One sentence of status, opinion or detail."""
        r, pick = self.rng, self.rng.choice
        makers: tuple[Callable[[], str], ...] = (
            lambda: f"the {self.thing()} is {pick(ADVERBS)} {pick(PARTICIPLES)}",
            lambda: f"the {pick(TEAMS)} team has {pick(ADVERBS)} {pick(PARTICIPLES)} the {self.thing()}",
            lambda: f"we spent {self.number()} {pick(CURRENCY)} on the {self.thing()}",
            lambda: f"I think the {self.thing()} is too {pick(ADJECTIVES)} for our {pick(PEOPLE)}",
            lambda: f"{pick(NAMES)} {pick(PARTICIPLES)} the {pick(OBJECTS)} {self.when()}",
            lambda: f"our {pick(PEOPLE)} are {pick(QUALITIES)} about the {self.thing()}",
            lambda: f"there was a {pick(PROBLEMS)} in the {pick(PLACES)} and the {pick(OBJECTS)} stopped",
            lambda: f"about {pick(TENS)} percent of the {pick(PEOPLE)} want {self.a_thing()}",
            lambda: f"the {pick(OBJECTS)} in {pick(CITIES)} needs {self.number()} more {pick(UNITS_OF_TIME)}",
            lambda: f"we cannot {pick(VERBS)} the {self.thing()} without the {pick(OBJECTS)}",
            lambda: f"the price of the {pick(OBJECTS)} went up to {self.number()} {pick(CURRENCY)}",
            lambda: f"I am {pick(QUALITIES)} that we can {pick(VERBS)} it {self.when()}",
            lambda: f"{' and '.join(r.sample(NAMES, 2))} are still in {pick(CITIES)} with the {pick(PEOPLE)}",
            lambda: (
                f"last {pick(['week', 'month', 'winter'])} the {pick(TEAMS)} team lost {self.number()} {pick(PEOPLE)}"
            ),
            lambda: f"it takes {self.number()} {pick(UNITS_OF_TIME)} to {pick(VERBS)} every {pick(OBJECTS)}",
            lambda: f"my {pick(OBJECTS)} was {pick(PARTICIPLES)} by the {pick(TEAMS)} team",
        )
        return self._finish(r.choice(makers)(), ".")

    def question(self) -> str:
        """One question about the work."""
        pick = self.rng.choice
        makers: tuple[Callable[[], str], ...] = (
            lambda: f"who can {pick(VERBS)} the {self.thing()} {self.when()}",
            lambda: f"why is the {self.thing()} not {pick(PARTICIPLES)} yet",
            lambda: f"how many {pick(PEOPLE)} have {pick(PARTICIPLES)} the {pick(OBJECTS)}",
            lambda: f"do we need {self.a_thing()} in the {pick(PLACES)}",
            lambda: f"should we {pick(VERBS)} the {self.thing()} {self.when()}",
            lambda: f"{pick(NAMES)} what do you think about the {self.thing()}",
        )
        return self._finish(self.rng.choice(makers)(), "?", opener=False)

    def announcement(self) -> str:
        """The next topic in three words, which are too few to be held out."""
        return f"Next, the {self.rng.choice(OBJECTS)}."

    def decision(self) -> tuple[str, str]:
        """(sentence, what was decided) of a planted decision."""
        pick = self.rng.choice
        what = f"{pick(VERBS)} the {self.thing()} {self.when()}"
        lead = pick(("we decided to", "so it is decided that we", "then we agree to"))
        return _sentence(f"{lead} {what}", "."), what

    def action(self, owner: str) -> tuple[str, str, str]:
        """(sentence, task, due date) of a planted action item for `owner`."""
        pick = self.rng.choice
        task, due = f"{pick(VERBS)} the {self.thing()}", self.date()
        lead = pick((f"{owner} will", f"{owner} please", f"action item {owner} will"))
        return _sentence(f"{lead} {task} by {due}", "."), task, due

    def open_question(self) -> tuple[str, str]:
        """(sentence, the question) of a planted open question."""
        pick = self.rng.choice
        asked = f"{pick(['who', 'when', 'where'])} should we {pick(VERBS)} the {self.thing()}".replace(
            "who should we", "who should"
        )
        return _sentence(f"it is still open {asked}", "."), asked

    def _finish(self, text: str, mark: str, *, opener: bool = True) -> str:
        if opener and self.rng.random() < 0.25:
            text = f"{self.rng.choice(OPENERS)}, {text}"
        return _sentence(text, mark)


def _sentence(text: str, mark: str) -> str:
    return text[0].upper() + text[1:] + mark


# --- training text --------------------------------------------------------------------------------
LEXICON: tuple[str, ...] = tuple(dict.fromkeys(
    word
    for group in (
        NAMES, DAYS, MONTHS, UNITS, TEENS, TENS, ORDINALS, CITIES, OBJECTS, ADJECTIVES, VERBS, PARTICIPLES, TEAMS,
        PEOPLE, PLACES, QUALITIES, PROBLEMS, UNITS_OF_TIME, CURRENCY, ADVERBS, OPENERS, FILLERS,
        "hundred thousand percent week month team open price decided agree action item still should".split(),
    )
    for word in group
))  # fmt: skip


def scramble(rng: random.Random) -> str:
    """Words of the lexicon in random order: nothing to guess, so a recogniser must listen."""
    chosen = rng.choices(LEXICON, k=rng.randint(3, 12))
    return _sentence(" ".join(chosen), rng.choice(".....?"))


def spliced(rng: random.Random, grammar: Grammar) -> str:
    """Pieces of two sentences with loose words between: grammar that breaks off where it likes."""
    first, second = grammar.statement()[:-1].split(), grammar.question()[:-1].split()
    if second[0] not in NAMES:
        second[0] = second[0].lower()
    head, tail = first[: rng.randint(2, len(first))], second[rng.randint(0, len(second) - 2) :]
    middle = rng.choices(LEXICON, k=rng.randint(0, 4))
    return _sentence(" ".join([*head, *middle, *tail]), ".")


def training_sentence(rng: random.Random, grammar: Grammar) -> str:
    """One sentence that no recording holds: half of them random words, the rest meeting talk."""
    while True:
        kind = rng.random()
        if kind < 0.40:
            text = scramble(rng)
        elif kind < 0.60:
            text = spliced(rng, grammar)
        elif kind < 0.78:
            text = grammar.statement()
        elif kind < 0.86:
            text = grammar.question()
        elif kind < 0.92:
            text = grammar.action(rng.choice(NAMES))[0]
        elif kind < 0.94:
            text = grammar.decision()[0]
        elif kind < 0.95:
            text = grammar.open_question()[0]
        else:
            text = short_sentence(rng, grammar)
        if not held_out(text):
            return text


def short_sentence(rng: random.Random, grammar: Grammar) -> str:
    """A sentence of at most three words: a topic or a backchannel."""
    return grammar.announcement() if rng.random() < 0.7 else rng.choice(BACKCHANNELS)


def german_sentence(rng: random.Random) -> str:
    """German words in random order."""
    return _sentence(" ".join(rng.choices(GERMAN, k=rng.randint(3, 9))), ".")
