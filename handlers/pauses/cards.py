"""The card of a pause: what goes on around the person, and what may be done about it."""

from handlers.doors import present
from handlers.pauses import volunteers
from handlers.turn import Press, Turn, press_data, read_number
from storage.check_ins import stop_check_in
from storage.choices import Button
from storage.needs import cancel_need
from storage.pauses import (
    Around,
    PauseCard,
    end_pause,
    get_card,
    list_people,
    look_around,
    move_resident,
    tell_staff,
    undo_pause,
)
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.pauses import FOR_GOOD

Lines = list[list[Button]]


def card_of(card: PauseCard) -> str:
    """The name under which a pause's choices stand."""
    return f"pause:{card.id}"


def show_card(turn: Turn, card: PauseCard, *, edit: bool = True, lead: str | None = None) -> None:
    """Show the pause as it stands, with what goes on around it to those who decide that."""
    person = present(turn)
    staff = person.is_approved("coordinator")
    around = look_around(turn.session, people=list_people(turn.session, card))
    facts = {**card.facts, **around.facts, "own": card.person_id == person.id, "staff": staff}
    if lead is not None:
        facts["lead"] = lead
    show = turn.edit if edit else turn.say
    show("pause_card", buttons=_buttons(card, around, staff=staff), card=card_of(card), more=facts)


def tell_on(turn: Turn, card: PauseCard) -> None:
    """Whoever is not staff has said so: those on duty see it, with what they may decide."""
    around = look_around(turn.session, people=list_people(turn.session, card))
    tell_staff(
        turn.session,
        now=turn.now,
        card=card,
        around=around,
        buttons=_buttons(card, around, staff=True),
        without=present(turn).id,
    )


def _buttons(card: PauseCard, around: Around, *, staff: bool) -> Lines:
    if not card.is_live or card.is_settled:
        return []
    lines: Lines = []
    if staff and card.reason not in FOR_GOOD:
        lines += [
            [Button("pause.stop_call", press_data("pause", "call", card.id, number))]
            for number, _ in around.check_ins
        ]
        lines += [
            [
                Button(
                    "pause.cancel_need",
                    press_data("pause", "need", card.id, one.version, str(one.id)),
                    {"number": one.id},
                )
            ]
            for one in around.needs
        ]
    if staff and around.has_alarm:
        lines.append([Button("pause.see_alarm", press_data("alarm", "list", 0, 0))])
    if card.reason not in FOR_GOOD:
        lines.append([Button("pause.back", press_data("pause", "end", card.id, card.version))])
    lines.append([Button("pause.undo", press_data("pause", "undo", card.id, card.version))])
    return lines


def press_pause(turn: Turn, press: Press) -> None:
    """A button of a pause, or of a volunteer's rest."""
    person = present(turn)
    if press.act == "resume":
        volunteers.resume(turn, person)
    elif press.act == "rest":
        volunteers.show_rest(turn, person)
    elif press.act in volunteers.RESTS:
        volunteers.rest(turn, person, press.act)
    elif press.act == "home":
        _move_back(turn, press, person)
    elif press.act in ("end", "undo"):
        act = end_pause if press.act == "end" else undo_pause
        card = act(turn.session, now=turn.now, actor=person, pause_id=press.id)
        show_card(turn, card)
    elif press.act in ("call", "need"):
        _decide(turn, press, person)
    else:
        raise TooLate


def _decide(turn: Turn, press: Press, person: Person) -> None:
    """Staff choose what becomes of the call or the need that was under way."""
    card = get_card(turn.session, actor=person, pause_id=press.id)
    if not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "call":
        stop_check_in(turn.session, now=turn.now, actor_id=person.id, check_in_id=press.version)
    elif (need_id := read_number(press.extra)) is not None:
        cancel_need(
            turn.session,
            now=turn.now,
            actor_id=person.id,
            need_id=need_id,
            version=press.version,
        )
    show_card(turn, card)


def show_moved(
    turn: Turn, *, person_id: int, name: str, community: str, before: int | None
) -> None:
    """Somebody lives in another community now; a slip is taken back on the same card."""
    back = Button("pause.undo", press_data("pause", "home", person_id, before or 0))
    turn.say(
        "pause_moved",
        buttons=[[back]] if before else [],
        card=f"moved:{person_id}",
        name=name,
        community=community,
    )


def _move_back(turn: Turn, press: Press, person: Person) -> None:
    move_resident(
        turn.session, now=turn.now, actor=person, person_id=press.id, community_id=press.version
    )
    turn.edit("pause_moved_back", card=f"moved:{press.id}")
