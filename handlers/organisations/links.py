"""Standing links between institutions on an organisation's card: listed, added, ended."""

from collections.abc import Sequence

from handlers.dialogue import Form, Option, Question, start, words_within
from handlers.organisations.cards import CARD, reach, staff_of
from handlers.organisations.forms import actor_of, check_organisation, done, name_facts
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.links import KINDS, add_link, end_link, list_links
from storage.people import Person
from storage.refusals import Fact, TooLate

NOTE_LIMIT = 200


def press(turn: Turn, press: Press) -> None:
    """A button of the list of links."""
    actor = staff_of(turn)
    if press.act == "end":
        _show(turn, actor, end_link(turn.session, now=turn.now, actor=actor, link_id=press.id))
        return
    one = reach(turn, actor, press.id)
    if press.act == "links":
        _show(turn, actor, one.id)
    elif press.act == "add":
        start(turn, ADD, {"organisation": str(one.id)})
    else:
        raise TooLate


def _show(turn: Turn, actor: Person, organisation_id: int) -> None:
    one = reach(turn, actor, organisation_id)
    found = list_links(turn.session, actor=actor, organisation_id=one.id)
    lines = [
        [Button("org.end_link", press_data("org_link", "end", each.id, 0), {"name": each.other})]
        for each in found
    ]
    lines.append([Button("org.add_link", press_data("org_link", "add", one.id, 0))])
    lines.append([Button("org.see", press_data("org", "see", one.id, 0))])
    turn.edit(
        "org_links",
        buttons=lines,
        card=CARD,
        name=one.name,
        others=[each.other for each in found],
        kinds=[each.kind for each in found],
        since=[each.since.isoformat() for each in found],
        notes=[each.note or "" for each in found],
    )


def _kinds(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(kind, f"link.{kind}") for kind in KINDS]


def _check_note(_turn: Turn, text: str) -> Fact:
    return words_within(text, limit=NOTE_LIMIT)


def _add(turn: Turn, answers: Answers) -> None:
    organisation_id, note = int(str(answers["organisation"])), answers.get("note")
    add_link(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        from_id=organisation_id,
        to_id=int(str(answers["other"])),
        kind=str(answers["kind"]),
        note_words=note if isinstance(note, str) else None,
    )
    done(turn, organisation_id)


ADD = Form(
    topic="org_link",
    questions=(
        Question("other", "ask_org_link_other", check_organisation, facts=name_facts),
        Question("kind", "ask_org_link_kind", options=_kinds),
        Question("note", "ask_org_link_note", _check_note, may_skip=True),
    ),
    finish=_add,
)
