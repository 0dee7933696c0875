"""Answers: by the person or for them, half filled, refused, both at once; nothing is lost."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select, update

from storage.consents import has_consent, refuse
from storage.looks import LookNeedsApproval
from storage.refusals import NotAllowed, TooLate
from storage.registers import change_profile, open_profile
from storage.rules.audiences import Audience
from storage.rules.fields import Register
from storage.rules.surveys import Channel
from storage.surveys import (
    ConsentWithheld,
    Kept,
    close_round,
    list_lacking,
    note_not_reached,
    open_sheet,
    prefer_mine,
    save_draft,
)
from storage.tables import caregiver, consent, person, role, volunteer
from tests.storage.residents import journalled
from tests.storage.surveys.rounds import (
    answer,
    begin,
    look,
    opened,
    profile,
    sheet_of,
    state_of,
)
from tests.storage.town import Town


def test_what_the_person_says_goes_into_the_register_on_their_own_word(town: Town) -> None:
    round_id = begin(town)
    answer(town, "陈素芬", "陈素芬", household_size=3, employment="farming", reply="yes")
    assert profile(town, "陈素芬") == {"household_size": 3, "employment": "farming"}
    seen = look(town, round_id)
    assert (seen.coverage.answered, seen.coverage.percent) == (1, 33)
    assert [(one.yes, one.no) for one in seen.tallies] == [(1, 0)]
    with town.database.transaction() as session:
        assert journalled(session, "survey_answered") == 1
        assert has_consent(session, person_id=town.people["陈素芬"], purpose="record_disability")


def test_staff_answer_for_somebody_without_a_chat_and_how_is_kept(town: Town) -> None:
    begin(town)
    answer(town, "孙丽", "罗德明", channel=Channel.VISIT, household_size=1)
    assert profile(town, "罗德明") == {"household_size": 1}
    assert state_of(town, "罗德明") == "answered"
    with town.database.transaction() as session:
        assert journalled(session, "profile_seen") == 1


def test_nobody_answers_for_a_stranger_or_beyond_their_own_community(town: Town) -> None:
    begin(town)
    for who in ("周小兰", "钱进"):
        with pytest.raises(NotAllowed):
            opened(town, who, "罗德明")
    with pytest.raises(NotAllowed):
        town.database.do(
            open_sheet, now=town.now, actor=town["王珊"], answer_id=999, channel=Channel.PHONE
        )


def test_a_confirmed_caregiver_answers_for_their_relative(town: Town) -> None:
    begin(town)
    with town.database.transaction() as session:
        session.execute(
            insert(caregiver).values(
                resident_id=town.people["罗德明"],
                caregiver_id=town.people["周小兰"],
                state="confirmed",
                created_at=town.now,
                version=1,
            )
        )
    answer(town, "周小兰", "罗德明", household_size=4)
    assert profile(town, "罗德明") == {"household_size": 4}
    with pytest.raises(NotAllowed):
        town.database.do(
            note_not_reached,
            now=town.now,
            actor=town["周小兰"],
            answer_id=sheet_of(town, "罗德明"),
            channel=Channel.PHONE,
        )


def test_a_childs_sheet_is_opened_by_the_guardian_alone_or_after_an_approved_look(
    town: Town,
) -> None:
    town.database.do(
        change_profile,
        now=town.now,
        actor=town["王珊"],
        person_id=town.people["罗德明"],
        values={"born_on": "2016-05-01"},
        ground="test",
    )
    begin(town)
    with pytest.raises(LookNeedsApproval):
        opened(town, "孙丽", "罗德明", Channel.PHONE)
    with town.database.transaction() as session:
        tie = session.add(
            insert(caregiver).values(
                resident_id=town.people["罗德明"],
                caregiver_id=town.people["周小兰"],
                state="confirmed",
                created_at=town.now,
                version=1,
            )
        )
    with pytest.raises(ConsentWithheld):
        opened(town, "周小兰", "罗德明")
    with town.database.transaction() as session:
        session.change(update(caregiver).where(caregiver.c.id == tie).values(kind="guardian"))
    answer(town, "周小兰", "罗德明", household_size=4)
    with town.database.transaction() as session:
        ground = select(consent.c.ground).where(consent.c.purpose == "record_disability")
        assert session.value(ground) == "guardian"


def test_what_is_half_filled_waits_for_each_hand_apart(town: Town) -> None:
    begin(town)
    for who, size in (("陈素芬", 3), ("孙丽", 4)):
        town.database.do(
            save_draft,
            actor=town[who],
            answer_id=sheet_of(town, "陈素芬"),
            answers={"household_size": size},
        )
    sheets = {
        who: town.database.do(
            open_sheet,
            now=town.now,
            actor=town[who],
            answer_id=sheet_of(town, "陈素芬"),
            channel=Channel.CHAT,
        )
        for who in ("陈素芬", "孙丽")
    }
    assert {who: one.draft for who, one in sheets.items()} == {
        "陈素芬": {"household_size": 3},
        "孙丽": {"household_size": 4},
    }
    assert sheets["陈素芬"].own
    assert not sheets["孙丽"].own
    answer(town, "陈素芬", "陈素芬", household_size=3)
    left = town.database.do(
        open_sheet,
        now=town.now,
        actor=town["孙丽"],
        answer_id=sheet_of(town, "陈素芬"),
        channel=Channel.PHONE,
    )
    assert left.draft == {"household_size": 4}
    assert (left.told_by, left.seen) == ("陈素芬", 1)


def test_of_two_who_answer_at_once_the_later_sees_both_and_nothing_is_lost(town: Town) -> None:
    begin(town)
    mine = opened(town, "陈素芬", "陈素芬")
    answer(town, "孙丽", "陈素芬", channel=Channel.PHONE, household_size=2)
    kept = answer(town, "陈素芬", "陈素芬", seen=mine, household_size=3, employment="farming")
    assert kept.by == "孙丽"
    assert [(one.field, one.before, one.now) for one in kept.conflicts] == [
        ("household_size", 2, 3)
    ]
    # What they agree on, or only the later one said, is in; the rest waits for a decision.
    assert profile(town, "陈素芬") == {"household_size": 2, "employment": "farming"}
    changed = town.database.do(
        prefer_mine, now=town.now, actor=town["陈素芬"], answer_id=sheet_of(town, "陈素芬")
    )
    assert changed == ["household_size"]
    assert profile(town, "陈素芬")["household_size"] == 3
    with town.database.transaction() as session:
        assert journalled(session, "survey_answered") == 2
        assert journalled(session, "survey_preferred") == 1


def test_only_who_handed_something_in_can_prefer_it(town: Town) -> None:
    begin(town)
    with pytest.raises(TooLate):
        town.database.do(
            prefer_mine, now=town.now, actor=town["王珊"], answer_id=sheet_of(town, "陈素芬")
        )


def test_answering_once_more_with_open_eyes_simply_corrects(town: Town) -> None:
    begin(town)
    answer(town, "陈素芬", "陈素芬", household_size=3, reply="yes")
    kept = answer(town, "孙丽", "陈素芬", channel=Channel.VISIT, household_size=4, reply="no")
    assert kept.conflicts == ()
    assert profile(town, "陈素芬")["household_size"] == 4


def test_two_threads_that_hand_in_at_once_are_both_kept(town: Town) -> None:
    round_id = begin(town)
    seen = {who: opened(town, who, "陈素芬") for who in ("陈素芬", "孙丽")}
    together, ends = Barrier(2), dict[str, Kept]()

    def hand_in(who: str, size: int) -> None:
        together.wait()
        ends[who] = answer(town, who, "陈素芬", seen=seen[who], household_size=size)

    threads = [Thread(target=hand_in, args=pair) for pair in (("陈素芬", 3), ("孙丽", 2))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(len(kept.conflicts) for kept in ends.values()) == [0, 1]
    assert look(town, round_id).coverage.answered == 1
    with town.database.transaction() as session:
        assert journalled(session, "survey_answered") == 2


def test_a_sheet_opened_before_the_end_is_still_taken_after_it(town: Town) -> None:
    round_id = begin(town)
    seen = opened(town, "陈素芬", "陈素芬")
    town.database.do(close_round, now=town.now, actor=town["王珊"], round_id=round_id, version=1)
    answer(town, "陈素芬", "陈素芬", seen=seen, household_size=3)
    assert profile(town, "陈素芬") == {"household_size": 3}


def test_no_consent_is_put_into_the_mouth_of_who_refused_it(town: Town) -> None:
    begin(town)
    town.database.do(
        refuse,
        now=town.now,
        person_id=town.people["罗德明"],
        purpose="record_disability",
        actor_id=town.people["罗德明"],
    )
    with pytest.raises(ConsentWithheld):
        opened(town, "孙丽", "罗德明", Channel.PHONE)


def test_what_somebody_would_not_say_is_no_lack(town: Town) -> None:
    round_id = begin(town)
    answer(town, "陈素芬", "陈素芬", declined=("employment",))
    lacking = town.database.do(list_lacking, actor=town["孙丽"], round_id=round_id)
    assert [(one.name, one.fields) for one in lacking] == [
        ("陈素芬", ("household_size",)),
        ("罗德明", ("household_size", "employment")),
    ]
    answer(town, "孙丽", "陈素芬", channel=Channel.PHONE, household_size=3)
    rest = town.database.do(list_lacking, actor=town["王珊"], round_id=round_id, limit=1)
    assert [one.name for one in rest] == ["罗德明"]
    after = town.database.do(
        list_lacking, actor=town["王珊"], round_id=round_id, after=rest[0].answer_id
    )
    assert [one.name for one in after] == ["周小兰"]
    with pytest.raises(NotAllowed):
        town.database.do(list_lacking, actor=town["陈素芬"], round_id=round_id)


def test_a_volunteers_skills_times_and_languages_reach_the_matching(town: Town) -> None:
    with town.database.transaction() as session:
        town.join(session, "张强", "volunteer", chat=21, community_id=town.home)
        session.execute(
            insert(volunteer).values(
                person_id=town.people["张强"],
                skills="",
                times="weekend",
                open_limit=2,
                pledge_version="1",
                pledged_at=town.now,
            )
        )
    round_id = begin(
        town,
        register=Register.VOLUNTEER,
        fields=("skills", "times", "languages", "qualifications"),
        questions=(),
        audience=Audience(roles=("volunteer",)),
    )
    lacking = town.database.do(list_lacking, actor=town["王珊"], round_id=round_id)
    assert lacking[0].fields == ("skills", "languages")
    answer(
        town,
        "张强",
        "张强",
        skills=["haircut", "errands"],
        languages=["chongqing"],
        qualifications="护士证，2028年到期",
    )
    with town.database.transaction() as session:
        row = session.find(select(volunteer).where(volunteer.c.person_id == town.people["张强"]))
        assert row is not None
        assert (row.skills, row.times) == ("haircut,errands", "weekend")
        assert not has_consent(session, person_id=town.people["张强"], purpose="record_disability")
    known = town.database.do(
        open_profile, person_id=town.people["张强"], register=Register.VOLUNTEER
    )
    assert known == {"languages": ["chongqing"]}
    assert town.database.do(list_lacking, actor=town["王珊"], round_id=round_id) == []


def test_a_volunteer_without_any_record_is_asked_from_nothing(town: Town) -> None:
    with town.database.transaction() as session:
        town.join(session, "张强", "volunteer", chat=21, community_id=town.home)
    begin(
        town,
        register=Register.VOLUNTEER,
        fields=("skills",),
        audience=Audience(roles=("volunteer",)),
    )
    sheet = town.database.do(
        open_sheet,
        now=town.now,
        actor=town["张强"],
        answer_id=sheet_of(town, "张强"),
        channel=Channel.CHAT,
    )
    assert sheet.known == {"skills": None}


def test_who_stopped_being_staff_answers_for_nobody(town: Town) -> None:
    begin(town)
    with town.database.transaction() as session:
        session.change(
            update(role)
            .where(role.c.person_id == town.people["孙丽"])
            .values(state="ended", version=2)
        )
        assert session.value(select(person.c.id).limit(1)) is not None
    with pytest.raises(NotAllowed):
        opened(town, "孙丽", "罗德明", Channel.PHONE)
