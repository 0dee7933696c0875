"""The seven actions: who answers for each, changed by the office."""

from handlers.dialogue import BadAnswer, Form, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.organisations.cards import CARD, staff_of
from handlers.organisations.forms import actor_of
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.organisations import find_by_name, list_actions, list_kinds, set_owner
from storage.refusals import Fact, NotAllowed, TooLate
from storage.rules.text import clean


def press(turn: Turn, press: Press) -> None:
    """A button of the list of actions."""
    actor = staff_of(turn)
    if not actor.is_office:
        raise NotAllowed
    actions = list_actions(turn.session)
    if press.act == "list":
        _show(turn)
    elif press.act == "owner" and press.id < len(actions):
        start(turn, OWNER, {"action": actions[press.id].key, "version": actions[press.id].version})
    else:
        raise TooLate


def _show(turn: Turn) -> None:
    actions = list_actions(turn.session)
    turn.edit(
        "org_actions",
        buttons=[
            *[
                [
                    Button(
                        "org.action_owner",
                        press_data("org_action", "owner", at, one.version),
                        {"name": one.name},
                    )
                ]
                for at, one in enumerate(actions)
            ],
            [Button("org.root", press_data("org", "root", 0, 0))],
        ],
        card=CARD,
        names=[one.name for one in actions],
        owners=[one.owner for one in actions],
        each=["yes" if one.by_kind else "" for one in actions],
    )


def _check_owner(turn: Turn, text: str) -> Fact:
    name = " ".join((clean(text, limit=200) or "").split())
    kind = next((one for one in list_kinds(turn.session) if one.name == name), None)
    if kind is not None:
        return f"kind:{kind.key}"
    found = find_by_name(turn.session, name=name)
    if found is None:
        raise BadAnswer("organisation_unknown")
    return str(found.id)


def _facts(turn: Turn, answers: Answers) -> dict[str, Fact]:
    names = {one.key: one.name for one in list_actions(turn.session)}
    return {"name": names.get(str(answers.get("action")), "")}


def _keep(turn: Turn, answers: Answers) -> None:
    owner, version = str(answers["owner"]), answers["version"]
    if not isinstance(version, int):
        raise NotAllowed
    kind = owner.removeprefix("kind:") if owner.startswith("kind:") else None
    set_owner(
        turn.session,
        now=turn.now,
        actor=actor_of(turn),
        key=str(answers["action"]),
        version=version,
        organisation_id=int(owner) if kind is None else None,
        kind=kind,
    )
    turn.say(
        "org_kept",
        buttons=[[Button("org.actions", press_data("org_action", "list", 0, 0))]],
        card=FORM_CARD,
        name=str(_facts(turn, answers)["name"]),
    )


OWNER = Form(
    topic="org_owner",
    questions=(Question(key="owner", template="ask_org_owner", check=_check_owner, facts=_facts),),
    finish=_keep,
)
