"""What people see of a need: one read of the need, its resident and its live claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, exists, func, or_, select

from storage.database import Session
from storage.guardians import is_known_child
from storage.needs.details import details_in
from storage.needs.held import ClaimCard, ReferralCard, claim_in, referral_in
from storage.refusals import Fact, NotAllowed
from storage.rules.areas import Area, Category, Urgency
from storage.rules.details import Details, lines_of
from storage.rules.lifecycle import NeedState
from storage.rules.limits import Level
from storage.rules.purposes import Purpose
from storage.rules.text import cut, mask_phones
from storage.tables import (
    caregiver,
    claim,
    community,
    consent,
    need,
    need_detail,
    need_media,
    organisation,
    person,
    referral,
)

OFFER_WORDS = 300
# A chat's list stays readable aloud; older things are found by those who need them.
LISTED_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need as it stands."""

    id: int
    version: int
    state: NeedState
    round: int
    wave: int
    asked: int
    area: Area
    category: Category
    action: str
    urgency: Urgency
    words: str
    origin: str
    resident_id: int
    resident: str
    stated_by: int
    community_id: int | None
    community: str | None
    created_at: datetime
    details: Details
    # Who answers for it, until when, and since when it is late.
    level: Level
    due_at: datetime | None
    overdue_at: datetime | None
    # Whether whoever comes to help may know who it is: the yes stands, and it is no child.
    shares: bool
    # 微服务: up to half an hour.
    small: bool
    claim: ClaimCard | None
    # One place more of a need that several help with, and its number (the first one is 1).
    parent_id: int | None = None
    place_number: int = 1
    # How many are wanted together; 1 unless somebody asked for more.
    people: int = 1
    series_id: int | None = None
    visit_on: date | None = None
    # An institution that is served: how many people there, and no names.
    served_id: int | None = None
    served: str | None = None
    headcount: int | None = None
    # Whether a voice or photo came with it.
    has_media: bool = False
    # The entry of the catalogue that was asked for, and the organisation that has the need.
    service_id: int | None = None
    referral: ReferralCard | None = None

    @property
    def referred(self) -> ReferralCard:
        """The referral of a need that is referred; its absence is a mistake of the program."""
        if self.referral is None:
            raise LookupError(f"need {self.id} is {self.state.value} and has no referral")
        return self.referral

    @property
    def root_id(self) -> int:
        """The first place of the need; its own id unless several help."""
        return self.parent_id or self.id

    @property
    def held(self) -> ClaimCard:
        """The claim of a need that is claimed or done; its absence is a mistake of the program."""
        if self.claim is None:
            raise LookupError(f"need {self.id} is {self.state.value} and has no claim")
        return self.claim

    @property
    def facts(self) -> dict[str, Fact]:
        """Plain facts for the wording of those who may know whom it is about."""
        held = self.claim
        arrives_at = held.arrives_at if held else None
        return {
            **self.public_facts,
            "details": lines_of(self.details),
            "words": self.words,
            "resident": self.resident,
            "state": self.state.value,
            "level": self.level.value,
            "overdue_at": self.overdue_at.isoformat() if self.overdue_at else None,
            "volunteer": held.volunteer if held else None,
            "arrives_at": arrives_at.isoformat() if arrives_at else None,
            "on_way": held is not None and held.on_way_at is not None,
            "arrived": held is not None and held.arrived_at is not None,
            "spent": held.minutes if held else None,
            **self.referral_facts,
        }

    @property
    def referral_facts(self) -> dict[str, Fact]:
        """Which organisation has the need, and how far they are."""
        had = self.referral
        expected_at = had.expected_at if had else None
        return {
            "organisation": had.organisation if had else None,
            "referral": had.state.value if had else None,
            "asked": had.asked if had else None,
            "expected_at": expected_at.isoformat() if expected_at else None,
            "answers_by": had.due_at.isoformat() if had else None,
        }

    @property
    def task_facts(self) -> dict[str, Fact]:
        """Plain facts for the volunteer's messages that stay when the claim is over: no phone."""
        whom = self.resident if self.shares else None
        details = lines_of(self.details.for_deciding())
        masked = mask_phones(self.words)
        return {**self.facts, "details": details, "words": masked, "resident": whom}

    @property
    def public_facts(self) -> dict[str, Fact]:
        """What somebody may know who is only asked: no name, address or phone."""
        return {
            "need_id": self.id,
            "area": self.area.value,
            "category": self.category.value,
            "urgency": self.urgency.value,
            "community": self.community,
            "people": self.people,
            "served": self.served,
            "headcount": self.headcount,
            "words": cut(mask_phones(self.words), OFFER_WORDS),
            "small": self.small,
            "details": lines_of(self.details.for_deciding()),
            "has_media": self.has_media,
        }


_resident, _helper = person.alias("resident"), person.alias("helper")
_owner = organisation.alias("owner")
_YES = exists().where(
    consent.c.person_id == need.c.resident_id,
    consent.c.purpose == Purpose.SHARE_CONTACT.value,
    consent.c.withdrawn_at.is_(None),
)
_HAS_MEDIA = exists().where(need_media.c.need_id == func.coalesce(need.c.parent_id, need.c.id))
# Only then is it worth opening the profile to see whether it is a child.
_HAS_GUARDIAN = exists().where(
    caregiver.c.resident_id == need.c.resident_id,
    caregiver.c.kind == "guardian",
    caregiver.c.state == "confirmed",
)


_sibling = need.alias("sibling")
_MORE_PLACES = (
    select(func.count())
    .where(
        _sibling.c.parent_id == func.coalesce(need.c.parent_id, need.c.id),
        _sibling.c.state != "cancelled",
    )
    .correlate(need)
    .scalar_subquery()
)


def _cards() -> Select[Any]:
    live = claim.alias("live")
    return (
        select(
            need,
            _resident.c.name.label("resident"),
            community.c.name.label("community"),
            organisation.c.name.label("served"),
            need_detail.c.uid.label("detail_uid"),
            need_detail.c.group_code,
            need_detail.c.facts,
            live.c.id.label("claim_id"),
            live.c.version.label("claim_version"),
            live.c.state.label("claim_state"),
            live.c.volunteer_id,
            live.c.arrives_at,
            live.c.on_way_at,
            live.c.done_at,
            live.c.minutes,
            live.c.checked_at,
            live.c.arrived_at,
            live.c.risky,
            _helper.c.name.label("volunteer"),
            _MORE_PLACES.label("more_places"),
            referral.c.id.label("referral_id"),
            referral.c.version.label("referral_version"),
            referral.c.state.label("referral_state"),
            referral.c.organisation_id,
            referral.c.service_id.label("referral_service_id"),
            referral.c.asked.label("asks"),
            referral.c.with_desk,
            referral.c.expected_at,
            referral.c.due_at.label("answers_by"),
            _owner.c.name.label("organisation"),
            _owner.c.kind.label("organisation_kind"),
            _owner.c.active.label("organisation_active"),
            _YES.label("says_yes"),
            _HAS_MEDIA.label("has_media"),
            _HAS_GUARDIAN.label("has_guardian"),
        )
        .join(_resident, _resident.c.id == need.c.resident_id)
        .outerjoin(need_detail, need_detail.c.need_id == need.c.id)
        .outerjoin(community, community.c.id == need.c.community_id)
        .outerjoin(organisation, organisation.c.id == need.c.served_organisation_id)
        .outerjoin(live, (live.c.need_id == need.c.id) & live.c.state.in_(("active", "done")))
        .outerjoin(_helper, _helper.c.id == live.c.volunteer_id)
        .outerjoin(referral, (referral.c.need_id == need.c.id) & referral.c.ended_at.is_(None))
        .outerjoin(_owner, _owner.c.id == referral.c.organisation_id)
    )


# Written once: putting the statement together cost several times what running it does.
ANY = _cards()
_BY_ID = ANY.where(need.c.id == bindparam("one"))
_OF_CLAIM = select(claim.c.need_id).where(claim.c.id == bindparam("one"))


def card_in(session: Session, row: Row[Any]) -> NeedCard:
    """Read a need off its row."""
    return NeedCard(
        id=row.id,
        version=row.version,
        state=NeedState(row.state),
        round=row.round,
        wave=row.wave,
        asked=row.asked,
        area=Area(row.area),
        category=Category(row.category),
        action=row.action,
        urgency=Urgency(row.urgency),
        words=session.vault.unseal(row.words, place=f"need.words:{row.uid}"),
        origin=row.origin,
        resident_id=row.resident_id,
        # An institution is called by its name, not by whoever answers for it.
        resident=row.served or row.resident,
        stated_by=row.stated_by,
        community_id=row.community_id,
        community=row.community,
        created_at=row.created_at,
        details=details_in(session, row),
        level=Level(row.level),
        due_at=row.due_at,
        overdue_at=row.overdue_at,
        shares=_may_be_shown(session, row),
        small=row.small,
        claim=claim_in(row),
        parent_id=row.parent_id,
        place_number=row.place_number or 1,
        people=1 + row.more_places,
        series_id=row.series_id,
        visit_on=row.visit_on,
        served_id=row.served_organisation_id,
        served=row.served,
        headcount=row.headcount,
        has_media=bool(row.has_media),
        service_id=row.service_id,
        referral=referral_in(row),
    )


def _may_be_shown(session: Session, row: Row[Any]) -> bool:
    """A child is not shown to helpers, whatever the guardian lets them know of the guardian."""
    if row.served is not None:
        return True
    child = row.has_guardian and is_known_child(
        session, now=row.created_at, person_id=row.resident_id
    )
    return bool(row.says_yes) and not child


def find_need(session: Session, *, need_id: int) -> NeedCard | None:
    """Return the need as it stands, or None."""
    row = session.execute(_BY_ID, {"one": need_id}).first()
    return card_in(session, row) if row is not None else None


def get_need(session: Session, *, need_id: int) -> NeedCard:
    """Return the need; a need that does not exist is answered like one that is not theirs."""
    found = find_need(session, need_id=need_id)
    if found is None:
        raise NotAllowed
    return found


def read_need(session: Session, *, need_id: int) -> NeedCard:
    """Return a need that is known to exist."""
    found = find_need(session, need_id=need_id)
    if found is None:
        raise LookupError(f"no need {need_id}")
    return found


def list_places_of(session: Session, *, card: NeedCard) -> Sequence[NeedCard]:
    """Return every place of the need that this card belongs to, the first one first."""
    if card.people == 1 and card.parent_id is None:
        return [card]
    same = or_(need.c.id == card.root_id, need.c.parent_id == card.root_id)
    return [card_in(session, row) for row in session.all(ANY.where(same).order_by(need.c.id))]


def list_like_places(session: Session, *, card: NeedCard) -> Sequence[NeedCard]:
    """Return the places where the same is to be done: whoever is asked for one may take any."""
    return [one for one in list_places_of(session, card=card) if one.words == card.words]


def find_need_of_claim(session: Session, *, claim_id: int) -> NeedCard | None:
    """Return the need that a claim belongs to, whoever has it now."""
    need_id = session.execute(_OF_CLAIM, {"one": claim_id}).scalar()
    return find_need(session, need_id=need_id) if need_id is not None else None


def wards() -> Select[Any]:
    """The confirmed ties by which somebody speaks for a resident."""
    return select(caregiver.c.resident_id, caregiver.c.caregiver_id).where(
        caregiver.c.state == "confirmed"
    )


def list_cards(
    session: Session, *conditions: ColumnElement[bool], limit: int | None = None
) -> Sequence[NeedCard]:
    """Return the needs for which all this holds, the oldest first."""
    rows = session.all(ANY.where(*conditions).order_by(need.c.id).limit(limit))
    return [card_in(session, row) for row in rows]
