"""A person's card: masked at first; staff open it part by part, and change what is missing."""

from handlers.register.change import SECTIONS, offer_fields, part_of, start_change
from handlers.register.words import line_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.people import Person
from storage.person_cards import PersonCard, open_section, see_person_card
from storage.refusals import NotAllowed, TooLate
from storage.rules.fields import Register, get_field


def card_name(person_id: int) -> str:
    """The card whose buttons a newer one of this person replaces."""
    return f"person:{person_id}"


def staff(turn: Turn) -> Person:
    """The one who presses, who must be staff; what they may see is checked with each act."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    return turn.person


def press_person(turn: Turn, press: Press) -> None:
    """Entry: ``press_data("person", "see", person_id, 0)``."""
    actor = staff(turn)
    if press.act == "see":
        show_card(turn, actor, press.id)
    elif press.act == "show":
        _show_section(turn, actor, press)
    elif press.act == "change":
        _offer_sections(turn, actor, press.id)
    elif press.act == "section":
        offer_fields(turn, press)
    elif press.act == "field":
        start_change(turn, actor, press)
    else:
        raise TooLate


def show_card(turn: Turn, actor: Person, person_id: int) -> None:
    """Show the masked card as a new message: it is news, and often much further down."""
    one = see_person_card(turn.session, now=turn.now, actor=actor, person_id=person_id)
    turn.say(
        "person_card",
        buttons=_buttons(one),
        card=card_name(person_id),
        name=one.name,
        community=one.community,
        group=one.group,
        roles=one.roles,
        waiting=one.waiting,
        phone=one.phone,
        certificate=one.certificate,
        state=one.certificate_state.value if one.certificate_state else None,
        expires_on=one.expires_on.isoformat() if one.expires_on else None,
        several=one.several_disabled,
        members=one.members,
        contacts=one.contacts,
        needs=one.needs,
        consents=len(one.consents),
        child=one.child,
        minor=one.minor,
        has_chat=one.has_chat,
    )


def _is_volunteer(one: PersonCard) -> bool:
    return "volunteer" in (*one.roles, *one.waiting)


def _is_only_volunteer(one: PersonCard) -> bool:
    return _is_volunteer(one) and "resident" not in (*one.roles, *one.waiting)


def _registers(one: PersonCard) -> list[Register]:
    found = [] if _is_only_volunteer(one) else [Register.RESIDENT]
    return [*found, Register.VOLUNTEER] if _is_volunteer(one) else found


def _buttons(one: PersonCard) -> list[list[Button]]:
    shows = [
        Button(
            f"person.show_{section}",
            press_data("person", "show", one.person_id, 0, f"{register}.{section}"),
        )
        for register in _registers(one)
        for section in SECTIONS[register]
    ]
    acts = [Button("person.change", press_data("person", "change", one.person_id, 0))]
    if not _is_only_volunteer(one):
        label = "person.certificate" if one.certificate else "person.certificate_add"
        acts.append(Button(label, press_data("certificate", "see", one.person_id, 0)))
        acts.append(Button("person.home", press_data("home", "see", one.person_id, 0)))
        acts.append(Button("door.open", press_data("door", "see", one.person_id, 0)))
    if _is_volunteer(one):
        acts.append(
            Button("person.qualifications", press_data("qualification", "of", one.person_id, 0))
        )
    acts.append(Button("consent.office", press_data("consent", "list", one.person_id, 0)))
    acts.append(Button("erase.signed", press_data("erase", "ask", one.person_id, 0)))
    flat = [*shows, *acts]
    return [flat[at : at + 2] for at in range(0, len(flat), 2)]


def _show_section(turn: Turn, actor: Person, press: Press) -> None:
    register, section = part_of(press.extra)
    known = open_section(
        turn.session,
        now=turn.now,
        actor=actor,
        person_id=press.id,
        register=register,
        section=section,
    )
    turn.say(
        "person_section",
        title=section,
        lines=[line_of(turn, get_field(register, key), value) for key, value in known.items()],
    )


def _offer_sections(turn: Turn, actor: Person, person_id: int) -> None:
    one = see_person_card(turn.session, now=turn.now, actor=actor, person_id=person_id)
    flat = [
        Button(
            f"person.part_{section}",
            press_data("person", "section", person_id, 0, f"{register}.{section}"),
        )
        for register in _registers(one)
        for section in SECTIONS[register]
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    back = [Button("person.back", press_data("person", "see", person_id, 0))]
    turn.say("person_change", buttons=[*lines, back], card=card_name(person_id), name=one.name)
