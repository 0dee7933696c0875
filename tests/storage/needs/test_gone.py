"""Who died or moved is nobody's to see any more, and nobody waits for a helper who died."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storage.database import Database
from storage.needs import show_contact, state_need
from storage.needs.gone import put_away
from storage.needs.referral import show_referred_contact
from storage.needs.referral.listing import list_for_organisation
from storage.needs.statements.homes import keep_access, open_access
from storage.pauses import begin_pause, end_due_pauses, move_resident
from storage.people import get_person, set_phone
from storage.refusals import Refusal
from storage.rules.details import Access, Details, Place, Wish
from storage.rules.lifecycle import NeedState
from storage.rules.pauses import Reason
from storage.tables import call_back
from tests.storage.needs.hall import AFFAIRS, Hall
from tests.storage.needs.village import ERRAND, Village
from tests.storage.town import a_town


def _gone(database: Database, now: datetime, *, who: int, by: int, reason: Reason) -> datetime:
    with database.transaction() as session:
        actor = get_person(session, person_id=by)
        begin_pause(session, now=now, actor=actor, person_id=who, reason=reason)
    later = now + timedelta(hours=2)
    while end_due_pauses(database, now=later):
        pass
    return later


@pytest.mark.parametrize("reason", [Reason.DIED, Reason.MOVED])
def test_an_organisation_no_longer_sees_whom_it_had_accepted(
    database: Database, now: datetime, reason: Reason
) -> None:
    hall = Hall(a_town(database, now))
    hall.hire("周科长", at=AFFAIRS, chat=21)
    with database.transaction() as session:
        set_phone(session, person_id=hall.id("陈素芬"), phone="+8610012345679")
    need_id = hall.state()
    hall.accept(need_id, by="周科长")
    had = hall.need(need_id).referred
    mine = {"actor_id": hall.id("周科长"), "referral_id": had.id}
    assert hall.do(show_referred_contact, **mine)[1] is not None
    hall.town.now = _gone(
        database, hall.town.now, who=hall.id("陈素芬"), by=hall.id("孙丽"), reason=reason
    )
    assert hall.need(need_id).state is NeedState.CANCELLED
    with pytest.raises(Refusal):
        hall.do(show_referred_contact, **mine)
    with database.transaction() as session:
        actor = get_person(session, person_id=hall.id("周科长"))
        assert list_for_organisation(session, actor=actor) == []
    assert hall.referrals(need_id) == [(AFFAIRS, "withdrawn")]
    assert hall.said_to("周科长")[-1] == "referral_over"
    assert hall.read_all()


def test_the_helpers_chat_forgets_the_door_of_who_died(village: Village) -> None:
    need_id = village.carried()
    claim_id = village.need(need_id).held.id
    village.show_contact(need_id)
    village.deliver()
    village.now = _gone(
        village.database,
        village.now,
        who=village.resident,
        by=village.coordinator,
        reason=Reason.DIED,
    )
    helper = village.volunteers[0]
    assert village.said_to(helper) == ["claim_contact_hidden"]
    with pytest.raises(Refusal):
        village.do(show_contact, volunteer_id=helper, claim_id=claim_id)


def test_who_waits_for_a_helper_who_died_hears_that_others_are_asked(village: Village) -> None:
    need_id = village.carried()
    village.show_contact(need_id)
    village.deliver()
    gone = village.volunteers[0]
    village.now = _gone(
        village.database, village.now, who=gone, by=village.coordinator, reason=Reason.DIED
    )
    told = village.deliver()
    assert "need_offered_on" in village.said_to(village.resident, told)
    assert "claim_contact_hidden" in [parcel.template for parcel in told]
    card = village.need(need_id)
    assert (card.state, card.claim) == (NeedState.OPEN, None)
    assert gone not in {who for round_, who, _ in village.offers(need_id) if round_ == card.round}


def test_nobody_is_sent_to_call_back_who_died(village: Village) -> None:
    need_id = village.carried()
    values = {"need_id": need_id, "resident_id": village.resident, "why": "sample"}
    more = {"week": village.now.date(), "state": "open", "created_at": village.now, "uid": "x"}
    with village.database.transaction() as session:
        session.execute(insert(call_back).values(**values, **more, version=1))
    village.do(put_away, resident_id=village.resident)
    with village.database.transaction() as session:
        assert session.value(select(call_back.c.state)) == "dropped"


@pytest.fixture
def at_home(village: Village) -> Callable[[], Details]:
    """A need with all that was said of the door."""
    wishes = (Wish.WOMAN,)
    told = Details(
        place=Place.GROUP, group_code="三组", words="枇杷树下", access=(Access.DEAF,), wishes=wishes
    )
    said = type(ERRAND)(ERRAND.category, ERRAND.urgency, ERRAND.words, told)
    need_id = village.state(said)
    mine = {"actor_id": village.resident, "person_id": village.resident}
    village.do(keep_access, **mine, access=(Access.DEAF,), floor=None)
    return lambda: village.need(need_id).details


def test_who_moves_within_the_programme_is_not_looked_for_at_the_old_door(
    village: Village, at_home: Callable[[], Details]
) -> None:
    assert at_home().group_code == "三组"
    with village.database.transaction() as session:
        actor = get_person(session, person_id=village.coordinator)
        facts = {"person_id": village.resident, "community_id": village.far}
        move_resident(session, now=village.now, actor=actor, **facts)
        assert open_access(session, person_id=village.resident) == ((), None)
    assert at_home() == Details(wishes=(Wish.WOMAN,))


@pytest.mark.parametrize("share", [True, False])
def test_a_helper_reads_who_is_away_only_where_they_may_know_who_it_is(
    village: Village, share: bool
) -> None:
    mine = {"actor_id": village.resident, "resident_id": village.resident}
    need_id = village.do(state_need, **mine, said=ERRAND, share=share)
    village.claim(need_id, village.volunteers[0])
    village.come(need_id)
    village.deliver()
    with village.database.transaction() as session:
        actor = get_person(session, person_id=village.coordinator)
        begin_pause(
            session,
            now=village.now,
            actor=actor,
            person_id=village.resident,
            reason=Reason.HOSPITAL,
        )
    told = [one for one in village.deliver() if one.template == "pause_task_waits"]
    assert [one.facts["name"] for one in told] == ["兰姨" if share else None]
