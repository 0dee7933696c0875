"""A need with an organisation: what its coordinators, the desk and the resident press."""

from handlers.dialogue import start
from handlers.doors import present
from handlers.needs.cards import card_of, show_desk, show_need
from handlers.needs.desk import referral_forms as forms
from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.needs import NeedCard, organisation_buttons
from storage.needs.referral import (
    confirm_solved,
    deny_solved,
    find_asked,
    get_referred,
    list_for_desk,
    list_for_organisation,
    list_referable,
    organisation_facts,
    refer_need,
    referral_card_of,
    show_referred_contact,
    take_back_referral,
)
from storage.outbox import Wanted
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.referring import ReferralState
from storage.services import works_at

OPENED = {
    "accept": forms.WHEN,
    "date": forms.WHEN,
    "decline": forms.DECLINE,
    "ask": forms.ASK,
    "done": forms.DONE,
}


def press_referral(turn: Turn, press: Press) -> None:
    """A button of a referral; whose it is decides what there is."""
    person = present(turn)
    if press.act in ("list", "desk"):
        _list(turn, press, person)
    elif press.act in ("yes", "no"):
        _settle(turn, press, person)
    elif press.act == "answer":
        _answer(turn, press, person)
    elif press.act == "back":
        _take_back(turn, press, person)
    else:
        _organisation(turn, press, person)


def show_referred(
    turn: Turn, card: NeedCard, *, lead: str | None = None, edit: bool = True
) -> None:
    """Show an organisation a need that was laid before it."""
    speak = turn.edit if edit else turn.say
    had = card.referred
    speak(
        "referral_card",
        buttons=organisation_buttons(card),
        card=referral_card_of(had.id),
        more={**organisation_facts(turn.session, card), "lead": lead},
    )


def _list(turn: Turn, press: Press, person: Person) -> None:
    if not person.is_approved("coordinator"):
        raise NotAllowed
    if press.act == "desk":
        followed = list_for_desk(turn.session, actor=person)
        for card in followed:
            show_desk(turn, card, edit=False)
        if not followed:
            turn.say("referral_desk_nothing", keyboard="menu")
        return
    waiting = list_for_organisation(turn.session, actor=person)
    for card in waiting:
        show_referred(turn, card, edit=False)
    if not waiting:
        turn.say("referral_nothing", keyboard="menu")


def _organisation(turn: Turn, press: Press, person: Person) -> None:
    card = get_referred(turn.session, actor_id=person.id, referral_id=press.id)
    had = card.referred
    works_there = works_at(turn.session, person_id=person.id, organisation_id=had.organisation_id)
    if press.act == "contact" and had.state is ReferralState.ACCEPTED:
        _show_contact(turn, person, referral_id=had.id)
    elif press.version != had.version or press.act not in OPENED:
        show = show_referred if works_there else show_desk
        show(turn, card, lead="need_moved_on")
    else:
        answers = {"referral_id": had.id, "version": had.version, "phoned": not works_there}
        start(turn, OPENED[press.act], answers)


def _show_contact(turn: Turn, person: Person, *, referral_id: int) -> None:
    card, contact, asker = show_referred_contact(
        turn.session, now=turn.now, actor_id=person.id, referral_id=referral_id
    )
    had = card.referred
    turn.say(
        "referral_contact",
        card=f"{referral_card_of(had.id)}:contact",
        # It must not go out once the referral has moved on, however long it had to wait.
        wanted=Wanted("referral", had.id, had.version),
        more={
            **organisation_facts(turn.session, card),
            "name": contact.name if contact else None,
            "phone": contact.phone if contact else None,
            "address": contact.address if contact else None,
            "asker": asker.name if asker else None,
            "asker_phone": asker.phone if asker else None,
        },
    )


def _settle(turn: Turn, press: Press, person: Person) -> None:
    solved = press.act == "yes"
    step = confirm_solved if solved else deny_solved
    card = step(
        turn.session,
        now=turn.now,
        actor_id=person.id,
        referral_id=press.id,
        version=press.version,
    )
    template = "need_solved_own" if solved else "need_unsolved_own"
    turn.edit(template, card=card_of(card.id), more=card.facts)


def _answer(turn: Turn, press: Press, person: Person) -> None:
    card = find_asked(turn.session, actor_id=person.id, referral_id=press.id)
    had = card.referred
    if had.version != press.version or had.state is not ReferralState.ASKED_BACK:
        show_need(turn, card, lead="need_moved_on")
        return
    start(turn, forms.ANSWER, {"referral_id": had.id, "version": had.version})


def _take_back(turn: Turn, press: Press, person: Person) -> None:
    card = take_back_referral(
        turn.session,
        now=turn.now,
        coordinator_id=person.id,
        referral_id=press.id,
        version=press.version,
    )
    turn.edit("referral_taken_back", card=card_of(card.id), more=card.facts)
    show_desk(turn, card, edit=False)


def offer_organisations(turn: Turn, card: NeedCard, *, coordinator_id: int) -> None:
    """Show a coordinator to which organisations a need may go."""
    found = list_referable(
        turn.session, now=turn.now, coordinator_id=coordinator_id, need_id=card.id
    )
    if not found:
        show_desk(turn, card, lead="desk_no_provider")
        return
    lines = [
        [
            Button(
                "desk.refer_to",
                press_data("desk", "give", card.id, card.version, str(one.organisation_id)),
                {"name": one.organisation},
            )
        ]
        for one in found
    ]
    turn.edit("desk_refer", buttons=lines, card=card_of(card.id), more=card.facts)


def refer_to(turn: Turn, press: Press, *, coordinator_id: int) -> None:
    """A coordinator has named the organisation."""
    organisation_id = read_number(press.extra)
    if organisation_id is None:
        raise TooLate
    card = refer_need(
        turn.session,
        now=turn.now,
        coordinator_id=coordinator_id,
        need_id=press.id,
        version=press.version,
        organisation_id=organisation_id,
    )
    show_desk(turn, card)
