"""An organisation's card: can your people take this? One of ours, or not this time."""

from handlers.turn import Press, Turn, press_data, read_number
from storage.choices import Button
from storage.needs import (
    TeamAsked,
    decline_for_team,
    get_team_asked,
    list_team,
    put_forward,
    team_buttons,
)
from storage.people import get_person
from storage.refusals import NotAllowed, TooLate
from storage.rules.lifecycle import NeedMove, may_move


def press_team(turn: Turn, press: Press) -> None:
    """[One of ours], a name, [not this time]; a late press is told how it stands."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    by = turn.person.id
    one = get_team_asked(turn.session, actor_id=by, asked_id=press.id)
    over = one.state != "asked" or not may_move(one.card.state, NeedMove.CLAIM)
    if over or one.version != press.version or press.act == "back":
        _show(turn, one, lead="need_moved_on" if press.act != "back" else None)
    elif press.act == "put":
        _show_people(turn, one, by=by)
    elif press.act == "one":
        _put(turn, press, by=by)
    elif press.act == "no":
        mine = {"actor_id": by, "asked_id": one.id, "version": press.version}
        said = decline_for_team(turn.session, now=turn.now, **mine)
        turn.edit("team_declined", card=_card(one), more=said.facts)
    else:
        raise TooLate


def _card(one: TeamAsked) -> str:
    return f"team:{one.id}"


def _show(turn: Turn, one: TeamAsked, *, lead: str | None) -> None:
    template = "team_asked" if team_buttons(one) else "team_over"
    more = {**one.facts, "state": one.card.state.value, "lead": lead}
    turn.edit(template, buttons=team_buttons(one), card=_card(one), more=more)


def _show_people(turn: Turn, one: TeamAsked, *, by: int) -> None:
    _, found = list_team(turn.session, now=turn.now, actor_id=by, asked_id=one.id)
    lines = [
        [
            Button(
                "desk.person",
                press_data("team", "one", one.id, one.version, str(who.person_id)),
                {"name": who.name, "community": who.community or "-", "tasks": who.tasks},
            )
        ]
        for who in found
    ]
    lines.append([Button("team.back", press_data("team", "back", one.id, one.version))])
    turn.edit("team_people", buttons=lines, card=_card(one), count=len(found), more=one.facts)


def _put(turn: Turn, press: Press, *, by: int) -> None:
    volunteer_id = read_number(press.extra)
    if volunteer_id is None:
        raise TooLate
    one = put_forward(
        turn.session,
        now=turn.now,
        actor_id=by,
        asked_id=press.id,
        version=press.version,
        volunteer_id=volunteer_id,
    )
    name = get_person(turn.session, person_id=volunteer_id).name
    turn.edit("team_put_forward", card=_card(one), name=name, more=one.facts)
