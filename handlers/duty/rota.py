"""The rota shown: the weeks ahead, one week day by day, and the rotas that have holes."""

from handlers.duty.slots import read_day, write_day, write_span
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.duty import Rota, list_holed, list_rotas, open_rota, open_week, stop_rota
from storage.people import Person
from storage.refusals import Fact, NotAllowed
from storage.rules.duty import Part, Span, in_runs, week_of

CARD = "duty"
# Older rotas would push the weeks off a phone's screen.
ROTAS_AT_ONCE = 20


def staff(turn: Turn) -> Person:
    """Return who is here, if they are staff."""
    if turn.person is None or not turn.person.is_approved("coordinator"):
        raise NotAllowed
    return turn.person


def show(turn: Turn, organisation_id: int, *, edit: bool = False) -> None:
    """The weeks ahead, each with its button."""
    actor = staff(turn)
    shown = open_rota(turn.session, now=turn.now, actor=actor, organisation_id=organisation_id)
    say = turn.edit if edit else turn.say
    say(
        "duty_rota",
        buttons=[
            *_weeks(shown),
            *_own(shown, actor),
            *_tools(turn, shown, actor),
        ],
        card=CARD,
        more=rota_facts(shown),
    )


def rota_facts(shown: Rota) -> dict[str, Fact]:
    """A rota in plain facts: weeks, and the days inside them by their dates."""
    weeks = shown.weeks
    days = [one for week in weeks for one in week.days]
    # A week that nobody was put into says so itself.
    holes = in_runs(hole for week in weeks if week.shift is not None for hole in week.holes)
    return {
        "organisation": shown.organisation,
        "kept": shown.kept,
        "now_on": list(shown.now_on),
        "firsts": [week.span.first.isoformat() for week in weeks],
        "lasts": [week.span.last.isoformat() for week in weeks],
        "names": [week.shift.name if week.shift else "" for week in weeks],
        "days": [one.span.first.isoformat() for one in days],
        "day_parts": [one.span.part.value for one in days],
        "day_names": [one.name for one in days],
        "holidays": [day.isoformat() for week in weeks for day in week.holidays],
        "hole_firsts": [run.first.isoformat() for run in holes],
        "hole_lasts": [run.last.isoformat() for run in holes],
        "hole_parts": [run.part.value for run in holes],
    }


def _weeks(shown: Rota) -> list[list[Button]]:
    lines = []
    for week in shown.weeks:
        label = "duty.week" if week.shift is not None else "duty.week_empty"
        facts: dict[str, Fact] = {
            "month": str(week.span.first.month),
            "day": str(week.span.first.day),
            "name": week.shift.name if week.shift is not None else "",
        }
        data = press_data("duty", "week", shown.organisation_id, 0, write_day(week.span.first))
        lines.append([Button(label, data, facts)])
    return lines


def _own(shown: Rota, actor: Person) -> list[list[Button]]:
    """My own slots, each to be swapped."""
    mine = [
        one
        for week in shown.weeks
        for one in (*((week.shift,) if week.shift else ()), *week.days)
        if one.person_id == actor.id
    ]
    return [
        [
            Button(
                "duty.swap",
                press_data("duty", "swap", one.id, one.version),
                {"month": str(one.span.first.month), "day": str(one.span.first.day)},
            )
        ]
        for one in mine[:4]
    ]


def _tools(turn: Turn, shown: Rota, actor: Person) -> list[list[Button]]:
    lines = []
    place = shown.organisation_id
    if shown.kept:
        lines.append([Button("duty.copy", press_data("duty", "copy", place, 0))])
        lines.append([Button("duty.stop", press_data("duty", "stop", place, 0))])
    others = [one for one, _ in list_rotas(turn.session, actor=actor) if one != place]
    if others:
        lines.append([Button("duty.others", press_data("duty", "others", 0, 0))])
    return lines


def _show(turn: Turn, press: Press) -> None:
    show(turn, press.id, edit=True)


def _week(turn: Turn, press: Press) -> None:
    show_week(turn, press.id, press.extra)


def show_week(turn: Turn, organisation_id: int, first: str) -> None:
    """One week day by day: the whole of it, or one day, is filled from here."""
    day = read_day(first)
    week, days = open_week(
        turn.session, now=turn.now, actor=staff(turn), organisation_id=organisation_id, day=day
    )
    today = turn.session.house.local(turn.now).date()
    whole = press_data("duty", "who", organisation_id, 0, write_span(week.span))
    lines = [[Button("duty.whole_week", whole)]]
    lines += [
        [
            Button(
                "duty.one_day",
                press_data("duty", "day", organisation_id, 0, write_day(one.day)),
                {"month": str(one.day.month), "day": str(one.day.day)},
            )
        ]
        for one in days
        if one.day >= today
    ]
    lines.append([Button("duty.back", press_data("duty", "show", organisation_id, 0))])
    turn.edit(
        "duty_week_days",
        buttons=lines,
        card=CARD,
        first=week.span.first.isoformat(),
        last=week.span.last.isoformat(),
        days=[one.day.isoformat() for one in days],
        by_day=[one.by_day or "" for one in days],
        by_night=[one.by_night or "" for one in days],
        holidays=[one.day.isoformat() for one in days if one.holiday],
    )


def _day(turn: Turn, press: Press) -> None:
    """The whole day, or its day or night only."""
    day = read_day(press.extra)
    lines = [
        [
            Button(
                f"duty.{part.value}",
                press_data("duty", "who", press.id, 0, write_span(Span(day, day, part))),
            )
        ]
        for part in Part
    ]
    back = press_data("duty", "week", press.id, 0, write_day(week_of(day).first))
    staff(turn)
    turn.edit(
        "duty_day",
        buttons=[*lines, [Button("duty.back_week", back)]],
        card=CARD,
        day=day.isoformat(),
    )


def _holes(turn: Turn, press: Press) -> None:
    """The rotas with empty slots, the soonest first."""
    found = list_holed(turn.session, actor=staff(turn))
    lines = [
        [Button("verbatim", press_data("duty", "show", one, 0), {"text": name})]
        for one, name, _, _ in found[:ROTAS_AT_ONCE]
    ]
    turn.edit(
        "duty_holed" if found else "office_nothing",
        buttons=lines or [[Button("office.list", press_data("office", "list", 0, 0))]],
        card=CARD,
        more={
            "names": [name for _, name, _, _ in found[:ROTAS_AT_ONCE]],
            "days": [first.isoformat() for _, _, first, _ in found[:ROTAS_AT_ONCE]],
            "counts": [str(count) for _, _, _, count in found[:ROTAS_AT_ONCE]],
        }
        if found
        else None,
    )


def _others(turn: Turn, press: Press) -> None:
    """Other rotas within sight."""
    found = list_rotas(turn.session, actor=staff(turn))
    lines = [
        [Button("verbatim", press_data("duty", "show", one, 0), {"text": name})]
        for one, name in found[:ROTAS_AT_ONCE]
    ]
    turn.edit("duty_others", buttons=lines, card=CARD, count=len(found))


def _stop(turn: Turn, press: Press) -> None:
    """Asked once more: afterwards all who work there are on duty again."""
    actor = staff(turn)
    shown = open_rota(turn.session, now=turn.now, actor=actor, organisation_id=press.id)
    turn.edit(
        "duty_ask_stop",
        buttons=[
            [Button("duty.stop_yes", press_data("duty", "stop_yes", press.id, 0))],
            [Button("duty.back", press_data("duty", "show", press.id, 0))],
        ],
        card=CARD,
        organisation=shown.organisation,
    )


def _stop_yes(turn: Turn, press: Press) -> None:
    stop_rota(turn.session, now=turn.now, actor=staff(turn), organisation_id=press.id)
    turn.edit("duty_stopped", card=CARD)


ACTS = {
    "show": _show,
    "week": _week,
    "day": _day,
    "holes": _holes,
    "others": _others,
    "stop": _stop,
    "stop_yes": _stop_yes,
}
