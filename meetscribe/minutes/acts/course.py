"""Features of the course of a discussion: who leads it, which options it names, and what follows from a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from meetscribe.minutes.dialogue import Dialogue, Sentence

_SHORT = 6  # most words of a sentence that names its matter only: "Navy, then."
_OPTIONS = 10  # utterances before a sentence in which its options are named
_CONSEQUENCE = 3  # utterances after a decision in which a participant promises what follows from it
_DISCUSSED = 14  # utterances before a sentence that may be about its matter


class Course:
    """The course of a dialogue, for features of single sentences.

    `acts` are the speech acts of each sentence by its number, `opens` tells whether an utterance opens a topic, and
    `promises` and `conclusions` are the acts of promises and conclusions.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        acts: Mapping[int, frozenset[str]],
        opens: Callable[[int], bool],
        promises: frozenset[str],
        conclusions: frozenset[str],
    ) -> None:
        """Find who leads the dialogue."""
        self.dialogue, self._acts = dialogue, acts
        self._promises, self._conclusions = promises, conclusions
        self._content = {one.number: dialogue.content(one.norm) for one in dialogue.sentences}
        self._options = {place: self._named(own) for place, own in dialogue.by_utterance.items()}
        self._lead = self._leader(opens)

    def of(self, sentence: Sentence) -> Iterator[str]:
        """Yield the features of a sentence; in their names, C stands for a conclusion and I for a promise."""
        own = self._acts[sentence.number]
        content = self._content[sentence.number]
        short = len(content) > 0 and len(sentence.tokens) <= _SHORT and not sentence.is_question
        lead = sentence.speaker is not None and sentence.speaker == self._lead
        if lead:
            yield "lead"
            yield from (name for name, holds in (("lead&short", short), ("lead&C", own & self._conclusions)) if holds)
        follows = list(self._following(sentence))
        yield from follows
        named = self._is_option(sentence, content)
        if named:
            yield "option"
        if short:
            yield "short"
            yield from (f"short&{one}" for one in follows)
            if named:
                yield "short&option"
            if self._is_discussed(sentence, content):
                yield "short&discussed"

    def _leader(self, opens: Callable[[int], bool]) -> str | None:
        """Return the speaker who most often opens a topic or chairs; None if nobody does."""
        counts = Counter(
            own[0].speaker or ""
            for place, own in self.dialogue.by_utterance.items()
            if opens(place) or any("chair" in self._acts[one.number] for one in own)
        )
        return counts.most_common(1)[0][0] if counts else None

    def _following(self, sentence: Sentence) -> Iterator[str]:
        """Yield whether a promise follows soon, with "then" or with a date."""
        for place in range(sentence.utterance, sentence.utterance + _CONSEQUENCE + 1):
            for one in self.dialogue.utterance(place):
                acts = self._acts[one.number]
                if one.number <= sentence.number or not acts & self._promises or one.is_question:
                    continue
                yield "I follows"
                yield from ("then I follows" for _ in (1,) if "then_first" in acts)
                yield from ("dated I follows" for _ in (1,) if "due" in acts)
                return

    def _is_option(self, sentence: Sentence, content: frozenset[str]) -> bool:
        """Return whether a question before a sentence names its words among alternatives."""
        span = range(sentence.utterance - _OPTIONS, sentence.utterance)
        return any(content & self._options.get(place, frozenset()) for place in span)

    def _named(self, own: Iterable[Sentence]) -> frozenset[str]:
        """Return the content words of the questions in an utterance that name alternatives."""
        words = self.dialogue.lexicon.words("alternatives") if self.dialogue.lexicon else frozenset()
        asked = (one for one in own if one.is_question and words & set(one.tokens))
        return frozenset().union(*(self._content[one.number] for one in asked))

    def _is_discussed(self, sentence: Sentence, content: frozenset[str]) -> bool:
        """Return whether all words of a sentence were said by others shortly before."""
        span = range(sentence.utterance - _DISCUSSED, sentence.utterance)
        heard = (one for place in span for one in self.dialogue.utterance(place) if one.speaker != sentence.speaker)
        return content <= frozenset().union(*(self._content[one.number] for one in heard))
