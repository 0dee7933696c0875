"""Name, address and phone reach a helper on a yes, leave them with it, and help goes on without."""

from datetime import timedelta

from sqlalchemy import select, update

from storage.consents import has_consent, own_no_stands, refuse, withdraw
from storage.needs import assign_need, show_contact, shows_contact, state_need
from storage.needs.hiding import hide_contacts_of
from storage.needs.opening import write_need
from storage.people import ContactData, get_person
from storage.registers import change_profile
from storage.tables import caregiver, consent
from tests.storage.needs.village import ERRAND, Village

SHARE = "share_contact"


def _seen(village: Village, need_id: int) -> tuple[ContactData | None, ContactData | None]:
    held = village.need(need_id).claim
    assert held is not None
    found: tuple[ContactData | None, ContactData | None] = village.do(
        show_contact, volunteer_id=held.volunteer_id, claim_id=held.id
    )
    return found


def _carried_quietly(village: Village, *, by: int | None = None) -> int:
    need_id: int = village.do(
        state_need,
        actor_id=by or village.resident,
        resident_id=village.resident,
        said=ERRAND,
        share=False,
    )
    village.claim(need_id, village.volunteers[0])
    village.come(need_id)
    return need_id


def _take_back(village: Village, person_id: int) -> None:
    with village.database.transaction() as session:
        withdraw(session, now=village.now, person_id=person_id, purpose=SHARE, actor_id=person_id)
        hide_contacts_of(session, now=village.now, person_id=person_id)


def test_a_need_goes_out_without_it_and_the_coordinator_brings_both_together(
    village: Village,
) -> None:
    need_id = _carried_quietly(village)
    village.deliver()
    assert _seen(village, need_id) == (None, None)
    card = village.need(need_id)
    assert card.task_facts["resident"] is None
    assert card.facts["resident"] == "兰姨"
    assert village.said_to(village.coordinator) == ["desk_no_contact"]
    assert "contact_shown" not in village.noted()
    _seen(village, need_id)
    assert village.said_to(village.coordinator) == [], "once for each claim"


def test_sending_again_with_the_other_button_shows_it(village: Village) -> None:
    need_id = _carried_quietly(village)
    village.do(state_need, actor_id=village.resident, resident_id=village.resident, said=ERRAND)
    shown, asker = _seen(village, need_id)
    assert shown is not None
    assert (shown.name, asker) == ("兰姨", None)


def test_sending_without_it_takes_a_yes_back_and_hides_what_another_helper_sees(
    village: Village,
) -> None:
    first = village.carried()
    village.show_contact(first)
    village.deliver()
    village.do(
        state_need,
        actor_id=village.resident,
        resident_id=village.resident,
        said=ERRAND,
        share=False,
    )
    assert "claim_contact_withdrawn" in village.said_to(village.volunteers[0])
    assert _seen(village, first) == (None, None)


def test_taken_back_in_the_night_it_leaves_the_helpers_chat_at_once(village: Village) -> None:
    need_id = village.carried()
    village.show_contact(need_id)
    village.deliver()
    village.wait(timedelta(hours=12))  # ten in the evening
    _take_back(village, village.resident)
    edits = [p for p in village.deliver() if p.template == "claim_contact_withdrawn"]
    assert [p.kind for p in edits] == ["edit"]
    assert "兰姨" not in str(edits[0].facts)
    assert any(b.data.startswith("claim:where") for line in edits[0].buttons for b in line)


def test_what_waited_to_be_shown_is_not_shown_any_more(village: Village) -> None:
    need_id = village.carried()
    village.deliver()
    village.show_contact(need_id)
    _take_back(village, village.resident)
    assert "claim_contact" not in village.said_to(village.volunteers[0])


def test_a_caregiver_who_asked_is_still_seen_when_the_resident_is_not(village: Village) -> None:
    need_id = village.carried(by=village.daughter)
    _take_back(village, village.resident)
    shown, asker = _seen(village, need_id)
    assert shown is None
    assert asker is not None
    assert asker.name == "李梅"
    _take_back(village, village.daughter)
    assert _seen(village, need_id) == (None, None)


def test_a_caregiver_cannot_say_yes_over_the_residents_own_no(village: Village) -> None:
    known = {"actor_id": village.daughter, "resident_id": village.resident}
    assert village.do(shows_contact, **known)
    village.do(refuse, person_id=village.resident, purpose=SHARE, actor_id=village.resident)
    assert not village.do(shows_contact, **known)
    village.carried(by=village.daughter)
    with village.database.transaction() as session:
        assert own_no_stands(session, person_id=village.resident, purpose=SHARE)
        assert has_consent(session, person_id=village.daughter, purpose=SHARE)


def _assign(village: Village, need_id: int) -> None:
    village.do(
        assign_need,
        coordinator_id=village.coordinator,
        need_id=need_id,
        version=village.need(need_id).version,
        volunteer_id=village.volunteers[0],
    )


def _called_in(village: Village) -> int:
    """A need that nobody has said yes or no about: it was written down for the resident."""
    return int(
        village.do(
            write_need,
            resident_id=village.resident,
            actor_id=village.coordinator,
            said=ERRAND,
            origin="staff",
        )
    )


def test_asking_a_volunteer_in_person_is_the_yes_on_staffs_word(village: Village) -> None:
    _assign(village, _called_in(village))
    with village.database.transaction() as session:
        row = session.all(select(consent).where(consent.c.person_id == village.resident))[0]
    assert (row.purpose, row.ground, row.channel) == (SHARE, "staff", "phone")


def test_staffs_word_does_not_go_over_the_residents_own_no(village: Village) -> None:
    village.do(refuse, person_id=village.resident, purpose=SHARE, actor_id=village.resident)
    _assign(village, _called_in(village))
    with village.database.transaction() as session:
        assert not has_consent(session, person_id=village.resident, purpose=SHARE)


def test_of_a_child_the_helper_sees_the_guardian_and_nothing_of_the_child(
    village: Village,
) -> None:
    with village.database.transaction() as session:
        staff = get_person(session, person_id=village.coordinator)
        change_profile(
            session,
            now=village.now,
            actor=staff,
            person_id=village.resident,
            values={"born_on": "2018-03-01"},
            ground="test",
        )
        session.change(update(caregiver).values(kind="guardian"))
    need_id = village.carried(by=village.daughter)
    shown, guardian = _seen(village, need_id)
    assert shown is None
    assert guardian is not None
    assert guardian.name == "李梅"
    assert village.need(need_id).task_facts["resident"] is None
    village.do(state_need, actor_id=village.resident, resident_id=village.resident, said=ERRAND)
    with village.database.transaction() as session:
        rows = session.all(select(consent).where(consent.c.person_id == village.resident))
    assert [(row.ground, row.given_by) for row in rows] == [("guardian", village.daughter)]
