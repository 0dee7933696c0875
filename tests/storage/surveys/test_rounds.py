"""Rounds: opened within one's own people, asked by batches, reminded twice at most, ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.refusals import NotAllowed, TooLate
from storage.registers import change_profile
from storage.rules.audiences import Audience
from storage.rules.fields import Register
from storage.rules.surveys import Channel
from storage.surveys import (
    NobodyAsked,
    NothingAsked,
    RoundClosed,
    close_round,
    extend_round,
    list_rounds,
    refuse_round,
    stepping,
)
from storage.tables import outbox, person, survey_round
from tests.storage.residents import heard, journalled
from tests.storage.surveys.rounds import (
    answer,
    begin,
    look,
    opened,
    run_until,
    sheet_of,
    state_of,
    step,
    times_asked,
)
from tests.storage.town import CHEN, WANG, ZHOU, Town


def test_everybody_meant_is_asked_and_the_others_are_left_to_the_staff(town: Town) -> None:
    round_id = begin(town)
    step(town)
    with town.database.transaction() as session:
        assert heard(session, CHEN) == heard(session, ZHOU) == ["survey_ask"]
    seen = look(town, round_id)
    assert (seen.coverage.people, seen.by_chat, seen.coverage.outstanding) == (3, 2, 3)
    assert [place.coverage.people for place in seen.places] == [2, 1]


def test_a_coordinator_opens_a_round_for_their_own_people_only(town: Town) -> None:
    with pytest.raises(NotAllowed):
        begin(town, "孙丽", audience=Audience(communities=(town.away,)))
    round_id = begin(town, "孙丽")
    assert look(town, round_id).coverage.people == 2
    with pytest.raises(NotAllowed):
        look(town, round_id, "钱进")
    assert town.database.do(list_rounds, actor=town["钱进"]) == []


def test_only_whose_round_it_is_ends_it(town: Town) -> None:
    round_id = begin(town)
    with pytest.raises(NotAllowed):
        close(town, round_id, who="孙丽")
    assert not look(town, round_id, "孙丽").manages
    own = begin(town, "孙丽")
    assert look(town, own, "孙丽").manages
    close(town, own, who="孙丽")
    close(town, round_id)


def close(town: Town, round_id: int, *, who: str = "王珊", version: int = 1) -> None:
    town.database.do(close_round, now=town.now, actor=town[who], round_id=round_id, version=version)


@pytest.mark.parametrize("who", ["陈素芬"])
def test_whoever_is_not_staff_opens_and_sees_no_round(town: Town, who: str) -> None:
    with pytest.raises(NobodyAsked):
        begin(town, who)
    round_id = begin(town)
    with pytest.raises(NotAllowed):
        look(town, round_id, who)
    with pytest.raises(NotAllowed):
        town.database.do(list_rounds, actor=town[who])
    with pytest.raises(NotAllowed):
        close(town, round_id, who=who)


def test_a_round_asks_something_that_there_is(town: Town) -> None:
    with pytest.raises(NothingAsked):
        begin(town, fields=(), questions=())
    with pytest.raises(NotAllowed):
        begin(town, fields=("shoe_size",))
    with pytest.raises(NotAllowed):
        look(town, 999)
    assert look(town, begin(town, fields=())).fields == 0


def test_many_are_asked_by_batches_also_after_an_outage(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stepping, "BATCH", 1)
    begin(town)
    town.pass_time(hours=3)  # nothing ran meanwhile
    step(town)
    assert times_asked(town, "陈素芬") + times_asked(town, "周小兰") == 1
    run_until(town, minutes=10)
    assert times_asked(town, "陈素芬") + times_asked(town, "周小兰") == 2


def test_nobody_is_asked_outside_working_hours(town: Town) -> None:
    town.pass_time(hours=9)  # seven in the evening
    begin(town)
    step(town)
    assert times_asked(town, "陈素芬") == 0
    run_until(town, hours=15)
    assert times_asked(town, "陈素芬") == 1


def test_a_round_that_slept_into_the_night_waits_for_the_morning(town: Town) -> None:
    begin(town)
    town.pass_time(hours=12)
    step(town)
    assert times_asked(town, "陈素芬") == 0
    run_until(town, hours=12)
    assert times_asked(town, "陈素芬") == 1


@pytest.mark.parametrize("reminders", [0, 1, 2])
def test_whoever_says_nothing_is_reminded_as_often_as_was_said_and_no_more(
    town: Town, reminders: int
) -> None:
    begin(town, reminders=reminders)
    run_until(town, days=29)
    assert times_asked(town, "陈素芬") == 1 + reminders


def test_a_round_about_to_end_reminds_nobody(town: Town) -> None:
    begin(town, closes_at=town.now + timedelta(days=2))
    run_until(town, days=5)
    assert times_asked(town, "陈素芬") == 1


def test_whoever_answered_or_refused_is_left_in_peace(town: Town) -> None:
    begin(town)
    step(town)
    answer(town, "陈素芬", "陈素芬", household_size=3)
    refuse(town, "周小兰")
    run_until(town, days=29)
    assert (times_asked(town, "陈素芬"), times_asked(town, "周小兰")) == (1, 1)
    assert state_of(town, "周小兰") == "refused"
    with pytest.raises(TooLate):
        refuse(town, "周小兰")


def refuse(town: Town, name: str) -> None:
    town.database.do(
        refuse_round,
        now=town.now,
        actor=town[name],
        answer_id=sheet_of(town, name),
        channel=Channel.CHAT,
    )


def test_who_refused_may_still_change_their_mind(town: Town) -> None:
    round_id = begin(town)
    refuse(town, "周小兰")
    answer(town, "周小兰", "周小兰", household_size=2)
    assert look(town, round_id).coverage.answered == 1


def test_a_round_ends_on_its_day_and_its_opener_hears_it(town: Town) -> None:
    round_id = begin(town)
    run_until(town, days=31)
    assert look(town, round_id).state == "closed"
    with town.database.transaction() as session:
        assert heard(session, WANG) == ["survey_closed"]
    with pytest.raises(RoundClosed):
        opened(town, "陈素芬", "陈素芬")


def test_a_closed_round_is_reopened_and_asks_who_was_never_asked(town: Town) -> None:
    round_id = begin(town, reminders=0)
    step(town)
    close(town, round_id)
    with pytest.raises(TooLate):
        close(town, round_id)
    with town.database.transaction() as session:
        town.join(session, "赵敏", "resident", chat=77, community_id=town.home)
    new = extend(town, round_id, version=2)
    assert new == 1
    run_until(town, days=8)
    assert (times_asked(town, "赵敏"), times_asked(town, "陈素芬")) == (1, 1)
    assert look(town, round_id).coverage.people == 4
    with pytest.raises(TooLate):
        extend(town, round_id, version=2)


def extend(town: Town, round_id: int, *, version: int, days: int = 10) -> int:
    return town.database.do(
        extend_round,
        now=town.now,
        actor=town["王珊"],
        round_id=round_id,
        version=version,
        closes_at=town.now + timedelta(days=days),
    )


def test_extending_asks_nobody_more_often_than_was_said(town: Town) -> None:
    round_id = begin(town, reminders=1, closes_at=town.now + timedelta(days=2))
    step(town)
    extend(town, round_id, version=1, days=20)
    run_until(town, days=19)
    assert times_asked(town, "陈素芬") == 2
    with pytest.raises(TooLate):
        extend(town, round_id, version=2, days=-1)


def test_a_message_about_a_closed_round_is_not_wanted_any_more(town: Town) -> None:
    round_id = begin(town)
    step(town)
    close(town, round_id)
    with town.database.transaction() as session:
        wanted = session.value(select(outbox.c.wanted).where(outbox.c.chat_id == CHEN))
        version = session.value(select(survey_round.c.version).where(survey_round.c.id == round_id))
    assert wanted == f"survey_answer:{sheet_of(town, '陈素芬')}:2"
    assert version == 2


def test_whoever_left_the_chat_meanwhile_is_left_to_the_staff(town: Town) -> None:
    round_id = begin(town)
    with town.database.transaction() as session:
        session.change(
            update(person).where(person.c.id == town.people["周小兰"]).values(telegram_id=None)
        )
    step(town)
    assert look(town, round_id).by_chat == 1


def test_a_child_is_never_asked_in_the_chat(town: Town) -> None:
    town.database.do(
        change_profile,
        now=town.now,
        actor=town["王珊"],
        person_id=town.people["陈素芬"],
        values={"born_on": "2015-06-01"},
        ground="staff",
    )
    round_id = begin(town)
    run_until(town, days=10)
    assert times_asked(town, "陈素芬") == 0
    assert look(town, round_id).by_chat == 1


def test_opening_closing_and_extending_stand_in_the_journal(town: Town) -> None:
    round_id = begin(town)
    close(town, round_id)
    extend(town, round_id, version=2)
    with town.database.transaction() as session:
        for what in ("survey_opened", "survey_closed", "survey_extended"):
            assert journalled(session, what) == 1


def test_a_round_about_volunteers_asks_volunteers(town: Town) -> None:
    with pytest.raises(NobodyAsked):
        begin(
            town,
            register=Register.VOLUNTEER,
            fields=("skills",),
            audience=Audience(roles=("volunteer",)),
        )
