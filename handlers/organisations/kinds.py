"""Kinds of organisations: the office renames them and adds its own."""

from handlers.dialogue import Form, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.organisations.cards import CARD, staff_of
from handlers.organisations.forms import actor_of, check_name
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.organisations import add_kind, list_kinds, rename_kind
from storage.refusals import NotAllowed, TooLate


def press(turn: Turn, press: Press) -> None:
    """A button of the list of kinds."""
    actor = staff_of(turn)
    if not actor.is_office:
        raise NotAllowed
    kinds = list_kinds(turn.session)
    if press.act == "list":
        flat = [
            Button("verbatim", press_data("org_kind", "rename", at, 0), {"text": kind.name})
            for at, kind in enumerate(kinds)
        ]
        turn.edit(
            "org_kinds",
            buttons=[
                *[flat[at : at + 2] for at in range(0, len(flat), 2)],
                [Button("org.kind_add", press_data("org_kind", "add", 0, 0))],
                [Button("org.root", press_data("org", "root", 0, 0))],
            ],
            card=CARD,
        )
    elif press.act == "add":
        start(turn, NAME)
    elif press.act == "rename" and press.id < len(kinds):
        start(turn, NAME, {"kind": kinds[press.id].key})
    else:
        raise TooLate


def _keep(turn: Turn, answers: Answers) -> None:
    name, kind = str(answers["name"]), answers.get("kind")
    actor = actor_of(turn)
    if isinstance(kind, str):
        rename_kind(turn.session, now=turn.now, actor=actor, key=kind, name=name)
    else:
        add_kind(turn.session, now=turn.now, actor=actor, name=name)
    turn.say(
        "org_kept",
        buttons=[[Button("org.kinds", press_data("org_kind", "list", 0, 0))]],
        card=FORM_CARD,
        name=name,
    )


NAME = Form(
    topic="org_kind",
    questions=(Question(key="name", template="ask_org_kind_name", check=check_name),),
    finish=_keep,
)
