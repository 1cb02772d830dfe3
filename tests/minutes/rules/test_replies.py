"""Replies are about the statement before them, not about what somebody says in between or later."""

from __future__ import annotations

from meetscribe.minutes.making import minutes_by_rules
from tests.minutes.meeting import dialogue


def test_agreement_cites_only_the_reply() -> None:
    """Somebody's promise about another matter is no agreement, and is not cited."""
    minutes = minutes_by_rules(
        dialogue("""
        Anna: Let's go with the blue logo for the fair.
        Tom: Agreed.
        Mia: The traffic near the bridge was terrible.
        Oliver: I'll print the programme by Friday.
    """)
    )
    (decision,) = minutes.decisions
    assert [one.name for one in decision.agreed_by] == ["Tom"]
    assert [one.quote for one in decision.citations] == ["Let's go with the blue logo for the fair.", "Agreed."]
    assert [one.text for one in minutes.actions] == ["print the programme by Friday"]


def test_a_withdrawal_is_about_the_latest_request() -> None:
    """ "Never mind" after another request leaves the earlier one standing."""
    minutes = minutes_by_rules(
        dialogue("""
        Anna: Tom, could you update the price list by Friday?
        Tom: Sure.
        Anna: Tom, could you check the heating in the hall?
        Anna: Never mind, it works again.
    """)
    )
    assert [(one.text, one.status) for one in minutes.actions] == [("update the price list by Friday", "agreed")]


def test_a_reply_in_the_next_utterance_may_be_about_anything() -> None:
    """A task in other words than the request is taken on, if it follows at once."""
    (action,) = minutes_by_rules(
        dialogue("""
        Anna: Could you look into the heating in the hall?
        Tom: I'll phone the engineer tomorrow.
    """)
    ).actions
    assert [one.name for one in action.owners] == ["Tom"] and action.status == "agreed"
