"""My data: all of it for the person and whoever speaks for them, and nothing of others."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select, update

from storage.database import Database, Session
from storage.journal import note
from storage.people import Person
from storage.privacy import (
    ground_of_erasing,
    list_held,
    list_looks,
    list_subjects,
    open_copy,
    open_subject,
)
from storage.refusals import NotAllowed
from storage.tables import caregiver, journal, organisation, shift
from tests.storage.protection.traces import ADDRESS, CERTIFICATE, NAME, PHONE, WORDS, fill
from tests.storage.residents import register


@pytest.fixture
def cast(database: Database, now: datetime) -> dict[str, Person]:
    with database.transaction() as session:
        wang = register(session, now=now, name="王珊", roles=("coordinator",), chat=1)
        zhang = register(session, now=now, name="张强", roles=("volunteer",), chat=2)
        li = register(session, now=now, name="李梅", roles=("caregiver",), chat=3)
        chen = fill(session, now=now, helper=zhang, staff=wang)
        session.execute(
            insert(caregiver),
            {
                "resident_id": chen.id,
                "caregiver_id": li.id,
                "kind": "caregiver",
                "copies": True,
                "state": "confirmed",
                "created_at": now,
                "version": 1,
            },
        )
        return {"wang": wang, "zhang": zhang, "li": li, "chen": chen}


def _copied(session: Session, subject: Person) -> list[str]:
    return [
        f"{section.key}.{line.key}={line.value}"
        for section in open_copy(session, subject=subject)
        for line in section.lines
    ]


def test_the_copy_has_everything_that_is_sealed_of_the_person(
    database: Database, cast: dict[str, Person]
) -> None:
    lines = database.do(_copied, cast["chen"])
    for expected in (
        f"person.name={NAME}",
        f"person.phone={PHONE}",
        f"person.address={ADDRESS}",
        f"certificate.number={CERTIFICATE}",
        f"needs.words={WORDS}",
        f"alarms.words={WORDS}",
        f"referrals.why={WORDS}",
        f"referrals.question={WORDS}",
        f"referrals.reply={WORDS}",
        f"referrals.words={WORDS}",
        f"visits.remark={WORDS}",
        "visits.why=broke_again",
        f"visits.words={WORDS}",
        "visits.rating=4",
        "calls.call_tier=b",
        "calls.happened=fell",
        "pairs.pair_kind=neighbour",
        "pairs.frequency=weekly",
        f"questions.question={WORDS}",
        f"questions.reply={WORDS}",
        f"series.words={WORDS}",
        f"home_visits.advice={WORDS}",
        f"consents.words={WORDS}",
        "surveys.question=还缺什么？",
        f"surveys.reply={WORDS}",
        "surveys.ethnicity=汉",
        "ties.speaks_for_me=李梅",
        "tasks.minutes=90",
    ):
        assert expected in lines


def test_the_copy_has_every_voice_also_one_that_became_no_need(
    database: Database, cast: dict[str, Person]
) -> None:
    assert database.do(_copied, cast["chen"]).count(f"needs.spoken={WORDS}") == 2


def test_a_helpers_copy_does_not_say_to_whose_home_they_went(
    database: Database, cast: dict[str, Person]
) -> None:
    text = "\n".join(database.do(_copied, cast["zhang"]))
    assert "alarms.danger=no_word" in text
    assert not any(words in text for words in (NAME, ADDRESS, PHONE))


def test_the_copy_and_the_list_of_what_is_held_name_duty_pairs_and_changes(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    with database.transaction() as session:
        place = session.value(select(organisation.c.id).limit(1))
        days = {"first_day": now.date(), "last_day": now.date()}
        row = {"organisation_id": place, "person_id": cast["wang"].id, "made_by": cast["wang"].id}
        session.execute(insert(shift).values(made_at=now, **days, **row))
        held = {one.kind: one.count for one in list_held(session, subject=cast["chen"])}
        assert {key: held[key] for key in ("call_plans", "life_changes", "pairs")} == {
            "call_plans": 1,
            "life_changes": 1,
            "pairs": 1,
        }
        assert "duty" in {one.kind for one in list_held(session, subject=cast["wang"])}
        assert f"duty.first_day={now.date()}" in _copied(session, cast["wang"])


def test_the_copy_has_nothing_that_was_written_about_others(
    database: Database, cast: dict[str, Person]
) -> None:
    text = "\n".join(database.do(_copied, cast["chen"]))
    assert "门锁坏了" not in text
    assert "帮了忙很高兴" not in text
    assert text.count(f"visits.words={WORDS}") == 2, "why it was opened again, and the call-back"
    assert text.count(PHONE) == 1
    assert "calls.call_contact=True" in text


def test_what_is_held_is_counted_and_the_phone_is_masked(
    database: Database, cast: dict[str, Person]
) -> None:
    held = {one.kind: one for one in database.do(list_held, subject=cast["chen"])}
    assert held["phone"].value == "100****0003"
    assert (held["referrals"].count, held["door"].count) == (1, 1)
    assert (held["questions"].count, held["series"].count, held["home_visits"].count) == (1, 1, 1)
    assert held["visit_words"].count == 1, "a helper's reflection is theirs alone"
    assert (held["needs"].count, held["tasks"].count, held["certificate"].count) == (1, 1, 1)
    assert "volunteer" not in held


def test_a_caregiver_sees_while_the_tie_lives_and_it_is_a_look(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    subjects = database.do(list_subjects, actor=cast["li"])
    assert [one.name for one in subjects] == ["李梅", NAME]
    database.do(open_subject, now=now, actor=cast["li"], person_id=cast["chen"].id)
    looks = database.do(list_looks, person_id=cast["chen"].id)
    assert [(one.name, one.role, one.purpose) for one in looks] == [
        ("李梅", "caregiver", "caregiver")
    ]
    assert database.do(ground_of_erasing, actor=cast["li"], subject=cast["chen"]) is None
    database.do(Session.change, update(caregiver).values(state="ended"))
    with pytest.raises(NotAllowed):
        database.do(open_subject, now=now, actor=cast["li"], person_id=cast["chen"].id)
    assert len(database.do(list_subjects, actor=cast["li"])) == 1


@pytest.mark.parametrize("who", ["zhang", "wang"])
def test_nobody_else_opens_it_here_not_even_staff(
    database: Database, now: datetime, cast: dict[str, Person], who: str
) -> None:
    with pytest.raises(NotAllowed):
        database.do(open_subject, now=now, actor=cast[who], person_id=cast["chen"].id)


def test_one_s_own_look_is_no_look(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    database.do(open_subject, now=now, actor=cast["chen"], person_id=cast["chen"].id)
    seen = select(journal.c.id).where(journal.c.what == "data_seen")
    assert database.do(Session.all, seen) == []


def test_looks_come_ten_at_a_time_the_newest_first(
    database: Database, now: datetime, cast: dict[str, Person]
) -> None:
    for number in range(13):
        database.do(
            note,
            now=now,
            what="contact_shown",
            actor_id=cast["zhang"].id,
            subject_id=cast["chen"].id,
            thing="need",
            thing_id=number,
        )
    first = database.do(list_looks, person_id=cast["chen"].id)
    rest = database.do(list_looks, person_id=cast["chen"].id, before=first[-1].id)
    assert (len(first), len(rest)) == (10, 3)
    assert first[0].id > first[-1].id > rest[0].id
    assert {one.purpose for one in first} == {"need"}
