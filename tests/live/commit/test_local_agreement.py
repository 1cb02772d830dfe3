"""Words are committed when two hypotheses agree; the end commits the rest; nothing changes afterwards."""

from __future__ import annotations

from dataclasses import replace

from meetscribe.live.commit import LocalAgreement
from meetscribe.live.protocols import Hypothesis
from meetscribe.timeline import Span
from meetscribe.transcript import Word


def hypothesis(text: str, *, final: bool = False, doubtful: bool = False, probability: float = 0.5) -> Hypothesis:
    words = tuple(Word(t, n * 0.4, n * 0.4 + 0.3, probability=probability) for n, t in enumerate(text.split()))
    return Hypothesis(words, Span(0.0, len(words) * 0.4 + 0.2), final, doubtful)


def texts(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def test_the_common_prefix_is_committed_in_its_newest_spelling() -> None:
    policy = LocalAgreement()
    first = policy.decide(hypothesis("the plan was"))
    assert (texts(first.committed), texts(first.pending)) == ("", "the plan was")
    second = policy.decide(hypothesis("The plan, is late"))
    assert (texts(second.committed), texts(second.pending)) == ("The plan,", "is late")
    assert texts(policy.decide(hypothesis("the plan is late today", final=True)).committed) == "is late today"


def test_doubtful_hypotheses_commit_nothing() -> None:
    """Two equal loops agree, but a failed check keeps their words pending."""
    policy = LocalAgreement()
    for _ in range(3):
        assert policy.decide(hypothesis("no no no no no no", doubtful=True)).committed == ()
    assert texts(policy.decide(hypothesis("yes", final=True)).committed) == "yes"


def test_pending_words_are_not_dropped_at_the_end() -> None:
    """If the last hypothesis is empty, the pending words are committed, unless they were doubtful."""
    policy = LocalAgreement()
    policy.decide(hypothesis("thank you"))
    assert texts(policy.decide(hypothesis("", final=True)).committed) == "thank you"
    policy.decide(hypothesis("thank you", doubtful=True))
    assert policy.decide(hypothesis("", final=True)).committed == ()


def test_ending_twice_commits_once() -> None:
    policy = LocalAgreement()
    policy.decide(hypothesis("the plan"))
    assert texts(policy.decide(hypothesis("the plan", final=True)).committed) == "the plan"
    assert policy.decide(hypothesis("", final=True)).committed == ()


def test_certain_words_need_one_hypothesis() -> None:
    """The last half second is never certain."""
    decision = LocalAgreement(certain=0.9).decide(hypothesis("the plan is late", probability=0.95))
    assert (texts(decision.committed), texts(decision.pending)) == ("the plan is", "late")


def test_a_cut_commits_what_leaves_the_window() -> None:
    policy = LocalAgreement()
    policy.decide(hypothesis("the plan is late"))
    decision = policy.cut(0.75)
    assert (texts(decision.committed), texts(decision.pending)) == ("the plan", "is late")


def test_a_contradiction_at_the_end_of_speech_waits() -> None:
    """The words from the contradiction on stay pending, settled or not; the next hypothesis, or the last, decides."""
    policy = LocalAgreement(settled=1.3)
    first = policy.decide(hypothesis("and so my fellow"))
    assert (texts(first.committed), texts(first.pending)) == ("and", "so my fellow")
    end = policy.decide(replace(hypothesis("and so am I fellow Americans", final=True), provisional=True))
    assert (texts(end.committed), texts(end.pending)) == ("so", "am I fellow Americans")
    assert texts(policy.decide(hypothesis("and so am I fellow Americans", final=True)).committed) == (
        "am I fellow Americans"
    )


def test_an_end_of_speech_without_contradiction_commits_everything() -> None:
    """The last half second of a hypothesis contradicts nothing: its audio was incomplete."""
    policy = LocalAgreement()
    policy.decide(hypothesis("the plan is lay"))
    end = policy.decide(replace(hypothesis("the plan is late today", final=True), provisional=True))
    assert (texts(end.committed), end.pending) == ("the plan is late today", ())


def test_words_that_are_heard_again_are_not_committed_again() -> None:
    """A window may begin with the words of an earlier utterance."""
    policy = LocalAgreement()
    policy.decide(hypothesis("the plan", final=True))
    later = policy.decide(hypothesis("the plan is late", final=True))
    assert texts(later.committed) == "is late"


def test_pending_words_survive_a_hypothesis_that_ends_before_them() -> None:
    """Whisper sometimes ends too early; the words are kept for the next hypothesis, and committed once settled."""
    policy = LocalAgreement(settled=1.0)
    policy.decide(hypothesis("the plan is late"))
    decision = policy.decide(Hypothesis((), Span(0.0, 2.2)))
    assert (texts(decision.committed), texts(decision.pending)) == ("is", "late")
    assert texts(policy.decide(hypothesis("the plan is late", final=True)).committed) == "late"


def test_settled_words_need_one_hypothesis() -> None:
    decision = LocalAgreement(settled=1.0).decide(hypothesis("the plan is late today"))
    assert (texts(decision.committed), texts(decision.pending)) == ("the plan is", "late today")
