"""Adding, renaming and moving an organisation, each by one short form."""

from collections.abc import Sequence

from handlers.dialogue import BadAnswer, Form, Option, Question
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.organisations import (
    add_organisation,
    find_by_name,
    find_organisation,
    list_kinds,
    move_organisation,
    rename_organisation,
)
from storage.people import Person
from storage.refusals import Fact, NotAllowed
from storage.rules.text import clean

NAME_LIMIT = 30
# They come with the subdistrict and with each community.
NOT_ADDED = ("county_committee", "subdistrict", "dpf_office", "village_association")


def check_name(turn: Turn, text: str) -> Fact:
    """A name of one line that fits a button."""
    name = " ".join((clean(text, limit=400) or "").split())
    if not name:
        raise BadAnswer("name_empty")
    if len(name) > NAME_LIMIT:
        raise BadAnswer("name_long", limit=NAME_LIMIT)
    return name


def check_organisation(turn: Turn, text: str) -> Fact:
    """The name of an organisation there is, kept as its id."""
    found = find_by_name(turn.session, name=" ".join((clean(text, limit=400) or "").split()))
    if found is None:
        raise BadAnswer("organisation_unknown")
    return str(found.id)


def actor_of(turn: Turn) -> Person:
    """The coordinator who fills the form; raises NotAllowed."""
    if turn.person is None or turn.person.scope is None:
        raise NotAllowed
    return turn.person


def done(turn: Turn, organisation_id: int) -> None:
    """Say that it is kept, with the way to the organisation."""
    one = find_organisation(turn.session, organisation_id=organisation_id)
    turn.say(
        "org_kept",
        buttons=[[Button("org.see", press_data("org", "see", organisation_id, 0))]],
        card=FORM_CARD,
        name=one.name if one else "",
    )


def name_facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    """The organisation that the form is about, by name."""
    known = answers.get("organisation") or answers.get("parent")
    one = (
        find_organisation(turn.session, organisation_id=int(known))
        if isinstance(known, str)
        else None
    )
    return {"name": one.name if one else ""}


def _offer_kinds(turn: Turn, answers: Answers) -> Sequence[Option]:
    return [
        Option(kind.key, "verbatim", {"text": kind.name})
        for kind in list_kinds(turn.session)
        if kind.key not in NOT_ADDED
    ]


def _add(turn: Turn, answers: Answers) -> None:
    added = add_organisation(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        parent_id=int(str(answers["parent"])),
        kind=str(answers["kind"]),
        name=str(answers["name"]),
    )
    done(turn, added)


def _rename(turn: Turn, answers: Answers) -> None:
    organisation_id = int(str(answers["organisation"]))
    rename_organisation(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        organisation_id=organisation_id,
        name=str(answers["name"]),
    )
    done(turn, organisation_id)


def _move(turn: Turn, answers: Answers) -> None:
    organisation_id = int(str(answers["organisation"]))
    move_organisation(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        organisation_id=organisation_id,
        parent_id=int(str(answers["below"])),
    )
    done(turn, organisation_id)


ADD = Form(
    topic="org_add",
    questions=(
        Question(
            key="kind",
            template="ask_org_kind",
            options=_offer_kinds,
            columns=2,
            facts=name_facts,
        ),
        Question(key="name", template="ask_org_name", check=check_name, facts=name_facts),
    ),
    finish=_add,
)
RENAME = Form(
    topic="org_rename",
    questions=(
        Question(key="name", template="ask_org_rename", check=check_name, facts=name_facts),
    ),
    finish=_rename,
)
MOVE = Form(
    topic="org_move",
    questions=(
        Question(key="below", template="ask_org_below", check=check_organisation, facts=name_facts),
    ),
    finish=_move,
)
