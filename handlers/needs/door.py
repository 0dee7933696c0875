"""/door: what is remembered of a door, looked at, changed or forgotten without stating a need."""

from handlers.dialogue import Form, start
from handlers.dialogue.engine import CARD
from handlers.doors import let_in
from handlers.needs.stating.details import ACCESS, FLOOR, MORE, details_in, settle, with_home
from handlers.turn import Press, Turn, press_data
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.needs import keep_access, list_spoken_for
from storage.refusals import NotAllowed, TooLate

DOOR = "door"


def open_door(turn: Turn) -> None:
    """/door: whose, where somebody speaks for several; else the question at once."""
    actor = let_in(turn, DOOR, ("resident", "caregiver"))
    if actor is None:
        return
    spoken = list_spoken_for(turn.session, person_id=actor.id)
    if len(spoken) == 1:
        _ask(turn, spoken[0].resident_id)
        return
    lines = [
        [Button("verbatim", press_data(DOOR, "see", one.resident_id, 0), {"text": one.name})]
        for one in spoken
    ]
    turn.say("door_whose", buttons=lines, card=DOOR)


def press_door(turn: Turn, press: Press) -> None:
    """Whose door it is; storage refuses those whom they do not speak for."""
    person_id = turn.person.id if turn.person is not None else 0
    if press.act != "see":
        raise TooLate
    spoken = list_spoken_for(turn.session, person_id=person_id)
    if press.id not in {one.resident_id for one in spoken}:
        raise NotAllowed
    _ask(turn, press.id)


def _ask(turn: Turn, resident_id: int) -> None:
    asked: Answers = {"review": MORE, "more": "access", "whom": str(resident_id)}
    start(turn, FORM, with_home(turn, asked))


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    if turn.person is None:
        raise NotAllowed
    told = details_in(settle(turn, answers))
    keep_access(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        person_id=int(str(answers["whom"])),
        access=told.access,
        floor=told.floor,
    )
    turn.say("door_kept", keyboard="menu", kept=bool(told.access))


FORM = Form(topic=DOOR, questions=(ACCESS, FLOOR), finish=_finish)
