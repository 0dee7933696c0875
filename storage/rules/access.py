"""Who may do what: one table of act by role held and relation to the matter.

个人信息保护法 art. 6 and 51: access to personal data is kept to those whose act needs it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person may be; one person may hold several."""

    RESIDENT = "resident"
    CAREGIVER = "caregiver"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    # Sees figures and signs reports; no personal data.
    LEADING_GROUP = "leading_group"


class Relation(StrEnum):
    """How the person stands to the matter at hand, read from the database each time."""

    OWN = "own"  # it is about this person
    CAREGIVER = "caregiver"  # a confirmed caregiver of the person it is about
    GUARDIAN = "guardian"  # a confirmed guardian of the person it is about
    OFFERED = "offered"  # was offered this need
    CLAIM_HOLDER = "claim_holder"  # has the live claim
    CALLER = "caller"  # phones in this call plan
    STAND_IN = "stand_in"  # is named by the plan behind the caller
    ASKED = "asked"  # was asked to look in by this check-in's ladder, and still may be
    LEASE_HOLDER = "lease_holder"  # has the person's number while calling
    CASE_HOLDER = "case_holder"  # said "I take it" of an alarm or a check-in
    IN_SCOPE = "in_scope"  # works where the person it is about belongs, or above
    REFERRED_TO = "referred_to"  # works at the organisation that the need was referred to
    ON_DUTY = "on_duty"  # is rung for the person it is about


class Act(StrEnum):
    """What can be done, in the words of the use cases."""

    STATE_NEED = "state_need"
    SEE_NEED = "see_need"
    CHANGE_NEED = "change_need"
    CANCEL_NEED = "cancel_need"
    CONFIRM_NEED = "confirm_need"
    CLAIM_NEED = "claim_need"
    RELEASE_CLAIM = "release_claim"
    REPORT_CLAIM = "report_claim"
    SEE_CONTACT = "see_contact"
    SEE_PHONE_TO_CALL = "see_phone_to_call"
    ASSIGN_NEED = "assign_need"
    CLOSE_NEED_BY_STAFF = "close_need_by_staff"
    REOPEN_NEED = "reopen_need"
    VERIFY_NEED = "verify_need"
    REFER_NEED = "refer_need"
    ANSWER_REFERRAL = "answer_referral"
    APPROVE_VOLUNTEER = "approve_volunteer"
    DECIDE_CAREGIVER = "decide_caregiver"
    END_CAREGIVER = "end_caregiver"
    CHANGE_COMMUNITIES = "change_communities"
    INVITE_STAFF = "invite_staff"
    MAKE_CALL_PLAN = "make_call_plan"
    END_CALL_PLAN = "end_call_plan"
    ARRANGE_CALLS = "arrange_calls"
    TELL_LIFE_CHANGE = "tell_life_change"
    REPORT_CHECK_IN = "report_check_in"
    HOLD_CHECK_IN = "hold_check_in"
    CONFIRM_CHECK_IN = "confirm_check_in"
    HAND_OVER_CHECK_IN = "hand_over_check_in"
    END_FALSE_ALARM = "end_false_alarm"
    CLOSE_CHECK_IN = "close_check_in"
    SAY_I_AM_WELL = "say_i_am_well"
    HOLD_ALARM = "hold_alarm"
    CLOSE_ALARM = "close_alarm"
    PAUSE = "pause"
    PAUSE_FOR_GOOD = "pause_for_good"
    SEE_KEPT_DATA = "see_kept_data"
    ERASE_PERSON = "erase_person"


@dataclass(frozen=True, slots=True)
class Grant:
    """One way to be allowed: a role, a relation, or both together."""

    role: Role | None = None
    relation: Relation | None = None

    def is_met(self, roles: Collection[Role], relations: Collection[Relation]) -> bool:
        """Whether somebody with these roles and relations is let in by this line."""
        return (self.role is None or self.role in roles) and (
            self.relation is None or self.relation in relations
        )


# Of anybody: the acts that are about nobody in particular.
_COORDINATOR = Grant(role=Role.COORDINATOR)
# Of the people of their own organisation and of those below it.
_STAFF = Grant(role=Role.COORDINATOR, relation=Relation.IN_SCOPE)
_REFERRED = Grant(role=Role.COORDINATOR, relation=Relation.REFERRED_TO)
_DUTY = Grant(role=Role.COORDINATOR, relation=Relation.ON_DUTY)


def _by(*relations: Relation) -> tuple[Grant, ...]:
    return tuple(Grant(relation=relation) for relation in relations)


_FOR_THE_PERSON = (*_by(Relation.OWN, Relation.CAREGIVER), _STAFF)

GRANTS = MappingProxyType(
    {
        Act.STATE_NEED: _FOR_THE_PERSON,
        Act.SEE_NEED: (*_FOR_THE_PERSON, *_by(Relation.OFFERED, Relation.CLAIM_HOLDER)),
        Act.CHANGE_NEED: _FOR_THE_PERSON,
        Act.CANCEL_NEED: _FOR_THE_PERSON,
        Act.CONFIRM_NEED: _FOR_THE_PERSON,
        Act.CLAIM_NEED: (Grant(Role.VOLUNTEER, Relation.OFFERED),),
        Act.RELEASE_CLAIM: _by(Relation.CLAIM_HOLDER),
        # Whose role was ended may still give back, but is announced to nobody and shown nobody.
        Act.REPORT_CLAIM: (Grant(Role.VOLUNTEER, Relation.CLAIM_HOLDER),),
        Act.SEE_CONTACT: (
            *_by(Relation.OWN, Relation.CASE_HOLDER),
            Grant(Role.VOLUNTEER, Relation.CLAIM_HOLDER),
            _REFERRED,
            _STAFF,
        ),
        Act.SEE_PHONE_TO_CALL: (
            *_by(Relation.CALLER, Relation.STAND_IN, Relation.CASE_HOLDER, Relation.LEASE_HOLDER),
            _STAFF,
            _DUTY,
        ),
        Act.ASSIGN_NEED: (_STAFF,),
        Act.CLOSE_NEED_BY_STAFF: (_STAFF,),
        Act.REOPEN_NEED: _FOR_THE_PERSON,
        Act.VERIFY_NEED: (_STAFF,),
        Act.REFER_NEED: (_STAFF,),
        # The organisation itself, or staff of the resident who have it on the phone.
        Act.ANSWER_REFERRAL: (_REFERRED, _STAFF),
        Act.APPROVE_VOLUNTEER: (_STAFF,),
        Act.DECIDE_CAREGIVER: (*_by(Relation.OWN), _STAFF),
        Act.END_CAREGIVER: _FOR_THE_PERSON,
        Act.CHANGE_COMMUNITIES: (_COORDINATOR,),
        Act.INVITE_STAFF: (_COORDINATOR,),
        Act.MAKE_CALL_PLAN: (_STAFF,),
        Act.END_CALL_PLAN: (*_by(Relation.OWN), _STAFF),
        # Other days or hours, a day out, the button "I am fine": what the person likes.
        Act.ARRANGE_CALLS: _FOR_THE_PERSON,
        Act.TELL_LIFE_CHANGE: _FOR_THE_PERSON,
        Act.REPORT_CHECK_IN: (
            *_by(Relation.CALLER, Relation.STAND_IN, Relation.ASKED, Relation.CASE_HOLDER),
            *_by(Relation.LEASE_HOLDER),
            _STAFF,
            _DUTY,
        ),
        Act.HOLD_CHECK_IN: (*_by(Relation.STAND_IN, Relation.ASKED), _DUTY),
        Act.CONFIRM_CHECK_IN: _by(Relation.CASE_HOLDER),
        # Whoever stands at the door dials 120 too, and says so.
        Act.HAND_OVER_CHECK_IN: (*_by(Relation.CASE_HOLDER), _STAFF, _DUTY),
        # That nothing is wrong, from somebody else's word: only staff can weigh it.
        Act.END_FALSE_ALARM: (_STAFF, _DUTY),
        # Without a word from the person: only staff may know better than the ladder.
        Act.CLOSE_CHECK_IN: (_STAFF,),
        Act.SAY_I_AM_WELL: _by(Relation.OWN),
        Act.HOLD_ALARM: (_DUTY,),
        Act.CLOSE_ALARM: (_DUTY,),
        Act.PAUSE: _FOR_THE_PERSON,
        # Moved away, or died: nobody ends a life in the register but staff.
        Act.PAUSE_FOR_GOOD: (_STAFF,),
        Act.SEE_KEPT_DATA: _FOR_THE_PERSON,
        # Staff only on the person's signed request, which the use case asks for.
        Act.ERASE_PERSON: (*_by(Relation.OWN, Relation.GUARDIAN), _STAFF),
    }
)

# Whatever role somebody holds: nobody confirms their own request, or is paid in hours by themself.
NEVER = frozenset(
    {
        (Act.DECIDE_CAREGIVER, Relation.CAREGIVER),
        (Act.CLAIM_NEED, Relation.OWN),
    }
)


def may(act: Act, roles: Collection[Role], *relations: Relation) -> bool:
    """Whether somebody with these live roles and relations to the matter may do the act."""
    if any((act, relation) in NEVER for relation in relations):
        return False
    return any(grant.is_met(roles, relations) for grant in GRANTS[act])
