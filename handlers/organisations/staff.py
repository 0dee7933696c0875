"""Who works in an organisation: invited by code, ended after handing over; whom to turn to."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.organisations.cards import CARD, reach, staff_of
from handlers.organisations.forms import actor_of, done, name_facts
from handlers.organisations.handover import FORM as HANDOVER
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.invitations import GOOD_FOR, invite_staff
from storage.organisations import Organisation
from storage.people import Person
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean
from storage.staffing import end_staff, find_contacts, list_staff, name_contact

NOBODY = "nobody"


def press(turn: Turn, press: Press) -> None:
    """A button of the staff's list."""
    actor = staff_of(turn)
    if press.act == "end":
        _end(turn, actor, press)
        return
    one = reach(turn, actor, press.id)
    if press.act == "contact":
        start(turn, CONTACT, {"organisation": str(one.id), "version": one.version})
    elif press.act == "staff":
        _show(turn, actor, one)
    elif press.act in ("coordinator", "leading_group"):
        _invite(turn, actor, one, press.act)
    else:
        raise TooLate


def _show(turn: Turn, actor: Person, one: Organisation) -> None:
    staff = list_staff(turn.session, organisation_id=one.id)
    lines = [
        [
            Button(
                f"org.end_{each.kind}",
                press_data("org_staff", "end", each.person_id, one.id, each.kind),
                {"name": each.name},
            )
        ]
        for each in staff
        if each.person_id != actor.id
    ]
    invite = [Button("org.invite", press_data("org_staff", "coordinator", one.id, 0))]
    if actor.is_office and one.kind in ("subdistrict", "leading_group"):
        invite.append(
            Button("org.invite_group", press_data("org_staff", "leading_group", one.id, 0))
        )
    turn.edit(
        "org_staff",
        buttons=[*lines, invite, [Button("org.see", press_data("org", "see", one.id, 0))]],
        card=CARD,
        name=one.name,
        staff=[each.name for each in staff],
    )


def _invite(turn: Turn, actor: Person, one: Organisation, kind: str) -> None:
    code = invite_staff(turn.session, now=turn.now, actor=actor, organisation_id=one.id, kind=kind)
    turn.say(
        "org_invited",
        name=one.name,
        role=kind,
        code=code,
        hours=int(GOOD_FOR.total_seconds() // 3600),
        bot=turn.bot_name or None,
    )


def _end(turn: Turn, actor: Person, press: Press) -> None:
    """A coordinator's work ends by handing over; a member of the leading group has none."""
    if press.extra == "coordinator":
        start(turn, HANDOVER, {"from": str(press.id)})
        return
    end_staff(turn.session, now=turn.now, actor=actor, person_id=press.id, kind="leading_group")
    _show(turn, actor, reach(turn, actor, press.version))


def _offer_contacts(turn: Turn, answers: Answers) -> Sequence[Option]:
    words = answers.get("words")
    found = find_contacts(
        turn.session,
        actor=actor_of(turn),
        organisation_id=int(str(answers["organisation"])),
        words=words if isinstance(words, str) else "",
    )
    people = [Option(str(one.person_id), "verbatim", {"text": one.name}) for one in found]
    return [*people, Option(NOBODY, "org.nobody")]


def _check_contact(turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=100) or "").split())
    actor = actor_of(turn)
    found = find_contacts(turn.session, actor=actor, organisation_id=0, words=name) if name else []
    if len(found) != 1:
        raise BadAnswer("contact_unknown", several=len(found) > 1)
    return str(found[0].person_id)


def _name(turn: Turn, answers: Answers) -> None:
    chosen, version = str(answers["contact"]), answers["version"]
    if not isinstance(version, int):
        raise NotAllowed
    one = name_contact(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        organisation_id=int(str(answers["organisation"])),
        version=version,
        person_id=None if chosen == NOBODY else int(chosen),
    )
    done(turn, one.id)


CONTACT = Form(
    topic="org_contact",
    questions=(
        Question(
            key="contact",
            template="ask_org_contact",
            options=_offer_contacts,
            check=_check_contact,
            facts=name_facts,
        ),
    ),
    finish=_name,
)
