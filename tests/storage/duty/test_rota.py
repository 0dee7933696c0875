"""The rota: filled, refused, copied on, holes said days before, who is on told on Monday."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from storage.database import Database, Session
from storage.duty import (
    copy_round,
    fill_slot,
    list_duty,
    list_holed,
    look_over_rotas,
    open_rota,
    stop_rota,
)
from storage.duty.refusals import (
    AwayThen,
    NeedsReason,
    NothingToCopy,
    NotThere,
    RotaMoved,
    SlotOver,
)
from storage.office.duty_weeks import tell_duty_weeks
from storage.people import Person
from storage.refusals import NotAllowed
from storage.rules.duty import DAY, WEEK, Part, Reason, Span, week_of
from storage.staffing.handing_over import hand_over
from storage.tables import duty_hole, outbox, role, rota
from tests.storage.duty.conftest import HE, here, put_away
from tests.storage.residents import heard
from tests.storage.town import SUN, WANG, Town

# Wednesday, ten in the morning in Shanghai.
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
THIS = week_of(date(2026, 11, 25))
NEXT = week_of(date(2026, 11, 30))


def fill(town: Town, name: str | None, span: Span, *, by: str = "孙丽", **more: object) -> None:
    values: dict[str, object] = {"version": 0, **more}
    town.database.do(
        fill_slot,
        now=town.now,
        actor=town[by],
        organisation_id=here(town),
        span=span,
        person_id=town.people[name] if name else None,
        **values,  # type: ignore[arg-type]
    )


def on_duty(town: Town) -> set[str]:
    found = town.database.do(list_duty, now=town.now, about=town.people["陈素芬"])
    return {one.name for one in found}


def said(town: Town, chat: int) -> list[str]:
    return town.database.do(lambda session: heard(session, chat))


def test_who_works_there_or_above_fills_it_and_nobody_else(town: Town) -> None:
    fill(town, "何敏", THIS)
    assert on_duty(town) == {"王珊", "何敏"}
    assert said(town, HE) == ["duty_placed"]
    fill(town, "孙丽", NEXT, by="王珊")
    for stranger in ("钱进", "陈素芬"):
        with pytest.raises(NotAllowed):
            fill(town, "何敏", week_of(THIS.first + 2 * WEEK), by=stranger)


def test_what_cannot_be_is_refused_with_its_reason(town: Town) -> None:
    with pytest.raises(NotThere):
        fill(town, "钱进", THIS)
    put_away(town, "何敏", days=30)
    with pytest.raises(AwayThen):
        fill(town, "何敏", THIS)
    for wrong in (
        Span(THIS.first - WEEK, THIS.last - WEEK),
        Span(THIS.first, THIS.last, Part.NIGHT),
        Span(THIS.first + DAY, THIS.last + DAY),
        week_of(THIS.first + 40 * WEEK),
    ):
        with pytest.raises(SlotOver):
            fill(town, "孙丽", wrong)
    with pytest.raises(NothingToCopy):
        town.database.do(copy_round, now=town.now, actor=town["孙丽"], organisation_id=here(town))


def test_somebody_elses_slot_is_taken_with_a_reason_only_and_both_hear_of_it(town: Town) -> None:
    fill(town, "何敏", THIS)
    with pytest.raises(NeedsReason):
        fill(town, "孙丽", THIS, version=1)
    with pytest.raises(RotaMoved):
        fill(town, "孙丽", THIS, version=7, reason=Reason.ILL)
    fill(town, "孙丽", THIS, by="王珊", version=1, reason=Reason.ILL)
    assert said(town, HE)[-1] == "duty_freed"
    assert said(town, SUN)[-1] == "duty_placed"
    # One's own slot is given up without one.
    fill(town, None, THIS, version=2)
    assert on_duty(town) == {"王珊", "孙丽", "何敏"}


def test_a_part_of_a_day_goes_before_the_day_and_the_day_before_the_week(town: Town) -> None:
    today = THIS.first + 2 * DAY
    fill(town, "何敏", THIS)
    fill(town, "孙丽", Span(today, today))
    fill(town, "何敏", Span(today, today, Part.NIGHT))
    assert on_duty(town) == {"王珊", "孙丽"}
    town.now += timedelta(hours=12)  # ten in the evening
    assert on_duty(town) == {"王珊", "何敏"}
    town.now += timedelta(hours=9)  # seven in the morning: still the night's
    assert on_duty(town) == {"王珊", "何敏"}


def test_the_last_round_goes_on_in_the_weeks_that_are_shown(town: Town) -> None:
    fill(town, "何敏", THIS)
    fill(town, "孙丽", NEXT)
    filled = town.database.do(
        copy_round, now=town.now, actor=town["孙丽"], organisation_id=here(town)
    )
    assert filled == [(THIS.first + 2 * WEEK, "何敏"), (THIS.first + 3 * WEEK, "孙丽")]


def test_a_hole_is_said_seven_and_two_days_before_and_then_to_the_office(town: Town) -> None:
    fill(town, "何敏", THIS)
    due = datetime(2026, 11, 25, 3, tzinfo=UTC)  # the hour after
    town.database.do(lambda session: session.change(update(outbox).values(state="sent")))
    _look(town, due)
    # Next Monday is five days off: the village hears it, the office does not yet.
    assert said(town, SUN) == ["duty_holes"]
    assert said(town, WANG) == []
    assert town.database.do(list_holed, actor=town["孙丽"])[0][2] == NEXT.first
    _look(town, due + timedelta(hours=1))
    assert said(town, SUN) == ["duty_holes"]
    _look(town, datetime(2026, 11, 28, 1, tzinfo=UTC))
    assert said(town, SUN).count("duty_holes") == 2
    assert "duty_holes" in said(town, WANG)
    _look(town, datetime(2026, 11, 29, 1, tzinfo=UTC))
    assert said(town, SUN).count("duty_holes") == 2
    fill(town, "孙丽", NEXT)
    holed = town.database.do(list_holed, actor=town["王珊"])
    assert not holed or holed[0][2] > NEXT.last
    # An ended role, or leave, makes a hole again, and it is said within the hour.
    town.database.do(
        lambda session: session.change(
            update(role).where(role.c.person_id == town.people["孙丽"]).values(state="ended")
        )
    )
    before = said(town, HE).count("duty_holes")
    _look(town, datetime(2026, 11, 29, 2, tzinfo=UTC))
    assert said(town, HE).count("duty_holes") == before + 1


def test_leave_frees_the_slot_and_it_is_said_at_once_also_on_the_day(town: Town) -> None:
    fill(town, "何敏", THIS)
    fill(town, "孙丽", NEXT)
    put_away(town, "何敏", days=2)
    assert on_duty(town) == {"王珊", "孙丽"}
    _look(town, datetime(2026, 11, 25, 3, tzinfo=UTC))
    assert said(town, SUN)[-1] == "duty_holes"
    assert said(town, WANG)[-1] == "duty_holes"


def test_a_statutory_day_needs_somebody_by_name(town: Town) -> None:
    town.now = datetime(2026, 12, 30, 2, tzinfo=UTC)
    new_year = week_of(date(2027, 1, 1))
    fill(town, "何敏", new_year)
    shown = town.database.do(
        open_rota, now=town.now, actor=town["孙丽"], organisation_id=here(town)
    )
    assert shown.weeks[0].holidays == (date(2027, 1, 1),)
    assert [hole.day for hole in shown.weeks[0].holes] == [date(2027, 1, 1)]
    town.now = datetime(2027, 1, 1, 4, tzinfo=UTC)
    assert on_duty(town) == {"王珊", "孙丽", "何敏"}
    fill(town, "孙丽", Span(date(2027, 1, 1), date(2027, 1, 1)))
    assert on_duty(town) == {"王珊", "孙丽"}


def test_on_monday_those_on_duty_and_their_colleagues_hear_who_it_is(town: Town) -> None:
    fill(town, "何敏", NEXT)
    town.now = datetime(2026, 11, 30, 0, 29, tzinfo=UTC)
    assert not tell_duty_weeks(town.database, now=town.now)
    town.now += timedelta(minutes=1)
    while tell_duty_weeks(town.database, now=town.now):
        pass
    assert said(town, HE)[-1] == "duty_week_mine"
    assert said(town, SUN)[-1] == "duty_week"
    assert "duty_week" not in said(town, WANG)
    assert not tell_duty_weeks(town.database, now=town.now)


def test_a_rota_that_is_given_up_warns_no_more(town: Town) -> None:
    fill(town, "何敏", THIS)
    actor: Person = town["孙丽"]
    town.database.do(stop_rota, now=town.now, actor=actor, organisation_id=here(town))
    assert on_duty(town) == {"王珊", "孙丽", "何敏"}
    assert not look_over_rotas(town.database, now=town.now + timedelta(days=9))
    with pytest.raises(RotaMoved):
        town.database.do(stop_rota, now=town.now, actor=actor, organisation_id=here(town))
    # Filled again it is kept again.
    fill(town, "孙丽", NEXT)
    assert town.database.do(lambda session: session.value(select(rota.c.state))) == "kept"


def _look(town: Town, moment: datetime) -> None:
    town.now = moment

    def wake(session: Session) -> None:
        session.change(update(rota).values(next_look_at=moment))

    town.database.do(wake)
    while look_over_rotas(town.database, now=moment):
        pass
    assert town.database.do(lambda session: session.value(select(duty_hole.c.day))) is not None


@pytest.fixture
def town(duty_town: Town) -> Town:
    duty_town.now = NOW
    return duty_town


def test_the_database_itself_refuses_two_rows_for_one_slot(town: Town, database: Database) -> None:
    fill(town, "何敏", THIS)
    with pytest.raises(RotaMoved):
        fill(town, "孙丽", THIS, version=0)


def test_slots_go_to_the_colleague_who_takes_over(town: Town) -> None:
    fill(town, "何敏", THIS)
    town.database.do(
        hand_over,
        now=town.now,
        actor=town["何敏"],
        person_id=town.people["何敏"],
        to_id=town.people["孙丽"],
        end=True,
    )
    assert on_duty(town) == {"王珊", "孙丽"}


def test_what_the_one_on_duty_left_lying_is_everybodys(town: Town) -> None:
    fill(town, "何敏", THIS)
    found = town.database.do(list_duty, now=town.now, about=town.people["陈素芬"], everyone=True)
    assert {one.name for one in found} == {"王珊", "孙丽", "何敏"}
