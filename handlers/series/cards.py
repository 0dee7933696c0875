"""A service that recurs as a card: when, who, the next visits, and what can be done now."""

from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.needs.series import (
    Series,
    list_missed,
    list_series,
    list_series_of,
    list_visits,
)
from storage.needs.series.cards import PAGE
from storage.people import Person
from storage.refusals import Fact
from storage.rules.holidays import HOLIDAYS

Lines = list[list[Button]]


def show_list(turn: Turn, person: Person, *, after: int = 0) -> None:
    """Every service of one's own, then for staff those of the people they see."""
    own = [] if after else list_series_of(turn.session, person_id=person.id)
    seen = list_series(turn.session, actor=person, after=after) if person.scope else []
    known = {one.id for one in own}
    for one in (*own, *(one for one in seen[:PAGE] if one.id not in known)):
        show_series(turn, one, edit=False)
    if len(seen) > PAGE:
        more = Button("series.more", press_data("series", "more", seen[PAGE - 1].id, 0))
        turn.say("series_more", buttons=[[more]], card="series:list")
    if not own and not seen:
        turn.say("series_none", keyboard="menu")


def show_series(turn: Turn, one: Series, *, lead: str | None = None, edit: bool = True) -> None:
    """Show one service with its next visits."""
    today = turn.session.house.local(turn.now).date()
    visits = list_visits(turn.session, series_id=one.id, since=today)
    missed = list_missed(turn.session, series_id=one.id, since=today)
    facts: dict[str, Fact] = {
        **one.facts,
        "lead": lead,
        "days": [one.moment(turn.session, visit.on).isoformat() for visit in visits],
        "helpers": [visit.helper or "" for visit in visits],
        "states": [visit.state.value for visit in visits],
        "missed": [one.moment(turn.session, each.on).isoformat() for each in missed],
        "reasons": [each.reason for each in missed],
        "next": one.moment(turn.session, one.next_on).isoformat(),
        # The holidays of a year are known from November of the year before.
        "unpublished": one.skips_holidays and not HOLIDAYS.is_published(one.next_on),
    }
    say = turn.edit if edit else turn.say
    say("series_card", buttons=_buttons(turn, one), card=f"series:{one.id}", more=facts)


def _buttons(turn: Turn, one: Series) -> Lines:
    def button(act: str, extra: str = "") -> Button:
        return Button(f"series.{act}", press_data("series", act, one.id, one.version, extra))

    if one.state == "ended":
        return []
    if one.state == "paused":
        return [[button("resume")], [button("move"), button("end")]]
    today = turn.session.house.local(turn.now).date()
    gone = {each.on for each in list_missed(turn.session, series_id=one.id, since=today)}
    ahead = (day for day in one.pattern.dates_from(today) if day not in gone)
    following = next(day for day in ahead if one.moment(turn.session, day) > turn.now)
    skip = Button(
        "series.skip",
        press_data("series", "skip", one.id, one.version, f"{following:%Y%m%d}"),
        {"month": following.month, "day": following.day},
    )
    return [[skip], [button("move"), button("pause")], [button("end")]]
