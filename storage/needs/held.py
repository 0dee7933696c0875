"""Who has a need: the live claim of a volunteer, or the live referral to an organisation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from storage.rules.lifecycle import ClaimState
from storage.rules.referring import ReferralState


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """The live claim of a need."""

    id: int
    version: int
    state: ClaimState
    volunteer_id: int
    volunteer: str
    arrives_at: datetime | None
    on_way_at: datetime | None
    done_at: datetime | None
    minutes: int | None
    # They said that they can do it; they are at the door; where they go it may be risky.
    checked_at: datetime | None = None
    arrived_at: datetime | None = None
    risky: bool = False


@dataclass(frozen=True, slots=True)
class ReferralCard:
    """The live referral of a need: which organisation has it, and how far they are."""

    id: int
    version: int
    state: ReferralState
    organisation_id: int
    organisation: str
    kind: str
    active: bool
    service_id: int | None
    asked: str | None
    with_desk: bool
    expected_at: datetime | None
    due_at: datetime


def claim_in(row: Row[Any]) -> ClaimCard | None:
    """Read the live claim off a need's row, if it has one."""
    if row.claim_id is None:
        return None
    return ClaimCard(
        id=row.claim_id,
        version=row.claim_version,
        state=ClaimState(row.claim_state),
        volunteer_id=row.volunteer_id,
        volunteer=row.volunteer,
        arrives_at=row.arrives_at,
        on_way_at=row.on_way_at,
        done_at=row.done_at,
        minutes=row.minutes,
        checked_at=row.checked_at,
        arrived_at=row.arrived_at,
        risky=row.risky,
    )


def referral_in(row: Row[Any]) -> ReferralCard | None:
    """Read the live referral off a need's row, if it has one."""
    if row.referral_id is None:
        return None
    return ReferralCard(
        id=row.referral_id,
        version=row.referral_version,
        state=ReferralState(row.referral_state),
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        kind=row.organisation_kind,
        active=row.organisation_active,
        service_id=row.referral_service_id,
        asked=row.asks,
        with_desk=row.with_desk,
        expected_at=row.expected_at,
        due_at=row.answers_by,
    )
