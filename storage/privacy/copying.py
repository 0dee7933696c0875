"""The copy: everything about a person, section by section, and nothing about anybody else.

Values are plain; ``kind`` names the labels that word a key. What was written about others (their
emergency contact's number, a visit's note, other members of the household) is left out.
"""

import json
from collections.abc import Iterator

from sqlalchemy import select

from storage.consents import list_consents
from storage.database import Session
from storage.people import Person, open_contact
from storage.privacy.lines import OTHERS, Line, Section
from storage.privacy.looks import list_looks
from storage.privacy.needs import list_door, list_loose_media, list_needs, list_series
from storage.privacy.pairs import list_pairs
from storage.privacy.referrals import list_referrals
from storage.privacy.surveys import answered
from storage.privacy.unsealing import opened
from storage.privacy.visits import visits
from storage.registers import open_profile
from storage.rehab.reading import list_own_visits
from storage.rules.call_form import IN_WORDS, Asked
from storage.rules.dangers import without_homes
from storage.rules.fields import Register, find_field
from storage.tables import (
    alarm,
    attachment,
    call_note,
    call_record,
    caregiver,
    check_in_plan,
    claim,
    community,
    complaint,
    disability_certificate,
    household,
    household_member,
    life_change,
    need,
    organisation,
    person,
    qualification,
    question,
    shift,
    statement,
    volunteer,
)


def open_copy(session: Session, *, subject: Person) -> list[Section]:
    """Open everything about a person. The caller has checked who asks."""
    sections = [
        Section("person", tuple(_person(session, subject))),
        *(
            Section(f"register_{register}", tuple(_profile(session, subject.id, register)))
            for register in Register
        ),
        Section("certificate", tuple(_certificates(session, subject.id))),
        Section("household", tuple(_household(session, subject.id))),
        Section("ties", tuple(_ties(session, subject.id))),
        Section("needs", tuple(_needs(session, subject.id))),
        Section("referrals", tuple(list_referrals(session, person_id=subject.id))),
        Section("series", tuple(list_series(session, person_id=subject.id))),
        Section("visits", tuple(visits(session, person_id=subject.id))),
        Section("calls", tuple(_calls(session, subject.id))),
        Section("pairs", tuple(list_pairs(session, person_id=subject.id))),
        Section("home_visits", tuple(_home_visits(session, subject.id))),
        Section("surveys", tuple(answered(session, person_id=subject.id))),
        Section("organisations", tuple(_organisations(session, subject.id))),
        Section("alarms", tuple(_alarms(session, subject.id))),
        Section("questions", tuple(_questions(session, subject.id))),
        Section("complaints", tuple(_complaints(session, subject.id))),
        Section("volunteer", tuple(_volunteer(session, subject.id))),
        Section("tasks", tuple(_tasks(session, subject.id))),
        Section("duty", tuple(_duty(session, subject.id))),
        Section("consents", tuple(_consents(session, subject.id))),
        Section("looks", tuple(_looks(session, subject.id))),
    ]
    return [one for one in sections if one.lines]


def _person(session: Session, subject: Person) -> Iterator[Line]:
    row = session.all(select(person).where(person.c.id == subject.id))[0]
    contact = open_contact(session, person_id=subject.id)
    home = select(community.c.name).where(community.c.id == subject.community_id)
    yield Line("name", contact.name)
    yield Line("community", session.value(home))
    yield Line("phone", contact.phone)
    yield Line("address", contact.address)
    yield Line("door_words", opened(session, person.name, "door_words", row))
    yield from list_door(session, person_id=subject.id)
    yield Line("registered", row.created_at)
    yield Line("roles", sorted(subject.roles), "role")


def _profile(session: Session, person_id: int, register: Register) -> Iterator[Line]:
    for key, value in open_profile(session, person_id=person_id, register=register).items():
        field = find_field(register, key)
        if field is not None:
            shown = bool(value) if key.startswith(OTHERS) else value
            kind = f"choice.{field.option_set}" if field.option_set else ""
            yield Line(key, shown, kind, f"{register}_field")


def _certificates(session: Session, person_id: int) -> Iterator[Line]:
    of = disability_certificate
    for row in session.all(select(of).where(of.c.person_id == person_id).order_by(of.c.id)):
        yield Line("number", opened(session, of.name, "number", row))
        yield Line("certificate_state", row.state, "choice.certificate_state")
        yield Line("issued_on", row.issued_on)
        yield Line("expires_on", row.expires_on)


def _household(session: Session, person_id: int) -> Iterator[Line]:
    row = session.find(
        select(household.c.code, household.c.group_code, household_member.c.relation)
        .join(household_member, household_member.c.household_id == household.c.id)
        .where(household_member.c.person_id == person_id)
    )
    if row is not None:
        yield Line("household_code", row.code)
        yield Line("group", row.group_code)


def _ties(session: Session, person_id: int) -> Iterator[Line]:
    """Who speaks for them, and for whom they speak: by name, which both know."""
    for mine, theirs, key in (
        (caregiver.c.resident_id, caregiver.c.caregiver_id, "speaks_for_me"),
        (caregiver.c.caregiver_id, caregiver.c.resident_id, "i_speak_for"),
    ):
        named = select(person.c.name).join(caregiver, theirs == person.c.id)
        for row in session.all(named.where(mine == person_id, caregiver.c.state == "confirmed")):
            yield Line(key, row.name)


def _calls(session: Session, person_id: int) -> Iterator[Line]:
    planned = select(check_in_plan).where(check_in_plan.c.resident_id == person_id)
    for row in session.all(planned.order_by(check_in_plan.c.id)):
        yield Line("call_time", row.local_time)
        yield Line("call_tier", row.tier, "tier")
        yield Line("closer_until", row.raised_until)
        yield Line("call_channel", row.channel, "greeting")
        yield Line("call_contact", row.contact_name is not None)
    yield from _changed(session, person_id)
    told = select(call_record).where(call_record.c.person_id == person_id)
    for row in session.all(told.order_by(call_record.c.id)):
        yield Line("at", row.reported_at)
        yield Line("outcome", row.outcome, "check_in_outcome")
        yield Line("words", opened(session, call_record.name, "words", row))
    yield from _heard(session, person_id)


def _changed(session: Session, person_id: int) -> Iterator[Line]:
    """What grave things were told of them, and until when they are looked after more closely."""
    happened = select(life_change).where(life_change.c.resident_id == person_id)
    for row in session.all(happened.order_by(life_change.c.id)):
        yield Line("at", row.created_at)
        yield Line("happened", row.kind, "life_change")
        yield Line("closer_until", row.until)


def _duty(session: Session, person_id: int) -> Iterator[Line]:
    """When they were or will be on duty."""
    mine = select(shift).where(shift.c.person_id == person_id)
    for row in session.all(mine.order_by(shift.c.first_day, shift.c.id)):
        yield Line("first_day", row.first_day)
        yield Line("last_day", row.last_day)
        yield Line("part", row.part, "duty_part")


def _heard(session: Session, person_id: int) -> Iterator[Line]:
    """What callers wrote down of the calls, question by question."""
    of = call_note
    for row in session.all(select(of).where(of.c.resident_id == person_id).order_by(of.c.id)):
        facts = json.loads(opened(session, of.name, "facts", row) or "{}")
        if facts:
            yield Line("at", row.written_at)
        for key, value in facts.items():
            kind = "" if key in IN_WORDS else "call_flag" if key == Asked.FLAGS else "call_grade"
            yield Line(key, value, kind, named="call_asked")


def _needs(session: Session, person_id: int) -> Iterator[Line]:
    yield from list_needs(session, person_id=person_id)
    yield from list_loose_media(session, person_id=person_id)


def _home_visits(session: Session, person_id: int) -> Iterator[Line]:
    """What institutions did at home, with their advice."""
    for one in list_own_visits(session, person_id=person_id):
        yield Line("at", one.record.visited_on)
        yield Line("organisation", one.organisation)
        yield Line("acts", list(one.record.acts), "home_act")
        yield Line("advice", one.record.advice)
        yield Line("next_on", one.record.next_on)


def _organisations(session: Session, person_id: int) -> Iterator[Line]:
    """Schools, clinics and associations that know some of it, by their name."""
    attached = (
        select(organisation.c.name)
        .join(attachment, attachment.c.organisation_id == organisation.c.id)
        .where(attachment.c.person_id == person_id, attachment.c.state == "active")
    )
    for row in session.all(attached.order_by(attachment.c.id)):
        yield Line("organisation", row.name)


def _alarms(session: Session, person_id: int) -> Iterator[Line]:
    for row in session.all(
        select(alarm).where(alarm.c.person_id == person_id).order_by(alarm.c.id)
    ):
        yield Line("at", row.created_at)
        yield Line("danger", row.danger, "danger")
        # Where a helper was looked for is another one's home.
        words = without_homes(opened(session, alarm.name, "words", row) or "")
        yield Line("words", words or None)


def _questions(session: Session, person_id: int) -> Iterator[Line]:
    asked = select(question).where(question.c.person_id == person_id)
    for row in session.all(asked.order_by(question.c.id)):
        yield Line("at", row.created_at)
        yield Line("question", opened(session, question.name, "words", row))
        yield Line("state", row.state, "question_state")
        if row.reply is not None:
            yield Line("reply", opened(session, question.name, "reply", row))


def _complaints(session: Session, person_id: int) -> Iterator[Line]:
    """What they said went wrong; what others said of them is theirs, and the staff's note too."""
    said = select(complaint).where(complaint.c.reporter_id == person_id)
    for row in session.all(said.order_by(complaint.c.id)):
        yield Line("at", row.created_at)
        yield Line("wrong", f"{row.side}_{row.what}", "wrong")
        yield Line("words", opened(session, complaint.name, "words", row))
        yield Line("state", row.state, "complaint_state")


def _volunteer(session: Session, person_id: int) -> Iterator[Line]:
    row = session.find(select(volunteer).where(volunteer.c.person_id == person_id))
    if row is not None:
        yield Line("skills", row.skills.split(",") if row.skills else [], "skill")
        yield Line("times", row.times.split(",") if row.times else [], "slot")
        yield Line("pledged", row.pledged_at)
    of = qualification
    for one in session.all(select(of).where(of.c.person_id == person_id).order_by(of.c.id)):
        yield Line("qualification", one.kind, "choice.qualification")
        yield Line("number", opened(session, of.name, "number", one))
        yield Line("expires_on", one.expires_on)


def _tasks(session: Session, person_id: int) -> Iterator[Line]:
    """What they did for others: kind and length, not for whom."""
    rows = session.all(
        select(claim, need.c.category)
        .join(need, need.c.id == claim.c.need_id)
        .where(claim.c.volunteer_id == person_id)
        .order_by(claim.c.id)
    )
    for row in rows:
        yield Line("at", row.created_at)
        yield Line("category", row.category, "category")
        yield Line("minutes", row.minutes)


def _consents(session: Session, person_id: int) -> Iterator[Line]:
    for one in list_consents(session, person_id=person_id):
        if one.given:
            yield Line("purpose", one.purpose, "purpose")
            yield Line("at", one.given_at)
            yield Line("expires_on", one.expires_at)
    said = select(statement).where(statement.c.person_id == person_id)
    for row in session.all(said.order_by(statement.c.id)):
        yield Line("at", row.said_at)
        yield Line("words", opened(session, statement.name, "words", row))


def _looks(session: Session, person_id: int) -> Iterator[Line]:
    before: int | None = None
    while looks := list_looks(session, person_id=person_id, before=before):
        for look in looks:
            yield Line("at", look.at)
            yield Line("who", look.name)
            yield Line("why", look.purpose, "look_purpose")
        before = looks[-1].id
