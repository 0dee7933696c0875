"""A coordinator's buttons on a need that came to the desk."""

from handlers.dialogue import Form, Question, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import card_of, show_desk
from handlers.needs.desk.referrals import offer_organisations, refer_to
from handlers.needs.desk.why import ask_name, show_why
from handlers.needs.stating.reading import check_words
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button, close_card
from storage.dialogues import Answers
from storage.needs import (
    Late,
    NeedCard,
    ask_again,
    assign_need,
    choose_willing,
    close_need_by_staff,
    get_desk_need,
    list_assignable,
    list_choosable,
    list_desk,
    list_late,
    list_willing,
    mark_small,
    open_phones,
    take_back,
)
from storage.people import Person, get_person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.lifecycle import UNFINISHED


def press_desk(turn: Turn, press: Press) -> None:
    """A button of the desk; for anybody but a coordinator nothing is there."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "list":
        show_waiting(turn, turn.person)
        return
    if press.act == "willing":
        _show_choosable(turn, turn.person)
        return
    if press.act == "overdue":
        show_late(turn, turn.person)
        return
    by = turn.person.id
    card = get_desk_need(turn.session, coordinator_id=by, need_id=press.id)
    if press.act == "phone":
        _show_phones(turn, card, coordinator_id=by)
    elif press.act == "see":
        show_desk(turn, card, edit=False)
    elif press.act == "why":
        show_why(turn, card, coordinator_id=by)
    elif press.act == "whynot":
        ask_name(turn, card)
    elif press.version != card.version or card.state not in UNFINISHED:
        show_desk(turn, card, lead="need_moved_on")
    elif press.act == "assign":
        _offer_names(turn, card, coordinator_id=by)
    elif press.act == "refer":
        offer_organisations(turn, card, coordinator_id=by)
    elif press.act == "give":
        refer_to(turn, press, coordinator_id=by)
    elif press.act == "to":
        _assign(turn, press, coordinator_id=by)
    elif press.act in ("small", "long"):
        _mark(turn, press, coordinator_id=by)
    elif press.act == "choose":
        _offer_willing(turn, card, coordinator_id=by)
    elif press.act == "one":
        _choose(turn, press, coordinator_id=by)
    elif press.act == "close":
        start(turn, CLOSE, {"need_id": card.id, "version": card.version})
    else:
        _ask_or_free(turn, press, coordinator_id=by)


def show_waiting(turn: Turn, actor: Person) -> int:
    """Show every need that waits for a coordinator, each as a card; returns how many."""
    waiting = list_desk(turn.session, actor=actor)
    for card in waiting:
        show_desk(turn, card, edit=False)
    if not waiting:
        turn.say("desk_nothing", keyboard="menu")
    return len(waiting)


def show_late(turn: Turn, actor: Person) -> None:
    """Show what is late, the latest first: whose it is now and since when; a press opens one."""
    late, left = list_late(turn.session, actor=actor)
    if not late:
        turn.say("overdue_none", keyboard="menu")
        return
    turn.say(
        "overdue_list",
        # A department learns what waits for it, not of whom.
        residents=[one.resident if one.is_seen else "" for one in late],
        communities=[one.community or "" for one in late],
        categories=[one.category for one in late],
        states=[one.state for one in late],
        levels=[one.level for one in late],
        owners=[one.owner or "" for one in late],
        since=[one.since.isoformat() for one in late],
        left=left,
        buttons=[[_late_button(turn, one)] for one in late if one.is_seen],
        card="overdue",
    )


def _late_button(turn: Turn, one: Late) -> Button:
    """Name and kind: one resident may have two needs that are late."""
    kind = turn.wording.label(f"category.{one.category}", language=turn.language)
    facts: dict[str, Fact] = {"name": one.resident, "category": kind}
    return Button("desk.late", press_data("desk", "see", one.need_id, 0), facts)


def _show_phones(turn: Turn, card: NeedCard, *, coordinator_id: int) -> None:
    resident, helper = open_phones(
        turn.session, now=turn.now, coordinator_id=coordinator_id, need_id=card.id
    )
    turn.say(
        "desk_phones",
        resident=resident.name,
        phone=resident.phone,
        address=resident.address,
        volunteer=helper.name if helper else None,
        volunteer_phone=helper.phone if helper else None,
    )


def _offer_names(turn: Turn, card: NeedCard, *, coordinator_id: int) -> None:
    found = list_assignable(
        turn.session, now=turn.now, coordinator_id=coordinator_id, need_id=card.id
    )
    if not found:
        show_desk(turn, card, lead="desk_nobody")
        return
    lines = [
        [
            Button(
                "desk.person" if one.suits else "desk.person_without_skill",
                press_data("desk", "to", card.id, card.version, str(one.person_id)),
                {"name": one.name, "community": one.community or "-", "tasks": one.tasks},
            )
        ]
        for one in found
    ]
    more = {**card.facts, "asks": not card.shares}
    turn.edit("desk_assign", buttons=lines, card=card_of(card.id), more=more)


def _assign(turn: Turn, press: Press, *, coordinator_id: int) -> None:
    volunteer_id = read_number(press.extra)
    if volunteer_id is None:
        raise TooLate
    card = assign_need(
        turn.session,
        now=turn.now,
        coordinator_id=coordinator_id,
        need_id=press.id,
        version=press.version,
        volunteer_id=volunteer_id,
    )
    name = get_person(turn.session, person_id=volunteer_id).name
    more = {**card.facts, "asked_person": name}
    turn.edit("desk_assigned", card=card_of(card.id), more=more)


def _show_choosable(turn: Turn, actor: Person) -> None:
    """Show every need for which somebody would like to go."""
    found = list_choosable(turn.session, actor=actor)
    for card in found:
        show_desk(turn, card, edit=False)
    if not found:
        turn.say("desk_nobody_willing", keyboard="menu")


def _mark(turn: Turn, press: Press, *, coordinator_id: int) -> None:
    card = mark_small(
        turn.session,
        now=turn.now,
        coordinator_id=coordinator_id,
        need_id=press.id,
        version=press.version,
        small=press.act == "small",
    )
    show_desk(turn, card)


def _offer_willing(turn: Turn, card: NeedCard, *, coordinator_id: int) -> None:
    """Show who would like to go, the best match first, with what speaks for each."""
    found = list_willing(turn.session, now=turn.now, coordinator_id=coordinator_id, need_id=card.id)
    if not found:
        show_desk(turn, card, lead="desk_nobody_willing")
        return
    lines = [
        [
            Button(
                "desk.person",
                press_data("desk", "one", card.id, card.version, str(one.person_id)),
                {"name": one.name, "community": one.community or "-", "tasks": one.tasks},
            )
        ]
        for one in found
    ]
    turn.edit(
        "desk_willing",
        buttons=lines,
        card=card_of(card.id),
        names=[one.name for one in found],
        reasons=[",".join(part for part, _ in one.parts) for one in found],
        more=card.facts,
    )


def _choose(turn: Turn, press: Press, *, coordinator_id: int) -> None:
    volunteer_id = read_number(press.extra)
    if volunteer_id is None:
        raise TooLate
    card = choose_willing(
        turn.session,
        now=turn.now,
        coordinator_id=coordinator_id,
        need_id=press.id,
        version=press.version,
        volunteer_id=volunteer_id,
    )
    turn.edit("desk_chosen", card=card_of(card.id), more=card.facts)


def _ask_or_free(turn: Turn, press: Press, *, coordinator_id: int) -> None:
    steps = {"again": (ask_again, "desk_asked_again"), "free": (take_back, "desk_taken_back")}
    if press.act not in steps:
        raise TooLate
    step, template = steps[press.act]
    card = step(
        turn.session,
        now=turn.now,
        coordinator_id=coordinator_id,
        need_id=press.id,
        version=press.version,
    )
    turn.edit(template, card=card_of(card.id), more=card.facts)


def _finish_closing(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    by, need_id = turn.person.id, int(str(answers["need_id"]))
    before = get_desk_need(turn.session, coordinator_id=by, need_id=need_id)
    if before.version != answers["version"]:
        show_desk(turn, before, lead="need_moved_on", edit=False)
        return
    card = close_need_by_staff(
        turn.session,
        now=turn.now,
        coordinator_id=by,
        need_id=need_id,
        version=before.version,
        words=str(answers["words"]),
    )
    turn.say("desk_closed", card=card_of(need_id), more=card.facts)


CLOSE = Form(
    topic="desk_close",
    questions=(Question("words", "ask_desk_words", check_words),),
    finish=_finish_closing,
)
