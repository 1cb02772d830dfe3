"""Items from sentences that the model finds likely and no rule knows: what they state, who takes it on, who agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetscribe.minutes.acts.features import FIRST_PERSON, REQUESTS
from meetscribe.minutes.acts.grammar import acts_of
from meetscribe.minutes.dialogue import Dialogue, Sentence
from meetscribe.minutes.rules.actions import complete
from meetscribe.minutes.rules.candidates import LONGEST, MIN_CONTENT, Candidate, promises_further_task, task_text
from meetscribe.minutes.rules.likelihood import Likelihood
from meetscribe.minutes.rules.questions import is_answered, is_question, question_text
from meetscribe.minutes.rules.replies import accepts, asks, following, preceding, replies, takes_on
from meetscribe.minutes.rules.requests import asked_in
from meetscribe.minutes.verification.people import partners_in, refuses

_NO_TASK = ("no_commitment", "no_request", "hypothetical")
_OF_ONE = frozenset({"ask_you", "please", "name_will"})
"""Acts that ask something of one participant."""

_OF_OTHERS = _OF_ONE | {"someone_must"}
"""Acts that ask something of others, even if the speaker promises something too."""

_ASKING = _OF_OTHERS | {"who", "handed", "imperative", "need"}
"""Acts that ask for something, which a participant may then take on."""

_TAKING = frozenset({"yes", "taken", "me_part", "i_be", "i_will"})
_NOT_TAKING = frozenset({"no", "refuse", "neg", "condition"})
_SEVERAL = 2  # participants who make a task everyone's
_TAKEN_WITHIN = 3  # utterances after a request in which a participant takes it on
_SURE = 0.75  # the least probability of an action whose wording speaks against it
_PROMISE = 0.3  # the least probability of a promise by which a participant takes a request on
_BEFORE = 3  # utterances before a statement that may name its subject


def stated_decisions(found: Sequence[Candidate], likelihood: Likelihood) -> Iterator[Candidate]:
    """Yield the decisions that a passage makes likely and no rule has found."""
    dialogue = likelihood.dialogue
    for sentence in likelihood.statements("decision", found):
        passage = likelihood.around("decision", sentence)
        statement = _subject([*passage, sentence], sentence, dialogue, likelihood)
        if statement is None or all(one.is_question for one in (statement, *passage)):
            continue
        probability = likelihood.probability("decision", sentence)
        candidate = Candidate("decision", statement, task_text(statement, 0), score=probability)
        candidate.support = [one for one in passage if one is not statement]
        agreeing = [one for one in passage if one.speaker != statement.speaker and accepts(one, dialogue)]
        candidate.agreed = {one.speaker or "": one for one in agreeing[:1]}
        yield candidate


def _subject(
    passage: Sequence[Sentence], sentence: Sentence, dialogue: Dialogue, likelihood: Likelihood
) -> Sentence | None:
    """Return the likeliest sentence of a passage with enough content, else the latest before; questions come last."""
    full = [one for one in passage if _is_full(one, dialogue)]
    if full:
        return max(full, key=lambda one: (not one.is_question, likelihood.probability("decision", one)))
    return _before(sentence, dialogue)


def _is_full(sentence: Sentence, dialogue: Dialogue) -> bool:
    return len(dialogue.content(sentence.norm)) >= MIN_CONTENT and len(sentence.tokens) <= LONGEST


def _before(sentence: Sentence, dialogue: Dialogue) -> Sentence | None:
    """Return the latest sentence before one that has enough content, within a few utterances."""
    return next((earlier for earlier in preceding(sentence, dialogue, _BEFORE) if _is_full(earlier, dialogue)), None)


def stated_actions(found: Sequence[Candidate], likelihood: Likelihood) -> Iterator[Candidate]:
    """Yield the actions that a sentence makes likely and no rule has found."""
    dialogue = likelihood.dialogue
    for sentence in likelihood.statements("action", found):
        statement = sentence if _is_full(sentence, dialogue) else _before(sentence, dialogue)
        if refuses(sentence, dialogue) and sentence.speaker:
            # Without such a request, the refusal itself is the statement, whatever its length.
            statement = sentence = _refused(sentence, likelihood) or sentence
        unlikely = likelihood.probability("action", sentence) < _SURE
        if statement is None or (unlikely and any(dialogue.has(cue, sentence) for cue in _NO_TASK)):
            continue
        candidate = Candidate("action", statement, task_text(statement, 0))
        candidate.score = likelihood.probability("action", sentence)
        candidate.support = [] if statement is sentence else [sentence]
        _add_people(candidate, sentence, likelihood)
        complete(candidate, dialogue)
        yield candidate


def _refused(reply: Sentence, likelihood: Likelihood) -> Sentence | None:
    """Return the latest request of another before a refusal; None without one that has enough content."""
    for earlier in preceding(reply, likelihood.dialogue, _BEFORE):
        asking = likelihood.features.own[earlier.number] & REQUESTS
        if asking and earlier.speaker != reply.speaker and _is_full(earlier, likelihood.dialogue):
            return earlier
    return None


def _add_people(candidate: Candidate, sentence: Sentence, likelihood: Likelihood) -> None:
    """Add the owner: the speaker of a promise, or the participant that takes a request on.

    Otherwise, the action is proposed, for the person asked by name, unless that person refuses.
    """
    dialogue, own = likelihood.dialogue, likelihood.features.own[sentence.number]
    is_asking = asks(sentence, dialogue) or (own & _OF_OTHERS and not _begins_with_promise(sentence, dialogue))
    if own & FIRST_PERSON and sentence.speaker and not is_asking:
        candidate.owners, candidate.agreed = [sentence.speaker], {sentence.speaker: sentence}
        return
    asked = asked_in(sentence, dialogue)
    candidate.status = "proposed"
    candidate.owners = [asked] if asked and asked not in replies(sentence, dialogue, 2).refused else []
    add_taker(candidate, likelihood)


def _begins_with_promise(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence begins with a promise: "I will have it ready, so that you can send it"."""
    return "i_will" in acts_of(" ".join(sentence.tokens[:4]), dialogue.language)


def add_taker(candidate: Candidate, likelihood: Likelihood) -> None:
    """Make a proposed task agreed if a participant takes it on in its utterances or soon after.

    Participants do so by a promise that is not of a further task ("I'll also …"), by words such as "leave it with me"
    if the task was asked for, or by a yes in the next utterance if the task is addressed to them: by name, or, if it
    has no name, by "you" or because they promised something just before it.
    """
    dialogue, asked = likelihood.dialogue, candidate.owners
    if candidate.status != "proposed" or candidate.everyone or _all_take(candidate, likelihood):
        return
    offered = {one.speaker for one in _utterance_before(candidate.statement, likelihood) if _promises(one, likelihood)}
    cited = dict.fromkeys(other for one in candidate.sentences for other in dialogue.utterance(one.utterance))
    for sentence in (*cited, *following(candidate.latest, dialogue, _TAKEN_WITHIN)):
        own, speaker = likelihood.features.own[sentence.number], sentence.speaker
        if not speaker or asks(sentence, dialogue) or _declines(sentence, dialogue):
            continue
        if speaker == candidate.statement.speaker and not _volunteers(sentence, candidate, likelihood):
            continue
        if own & {"condition", "neg"}:
            continue
        promises = _promises(sentence, likelihood) and not promises_further_task(
            sentence, candidate.statement, dialogue
        )
        takes = own & {"taken", "me_part"} and bool(likelihood.features.own[candidate.statement.number] & _ASKING)
        first = sentence.utterance == candidate.latest.utterance + 1 and bool(own & {"yes", "taken", "concede"})
        addressed = speaker in asked if asked else (speaker in offered or _addresses(candidate.statement, likelihood))
        if not own & {"no", "refuse"} and (promises or takes or (first and addressed)):
            candidate.owners, candidate.agreed, candidate.status = [speaker], {speaker: sentence}, "agreed"
            candidate.support.append(sentence)
            return


def _promises(sentence: Sentence, likelihood: Likelihood) -> bool:
    """Return whether a sentence promises something that is probably a task."""
    own = likelihood.features.own[sentence.number]
    return bool(own & (FIRST_PERSON | {"i_task"})) and likelihood.probability("action", sentence) >= _PROMISE


def _addresses(sentence: Sentence, likelihood: Likelihood) -> bool:
    """Return whether a sentence asks something of one other participant, as "could you" and "please" do."""
    own = likelihood.features.own[sentence.number]
    return likelihood.dialogue.has("you", sentence) or bool(own & {"imperative", "please"})


def _declines(sentence: Sentence, dialogue: Dialogue) -> bool:
    """Return whether a sentence refuses, or another of its utterance does and it takes nothing on."""
    if refuses(sentence, dialogue):
        return True
    return any(refuses(one, dialogue) for one in dialogue.utterance(sentence.utterance)) and not takes_on(
        sentence, dialogue
    )


def _volunteers(sentence: Sentence, candidate: Candidate, likelihood: Likelihood) -> bool:
    """Return whether speakers do themselves what they have asked of somebody: "Someone must tape it. I'll do it"."""
    statement = candidate.statement
    asked = likelihood.features.own[statement.number]
    if sentence.number <= statement.number or candidate.owners:
        return False
    if asked & {"someone_must", "who", "someone"} and likelihood.dialogue.has("pronoun_task", sentence):
        return True
    return sentence.utterance == statement.utterance and not asked & _OF_ONE and _promises(sentence, likelihood)


def _utterance_before(sentence: Sentence, likelihood: Likelihood) -> Sequence[Sentence]:
    return likelihood.dialogue.utterance(sentence.utterance - 1)


def add_partners(candidate: Candidate, dialogue: Dialogue) -> None:
    """Add the participants with whom an owner takes a task on: "you and me", "Tom, Lisa and I", "between us"."""
    for sentence in candidate.sentences:
        if candidate.everyone or sentence.speaker not in candidate.owners:
            continue
        beside = [one for step in (1, -1) for one in dialogue.utterance(sentence.utterance + step)]
        agreeing = [one for one in beside if one.speaker and accepts(one, dialogue)]
        for partner in _partners(sentence, candidate, agreeing, dialogue):
            candidate.owners.append(partner)
            reply = next((one for one in agreeing if one.speaker == partner), None)
            if reply is not None:
                candidate.agreed.setdefault(partner, reply)
                candidate.support.append(reply)


def _partners(
    sentence: Sentence, candidate: Candidate, agreeing: Sequence[Sentence], dialogue: Dialogue
) -> Sequence[str]:
    """Return the new partners in a sentence: all in "Tom, Lisa and I", else the first that it names or that agrees."""
    if not dialogue.has("joint", sentence):
        return ()
    listed = partners_in(sentence, dialogue)
    named = [name for name in listed or dialogue.people_in(sentence.norm) if name in dialogue.speakers]
    new = [name for name in named or [one.speaker or "" for one in agreeing] if name not in candidate.owners]
    return new if listed else new[:1]


def _all_take(candidate: Candidate, likelihood: Likelihood) -> bool:
    """Give a task that is asked of all to everyone if at least two others take it on; return whether they do."""
    acts = likelihood.features.own[candidate.statement.number]
    if "all_of_us" not in acts or not acts & _ASKING:
        return False
    taking: dict[str, Sentence] = {}
    for sentence in following(candidate.statement, likelihood.dialogue, _TAKEN_WITHIN + 1):
        own = likelihood.features.own[sentence.number]
        takes = own & _TAKING and not own & _NOT_TAKING and not sentence.is_question
        if sentence.speaker and sentence.speaker != candidate.statement.speaker and takes:
            taking.setdefault(sentence.speaker, sentence)
    if len(taking) < _SEVERAL:
        return False
    candidate.owners, candidate.everyone, candidate.status = [], True, "agreed"
    candidate.agreed = taking
    candidate.support += taking.values()
    return True


def stated_questions(found: Sequence[Candidate], likelihood: Likelihood) -> Iterator[Candidate]:
    """Yield the questions that their replies are likely to leave open and no rule has found."""
    dialogue = likelihood.dialogue
    for sentence in likelihood.statements("question", found):
        passage = [one for one in likelihood.around("question", sentence) if one is not sentence]
        asked = sentence if sentence.is_question else next((one for one in passage if one.is_question), None)
        if asked is None or not is_question(asked, dialogue) or is_answered(asked, dialogue):
            continue
        candidate = Candidate("question", asked, question_text(asked), status="open")
        candidate.score = likelihood.probability("question", sentence)
        candidate.support = [one for one in (*passage, sentence) if one is not asked]
        yield candidate
