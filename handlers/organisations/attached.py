"""Those tied to an organisation beside their community, shown as its kind may know them."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.organisations.cards import CARD, reach, staff_of
from handlers.organisations.forms import actor_of, done, name_facts
from handlers.turn import Press, Turn, press_data, read_number
from storage.attachments import (
    PAGE,
    Attached,
    attach,
    detach,
    list_attached,
    may_know_phone,
    open_attached,
)
from storage.choices import Button
from storage.dialogues import Answers
from storage.people import Person
from storage.refusals import Fact, TooLate
from storage.rules.text import clean
from storage.staffing import find_contacts


def press(turn: Turn, press: Press) -> None:
    """A button of the list of those tied to an organisation."""
    actor = staff_of(turn)
    if press.act == "tied":
        _show(turn, actor, press.id, after=read_number(press.extra) or 0)
    elif press.act == "add":
        one = reach(turn, actor, press.id)
        start(turn, ATTACH, {"organisation": str(one.id)})
    elif press.act == "end":
        gone = detach(turn.session, now=turn.now, actor=actor, attachment_id=press.id)
        _show(turn, actor, gone.id)
    elif press.act == "phone":
        contact = open_attached(turn.session, now=turn.now, actor=actor, attachment_id=press.id)
        turn.say("org_phone", name=contact.name, phone=contact.phone)
    else:
        raise TooLate


def _show(turn: Turn, actor: Person, organisation_id: int, *, after: int = 0) -> None:
    one = reach(turn, actor, organisation_id)
    found = list_attached(
        turn.session, now=turn.now, actor=actor, organisation_id=one.id, after=after
    )
    page = found[:PAGE]
    phones = may_know_phone(turn.session, organisation_id=one.id)
    lines = [_buttons(each, phones=phones) for each in page]
    if len(found) > PAGE:
        more = press_data("org_tied", "tied", one.id, 0, str(page[-1].id))
        lines.append([Button("org.after", more)])
    lines.append([Button("org.tie", press_data("org_tied", "add", one.id, 0))])
    lines.append([Button("org.see", press_data("org", "see", one.id, 0))])
    turn.edit(
        "org_attached",
        buttons=lines,
        card=CARD,
        name=one.name,
        names=[each.name for each in page],
        communities=[str(each.facts.get("community") or "") for each in page],
        categories=[str(each.facts.get("category") or "") for each in page],
        grades=[str(each.facts.get("grade") or "") for each in page],
    )


def _buttons(each: Attached, *, phones: bool) -> list[Button]:
    line = [Button("org.untie", press_data("org_tied", "end", each.id, 0), {"name": each.name})]
    if phones:
        line.append(
            Button("org.phone", press_data("org_tied", "phone", each.id, 0), {"name": each.name})
        )
    return line


def _check_person(turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=100) or "").split())
    found = (
        find_contacts(turn.session, actor=actor_of(turn), organisation_id=0, words=name)
        if name
        else []
    )
    exact = [one for one in found if one.name == name] or found
    if len(exact) != 1:
        raise BadAnswer("contact_unknown", several=len(exact) > 1)
    return str(exact[0].person_id)


def _attach(turn: Turn, answers: Answers) -> None:
    organisation_id = int(str(answers["organisation"]))
    attach(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        organisation_id=organisation_id,
        person_id=int(str(answers["person"])),
    )
    done(turn, organisation_id)


ATTACH = Form(
    topic="org_attach",
    questions=(
        Question(key="person", template="ask_org_person", check=_check_person, facts=name_facts),
    ),
    finish=_attach,
)
