"""Making a tie with an organisation in the chat: whose, which one, what, how often, who leads."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question
from handlers.doors import present
from handlers.ties.mutual import say_made
from handlers.ties.parts import FREQUENCY, acts_in, ask_acts, frequency_in, send_option
from handlers.ties.people import ask_for, chosen
from handlers.turn import Turn
from storage.dialogues import Answers
from storage.organisations import get_organisation
from storage.pairs.ties.choosing import Choice, search_organisations, search_recipients
from storage.pairs.ties.standing import TieDraft, list_leaders, propose_tie
from storage.people import get_person
from storage.refusals import Fact
from storage.rules.pairs import Kind


def kind_in(answers: Answers) -> Kind:
    """Which kind of tie the form is about."""
    return Kind(str(answers.get("kind")))


def _people(turn: Turn, answers: Answers, words: str) -> list[Choice]:
    return search_recipients(turn.session, actor=present(turn), kind=kind_in(answers), words=words)


def _organisations(turn: Turn, answers: Answers, words: str) -> list[Choice]:
    return search_organisations(
        turn.session, actor=present(turn), kind=kind_in(answers), words=words
    )


def _leaders(turn: Turn, answers: Answers) -> Sequence[Option]:
    found = list_leaders(
        turn.session,
        now=turn.now,
        actor=present(turn),
        organisation_id=chosen(answers, "organisation"),
    )
    return [Option(str(one.id), "verbatim", {"text": one.name}) for one in found]


def _of_school(_turn: Turn, answers: Answers) -> bool:
    return kind_in(answers) is Kind.STUDY


def _review(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    leader = chosen(answers, "leader")
    organisation_id = chosen(answers, "organisation")
    return {
        "kind": kind_in(answers).value,
        "resident": get_person(turn.session, person_id=chosen(answers, "resident")).name,
        "helper": get_organisation(turn.session, organisation_id=organisation_id).name,
        "acts": list(acts_in(answers)),
        "frequency": frequency_in(answers),
        "gives_back": None,
        "leader": get_person(turn.session, person_id=leader).name if leader else None,
    }


def _propose(turn: Turn, answers: Answers) -> None:
    one = propose_tie(
        turn.session,
        now=turn.now,
        actor=present(turn),
        draft=TieDraft(
            kind=kind_in(answers),
            resident_id=chosen(answers, "resident"),
            organisation_id=chosen(answers, "organisation"),
            acts=acts_in(answers),
            frequency=frequency_in(answers),
            leader_id=chosen(answers, "leader") or None,
        ),
    )
    say_made(turn, one)


NEW = Form(
    topic="tie_standing",
    questions=(
        *ask_for("resident", "ask_tie_household", _people),
        *ask_for("organisation", "ask_tie_organisation", _organisations),
        Question("leader", "ask_tie_leader", options=_leaders, applies=_of_school),
        ask_acts(kind_in),
        FREQUENCY,
        Question("review", "ask_tie_review", options=send_option, facts=_review),
    ),
    finish=_propose,
)
