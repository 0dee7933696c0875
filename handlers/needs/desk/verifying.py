"""Verifying a need (核实): one press where it is right, a short form where it is not."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.dialogue.engine import CARD
from handlers.dialogue.form import Condition
from handlers.doors import present
from handlers.needs.cards import card_of, show_desk
from handlers.needs.stating.form import NOT_OFFERED
from handlers.needs.stating.reading import check_words
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import NeedCard, Statement, find_need, get_desk_need
from storage.needs.verification.laying import Outcome, Way, list_to_verify
from storage.needs.verification.verifying import (
    get_to_verify,
    object_to,
    verify_changed,
    verify_refused,
    verify_right,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.areas import SIX_AREAS, Area, Category, categories_of
from storage.rules.lifecycle import NeedState

SAME = "same"


def press_verify(turn: Turn, press: Press) -> None:
    """A button on a need that is to be verified, or on the answer that it was none."""
    person = present(turn)
    if press.act == "object":
        _object(turn, press, person)
        return
    if not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        show_to_verify(turn, person)
        return
    card = get_desk_need(turn.session, coordinator_id=person.id, need_id=press.id)
    if card.version != press.version or card.state is not NeedState.VERIFYING:
        show_desk(turn, card, lead="need_moved_on")
    elif press.act == "right" and press.extra in list(Way):
        done = verify_right(
            turn.session,
            now=turn.now,
            coordinator_id=person.id,
            need_id=card.id,
            version=card.version,
            way=Way(press.extra),
        )
        _say_done(turn, done, edit=True)
    elif press.act == "change":
        start(turn, CHANGE, {"need_id": card.id, "version": card.version})
    elif press.act == "no":
        start(turn, REFUSE, {"need_id": card.id, "version": card.version})
    else:
        raise TooLate


def show_to_verify(turn: Turn, actor: Person) -> None:
    """Show every need that this coordinator is to make sure of, each as a card."""
    waiting = list_to_verify(turn.session, actor=actor)
    for card in waiting:
        show_desk(turn, card, edit=False)
    if not waiting:
        turn.say("verify_nothing", keyboard="menu")


def _object(turn: Turn, press: Press, person: Person) -> None:
    card = object_to(
        turn.session,
        now=turn.now,
        actor_id=person.id,
        need_id=press.id,
        version=press.version,
    )
    turn.edit("need_objected", card=card_of(card.id), more=card.facts)


def _say_done(turn: Turn, card: NeedCard, *, edit: bool) -> None:
    speak = turn.edit if edit else turn.say
    staffed = card.referral is None or not card.referral.with_desk
    speak("verify_done", card=card_of(card.id), more={**card.facts, "staffed": staffed})


def _ways(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [Option(way.value, f"verify_way.{way.value}") for way in Way]


def _outcomes(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [
        Option(one.value, f"verify_outcome.{one.value}")
        for one in (Outcome.NOT_A_NEED, Outcome.DUPLICATE)
    ]


def _areas(turn: Turn, answers: Answers) -> Sequence[Option]:
    areas = [Option(one.value, f"area.{one.value}") for one in (*SIX_AREAS, Area.OTHER)]
    return [Option(SAME, "verify.same_kind"), *areas]


def _kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    kinds = categories_of(Area(str(answers["area"])))
    return [Option(k.value, f"category.{k.value}") for k in kinds if k not in NOT_OFFERED]


def _is_another(same: bool) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return (answers.get("area") == SAME) is same

    return applies


def _before(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    card = find_need(turn.session, need_id=int(str(answers["need_id"])))
    return {"words": card.words if card is not None else ""}


def _still(turn: Turn, answers: Answers) -> NeedCard | None:
    """The need, if it still waits to be verified; else it is shown where it stands."""
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    by = present(turn).id
    card = get_desk_need(turn.session, coordinator_id=by, need_id=int(str(answers["need_id"])))
    if card.version == answers["version"] and card.state is NeedState.VERIFYING:
        return get_to_verify(turn.session, coordinator_id=by, need_id=card.id)
    show_desk(turn, card, lead="need_moved_on", edit=False)
    return None


def _finish_change(turn: Turn, answers: Answers) -> None:
    card = _still(turn, answers)
    if card is None:
        return
    written, kind = answers.get("words"), answers.get("kind")
    done = verify_changed(
        turn.session,
        now=turn.now,
        coordinator_id=present(turn).id,
        need_id=card.id,
        version=card.version,
        way=Way(str(answers["way"])),
        said=Statement(
            Category(kind) if isinstance(kind, str) else card.category,
            card.urgency,
            written if isinstance(written, str) else card.words,
        ),
    )
    _say_done(turn, done, edit=False)


def _finish_refuse(turn: Turn, answers: Answers) -> None:
    card = _still(turn, answers)
    if card is None:
        return
    done = verify_refused(
        turn.session,
        now=turn.now,
        coordinator_id=present(turn).id,
        need_id=card.id,
        version=card.version,
        way=Way(str(answers["way"])),
        outcome=Outcome(str(answers["outcome"])),
        reason=str(answers["reason"]),
    )
    _say_done(turn, done, edit=False)


_HOW = Question("way", "ask_verify_way", options=_ways, columns=3)

CHANGE = Form(
    topic="verify_change",
    questions=(
        _HOW,
        Question("area", "ask_need_area", options=_areas),
        Question(
            "kind", "ask_need_kind", options=_kinds, columns=2, applies=_is_another(same=False)
        ),
        Question("words", "ask_verify_words", check_words, may_skip=True, facts=_before),
    ),
    finish=_finish_change,
)
REFUSE = Form(
    topic="verify_refuse",
    questions=(
        Question("outcome", "ask_verify_outcome", options=_outcomes),
        _HOW,
        Question("reason", "ask_verify_reason", check_words),
    ),
    finish=_finish_refuse,
)
