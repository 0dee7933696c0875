"""A service of the catalogue is asked for: a need of its kind, for its provider first."""

from collections.abc import Mapping

from handlers.dialogue import Form, Question, start
from handlers.doors import present
from handlers.needs.stating.form import FORM as NEED
from handlers.needs.stating.reading import check_words
from handlers.needs.stating.understanding import taken
from handlers.turn import Press, Turn
from storage.dialogues import Answers
from storage.needs import list_spoken_for
from storage.refusals import Fact, NotAllowed, TooLate
from storage.services import Service, find_service


def press_wish(turn: Turn, press: Press) -> None:
    """“Ask for this”: for residents, and those who speak for them."""
    person = present(turn)
    if not list_spoken_for(turn.session, person_id=person.id):
        raise NotAllowed
    one = _open(turn, press.id)
    start(turn, WISH, {"service": one.id})


def _open(turn: Turn, service_id: int) -> Service:
    one = find_service(turn.session, service_id=service_id)
    if one is None or one.state not in ("unconfirmed", "active"):
        raise TooLate
    return one


def _of(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    one = find_service(turn.session, service_id=int(str(answers["service"])))
    return {
        "category": one.category.value if one else "",
        "organisation": one.organisation if one else "",
    }


def _finish(turn: Turn, answers: Answers) -> None:
    one = _open(turn, int(str(answers["service"])))
    read = taken(turn, str(answers["words"]))
    start(
        turn,
        NEED,
        read | {"category": one.category.value, "settled": True, "service": one.id},
    )


WISH = Form(
    topic="wish",
    questions=(Question("words", "ask_wish_words", check_words, facts=_of),),
    finish=_finish,
)
