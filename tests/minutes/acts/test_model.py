"""Speech acts, the features made of them, and the likelihood of items that the learned weights give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.minutes.acts.features import Features
from meetscribe.minutes.acts.grammar import acts_of, grammar
from meetscribe.minutes.acts.model import Model, model
from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.rules.likelihood import Likelihood, with_log_odds
from meetscribe.transcript.notes import ItemKind
from tests.minutes.meeting import dialogue


def test_both_languages_have_the_same_acts() -> None:
    """The weights are shared, so an act must have one name in all languages; a language without a file has none."""
    assert set(grammar("en")) == set(grammar("de-AT")) and not grammar("xx")


@pytest.mark.parametrize(
    ("language", "text", "act"),
    [
        ("en", "i'll drop him a line", "i_will_task"),
        ("en", "you won't hear me object", "fine"),
        ("en", "your guess is as good as mine", "unknown"),
        ("de", "das übernehme ich", "taken"),
        ("de", "da bin ich überfragt", "unknown"),
    ],
)
def test_speech_acts(language: str, text: str, act: str) -> None:
    """Wordings of one act share its name."""
    assert act in acts_of(text, language) and act not in acts_of("the bridge was closed for repairs", language)


def test_features_of_the_utterances_around() -> None:
    """The agreement that follows a proposal is a feature of the proposal; that of another matter is none."""
    meeting = Dialogue(dialogue("Anna: Let's paint the wall white.\nTom: Agreed.\nMia: The bus was late."))
    proposal, agreement, report = (Features(meeting).of(one) for one in meeting.sentences)
    assert {"lets", "P>yes", "n1:fine"} <= proposal and "p1:lets" in agreement
    assert "past" in report and not report & {"P", "n1:fine"}


KINDS: tuple[ItemKind, ...] = ("decision", "action", "question")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Anna: Shall we take the small hall?\nTom: Fine by me.\nMia: Yes.\nAnna: The small hall, then.", "decision"),
        ("Anna: I'll drop the keys off at the office on Monday.\nTom: Thanks.", "action"),
        ("Anna: How deep is the well, does anybody know?\nTom: I haven't the faintest idea.", "question"),
    ],
)  # fmt: skip
def test_the_likeliest_kind(text: str, kind: ItemKind) -> None:
    """A plain statement is likelier an item of its kind than small talk, and than one of another kind."""
    likelihood = Likelihood(Dialogue(dialogue(text)))
    small_talk = Likelihood(Dialogue(dialogue("Anna: The bus was late.\nTom: It rained all night.")))

    def best(one: Likelihood, wanted: ItemKind) -> float:
        return max(one.probability(wanted, sentence) for sentence in one.dialogue.sentences)

    assert best(likelihood, kind) == max(best(likelihood, other) for other in KINDS) > 2 * best(small_talk, kind)


def test_the_reasons_are_features_with_their_weights() -> None:
    """What counts most comes first, for or against."""
    likelihood = Likelihood(Dialogue(dialogue("Anna: I'll drop the keys off at the office on Monday.")))
    reasons = likelihood.why("action", likelihood.dialogue.sentences[0])
    assert {"due", "rule: action, agreed"} <= {name for name, _ in reasons}
    assert all(model("action").weights[name] == weight for name, weight in reasons)
    assert sorted((abs(weight) for _, weight in reasons), reverse=True) == [abs(weight) for _, weight in reasons]


def test_a_request_is_taken_on_by_another() -> None:
    """After a refusal, the owner is whoever promises the task in the utterances that follow."""
    text = """
        Anna: Could you take the flyers to the printer?
        Tom: Lord, no.
        Mia: Leave the flyers to me, I'm passing the printer on Monday.
        Anna: Bless you.
    """
    actions = minutes_by_rules(dialogue(text)).actions
    assert [[who.name for who in one.owners] for one in actions if one.status == "agreed"] == [["Mia"]]


@given(st.floats(0.001, 0.999), st.floats(-5, 5))
def test_log_odds_add(probability: float, log_odds: float) -> None:
    """Raising by log odds is undone by their negative, and keeps a probability one."""
    higher = with_log_odds(probability, log_odds)
    assert 0 < higher < 1 and with_log_odds(higher, -log_odds) == pytest.approx(probability)


@given(st.sets(st.sampled_from("abcd")))
def test_the_probability_is_logistic(features: set[str]) -> None:
    """Unknown features do not count."""
    found = Model(-1.0, {"a": 1.0, "b": 2.0}).probability(features)
    assert found == pytest.approx(with_log_odds(0.5, -1.0 + ("a" in features) + 2 * ("b" in features)))


def test_the_course_of_topics() -> None:
    """Words have the prefix of their language; the features tell where topics open, and which words others said."""
    meeting = Dialogue(
        dialogue("""
        Anna: The garden gate is broken again.
        Tom: The gate needs a new hinge.
        Anna: A hinge for the gate, then.
        Mia: Next, the winter party in the village hall.
        Tom: The party needs a band.
    """)
    )
    features = [Features(meeting).of(one) for one in meeting.sentences]
    assert {"T:next1", "heard", "en:hinge"} <= features[2] and "T:last0" in features[3]
    assert "unheard" in features[3] and "T:within" in features[4]
