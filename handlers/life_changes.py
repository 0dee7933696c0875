"""A grave change in the chat: family or staff say what happened, and a visit comes within a day."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.doors import let_in, present
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.call_plans import search_residents, take_back_change, tell_change
from storage.caregivers import list_residents_of
from storage.choices import Button
from storage.dialogues import Answers
from storage.people import get_person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean
from storage.rules.tiers import CHANGES

NAME_LIMIT = 40


def _open(turn: Turn) -> None:
    if let_in(turn, "change", ("coordinator", "resident", "caregiver")) is not None:
        start(turn, FORM)


def _people(turn: Turn, words: str = "") -> list[Option]:
    """Whom it may be about: staff find anybody of theirs, others themselves and their own."""
    person = present(turn)
    if person.is_approved("coordinator"):
        found = search_residents(turn.session, actor=person, words=words)
        return [_person(one.id, one.name, one.community) for one in found]
    mine = list_residents_of(turn.session, caregiver_id=person.id)
    own = [_person(person.id, person.name, None)] if person.is_approved("resident") else []
    return [*own, *(_person(one.id, one.name, None) for one in mine)]


def _person(person_id: int, name: str, community: str | None) -> Option:
    if community is None:
        return Option(str(person_id), "verbatim", {"text": name})
    return Option(str(person_id), "plan.candidate", {"name": name, "community": community})


def _offer_people(turn: Turn, _answers: Answers) -> Sequence[Option]:
    return _people(turn)


def _check_person(turn: Turn, text: str) -> Fact:
    words = clean(text, limit=NAME_LIMIT) or ""
    found = _people(turn, words) if words else []
    if len(found) != 1:
        raise BadAnswer("plan_nobody", words=words)
    return found[0].value


def _offer_changes(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(key, f"life_change.{key}") for key in CHANGES]


def _finish(turn: Turn, answers: Answers) -> None:
    resident_id = str(answers.get("whom"))
    if not resident_id.isdigit():
        raise NotAllowed
    told = tell_change(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        resident_id=int(resident_id),
        kind=str(answers.get("kind")),
    )
    turn.say(
        "change_told",
        buttons=[[Button("change.back", press_data("change", "back", told.id, told.version))]],
        card=f"change:{told.id}",
        keyboard=None,
        is_own=present(turn).id == int(resident_id),
        name=get_person(turn.session, person_id=int(resident_id)).name,
        kind=told.kind,
        until=f"{told.until}T12:00:00",
        visit_by=told.visit_by.isoformat(),
    )


def _press(turn: Turn, press: Press) -> None:
    if press.act != "back":
        raise TooLate
    plan = take_back_change(
        turn.session,
        now=turn.now,
        actor_id=present(turn).id,
        change_id=press.id,
        version=press.version,
    )
    turn.edit("change_back", card=f"change:{press.id}", name=plan.resident)


FORM = Form(
    topic="change",
    questions=(
        Question(
            key="whom", template="ask_change_whom", options=_offer_people, check=_check_person
        ),
        Question(key="kind", template="ask_change_kind", options=_offer_changes),
    ),
    finish=_finish,
)

TOPIC = Topic(commands={"change": _open}, presses={"change": _press}, forms=(FORM,))
