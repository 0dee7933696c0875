"""The card for the door: kept with a yes, opened to a holder only, each look noted, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from storage.database import Database, Session
from storage.door_cards import (
    forget_door,
    get_door,
    hide_door_cards,
    open_door_card,
    show_door_card,
    write_door,
)
from storage.privacy.looks import list_looks
from storage.refusals import NotAllowed
from storage.rules.door_cards import DoorField, Ground
from storage.tables import alarm, caregiver, home_access, household, household_member, outbox
from tests.storage.residents import heard, journalled
from tests.storage.town import QIAN, SUN, Town, a_town

KEY = {"key_name": "邓秀英", "key_phone": "+8610012345675", "key_agreed_at": "2026-11-25"}


@pytest.fixture
def town(database: Database, now: object) -> Town:
    return a_town(database, now)  # type: ignore[arg-type]


def write(town: Town, actor: str, field: DoorField, **values: str) -> None:
    town.database.do(
        write_door,
        now=town.now,
        actor_id=town.people[actor],
        person_id=town.people["陈素芬"],
        field=field,
        values=values,
        ground="self",
    )


def hold(town: Town, name: str | None, state: str = "held") -> None:
    """Somebody holds the alarm about 陈素芬."""

    def lay(session: Session) -> None:
        if session.value(select(alarm.c.id)) is None:
            session.execute(
                insert(alarm).values(
                    uid="a" * 32,
                    chat_id=11,
                    person_id=town.people["陈素芬"],
                    danger="medical",
                    words=b"",
                    state="open",
                    next_step_at=town.now,
                    created_at=town.now,
                )
            )
        over = state == "closed"
        session.change(
            update(alarm).values(
                state=state,
                holder_id=town.people[name] if name else None,
                next_step_at=None if over else town.now + timedelta(minutes=5),
                ending="seen" if over else None,
            )
        )

    town.database.do(lay)


def look(town: Town, name: str) -> object:
    return town.database.do(
        open_door_card,
        now=town.now,
        to=town.people[name],
        resident_id=town.people["陈素芬"],
        ground=Ground.ALARM,
    )


def test_the_resident_the_family_and_staff_write_and_nobody_else(town: Town) -> None:
    write(town, "陈素芬", DoorField.CODE, code="桂花")
    write(town, "孙丽", DoorField.PETS, pets="有条黄狗，拴着的")
    for stranger in ("钱进", "周小兰"):
        with pytest.raises(NotAllowed):
            write(town, stranger, DoorField.PETS, pets="没有")
        with pytest.raises(NotAllowed):
            town.database.do(
                get_door,
                now=town.now,
                actor_id=town.people[stranger],
                person_id=town.people["陈素芬"],
            )
    tie = {
        "resident_id": town.people["陈素芬"],
        "caregiver_id": town.people["周小兰"],
        "state": "confirmed",
        "decided_by": town.people["陈素芬"],
        "decided_at": town.now,
        "created_at": town.now,
        "version": 1,
    }
    town.database.do(lambda session: session.execute(insert(caregiver).values(tie)))
    write(town, "周小兰", DoorField.SIDE, side="left")
    card = town.database.do(
        get_door, now=town.now, actor_id=town.people["周小兰"], person_id=town.people["陈素芬"]
    )
    assert (card.code, card.pets, card.side) == ("桂花", "有条黄狗，拴着的", "left")
    # What another hand wrote the resident hears.
    assert town.database.do(lambda session: heard(session, 11)).count("door_changed") == 2


def test_a_key_holder_is_kept_with_their_own_yes_only(town: Town) -> None:
    with pytest.raises(NotAllowed):
        write(town, "陈素芬", DoorField.KEY, key_name="邓秀英", key_phone="+8610012345675")
    write(town, "陈素芬", DoorField.KEY, **KEY)
    sealed = town.database.do(lambda session: session.value(select(home_access.c.facts)))
    assert "邓秀英".encode() not in sealed
    write(town, "陈素芬", DoorField.KEY)
    assert town.database.do(lambda session: session.value(select(home_access.c.facts))) is None


def test_only_the_holder_sees_it_and_the_resident_sees_who_looked(town: Town) -> None:
    write(town, "陈素芬", DoorField.KEY, **KEY)
    hold(town, "孙丽")
    for other in ("王珊", "钱进", "陈素芬"):
        with pytest.raises(NotAllowed):
            look(town, other)
    assert getattr(look(town, "孙丽"), "key_phone") == KEY["key_phone"]  # noqa: B009
    looks = town.database.do(list_looks, person_id=town.people["陈素芬"])
    assert [(one.name, one.purpose) for one in looks] == [("孙丽", "alarm")]
    hold(town, None, state="open")
    with pytest.raises(NotAllowed):
        look(town, "孙丽")


def test_staff_who_hold_nothing_see_no_number_and_their_look_is_noted(town: Town) -> None:
    write(town, "陈素芬", DoorField.KEY, **KEY)
    seen = {
        name: town.database.do(
            get_door, now=town.now, actor_id=town.people[name], person_id=town.people["陈素芬"]
        )
        for name in ("陈素芬", "孙丽")
    }
    assert seen["陈素芬"].key_phone == KEY["key_phone"]
    assert (seen["孙丽"].key_name, seen["孙丽"].key_phone) == ("邓秀英", None)
    assert town.database.do(lambda session: journalled(session, "door_card_seen")) == 1


def test_it_is_sent_once_for_each_hold_and_taken_back_when_that_is_over(town: Town) -> None:
    write(town, "陈素芬", DoorField.CODE, code="桂花")
    hold(town, "孙丽")

    def show(name: str) -> None:
        town.database.do(
            show_door_card,
            now=town.now,
            to=town.people[name],
            resident_id=town.people["陈素芬"],
            ground=Ground.ALARM,
        )

    for name in ("孙丽", "孙丽", "钱进"):
        show(name)
    said = town.database.do(lambda session: heard(session, SUN))
    assert said.count("door_card") == 1
    assert "door_card" not in town.database.do(lambda session: heard(session, QIAN))
    assert not hide_door_cards(town.database, now=town.now)
    town.database.do(
        lambda session: session.change(
            update(outbox)
            .where(outbox.c.template == "door_card")
            .values(state="sent", message_id=70, sent_at=town.now)
        )
    )
    hold(town, "孙丽", state="closed")
    assert hide_door_cards(town.database, now=town.now)
    assert not hide_door_cards(town.database, now=town.now)
    last = town.database.do(
        lambda session: session.find(
            select(outbox.c.template, outbox.c.edits).order_by(outbox.c.id.desc()).limit(1)
        )
    )
    assert tuple(last or ()) == ("door_card_hidden", 70)
    assert town.database.do(lambda session: journalled(session, "door_card_shown")) == 1


@pytest.mark.parametrize(
    ("state", "then", "hidden"), [("pending", "unwanted", 0), ("sending", "sending", 1)]
)
def test_a_card_that_is_not_out_yet_when_the_hold_ends_does_not_stay(
    town: Town, state: str, then: str, hidden: int
) -> None:
    write(town, "陈素芬", DoorField.CODE, code="桂花")
    hold(town, "孙丽")
    town.database.do(
        show_door_card,
        now=town.now,
        to=town.people["孙丽"],
        resident_id=town.people["陈素芬"],
        ground=Ground.ALARM,
    )
    card = outbox.c.template == "door_card"
    # What is on its way cannot be stopped: its end is waited for, and then it is rewritten.
    owner = "post" if state == "sending" else None
    on_its_way = update(outbox).where(card).values(state=state, owner=owner)
    town.database.do(lambda session: session.change(on_its_way))
    hold(town, "孙丽", state="closed")
    assert hide_door_cards(town.database, now=town.now)

    def left(session: Session) -> tuple[str, list[int]]:
        (sent,) = session.all(select(outbox.c.id, outbox.c.state).where(card))
        taken = session.all(select(outbox.c.edits).where(outbox.c.template == "door_card_hidden"))
        assert [row.edits for row in taken] == [-sent.id] * hidden
        return sent.state, [row.edits for row in taken]

    assert town.database.do(left)[0] == then


def test_a_door_is_the_households(town: Town) -> None:
    def live_together(session: Session) -> None:
        home = session.value(
            insert(household)
            .values(community_id=town.home, group_code="3组", created_at=town.now, version=1)
            .returning(household.c.id)
        )
        for name in ("陈素芬", "罗德明"):
            session.execute(
                insert(household_member).values(
                    household_id=home,
                    person_id=town.people[name],
                    relation="other",
                    since=town.now,
                )
            )

    town.database.do(live_together)
    write(town, "陈素芬", DoorField.CODE, code="桂花")
    luo = {"actor_id": town.people["孙丽"], "person_id": town.people["罗德明"]}
    assert town.database.do(get_door, now=town.now, **luo).code == "桂花"
    town.database.do(
        write_door,
        now=town.now,
        field=DoorField.CODE,
        values={"code": "柚子"},
        ground="told_staff",
        **luo,
    )
    chen = {"actor_id": town.people["陈素芬"], "person_id": town.people["陈素芬"]}
    assert town.database.do(get_door, now=town.now, **chen).code == "柚子"
    town.database.do(forget_door, now=town.now, **chen)
    assert not town.database.do(get_door, now=town.now, **luo)
