"""Merging: everything moves to the entry that is kept, and the other leads there."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from storage.apart import Ground
from storage.apart import keep_apart as keep_two_apart
from storage.caregivers import list_ties
from storage.consents import has_consent
from storage.duplicates import Entangled, StaffMerge, keep_apart, list_pairs, put_off
from storage.duplicates.finding import move_stragglers
from storage.duplicates.pairs import DuplicateDecided, show_pair
from storage.leaving import erase
from storage.needs import find_need
from storage.needs.claims.claiming import write_claim
from storage.people import Person, find_person, get_person, move_person, open_contact
from storage.references import list_references
from storage.refusals import NotAllowed, TooLate
from storage.registers import (
    add_qualification,
    find_certificate,
    list_members,
    list_qualifications,
    open_profile,
    place_in_household,
)
from storage.scope import sees
from storage.tables import claim, organisation, outbox, person, qualification, role, volunteer
from tests.storage.duplicates.twice import CHEN, NUMBER, PHONE, Twice
from tests.storage.needs.village import Village
from tests.storage.residents import apply, journalled


def test_what_the_kept_entry_lacks_comes_over(twice: Twice) -> None:
    kept = twice.add(profile={"born_on": "1945-03", "marital": "widowed"})
    gone = twice.add(
        phone=PHONE, chat=30, number=NUMBER, profile={"remarks": "爱听戏"}, roles=("volunteer",)
    )
    with twice.database.transaction() as session:
        home = place_in_household(
            session, now=twice.now, actor=twice.office, person_id=gone.id, group_code="3组"
        )
    twice.merge(kept, gone)
    merged = twice.get(kept)
    assert merged.roles == {"resident": "approved", "volunteer": "approved"}
    assert (merged.telegram_id, merged.has_phone) == (30, True)
    with twice.database.transaction() as session:
        assert open_contact(session, person_id=kept.id).phone == PHONE
        profile = open_profile(session, person_id=kept.id)
        certificate = find_certificate(session, person_id=kept.id)
        assert certificate is not None
        assert [one.person_id for one in list_members(session, household_id=home)] == [kept.id]
        assert has_consent(session, person_id=kept.id, purpose="keep_data")
        assert journalled(session, "people_merged") == 1
    assert (profile["marital"], profile["remarks"]) == ("widowed", "爱听戏")
    assert certificate.number == NUMBER


def test_where_both_say_something_the_kept_entry_is_right(twice: Twice) -> None:
    kept = twice.add(phone=PHONE, profile={"marital": "widowed"})
    gone = twice.add(phone="+8610012345679", profile={"marital": "married"}, number=NUMBER)
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        assert open_contact(session, person_id=kept.id).phone == PHONE
        assert open_contact(session, person_id=gone.id).phone is None
        assert open_profile(session, person_id=kept.id)["marital"] == "widowed"


def test_with_the_kept_entry_the_chats_of_those_merged_into_it_are_forgotten(
    twice: Twice,
) -> None:
    kept, gone = twice.add(chat=30), twice.add(chat=31)
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        assert find_person(session, telegram_id=31) is not None
        whole = get_person(session, person_id=kept.id)
        erase(session, now=twice.now, actor=whole, subject=whole)
        for chat in (30, 31):
            assert find_person(session, telegram_id=chat) is None


def test_the_other_entry_belongs_where_the_kept_one_lives_now(twice: Twice) -> None:
    kept, gone = twice.add(), twice.add()
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        homes = session.all(
            select(organisation.c.path, organisation.c.community_id)
            .where(organisation.c.community_id.is_not(None))
            .order_by(organisation.c.id)
            .limit(2)
        )
        for home in homes:
            move_person(session, person_id=kept.id, community_id=home.community_id)
            for other in homes:
                village = replace(twice.office, is_office=False, scope=other.path)
                assert sees(session, actor=village, person_id=gone.id) is (other == home)


def test_of_a_child_a_pair_shows_name_and_community_before_a_look_is_approved(
    twice: Twice,
) -> None:
    child = twice.add(phone=PHONE, profile={"born_on": "2018-05-01"})
    other = twice.add(phone=PHONE)
    found = twice.ask(show_pair, actor=twice.office, duplicate_id=twice.pair_id(child, other))
    assert (found.low.name, found.low.born_on, found.low.phone) == (CHEN, None, None)
    assert found.high.phone is not None


def test_a_paper_that_both_hold_stands_once_also_when_it_is_about_to_end(twice: Twice) -> None:
    kept, gone = twice.add(roles=("volunteer",)), twice.add(roles=("volunteer",))
    for one, state in ((kept, "ending"), (gone, "confirmed")):
        paper = twice.ask(add_qualification, actor=twice.office, person_id=one.id, kind="first_aid")
        with twice.database.transaction() as session:
            session.change(
                update(qualification).where(qualification.c.id == paper).values(state=state)
            )
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        held = list_qualifications(session, person_id=kept.id)
        assert [one.state for one in held] == ["ending"]
        left = select(func.count()).where(qualification.c.person_id == gone.id)
        assert session.value(left) == 0


def test_old_chats_and_buttons_of_the_other_lead_to_the_kept_entry(twice: Twice) -> None:
    kept, gone = twice.add(chat=30), twice.add(chat=31)
    twice.merge(kept, gone)
    for found in (
        twice.database.do(find_person, telegram_id=31),
        twice.database.do(find_person, person_id=gone.id),
    ):
        assert found is not None
        assert found.id == kept.id
        assert found.telegram_id == 30
    assert twice.points_to(gone) == kept.id


def test_whoever_was_merged_into_one_that_is_merged_leads_to_the_last(twice: Twice) -> None:
    first, second, third = twice.add(), twice.add(), twice.add()
    twice.merge(second, first)
    twice.merge(third, second)
    assert twice.points_to(first) == third.id
    assert twice.pairs() == []


def test_the_same_role_yes_and_tie_stand_once(twice: Twice) -> None:
    kept, gone = twice.add(chat=30), twice.add(chat=31)
    daughter = twice.add("李梅", roles=("caregiver",), chat=20)
    village = Village(twice.database, twice.now)
    with twice.database.transaction() as session:
        for one in (kept, gone):
            village.tie(session, one.id, daughter.id)
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        ties = list_ties(session, person_id=daughter.id)
        assert [tie.resident_id for tie in ties] == [kept.id]
        live = select(func.count()).where(role.c.person_id == kept.id, role.c.state == "approved")
        assert session.value(live) == 1
        assert has_consent(session, person_id=kept.id, purpose="keep_data")


def test_a_waiting_volunteer_who_was_approved_before_is_approved(twice: Twice) -> None:
    kept, gone = twice.add(roles=()), twice.add(roles=("volunteer",))
    with twice.database.transaction() as session:
        apply(session, now=twice.now, person=kept)
    twice.merge(kept, gone)
    assert twice.get(kept).roles == {"volunteer": "approved"}
    with twice.database.transaction() as session:
        kept_row = session.find(select(volunteer).where(volunteer.c.person_id == kept.id))
    assert kept_row is not None


def twice_in(village: Village) -> Twice:
    """The office of that village, in which everybody has one name."""
    ids = [village.resident, *village.volunteers]
    with village.database.transaction() as session:
        session.change(update(person).where(person.c.id.in_(ids)).values(name=CHEN))
    return Twice(village.database, village.now, [village.home])


def look_up(village: Village, *ids: int) -> list[Person]:
    return [village.database.do(get_person, person_id=one) for one in ids]


def test_a_claim_goes_on_under_the_kept_entry(village: Village) -> None:
    twice = twice_in(village)
    kept, gone = look_up(village, *village.volunteers)
    need_id = village.state()
    village.claim(need_id, gone.id)
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        holders = session.execute(
            select(claim.c.volunteer_id).where(claim.c.state == "active")
        ).scalars()
        assert list(holders) == [kept.id]
        card = find_need(session, need_id=need_id)
    assert card is not None
    assert card.claim is not None
    assert card.claim.volunteer_id == kept.id


def test_whoever_helps_the_other_is_not_the_other(village: Village) -> None:
    twice = twice_in(village)
    helper = village.volunteers[0]
    need_id = village.state()
    village.claim(need_id, helper)
    one, other = look_up(village, village.resident, helper)
    with pytest.raises(Entangled):
        twice.merge(one, other)
    assert twice.points_to(other) is None
    assert (one.id, other.id, "name") in twice.pairs()


def test_of_two_who_decide_the_second_hears_what_was_decided(twice: Twice) -> None:
    one, other = twice.add(), twice.add()
    pair_id = twice.pair_id(one, other)
    twice.ask(keep_apart, actor=twice.office, duplicate_id=pair_id, version=1)
    with pytest.raises(DuplicateDecided) as refused:
        twice.merge(one, other)
    assert refused.value.facts == {"by": "王珊", "state": "different"}
    twice.note(one, other)
    assert twice.pairs() == []


def test_a_pair_that_was_put_off_comes_back_and_its_old_button_says_so(twice: Twice) -> None:
    one, other = twice.add(), twice.add()
    pair_id = twice.pair_id(one, other)
    twice.ask(put_off, actor=twice.office, duplicate_id=pair_id, version=1)
    assert twice.pairs() == []
    with pytest.raises(TooLate):
        twice.ask(keep_apart, actor=twice.office, duplicate_id=pair_id, version=1)
    later = twice.now.replace(month=12, day=20)
    found = twice.database.do(list_pairs, actor=twice.office, now=later)
    assert [pair.id for pair in found] == [pair_id]


def test_nobody_merges_who_may_not_see_both(twice: Twice) -> None:
    one, other = twice.add(), twice.add()
    stranger = twice.add("张强", roles=("volunteer",))
    with pytest.raises(NotAllowed):
        twice.merge(one, other, actor=stranger)
    with pytest.raises(NotAllowed):
        twice.ask(keep_apart, actor=twice.office, duplicate_id=999, version=1)


def test_a_village_does_not_make_somebody_staff_by_merging(twice: Twice) -> None:
    one, other = twice.add(), twice.add(roles=("coordinator",))
    with twice.database.transaction() as session:
        here = select(organisation.c.path).where(organisation.c.community_id == twice.homes[0])
        near = replace(twice.office, is_office=False, scope=session.value(here))
    with pytest.raises(StaffMerge):
        twice.merge(one, other, actor=near)
    twice.merge(one, other)
    assert "coordinator" in twice.get(one).roles


def test_whoever_uses_the_chat_hears_that_two_entries_are_one(twice: Twice) -> None:
    kept, gone = twice.add(), twice.add(chat=31)
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        told = session.all(select(outbox.c.chat_id).where(outbox.c.template == "person_merged"))
    assert [row.chat_id for row in told] == [31]


def test_everything_that_can_name_a_person_is_moved() -> None:
    named = {(one.table.name, one.column.name) for one in list_references()}
    assert ("claim", "volunteer_id") in named
    assert ("check_in_plan", "stand_in_id") in named
    assert ("person", "merged_into") in named
    assert ("consent", "given_by") in named


def test_what_is_written_in_the_moment_of_merging_follows(village: Village) -> None:
    twice = twice_in(village)
    kept, gone = look_up(village, *village.volunteers)
    need_id = village.state()
    twice.merge(kept, gone)
    with twice.database.transaction() as session:
        write_claim(session, now=twice.now, need_id=need_id, volunteer_id=gone.id)
        move_stragglers(session, now=twice.now)
        holder = session.value(select(claim.c.volunteer_id).where(claim.c.need_id == need_id))
    assert holder == kept.id


def test_whom_one_entry_was_kept_apart_from_has_no_task_of_the_other(
    twice: Twice, village: Village
) -> None:
    helper = village.volunteers[0]
    need_id = village.carried()
    twin = village.add_resident("兰姨")
    facts = {"one": twin, "other": helper, "ground": Ground.RESIDENT, "by": twin}
    village.do(keep_two_apart, **facts)
    with village.database.transaction() as session:
        kept, gone = (get_person(session, person_id=one) for one in (village.resident, twin))
    twice.merge(kept, gone)
    card = village.need(need_id)
    assert card.claim is None
    assert helper not in {who for round_, who, _ in village.offers(need_id) if round_ == card.round}
